/* Untrusted models: whatever the bytes are, the kernel refuses them with an error or runs them. It never traps and never
   reads behind the file, which here ends where the wasm memory ends, nor writes behind the arena. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { describe as describeModel, Interpreter, ModelError } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "../../../tools/build/kernel.ts";
import { Model } from "./flatbuffer.ts";
import { infer } from "./tensors.ts";
import { readCases, vectorFiles } from "./vectors.ts";

const root = new URL("../../../", import.meta.url);

/** Models by name: those of the project, and one of each operator. */
const models = new Map<string, Uint8Array>();
for (const kind of ["keyword", "vibration"]) {
	models.set(kind, new Uint8Array(readFileSync(new URL(`models/${kind}/model.tflite`, root))));
}
const operators = vectorFiles().filter((name) => name !== "graphs");
for (const name of operators) models.set(name, readCases(name)[0]!.model);
const names = [...models.keys()];
const model = (name: string) => models.get(name)!;

/** What a mutation may ask for without taking too long; a device has its own limit, its arena. */
const arenaLimit = 1 << 20;
const macLimit = 20_000_000;

type KernelFunction =
	| ("heap" | "open" | "layout_bytes" | "plan" | "arena_bytes" | "packing_bytes" | "macs")
	| ("init" | "invoke" | "error");
type Exports = { memory: WebAssembly.Memory } & Record<`kernel_${KernelFunction}`, (...args: number[]) => number>;

/** One instance for all: it keeps nothing of a model when it opens the next. */
let kernel: Exports;
const canary = 64;
const largestModel = 1 << 19;
const layoutLimit = 1 << 16;

/** The code of the error with which the kernel refuses the bytes, or "ran". */
function outcome(bytes: Uint8Array): string {
	const layout = kernel.kernel_heap();
	const memory = new Uint8Array(kernel.memory.buffer);
	// A file starts at a multiple of 4: behind it are the 0 to 3 bytes that its length lacks.
	const at = (memory.length - bytes.length) & ~3;
	memory.set(bytes, at);
	const errorName = () => {
		const address = new Int32Array(kernel.memory.buffer, kernel.kernel_error(), 7)[5]!;
		const name = new TextDecoder().decode(memory.subarray(address, memory.indexOf(0, address)));
		expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
		return name;
	};
	if (kernel.kernel_open(at, bytes.length)) return errorName();
	const layoutBytes = kernel.kernel_layout_bytes();
	if (kernel.kernel_plan(layout)) return errorName();
	const arenaBytes = kernel.kernel_arena_bytes();
	const packingBytes = kernel.kernel_packing_bytes();
	if (arenaBytes + packingBytes > arenaLimit || kernel.kernel_macs() > macLimit) return "too much to try";
	const aligned = (address: number) => Math.ceil(address / 16) * 16;
	const arena = aligned(layout + layoutBytes);
	const packing = aligned(arena + arenaBytes + canary);
	const gap = memory.subarray(arena + arenaBytes, packing);
	const behind = memory.subarray(packing + packingBytes, packing + packingBytes + canary);
	memory.fill(0x5a, arena, packing + packingBytes + canary);
	expect(kernel.kernel_init(arena, arenaBytes, 0, packing)).toBe(0);
	kernel.kernel_invoke();
	expect(gap.every((byte) => byte === 0x5a)).toBe(true);
	expect(behind.every((byte) => byte === 0x5a)).toBe(true);
	return "ran";
}

beforeAll(async () => {
	const { instance } = await WebAssembly.instantiate(readFileSync(await buildKernel()), {});
	kernel = instance.exports as unknown as Exports;
	kernel.memory.grow((arenaLimit + layoutLimit + largestModel) / 65536);
});

