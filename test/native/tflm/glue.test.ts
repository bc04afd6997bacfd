/* The native class Interpreter, as script on the device's engine has it: glue_script.ts runs in the twin, and what it says is
   held against the same model on the host. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { Twin } from "../../../host-sim/twin.ts";
import { loadImage } from "../../../tools/build/image.ts";
import { buildKernel } from "../../../tools/build/kernel.ts";

/** What the script said, by the name of the attempt. */
const said = new Map<string, string>();
let needed: number;
let bytes: number;
/** The script's checksum of the outputs for inputs of 5, and of as many zeros. */
let ofFives: number;
let ofZeros: number;

const sum = (values: Int8Array) => values.reduce((total, value) => (total * 31 + value + 128) % 65521, 0);

beforeAll(async () => {
	await buildKernel();
	const model = readFileSync(new URL("../../../models/vibration/model.tflite", import.meta.url));
	const interpreter = await Interpreter.create(model);
	const [input, output] = [interpreter.inputs[0]!.data as Int8Array, interpreter.outputs[0]!.data as Int8Array];
	needed = interpreter.arenaBytes;
	bytes = output.length;
	input.fill(5);
	interpreter.invoke();
	ofFives = sum(output);
	ofZeros = sum(new Int8Array(bytes));
	const twin = await Twin.create({
		image: await loadImage("wasm", undefined, "test/native/tflm/glue_script.ts"),
		onLog: (line) => {
			const colon = line.indexOf(": ", line.startsWith("closed: ") ? 8 : 0);
			said.set(line.slice(0, colon), line.slice(colon + 2));
		},
	});
	twin.run(1);
}, 300_000);

describe("Interpreter on the device", () => {
	it.each([
		["options", /^TypeError: model: the options must be an object$/],
		["movable model", /^TypeError: model: not a buffer in flash/],
		["no model", /^TypeError/],
		["not a model", /^Error: not-a-model: /],
		["no arena", /^RangeError: model: an arena of 0 bytes/],
		["huge arena", /^RangeError: model: no block of 2147483647 bytes .* the largest has \d+$/],
		["input 1", /^RangeError: model: no input 1$/],
		["input -1", /^RangeError: model: no input -1$/],
		["output 7", /^RangeError: model: no output 7$/],
	])("refuses: %s", (name, message) => {
		expect(said.get(name)).toMatch(message);
	});

	it("needs the arena that the host says, and not one byte less", () => {
		const tooSmall = (given: number) =>
			`RangeError: arena-too-small: the arena is too small: ${needed} bytes are needed, not ${given}`;
		expect(said.get("needed")).toBe(`${needed}`);
		expect(said.get("small arena")).toBe(tooSmall(100));
		expect(said.get("one byte less")).toBe(tooSmall(needed - 1));
	});

	it("gives the outputs that the host gives", () => {
		expect(said.get("invoke")).toBe(`${ofFives}`);
		expect(said.get("exact arena")).toBe(`${ofFives}`);
	});

	it("shows inputs and outputs in place", () => {
		expect(said.get("bytes")).toBe(`${bytes} ${bytes}`);
		expect(said.get("same buffer")).toBe("true");
		expect(said.get("other buffer")).toBe("true");
		expect(said.get("reset")).toBe(`0 ${ofZeros}`);
	});

	it("lets nothing through once it is closed", () => {
		expect(said.get("closed twice")).toBe("undefined");
		expect(said.get("closed: invoke")).toBe("Error: model: closed");
		expect(said.get("closed: input")).toBe("Error: model: closed");
		expect(said.get("closed: view")).toBe("undefined");
		expect(said.get("closed: new view")).toBe("0");
	});

	it("gives forgotten interpreters' memory back", () => {
		expect(said.get("many")).toBe("made");
	});
});
