/* Operators that move values: on random shapes against indexing in plain script, and what they refuse. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describe as describeModel, Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { byte, int, type OperatorSpec, type TensorSpec, writeModel } from "./model_writer.ts";
import { infer } from "./tensors.ts";

const FLOAT32 = 0;
const INT32 = 2;
const runs = { numRuns: 60 };

const values = (shape: readonly number[]): TensorSpec => ({ shape, type: INT32 });
const constant = (...data: number[]): TensorSpec => ({
	shape: [data.length],
	type: INT32,
	data: Int32Array.from(data),
});
const int8 = (shape: readonly number[], scale = 0.5, zeroPoint = 0): TensorSpec => ({
	shape,
	scales: [scale],
	zeroPoint,
});
const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

type Kind = Pick<OperatorSpec, "code" | "optionsType" | "options">;
const kind = (code: number, optionsType: number, ...options: Kind["options"]): Kind => ({ code, optionsType, options });
const concatenation = (axis: number, activation = 0) => kind(2, 10, int(axis), byte(activation));
const pack = (count: number, axis: number) => kind(83, 59, int(count), int(axis));
const unpack = (count: number, axis: number) => kind(88, 64, int(count), int(axis));
const split = (count: number) => kind(49, 35, int(count));
const splitV = (count: number) => kind(102, 79, int(count));
const transpose = kind(39, 26);
const pad = kind(34, 22);
const padV2 = kind(60, 43);
const squeeze = kind(43, 30);
const argMax = kind(56, 40);
const resize = kind(97, 74, byte(0), byte(0));
const batchMatmul = (transposeA = 0, transposeB = 0) => kind(126, 101, byte(transposeA), byte(transposeB));
const slice = (begin: number, end: number, shrink: number, ellipsis = 0, newAxis = 0, offset = 0) =>
	kind(45, 32, int(begin), int(end), int(ellipsis), int(newAxis), int(shrink), byte(offset));

/** A model of one operator; tensors without data are its inputs. */
function model(operator: Kind, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): Uint8Array {
	const numbers = (tensors: readonly TensorSpec[], from: number) => tensors.map((_, i) => from + i);
	const all = numbers(inputs, 0);
	const made = numbers(outputs, inputs.length);
	return writeModel({
		tensors: [...inputs, ...outputs],
		operators: [{ ...operator, inputs: all, outputs: made }],
		inputs: all.filter((i) => !inputs[i]!.data),
		outputs: made,
	});
}

/** What the model makes of the numbers 0, 1, 2 ... in its inputs, which are of int32. */
async function outputsOf(bytes: Uint8Array): Promise<number[][]> {
	const interpreter = await Interpreter.create(bytes);
	let next = 0;
	const inputs = interpreter.inputs.map(
		(input) => new Uint8Array(Int32Array.from({ length: input.bytes / 4 }, () => next++).buffer),
	);
	return infer(interpreter, inputs).map((output) => Array.from(new Int32Array(output.slice().buffer)));
}

/** The element at each index of a shape, from the innermost dimension on. */
function fill(shape: readonly number[], at: (index: number[]) => number): number[] {
	return Array.from({ length: sizeOf(shape) }, (_, i) => {
		const index: number[] = [];
		let rest = i;
		for (const size of shape.toReversed()) {
			index.unshift(rest % size);
			rest = Math.floor(rest / size);
		}
		return at(index);
	});
}
const place = (shape: readonly number[], index: readonly number[]) =>
	index.reduce((sum, i, dimension) => sum * shape[dimension]! + i, 0);

const shapes = (most: number) => fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: most });

