/* Fast versions of operators against the plain ones: random models of one operator, in the kernel with vectors, in that
   without, and in a build that has the plain version of each alone. All must give the same bytes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildKernel, buildReferenceKernel } from "../../../tools/build/kernel.ts";
import { byte, int, type ModelSpec, type OperatorSpec, type TensorSpec, writeModel } from "./model_writer.ts";

type KernelFunction =
	| ("heap" | "open" | "layout_bytes" | "plan" | "arena_bytes" | "packing_bytes" | "init" | "invoke" | "error")
	| ("tensor" | "graph_input" | "graph_output");
type Exports = { memory: WebAssembly.Memory } & Record<`kernel_${KernelFunction}`, (...args: number[]) => number>;

const simd = await buildKernel();
const files = {
	simd,
	scalar: simd.replace(".wasm", "-scalar.wasm"),
	reference: await buildReferenceKernel(),
};
const load = async (path: string) => {
	const { instance } = await WebAssembly.instantiate(readFileSync(path), {});
	return instance.exports as unknown as Exports;
};
const kernels = {
	simd: await load(files.simd),
	scalar: await load(files.scalar),
	reference: await load(files.reference),
};
/** What is written behind the arena and behind the packing, and must stay. */
const canary = 64;

/** Outputs of some runs of a model, or the code of the error with which it is refused. */
function run(
	kernel: Exports,
	model: Uint8Array,
	rounding: number,
	inputs: readonly Uint8Array[][],
): number[][] | string {
	const aligned = (address: number) => Math.ceil(address / 16) * 16;
	const reserve = (end: number) => {
		const missing = Math.ceil((end - kernel.memory.buffer.byteLength) / 65536);
		if (missing > 0) kernel.memory.grow(missing);
	};
	const view = (at: number, bytes: number) => new Uint8Array(kernel.memory.buffer, at, bytes);
	const failure = () => {
		const words = new Int32Array(kernel.memory.buffer, kernel.kernel_error(), 7);
		return `error ${words[0]} at tensor ${words[2]}, value ${words[4]}`;
	};
	const start = kernel.kernel_heap();
	reserve(start + model.length);
	view(start, model.length).set(model);
	if (kernel.kernel_open(start, model.length)) return failure();
	const layout = aligned(start + model.length);
	const arena = aligned(layout + kernel.kernel_layout_bytes());
	reserve(arena);
	if (kernel.kernel_plan(layout)) return failure();
	const arenaBytes = kernel.kernel_arena_bytes();
	const packingBytes = kernel.kernel_packing_bytes();
	const packing = aligned(arena + arenaBytes + canary);
	reserve(packing + packingBytes + canary);
	const guards = [view(arena + arenaBytes, canary), view(packing + packingBytes, canary)];
	// What happens to lie in the memory must not matter.
	view(packing, packingBytes).fill(0x5a);
	for (const guard of guards) guard.fill(0xa5);
	if (kernel.kernel_init(arena, arenaBytes, rounding, packing)) return failure();
	const tensor = (index: number) => {
		const words = new Int32Array(kernel.memory.buffer, kernel.kernel_tensor(index), 11);
		return view(words[9]!, words[1]!);
	};
	const outputs = inputs.map((values) => {
		values.forEach((bytes, i) => {
			tensor(kernel.kernel_graph_input(i)).set(bytes);
		});
		kernel.kernel_invoke();
		return Array.from(tensor(kernel.kernel_graph_output(0)));
	});
	for (const guard of guards) expect(guard.every((value) => value === 0xa5)).toBe(true);
	return outputs;
}

/** Random numbers of a seed (mulberry32). */
class Random {
	private state: number;

	constructor(seed: number) {
		this.state = seed;
	}

	/** In [0, 1). */
	real(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let x = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
		return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
	}

	/** In [low, high]. */
	whole(low: number, high: number): number {
		return low + Math.floor(this.real() * (high - low + 1));
	}

	pick<T>(values: readonly T[]): T {
		return values[this.whole(0, values.length - 1)] as T;
	}

	/** Half of the tensors hold all bytes, the others little ones or the ends. */
	bytes(count: number): Int8Array {
		const kind = this.whole(0, 3);
		const range = kind < 2 ? 128 : kind === 2 ? 3 : 128;
		return Int8Array.from({ length: count }, () => {
			if (kind === 3) return this.pick([-128, -127, 127, 0]);
			return Math.max(-128, this.whole(-range, range - 1));
		});
	}

	zeroPoint(): number {
		return this.pick([-128, 127, 0, this.whole(-128, 127)]);
	}

