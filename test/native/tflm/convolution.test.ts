/* CONV_2D of groups of channels: each group is a convolution of its own, of which the plain CONV_2D gives the bytes. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { byte, int, type TensorSpec, writeModel } from "./model_writer.ts";
import { infer } from "./tensors.ts";

const SAME = 0;
const INT16 = 7;
const INT8 = 9;

interface Convolution {
	type: number;
	/** Height and width of the image, and of the window. */
	image: readonly [number, number];
	window: readonly [number, number];
	groups: number;
	/** Channels of a group. */
	inputs: number;
	outputs: number;
}

/** A model with `groups` groups, whose filters are these. */
function model(given: Convolution, groups: number, filters: Int8Array): Uint8Array {
	const { image, window, type } = given;
	const [inputs, outputs] = [groups * given.inputs, groups * given.outputs];
	const tensors: TensorSpec[] = [
		{ shape: [1, ...image, inputs], type, scales: [0.02] },
		{ shape: [outputs, ...window, given.inputs], scales: [0.01], data: filters },
		{ shape: [1, ...image, outputs], type, scales: [0.1] },
	];
	const options = [byte(SAME), int(1), int(1), byte(0), int(1), int(1)];
	const operator = { code: 3, optionsType: 1, options, inputs: [0, 1], outputs: [2] };
	return writeModel({ tensors, operators: [operator], inputs: [0], outputs: [2] });
}

const arrayOf = ({ type }: Convolution) => (type === INT16 ? Int16Array : Int8Array);

async function run(
	given: Convolution,
	groups: number,
	filters: Int8Array,
	values: readonly number[],
): Promise<number[]> {
	const array = arrayOf(given);
	const interpreter = await Interpreter.create(model(given, groups, filters));
	const [output] = infer(interpreter, [new Uint8Array(array.from(values).buffer)]);
	return Array.from(new array(output!.slice().buffer));
}

/** The channels of one group, of an image of all. */
const channelsOf = (values: readonly number[], group: number, groups: number, channels: number) =>
	values.filter((_, i) => Math.floor(i / channels) % groups === group);

it("makes of each group of channels what a convolution of that group alone does", async () => {
	const size = fc.integer({ min: 1, max: 5 });
	const convolution = fc.record({
		type: fc.constantFrom(INT8, INT16),
		image: fc.tuple(size, size),
		window: fc.tuple(size, size),
		groups: fc.integer({ min: 2, max: 4 }),
		inputs: fc.integer({ min: 1, max: 3 }),
		outputs: fc.integer({ min: 1, max: 12 }),
	});
	const byteOf = fc.integer({ min: -127, max: 127 });
	const filled = convolution.chain((given) => {
		const cells = given.image[0] * given.image[1] * given.groups * given.inputs;
		const weights = given.groups * given.outputs * given.window[0] * given.window[1] * given.inputs;
		const array = (length: number) => fc.array(byteOf, { minLength: length, maxLength: length });
		return fc.tuple(fc.constant(given), array(cells), array(weights));
	});
	await fc.assert(
		fc.asyncProperty(filled, async ([given, values, weights]) => {
			const { groups, inputs, outputs } = given;
			const made = await run(given, groups, Int8Array.from(weights), values);
			const each = weights.length / groups;
			for (let group = 0; group < groups; group++) {
				const filters = Int8Array.from(weights.slice(group * each, (group + 1) * each));
				const alone = await run(given, 1, filters, channelsOf(values, group, groups, inputs));
				expect(channelsOf(made, group, groups, outputs)).toEqual(alone);
			}
		}),
		{ numRuns: 60 },
	);
});
