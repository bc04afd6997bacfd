/* The kernel against the outputs of TFLite Micro's reference kernels, bit for bit, on models of the field. */

import { describe, expect, it } from "vitest";
import { describe as describeModel, Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "../../../tools/build/kernel.ts";
import {
	conformanceNames,
	conformancePresent,
	fnv1a,
	type Layer,
	readConformance,
	readLayers,
	readVectors,
	type Vectors,
} from "./conformance.ts";
import { bytesOf, infer } from "./tensors.ts";

const present = conformancePresent();
await buildKernel();

const modelBytes = (name: string) => readConformance(`models/${name}.tflite`);

const names = (folder: string, ending: string) => (present ? conformanceNames(folder, ending) : []);
const models = names("models", ".tflite");
const golden = names("golden", ".gld");
/** Models that keep something from one run to the next. */
const stateful = names("seq", ".seq");

/** Integer outputs must be the same bytes; float32 within 1e-5 of the value. */
function expectSame(actual: Uint8Array[], expected: Uint8Array[], types: number[], vector: number): void {
	expected.forEach((bytes, i) => {
		const where = `vector ${vector}, output ${i}`;
		if (types[i] !== 1) {
			expect(Array.from(actual[i]!), where).toEqual(Array.from(bytes));
			return;
		}
		const values = new Float32Array(actual[i]!.slice().buffer);
		new Float32Array(bytes.slice().buffer).forEach((value, k) => {
			expect(Math.abs(values[k]! - value), where).toBeLessThanOrEqual(1e-5 * Math.abs(value));
		});
	});
}

function expectVectors(interpreter: Interpreter, vectors: Vectors, reset: boolean): void {
	vectors.inputs.forEach((inputs, n) => {
		if (reset) interpreter.reset();
		expectSame(infer(interpreter, inputs), vectors.outputs[n]!, vectors.types, n);
	});
}

/** Types of tensors that have no values to show: a variable's handle, and those that the package has no view of yet. */
const hidden = ["resource"];

/** Runs the operators one by one, and compares what each has made (or stored: ASSIGN_VARIABLE has no output). */
function expectLayers(interpreter: Interpreter, inputs: Uint8Array[], layers: Layer[]): void {
	const made = interpreter.operators.flatMap(({ index, outputs }) => outputs.map((output) => [index, output]));
	expect(layers.map((layer) => [layer.op, layer.tensor])).toEqual(expect.arrayContaining(made));
	inputs.forEach((bytes, i) => {
		bytesOf(interpreter.inputs[i]!.data).set(bytes);
	});
	for (const { index } of interpreter.operators) {
		interpreter.step(index);
		for (const layer of layers.filter(({ op }) => op === index)) {
			const output = interpreter.tensor(layer.tensor);
			if (hidden.includes(output.type)) continue;
			expect(output.bytes).toBe(layer.bytes);
			// float32 sums depend on the order of additions
			if (output.type !== "float32") expect(fnv1a(bytesOf(output.data)), `operator ${index}`).toBe(layer.fnv1a);
		}
	}
}

/** The high bytes of a linear congruential generator: the noise that the conformance files were made from. */
function noiseFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state >>> 24;
	};
}

describe.skipIf(!present)("conformance with TFLite Micro", () => {
	it("runs every model", async () => {
		const problems = await Promise.all(models.map(async (name) => (await describeModel(modelBytes(name))).problem));
		expect(problems.filter(Boolean)).toEqual([]);
		expect(models.length).toBe(12);
		expect(golden.length).toBe(11);
		expect(stateful).toEqual(["audio_preprocessor_int8", "keyword_scrambled_8bit", "v2_vad"]);
	});

	it.each(golden)("%s: golden vectors, rounded twice as TFLite Micro does", async (name) => {
		expectVectors(await Interpreter.create(modelBytes(name)), readVectors(`golden/${name}.gld`), true);
	});

	it.each(golden)("%s: golden vectors, rounded once as XNNPACK does", async (name) => {
		const interpreter = await Interpreter.create(modelBytes(name), { rounding: "single" });
		expectVectors(interpreter, readVectors(`golden_single/${name}.gld`), true);
	});

	it.each(golden.filter((name) => !stateful.includes(name)))(
		"%s: the same without a reset, as it has no state",
		async (name) => {
			expectVectors(await Interpreter.create(modelBytes(name)), readVectors(`golden/${name}.gld`), false);
		},
	);

	it.each(golden.flatMap((name) => [0, 3].map((vector) => [name, vector] as const)))(
		"%s: the output of every operator, vector %i",
		async (name, vector) => {
			const interpreter = await Interpreter.create(modelBytes(name));
			const { inputs } = readVectors(`golden/${name}.gld`);
			expectLayers(interpreter, inputs[vector]!, readLayers(`layers/${name}.v${vector}.jsonl`));
		},
	);

	it("v2_vad: the output of every operator, in two runs on noise", async () => {
		const interpreter = await Interpreter.create(modelBytes("v2_vad"));
		const noise = noiseFrom(0xa5000000);
		for (const run of [0, 1]) {
			const input = Uint8Array.from({ length: interpreter.inputs[0]!.bytes }, noise);
			expectLayers(interpreter, [input], readLayers(`layers/v2_vad.i${run}.jsonl`));
		}
	});

	it.each(stateful)("%s: 64 runs without a reset", async (name) => {
		const vectors = readVectors(`seq/${name}.seq`);
		expect(vectors.inputs.length).toBe(64);
		expectVectors(await Interpreter.create(modelBytes(name)), vectors, false);
	});
});

describe.skipIf(!present)("real inputs", () => {
	it("hello_world_int8: a sine over all 256 inputs", async () => {
		const interpreter = await Interpreter.create(modelBytes("hello_world_int8"));
		const [given, expected] = ["in", "out"].map((ending) => readConformance(`real/hello_world_sweep.${ending}`));
		const made = Array.from(given!, (value) => infer(interpreter, [Uint8Array.of(value)])[0]![0]!);
		expect(made).toEqual(Array.from(expected!));
	});

	it.each(["yes", "no"])("micro_speech: scores of a spoken %s", async (word) => {
		const interpreter = await Interpreter.create(modelBytes("micro_speech_quantized"));
		const [scores] = infer(interpreter, [readConformance(`real/ms_${word}_features.bin`)]);
		expect(Array.from(scores!)).toEqual(Array.from(readConformance(`real/ms_${word}_scores.out`)));
	});

	it.each(["yes", "no"])("audio_preprocessor_int8: features of a spoken %s", async (word) => {
		const frames = readConformance(`real/ms_${word}_frames.in`);
		const interpreter = await Interpreter.create(modelBytes("audio_preprocessor_int8"));
		const bytes = interpreter.inputs[0]!.bytes;
		expect(frames.length).toBe(49 * bytes);
		const features: number[] = [];
		for (let at = 0; at < frames.length; at += bytes) {
			features.push(...infer(interpreter, [frames.subarray(at, at + bytes)])[0]!);
		}
		expect(features).toEqual(Array.from(readConformance(`real/ms_${word}_features.bin`)));
	});
});
