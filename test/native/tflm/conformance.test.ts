/* The kernel against the outputs of TFLite Micro's reference kernels, bit for bit, on models of the field. */
import { describe as describeModel, Interpreter } from "tflite-micro-wasm";
import { describe, expect, it } from "vitest";
import { buildKernel } from "../../../tools/build/kernel.ts";
import {
	conformanceNames,
	conformancePresent,
	fnv1a,
	readConformance,
	readLayers,
	readVectors,
	type Vectors,
} from "./conformance.ts";
import { bytesOf, infer } from "./tensors.ts";

const present = conformancePresent();
await buildKernel();

const modelBytes = (name: string) => readConformance(`models/${name}.tflite`);

/** Models that the kernel has all operators of, and why not the others. */
const models: string[] = [];
const unsupported: string[] = [];
for (const name of present ? conformanceNames("models", ".tflite") : []) {
	const { problem } = await describeModel(modelBytes(name));
	if (problem?.code === "unsupported-operator") unsupported.push(`${name}: ${problem.message}`);
	else models.push(name);
}
for (const why of unsupported) console.warn(`skipped: ${why}`);

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

describe.skipIf(!present)("conformance with TFLite Micro", () => {
	it("covers every model whose operators exist", () => {
		expect(models).toEqual(
			expect.arrayContaining([
				...["ad01_int8", "hello_world_float", "hello_world_int8", "kws_ref_model", "micro_speech_quantized"],
				...["network_tester", "person_detect", "pretrainedResnet_quant", "simple_add_model"],
			]),
		);
		expect(models.length + unsupported.length).toBe(12);
	});

	it.each(models)("%s: golden vectors, rounded twice as TFLite Micro does", async (name) => {
		expectVectors(await Interpreter.create(modelBytes(name)), readVectors(`golden/${name}.gld`), true);
	});

	it.each(models)("%s: golden vectors, rounded once as XNNPACK does", async (name) => {
		const interpreter = await Interpreter.create(modelBytes(name), { rounding: "single" });
		expectVectors(interpreter, readVectors(`golden_single/${name}.gld`), true);
	});

	it.each(models)("%s: the same without a reset, as it has no state", async (name) => {
		expectVectors(await Interpreter.create(modelBytes(name)), readVectors(`golden/${name}.gld`), false);
	});

	it.each(models.flatMap((name) => [0, 3].map((vector) => [name, vector] as const)))(
		"%s: the output of every operator, vector %i",
		async (name, vector) => {
			const interpreter = await Interpreter.create(modelBytes(name));
			const layers = readLayers(`layers/${name}.v${vector}.jsonl`);
			readVectors(`golden/${name}.gld`).inputs[vector]!.forEach((bytes, i) => {
				bytesOf(interpreter.inputs[i]!.data).set(bytes);
			});
			expect(layers.map((layer) => layer.op)).toEqual(interpreter.operators.map((operator) => operator.index));
			for (const { op, tensor, bytes, fnv1a: hash, type } of layers) {
				interpreter.step(op);
				expect(interpreter.operators[op]!.outputs).toContain(tensor);
				const output = interpreter.tensor(tensor);
				expect(output.bytes).toBe(bytes);
				// float32 sums depend on the order of additions
				if (type !== 1) expect(fnv1a(bytesOf(output.data)), `operator ${op}`).toBe(hash);
			}
		},
	);

	const sequences = present ? conformanceNames("seq", ".seq").filter((name) => models.includes(name)) : [];
	it.skipIf(!sequences.length).each(sequences.length ? sequences : ["no model with state has all its operators yet"])(
		"%s: 64 invokes without a reset",
		async (name) => {
			expectVectors(await Interpreter.create(modelBytes(name)), readVectors(`seq/${name}.seq`), false);
		},
	);
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
});
