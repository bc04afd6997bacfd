/* The language as the device has it: built-ins in ROM, frozen, and bytecode that runs where it lies. language.ts says what it
   does; most of it is what Node does too. */
import { beforeAll, describe, expect, it } from "vitest";
import { saidBy } from "./device.ts";

let said: Map<string, string>;
beforeAll(async () => {
	said = await saidBy("language");
}, 300_000);

describe("the language", () => {
	it.each<[string, unknown]>([
		["classes", [40, "square", 1, true, false, true]],
		["errors", ["a-code", "what", 7, true]],
		["closures", [1, 4, 9]],
		["spread", [1, { b: 2, c: 3 }, 10, 30, [40, 50], { b: 9, c: 3 }, 3]],
		["optional", ["none", 5]],
		["collections", [[3, 2], 2, [1, 2], 5]],
		["json", { a: [1, 2.5, 0, null, true], b: { c: 'x"\n' } }],
		["regexp", ["2024", 3, "a<1>b<22>", ["x", "y", "z"]]],
		["strings", [6, 0x20ac, "c", "--x", "2"]],
		["typed arrays", [[513], true, [2, 255], 255]],
		["data view", [true, -2, 254, "-5"]],
		["generators", [1, 2, 3, 40, true]],
		["numbers", [0.1 + 0.2, 1e21, 2 ** 53, "ff", 1500, 1, 15]],
		["bigint", "1267650600228229401496703205376"],
		["sort", true],
		["proxy", "got x"],
		["symbols", [1]],
		["random", true],
		["date", "1970-01-02T01:00:00.000Z"],
		["async", [[0, 1, 2], ["rejected", "fulfilled"], 1]],
	])("%s", (name, result) => {
		expect(JSON.parse(said.get(name)!)).toEqual(result);
	});

	it("runs finally, and closes generators", () => {
		expect([said.get("finally"), said.get("generator")]).toEqual(["yes", "closed"]);
	});
});

describe("the built-ins are frozen", () => {
	it.each([
		"frozen prototype",
		"frozen method",
		"frozen removal",
		"frozen global",
		"frozen namespace",
		"frozen definition",
		"frozen proto",
	])("%s", (name) => {
		expect(said.get(name)).toMatch(/^TypeError: /);
	});

	it("and do what they did", () => {
		expect(JSON.parse(said.get("works still")!)).toEqual([[2, 3], 2, "object", null]);
	});
});

describe("the device has no compiler", () => {
	it("eval throws", () => {
		expect(said.get("eval")).toMatch(/^\w*Error: /);
	});

	it("a module that the image does not have is not found", () => {
		expect(said.get("import")).toBe("undefined");
		expect(said.get("imported")).toMatch(/Error: /);
	});
});

it("trace writes a line for each argument, without the newline that the SDK wants", () => {
	expect([...said.keys()]).toEqual(expect.arrayContaining(["one", "two", "3"]));
});
