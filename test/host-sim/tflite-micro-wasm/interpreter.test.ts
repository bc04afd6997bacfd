/* The package's interface: what a user of Interpreter can rely on. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { describe as describeModel, Interpreter, ModelError } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "../../../tools/build/kernel.ts";

const read = (kind: string) =>
	new Uint8Array(readFileSync(new URL(`../../../models/${kind}/model.tflite`, import.meta.url)));
const keyword = read("keyword");
const vibration = read("vibration");

beforeAll(async () => {
	await buildKernel();
});

describe("Interpreter", () => {
	it("shows the model's inputs, outputs and operators", async () => {
		const interpreter = await Interpreter.create(keyword);
		const [input, output] = [interpreter.inputs[0]!, interpreter.outputs[0]!];
		expect(interpreter.inputs.length).toBe(1);
		expect(input.type).toBe("int8");
		expect(input.data).toBeInstanceOf(Int8Array);
		expect(input.data.length).toBe(input.shape.reduce((product, size) => product * size, 1));
		expect(input.scale).toBeGreaterThan(0);
		expect(output.scale).toBe(1 / 256);
		expect(output.zeroPoint).toBe(-128);
		expect(interpreter.operators.at(-1)!.name).toBe("SOFTMAX");
		expect(interpreter.operators.every((operator) => operator.supported)).toBe(true);
		expect(interpreter.macs).toBeGreaterThan(100_000);
	});

	it("gives views over the arena, which stay valid while others are made", async () => {
		const interpreter = await Interpreter.create(keyword);
		const [input, output] = [interpreter.inputs[0]!.data as Int8Array, interpreter.outputs[0]!.data as Int8Array];
		await Interpreter.create(vibration);
		input.fill(17);
		interpreter.invoke();
		const first = output.slice();
		// Probabilities: they sum up to one, give or take the rounding of each.
		const sum = first.reduce((total, value) => total + value + 128, 0);
		expect(Math.abs(sum - 256)).toBeLessThanOrEqual(first.length);
		input.fill(17);
		interpreter.invoke();
		expect(output).toEqual(first);
		expect(input.buffer).toBe(output.buffer);
	});

	it("keeps interpreters apart", async () => {
		const [one, other] = [await Interpreter.create(vibration), await Interpreter.create(vibration)];
		const run = (interpreter: Interpreter, value: number) => {
			(interpreter.inputs[0]!.data as Int8Array).fill(value);
			interpreter.invoke();
			return Array.from(interpreter.outputs[0]!.data as Int8Array);
		};
		const alone = run(one, 5);
		run(other, -90);
		expect(run(one, 5)).toEqual(alone);
		expect(run(other, -90)).not.toEqual(alone);
	});

	it("gives the same by single steps as by one invoke", async () => {
		const [whole, stepped] = [await Interpreter.create(keyword), await Interpreter.create(keyword)];
		for (const interpreter of [whole, stepped]) (interpreter.inputs[0]!.data as Int8Array).fill(-3);
		whole.invoke();
		for (const { index } of stepped.operators) stepped.step(index);
		expect(stepped.outputs[0]!.data).toEqual(whole.outputs[0]!.data);
	});

	it("shows weights in the file and activations in the arena", async () => {
		const interpreter = await Interpreter.create(vibration);
		const weights = interpreter.tensor(interpreter.operators[0]!.inputs[1]!);
		expect(weights.constant).toBe(true);
		const text = Buffer.from(vibration).toString("latin1");
		const data = weights.data as Int8Array;
		expect(text.includes(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("latin1"))).toBe(true);
	});

	it("clears everything on reset", async () => {
		const interpreter = await Interpreter.create(vibration);
		(interpreter.inputs[0]!.data as Int8Array).fill(99);
		interpreter.invoke();
		interpreter.reset();
		for (const { data } of [...interpreter.inputs, ...interpreter.outputs]) {
			expect((data as Int8Array).every((value) => value === 0)).toBe(true);
		}
	});

	it("throws once it is closed", async () => {
		const interpreter = await Interpreter.create(vibration);
		const input = interpreter.inputs[0]!;
		interpreter.close();
		interpreter.close();
		for (const use of [
			() => interpreter.invoke(),
			() => interpreter.reset(),
			() => input.data,
			() => interpreter.step(0),
		]) {
			expect(use).toThrow(expect.objectContaining({ name: "ModelError", code: "closed" }));
		}
	});

	it("says which tensor or operator there is none of", async () => {
		const interpreter = await Interpreter.create(vibration);
		expect(() => interpreter.tensor(10_000)).toThrow(
			expect.objectContaining({ code: "bad-index", place: { tensor: 10_000 } }),
		);
		expect(() => interpreter.tensor(-1)).toThrow(ModelError);
		expect(() => interpreter.step(99)).toThrow(expect.objectContaining({ code: "bad-index", place: { operator: 99 } }));
	});

	it("rounds once when asked to, which is not the same", async () => {
		const results = [];
		for (const rounding of ["double", "single"] as const) {
			const interpreter = await Interpreter.create(keyword, { rounding });
			const all = [];
			for (let value = -128; value < 128; value += 5) {
				const input = interpreter.inputs[0]!.data as Int8Array;
				input.forEach((_, i) => {
					input[i] = value + i * 7;
				});
				interpreter.step(0);
				all.push(...(interpreter.tensor(interpreter.operators[0]!.outputs[0]!).data as Int8Array));
			}
			results.push(all);
		}
		const [twice, once] = results as [number[], number[]];
		const largest = twice.reduce((most, value, i) => Math.max(most, Math.abs(value - once[i]!)), 0);
		expect(largest).toBe(1);
	});
});

describe("describe", () => {
	it("tells what running a model takes", async () => {
		const { plan, problem, tensors, inputs } = await describeModel(keyword);
		const interpreter = await Interpreter.create(keyword);
		expect(problem).toBeUndefined();
		expect(plan!.arenaBytes).toBe(interpreter.arenaBytes);
		expect(plan!.macs).toBe(interpreter.macs);
		expect(plan!.ownBytes).toBeLessThan(plan!.arenaBytes);
		expect(tensors[inputs[0]!.index]).toEqual(inputs[0]);
	});

	it("refuses what is no model", async () => {
		await expect(describeModel(new Uint8Array(100))).rejects.toThrow(ModelError);
	});
});