	/** Scales around 1, so that products of them are as well. */
	scale(): number {
		return Math.fround(2 ** (this.real() * 6 - 4));
	}
}

/** A scale for outputs whose sums are about so large; now and then one that makes the ratio extreme. */
function outputScale(random: Random, ratio: number): number {
	const odd = random.whole(0, 7);
	if (odd === 0) return Math.fround(2 ** (random.real() * 40 - 20));
	return Math.fround(ratio * 2 ** (random.real() * 4 - 2));
}

/** Weights, scales of some or all channels, and biases that put sums next to ties for half of the channels. */
function weightsOf(random: Random, shape: number[], dimension: number, length: number, inputScale: number) {
	const channels = shape[dimension]!;
	const perChannel = random.whole(0, 1) === 1;
	const lowest = random.whole(0, 5) ? 0 : -30;
	const scales = Array.from({ length: perChannel ? channels : 1 }, () =>
		Math.fround(random.scale() * 2 ** random.whole(lowest, 0)),
	);
	const output = outputScale(random, inputScale * Math.sqrt(length) * 16);
	const biases = Int32Array.from({ length: channels }, (_, i) => {
		const ratio = (inputScale * scales[perChannel ? i : 0]!) / output;
		const tie = (random.whole(-140, 140) + 0.5) / ratio;
		const value = random.whole(0, 1) ? Math.round(tie) + random.whole(-2, 2) : random.whole(-20000, 20000);
		return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));
	});
	const weights: TensorSpec = {
		shape,
		scales,
		dimension,
		// Some channels are all zero: there the bias alone is rounded.
		data: random.bytes(shape.reduce((a, b) => a * b)).map((value, i, all) => {
			const channel = dimension === 0 ? Math.floor(i / (all.length / channels)) : i % channels;
			return channel % 5 === 4 ? 0 : value;
		}),
	};
	const bias: TensorSpec = { shape: [channels], type: 2, scales: [1], data: biases };
	// Weights and biases that come at run time cannot be packed.
	const late = random.whole(0, 9);
	if (late === 0) delete bias.data;
	if (late === 1) delete weights.data;
	return { weights, bias, output, late };
}

/** Graph inputs of a model of one such operator. */
const lateInputs = (late: number) => (late === 0 ? [0, 2] : late === 1 ? [0, 1] : [0]);

const outSize = (image: number, window: number, stride: number, dilation: number, padding: number) =>
	Math.floor((image + stride - (padding ? (window - 1) * dilation + 1 : 1)) / stride);

interface Sample {
	model: ModelSpec;
	/** Bytes of each input. */
	sizes: number[];
}

function sampleOf(tensors: TensorSpec[], operator: OperatorSpec, inputs: number[]): Sample {
	const size = (index: number) => {
		const { shape, type = 9 } = tensors[index]!;
		return shape.reduce((a, b) => a * b, type === 2 ? 4 : 1);
	};
	return {
		model: { tensors, operators: [operator], inputs, outputs: operator.outputs.slice() },
		sizes: inputs.map(size),
	};
}

function convolution(random: Random, isDepthwise: boolean): Sample | undefined {
	const window = [random.whole(1, 5), random.pick([1, 1, 2, 3, 3, 4, 5, 8])] as const;
	const stride = [random.whole(1, 3), random.whole(1, 3)] as const;
	const dilation = random.whole(0, 3) ? ([1, 1] as const) : ([random.whole(1, 3), random.whole(1, 3)] as const);
	const padding = random.whole(0, 1);
	const batches = random.pick([1, 1, 1, 2, 3]);
	const image = [random.whole(1, 14), random.whole(1, 14)] as const;
	const out = [0, 1].map((i) => outSize(image[i]!, window[i]!, stride[i]!, dilation[i]!, padding));
	if (out.some((size) => size < 1)) return undefined;
	const channels = random.pick([1, 1, 2, 3, 8, 16, random.whole(1, 70)]);
	const multiplier = channels > 1 && random.whole(0, 2) ? 1 : random.whole(1, 17);
	const filters = isDepthwise ? channels * multiplier : random.pick([1, 2, 8, 16, random.whole(1, 70)]);
	const shape = isDepthwise ? [1, ...window, filters] : [filters, ...window, channels];
	const inputScale = random.scale();
	const length = window[0] * window[1] * (isDepthwise ? 1 : channels);
	const { weights, bias, output, late } = weightsOf(random, shape, isDepthwise ? 3 : 0, length, inputScale);
	const hasBias = late === 0 || random.whole(0, 5) > 0;
	const strides = [int(stride[1]), int(stride[0])];
	const dilations = [int(dilation[1]), int(dilation[0])];
	const activation = byte(random.pick([0, 0, 1, 3]));
	return sampleOf(
		[
			{ shape: [batches, ...image, channels], scales: [inputScale], zeroPoint: random.zeroPoint() },
			...[weights, bias],
			{ shape: [batches, ...out, filters], scales: [output], zeroPoint: random.zeroPoint() },
		],
		{
			code: isDepthwise ? 4 : 3,
			optionsType: isDepthwise ? 2 : 1,
			options: isDepthwise
				? [byte(padding), ...strides, int(multiplier), activation, ...dilations]
				: [byte(padding), ...strides, activation, ...dilations],
			inputs: hasBias ? [0, 1, 2] : [0, 1],
			outputs: [3],
		},
		lateInputs(late),
	);
}