describe("against plain script", () => {
	it("TRANSPOSE", async () => {
		const permuted = shapes(6).chain((shape) =>
			fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
		);
		await fc.assert(
			fc.asyncProperty(permuted, async ([shape, order]) => {
				const made = order.map((dimension) => shape[dimension]!);
				const [output] = await outputsOf(model(transpose, [values(shape), constant(...order)], [values(made)]));
				const from = (index: number[]) => shape.map((_, dimension) => index[order.indexOf(dimension)]!);
				expect(output).toEqual(fill(made, (index) => place(shape, from(index))));
			}),
			runs,
		);
	});

	it("PAD", async () => {
		const amounts = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
		const padded = shapes(5).chain((shape) => fc.tuple(fc.constant(shape), fc.tuple(...shape.map(() => amounts))));
		await fc.assert(
			fc.asyncProperty(padded, async ([shape, border]) => {
				const made = shape.map((size, i) => size + border[i]![0] + border[i]![1]);
				const filler = { ...constant(-7), shape: [1] };
				const given = { ...constant(...border.flat()), shape: [shape.length, 2] };
				const [zeros] = await outputsOf(model(pad, [values(shape), given], [values(made)]));
				const [sevens] = await outputsOf(model(padV2, [values(shape), given, filler], [values(made)]));
				const expected = (value: number) =>
					fill(made, (index) => {
						const from = index.map((i, dimension) => i - border[dimension]![0]);
						return from.every((i, dimension) => i >= 0 && i < shape[dimension]!) ? place(shape, from) : value;
					});
				expect(zeros).toEqual(expected(0));
				expect(sevens).toEqual(expected(-7));
			}),
			runs,
		);
	});

	it("STRIDED_SLICE", async () => {
		const cut = fc.record({
			size: fc.integer({ min: 1, max: 5 }),
			begin: fc.integer({ min: -8, max: 8 }),
			end: fc.integer({ min: -8, max: 8 }),
			stride: fc.constantFrom(1, 1, 2, 3, -1, -2, 100, -100),
			masks: fc.tuple(fc.boolean(), fc.boolean()),
			shrink: fc.boolean(),
		});
		/** Indices that are taken, as Python's slices take them. */
		const indices = ({
			size,
			begin,
			end,
			stride,
			masks,
			shrink,
		}: typeof cut extends fc.Arbitrary<infer T> ? T : never) => {
			const [low, high] = stride > 0 ? [0, size] : [-1, size - 1];
			const limit = (i: number) => Math.min(Math.max(i < 0 ? i + size : i, low!), high!);
			const first = masks[0] ? (stride > 0 ? 0 : size - 1) : limit(begin);
			if (shrink) return first >= 0 && first < size ? [first] : [];
			const last = masks[1] ? (stride > 0 ? size : -1) : limit(end);
			const taken: number[] = [];
			for (let i = first; stride > 0 ? i < last : i > last; i += stride) taken.push(i);
			return taken;
		};
		await fc.assert(
			fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 4 }), async (cuts) => {
				const taken = cuts.map(indices);
				const shape = cuts.map(({ size }) => size);
				const kept = [...cuts.keys()].filter((i) => !cuts[i]!.shrink);
				const made = kept.map((i) => Math.max(taken[i]!.length, 1));
				const bits = (has: (i: number) => boolean) => cuts.reduce((sum, _, i) => sum | (has(i) ? 1 << i : 0), 0);
				const operator = slice(
					bits((i) => cuts[i]!.masks[0]),
					bits((i) => cuts[i]!.masks[1]),
					bits((i) => cuts[i]!.shrink),
				);
				const parts = (["begin", "end", "stride"] as const).map((key) => constant(...cuts.map((each) => each[key])));
				const bytes = model(operator, [values(shape), ...parts], [values(made)]);
				if (taken.some((each) => !each.length)) {
					expect((await describeModel(bytes)).problem?.code).toBe("shape-mismatch");
					return;
				}
				const [output] = await outputsOf(bytes);
				const from = (index: number[]) => taken.map((each, i) => each[cuts[i]!.shrink ? 0 : index[kept.indexOf(i)]!]!);
				expect(output).toEqual(fill(made, (index) => place(shape, from(index))));
			}),
			{ numRuns: 200 },
		);
	});

	it("CONCATENATION, and SPLIT_V back", async () => {
		const joined = shapes(5).chain((shape) =>
			fc.tuple(
				fc.constant(shape),
				fc.integer({ min: -shape.length, max: shape.length - 1 }),
				fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 }),
			),
		);
		await fc.assert(
			fc.asyncProperty(joined, async ([shape, axis, sizes]) => {
				const at = axis < 0 ? axis + shape.length : axis;
				const parts = sizes.map((size) => shape.with(at, size));
				const whole = shape.with(
					at,
					sizes.reduce((sum, size) => sum + size),
				);
				const [output] = await outputsOf(model(concatenation(axis), parts.map(values), [values(whole)]));
				const sumBefore = (of: readonly number[], i: number) => of.slice(0, i).reduce((sum, each) => sum + each, 0);
				const starts = sizes.map((_, i) => sumBefore(sizes, i));
				const offsets = parts.map((_, i) => sumBefore(parts.map(sizeOf), i));
				expect(output).toEqual(
					fill(whole, (index) => {
						const part = starts.findLastIndex((start) => index[at]! >= start);
						return offsets[part]! + place(parts[part]!, index.with(at, index[at]! - starts[part]!));
					}),
				);
				const inputs = [values(whole), constant(...sizes), { ...constant(axis), shape: [] }];
				const outputs = await outputsOf(model(splitV(sizes.length), inputs, parts.map(values)));
				outputs.forEach((made, part) => {
					const from = (index: number[]) => index.with(at, index[at]! + starts[part]!);
					expect(made).toEqual(fill(parts[part]!, (index) => place(whole, from(index))));
				});
			}),
			runs,
		);
	});
});