describe("damaged files", () => {
	it("runs the models as they are", () => {
		for (const name of names) expect(outcome(model(name)), name).toBe("ran");
	});

	it("refuses every file that is cut short", () => {
		for (const name of ["add", "mean", "quantize"]) {
			const bytes = model(name);
			for (let length = 0; length < bytes.length; length++) {
				const code = outcome(bytes.slice(0, length));
				// Only what nothing refers to may be missing: the padding at the end.
				if (length < bytes.length - 16) expect(code, `${name}, ${length} bytes`).not.toBe("ran");
			}
		}
	});

	it("refuses longer files that are cut short anywhere", () => {
		fc.assert(
			fc.property(
				fc.constantFrom("keyword", "vibration"),
				fc.double({ min: 0, max: 0.98, noNaN: true }),
				(name, at) => {
					const bytes = model(name);
					expect(outcome(bytes.slice(0, Math.floor(at * bytes.length)))).not.toBe("ran");
				},
			),
			{ numRuns: 100 },
		);
	});

	it("survives flipped bytes", () => {
		const flips = fc.array(
			fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), value: fc.nat(255) }),
			{
				minLength: 1,
				maxLength: 8,
			},
		);
		fc.assert(
			fc.property(fc.constantFrom(...names), flips, (name, changes) => {
				const bytes = model(name).slice();
				for (const { at, value } of changes) bytes[Math.floor(at * bytes.length)]! ^= value;
				outcome(bytes);
			}),
			{ numRuns: 1500 },
		);
	});

	it("survives wild offsets, counts and indices", () => {
		const wild = fc.oneof(
			fc.constantFrom(0, 1, 4, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffc, 0x40000000, 0x10000),
			fc.nat(0xffff),
			fc.nat(0xffffffff),
		);
		const words = fc.array(
			fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), value: wild }),
			{
				minLength: 1,
				maxLength: 4,
			},
		);
		fc.assert(
			fc.property(fc.constantFrom(...operators), words, (name, changes) => {
				const bytes = model(name).slice();
				const view = new DataView(bytes.buffer);
				for (const { at, value } of changes) view.setUint32(Math.floor(at * (bytes.length / 4 - 1)) * 4, value, true);
				outcome(bytes);
			}),
			{ numRuns: 2500 },
		);
	});

	it("survives every single word of a model being wild", () => {
		for (const name of operators) {
			const bytes = model(name);
			for (let at = 0; at + 4 <= bytes.length; at += 4) {
				for (const value of [0, 0xffffffff, 0x7fffffff]) {
					const changed = bytes.slice();
					new DataView(changed.buffer).setUint32(at, value, true);
					outcome(changed);
				}
			}
		}
	});

	it("survives bytes that are no model at all", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
				expect(outcome(bytes)).not.toBe("ran");
				// With the mark of a model, so that more of it is looked at.
				if (bytes.length >= 8) bytes.set(new TextEncoder().encode("TFL3"), 4);
				expect(outcome(bytes)).not.toBe("ran");
			}),
			{ numRuns: 500 },
		);
	});
});

describe("sound files", () => {
	it("may leave the batch open: it is one", async () => {
		const given = readCases("add")[0]!;
		const open = new Model(given.model);
		for (const tensor of [0, 1, 2]) {
			const shape = open.target(open.tensor(tensor), 0);
			expect(open.u32(shape + 4)).toBe(1);
			open.set32(shape + 4, 0xffffffff);
		}
		const interpreter = await Interpreter.create(open.bytes);
		expect(interpreter.inputs[0]!.shape[0]).toBe(1);
		const { inputs, outputs } = given.vectors[0]!;
		expect(infer(interpreter, inputs)).toEqual(outputs);
	});
});

describe("errors say what and where", () => {
	it("not a model", () => {
		expect(outcome(new TextEncoder().encode("this is text, no model"))).toBe("not-a-model");
		expect(outcome(new Uint8Array())).toBe("not-a-model");
	});

	it("a wild offset, by its place in the file", async () => {
		const bytes = model("add").slice();
		new DataView(bytes.buffer).setUint32(0, 0x7ffffff0, true);
		const error = await Interpreter.create(bytes).catch((thrown) => thrown);
		expect(error).toBeInstanceOf(ModelError);
		expect(error.code).toBe("out-of-file");
		expect(error.place.offset).toBe(0x7ffffff0);
	});

	it("an operator that does not exist, by name", async () => {
		const unknown = new Model(readCases("conv_2d")[0]!.model);
		const code = unknown.entry(unknown.target(unknown.root, 1), 0);
		unknown.set32(unknown.field(code, 3), 4000);
		const { operators: all, problem } = await describeModel(unknown.bytes);
		expect(all[0]).toMatchObject({ name: "BUILTIN_4000", supported: false });
		expect(problem).toMatchObject({ code: "unsupported-operator", place: { operator: 0 } });
		expect(problem!.message).toContain("BUILTIN_4000");
	});
});

describe("the arena", () => {
	it.each(names)("%s: what it needs is enough, one byte less is not", async (name) => {
		const { arenaBytes } = await Interpreter.create(model(name));
		await Interpreter.create(model(name), { arenaBytes });
		const error = await Interpreter.create(model(name), { arenaBytes: arenaBytes - 1 }).catch((thrown) => thrown);
		expect(error).toBeInstanceOf(ModelError);
		expect(error.code).toBe("arena-too-small");
		expect(error.message).toContain(`${arenaBytes} bytes`);
	});
});