function dense(random: Random): Sample {
	const batches = random.pick([1, 1, 2, 5, random.whole(1, 9)]);
	const inputs = random.pick([1, 8, random.whole(1, 300)]);
	const outputs = random.whole(1, 70);
	const inputScale = random.scale();
	const { weights, bias, output, late } = weightsOf(random, [outputs, inputs], 0, inputs, inputScale);
	return sampleOf(
		[
			{ shape: [batches, inputs], scales: [inputScale], zeroPoint: random.zeroPoint() },
			...[weights, bias],
			{ shape: [batches, outputs], scales: [output], zeroPoint: random.zeroPoint() },
		],
		{
			code: 9,
			optionsType: 8,
			options: [byte(random.pick([0, 0, 1, 3]))],
			inputs: late === 0 || random.whole(0, 5) ? [0, 1, 2] : [0, 1],
			outputs: [3],
		},
		lateInputs(late),
	);
}

/** ADD and SUB, of equal shapes or with one input repeated. */
function sum(random: Random, code: 0 | 41): Sample {
	const shape = [random.whole(1, 5), random.whole(1, 40), random.pick([1, 8, random.whole(1, 33)])];
	const part = random.pick([shape, shape, shape, [1], [shape[2]!], [shape[1]!, 1]]);
	const scales = [random.scale(), random.scale()];
	if (random.whole(0, 5) === 0) scales[1] = Math.fround(scales[0]! * 2 ** random.whole(-33, 3));
	const larger = Math.max(...scales);
	const output = Math.fround(larger * 2 ** (random.real() * 4 - (random.whole(0, 5) ? 1 : 8)));
	const shapes = random.whole(0, 1) ? [shape, part] : [part, shape];
	return sampleOf(
		[
			...shapes.map((dims, i) => ({ shape: dims, scales: [scales[i]!], zeroPoint: random.zeroPoint() })),
			{ shape, scales: [output], zeroPoint: random.zeroPoint() },
		],
		{
			code,
			optionsType: code === 0 ? 11 : 28,
			options: [byte(random.pick([0, 0, 1, 3]))],
			inputs: [0, 1],
			outputs: [2],
		},
		[0, 1],
	);
}

const samplers: [string, (random: Random) => Sample | undefined][] = [
	["CONV_2D", (random) => convolution(random, false)],
	["DEPTHWISE_CONV_2D", (random) => convolution(random, true)],
	["FULLY_CONNECTED", dense],
	["ADD", (random) => sum(random, 0)],
	["SUB", (random) => sum(random, 41)],
];

describe("fast versions give the bytes of the plain one", () => {
	it.each(samplers)("%s", (name, sample) => {
		let ran = 0;
		let values = 0;
		for (let seed = 0; seed < 400; seed++) {
			const random = new Random(seed * 7919 + name.length);
			const made = sample(random);
			if (!made) continue;
			const model = writeModel(made.model);
			const inputs = [0, 1].map(() => made.sizes.map((size) => new Uint8Array(random.bytes(size).buffer)));
			for (const rounding of [0, 1]) {
				const expected = run(kernels.reference, model, rounding, inputs);
				for (const kind of ["simd", "scalar"] as const) {
					const found = run(kernels[kind], model, rounding, inputs);
					if (JSON.stringify(found) === JSON.stringify(expected)) continue;
					const what = `seed ${seed}, ${kind}, rounding ${rounding}: ${JSON.stringify(made.model.operators[0])}`;
					expect(found, `${what} on ${JSON.stringify(made.model.tensors.map(({ shape }) => shape))}`).toEqual(expected);
				}
				if (typeof expected === "string") continue;
				ran++;
				// Outputs that are all alike, or all at a bound, test nothing.
				values += new Set(expected.flat()).size;
			}
		}
		expect(ran).toBeGreaterThan(500);
		expect(values / ran).toBeGreaterThan(15);
	});
});
