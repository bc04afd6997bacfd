import { describe, expect, test } from "vitest";
import { boardNames, parseBoard, partitionOf, readBoard } from "../../host-sim/board.ts";
import { InputError } from "../../host-sim/world/error.ts";

const good = () => ({
	name: "test",
	cpu: "wasm32",
	memory: { heap: 1024, pool: 1024, stack: 1024 },
	flash: {
		sector: 4096,
		partitions: [
			{ name: "config", bytes: 8192 },
			{ name: "outbox", bytes: 4096 },
		],
	},
	sensors: { audio: { rate: 16000, ring: 8192 }, acceleration: { rate: 12000, fullScale: 16, ring: 8192 } },
	budget: { flash: 1048576, ram: 196608 },
});

/** What is said of the good board with the value at `keys` replaced. */
function complaint(keys: string, value: unknown): string {
	const board: unknown = good();
	const path = keys.split(".");
	let at = board as Record<string, unknown>;
	for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
	if (value === undefined) delete at[path.at(-1)!];
	else at[path.at(-1)!] = value;
	try {
		parseBoard(board, "board.json");
	} catch (error) {
		expect(error).toBeInstanceOf(InputError);
		expect((error as InputError).code).toBe("bad-board");
		return (error as InputError).message;
	}
	throw new Error("no error");
}

test("every board of the project is read", () => {
	expect(boardNames()).toContain("wasm");
	for (const name of boardNames()) expect(readBoard(name).name).toBe(name);
});

test("a board that does not exist: those that do are named", () => {
	expect(() => readBoard("toaster")).toThrow(/"toaster"; there is: .*wasm/);
	expect(() => readBoard("../manifests/wasm")).toThrow(InputError);
});

test("partitions lie one after the other", () => {
	const board = parseBoard(good(), "board.json");
	expect(board.flash.bytes).toBe(12288);
	expect(partitionOf(board, "outbox")).toEqual({ name: "outbox", offset: 8192, bytes: 4096 });
	expect(() => partitionOf(board, "models")).toThrow(/no flash partition is named "models"/);
});

test("a board may do without a sensor", () => {
	const { sensors } = parseBoard({ ...good(), sensors: { audio: { rate: 16000, ring: 8192 } } }, "board.json");
	expect(sensors).toEqual({ audio: { rate: 16000, ring: 8192 } });
});

describe("a wrong value is named with its key", () => {
	test.each<[key: string, value: unknown, must: RegExp]>([
		["name", "a b", /^board\.json: name: must be a word/],
		["cpu", undefined, /cpu: must be a word/],
		["memory", [], /memory: must be an object/],
		["memory.heap", 0, /memory\.heap: must be a whole number of bytes above 0/],
		["memory.pool", "64K", /memory\.pool: must be a whole number/],
		["memory.stacks", 1, /memory\.stacks: must be one of heap, pool, stack/],
		["colour", "red", /: colour: must be one of name/],
		["flash.partitions", {}, /flash\.partitions: must be a list/],
		["flash.partitions.1.bytes", 1000, /flash\.partitions\[1\]\.bytes: must be a multiple of the sector's 4096 bytes/],
		["flash.partitions.1.name", "config", /different names; "config" occurs twice/],
		["sensors.audio.rate", 16000.5, /sensors\.audio\.rate: must be a whole number of Hz/],
		["sensors.acceleration.fullScale", -1, /fullScale: must be a whole number of g/],
		["budget.ram", null, /budget\.ram: must be/],
	])("%s", (key, value, must) => {
		expect(complaint(key, value)).toMatch(must);
	});

	test("not an object at all", () => {
		expect(() => parseBoard(null, "board.json")).toThrow("board.json: board: must be an object");
	});
});