describe("refuses", () => {
	const vector = values([6]);
	const cases: [name: string, code: string, Kind, TensorSpec[], TensorSpec[]][] = [
		["an axis that is not there", "bad-operator", concatenation(2), [values([2, 2])], [values([2, 2])]],
		["parts that do not add up", "shape-mismatch", concatenation(0), [vector, vector], [values([11])]],
		["parts of other shapes", "shape-mismatch", concatenation(0), [values([1, 2]), values([1, 3])], [values([2, 2])]],
		[
			"parts of other types",
			"unsupported-type",
			concatenation(0),
			[vector, { shape: [6], type: FLOAT32 }],
			[values([12])],
		],
		["parts of another scale", "bad-quantization", concatenation(0), [int8([2]), int8([2], 0.4)], [int8([4])]],
		["an activation that copies cannot have", "unsupported-option", concatenation(0, 1), [vector], [vector]],
		["a stack of too few", "shape-mismatch", pack(3, 0), [vector, vector], [values([3, 6])]],
		[
			"more slices than there are",
			"shape-mismatch",
			unpack(3, 0),
			[values([2, 3])],
			[values([3]), values([3]), values([3])],
		],
		["an axis known at run time alone", "bad-operator", split(2), [values([1]), vector], [values([3]), values([3])]],
		["parts of different sizes", "shape-mismatch", split(2), [constant(0), vector], [values([2]), values([4])]],
		[
			"sizes other than the parts'",
			"shape-mismatch",
			splitV(2),
			[vector, constant(3, 3), constant(0)],
			[values([2]), values([4])],
		],
		["sizes known at run time alone", "bad-operator", splitV(1), [vector, values([1]), constant(0)], [vector]],
		["a dimension named twice", "bad-operator", transpose, [values([2, 2]), constant(1, 1)], [values([2, 2])]],
		["a dimension that is not there", "bad-operator", transpose, [values([2, 2]), constant(0, -1)], [values([2, 2])]],
		["another order than is given", "shape-mismatch", transpose, [values([2, 3]), constant(1, 0)], [values([2, 3])]],
		["a border below 0", "shape-mismatch", pad, [vector, { ...constant(-1, 1), shape: [1, 2] }], [vector]],
		["a border that overflows", "shape-mismatch", pad, [vector, constant(2 ** 31 - 1, 2 ** 31 - 1)], [values([4])]],
		["two values to pad with", "shape-mismatch", padV2, [vector, constant(1, 1), constant(1, 2)], [values([8])]],
		["a step of 0", "bad-operator", slice(0, 0, 0), [vector, constant(0), constant(6), constant(0)], [vector]],
		[
			"an index behind the last",
			"shape-mismatch",
			slice(0, 0, 1),
			[vector, constant(6), constant(7), constant(1)],
			[values([])],
		],
		[
			"nothing at all",
			"shape-mismatch",
			slice(0, 0, 0),
			[vector, constant(3), constant(3), constant(1)],
			[values([1])],
		],
		["an ellipsis", "unsupported-option", slice(0, 0, 0, 1), [vector, constant(0), constant(6), constant(1)], [vector]],
		[
			"a new axis",
			"unsupported-option",
			slice(0, 0, 0, 0, 1),
			[vector, constant(0), constant(6), constant(1)],
			[vector],
		],
		[
			"ends counted from begins",
			"unsupported-option",
			slice(0, 0, 0, 0, 0, 1),
			[vector, constant(0), constant(6), constant(1)],
			[vector],
		],
		[
			"begins known at run time alone",
			"bad-operator",
			slice(0, 0, 0),
			[vector, values([1]), constant(6), constant(1)],
			[vector],
		],
		["a dimension that is not 1", "shape-mismatch", squeeze, [values([2, 3])], [vector]],
		["the axis of ARG_MAX that is not there", "bad-operator", argMax, [int8([2, 3]), constant(2)], [values([2])]],
		[
			"a size other than the image's",
			"shape-mismatch",
			resize,
			[int8([1, 2, 2, 1]), constant(4, 4)],
			[int8([1, 4, 5, 1])],
		],
		["matrices that do not go together", "shape-mismatch", batchMatmul(), [int8([2, 3]), int8([2, 3])], [int8([2, 3])]],
		[
			"batches that do not go together",
			"shape-mismatch",
			batchMatmul(),
			[int8([2, 2, 2]), int8([3, 2, 2])],
			[int8([3, 2, 2])],
		],
	];
	it.each(cases)("%s: %s", async (_, code, operator, inputs, outputs) => {
		expect((await describeModel(model(operator, inputs, outputs))).problem?.code).toBe(code);
	});
});
