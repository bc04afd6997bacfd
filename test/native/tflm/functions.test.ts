/* The functions that activations are made of, against those of Math. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, link } from "../../../tools/build/clang.ts";

type Real = (x: number) => number;
type Exports = {
	memory: WebAssembly.Memory;
	tflm_sigmoid_table: WebAssembly.Global;
	tflm_expf: Real;
	tflm_tanhf: Real;
	tflm_logisticf: Real;
	tflm_logistic_q15: Real;
	tflm_tanh_q15: Real;
};
const names = ["expf", "tanhf", "logisticf", "logistic_q15", "tanh_q15", "sigmoid_table"];
let c: Exports;

beforeAll(async () => {
	const folder = "firmware/native/tflm";
	const flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror"];
	const objects = await compile([`${folder}/float_math.c`, `${folder}/sigmoid_table.c`], { flags, include: [folder] });
	const module = await link(objects, "build/test/functions.wasm", [
		...["-nostartfiles", "-Wl,--no-entry", "-Wl,-z,stack-size=4096"],
		...names.map((name) => `-Wl,--export=tflm_${name}`),
	]);
	const { instance } = await WebAssembly.instantiate(readFileSync(module), {});
	c = instance.exports as unknown as Exports;
});

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

describe("functions of float32", () => {
	/** Every 4001st float32 there is, of both signs; the largest relative error where the result is a normal number. */
	function worst(actual: Real, real: Real): number {
		const x = new Float32Array(1);
		const bits = new Uint32Array(x.buffer);
		let most = 0;
		for (let n = 0; n < 2 ** 32; n += 4001) {
			bits[0] = n;
			const expected = real(x[0]!);
			if (!(Math.abs(expected) > 2 ** -126 && Math.abs(expected) < 3.4e38)) continue;
			most = Math.max(most, Math.abs(actual(x[0]!) / expected - 1));
		}
		return most;
	}

	it("are within a millionth", () => {
		expect(worst(c.tflm_expf, Math.exp)).toBeLessThan(2e-7);
		expect(worst(c.tflm_tanhf, Math.tanh)).toBeLessThan(3e-7);
		expect(worst(c.tflm_logisticf, logistic)).toBeLessThan(2e-7);
	});

	it("end where float32 ends", () => {
		expect([-Infinity, -110, 0, 89, Infinity].map(c.tflm_expf)).toEqual([0, 0, 1, Infinity, Infinity]);
		expect([-Infinity, -30, -0, 30, Infinity].map(c.tflm_tanhf)).toEqual([-1, -1, -0, 1, 1]);
		expect([-Infinity, 0, Infinity].map(c.tflm_logisticf)).toEqual([0, 0.5, 1]);
		for (const of of [c.tflm_expf, c.tflm_tanhf, c.tflm_logisticf]) expect(of(NaN)).toBeNaN();
		// The smallest that is not zero, which has one bit.
		expect(c.tflm_expf(-103.5)).toBe(2 ** -149);
	});
});

describe("functions of int16", () => {
	it("have a table whose lines miss the logistic function as much above as below", () => {
		const table = new Uint16Array(c.memory.buffer, c.tflm_sigmoid_table.value as number, 256);
		const expected = Array.from({ length: 255 }, (_, i) => {
			const y = logistic(i / 24);
			const bend = y * (1 - y) * (1 - 2 * y); // second derivative
			return Math.round(2 ** 16 * (y - bend / (16 * 24 ** 2)));
		});
		expect(Array.from(table)).toEqual([...expected, 65535]);
	});

	it("are within a few steps of the real ones, and symmetric", () => {
		for (let x = 0; x < 2 ** 17; x += 37) {
			const real = x / (3 * 4096);
			expect(Math.abs(c.tflm_logistic_q15(x) - 2 ** 15 * logistic(real))).toBeLessThan(2);
			expect(Math.abs(c.tflm_tanh_q15(x) - 2 ** 15 * Math.tanh(real))).toBeLessThan(4);
			expect(Math.abs(c.tflm_logistic_q15(-x) + c.tflm_logistic_q15(x) - 2 ** 15)).toBeLessThanOrEqual(1);
			expect(Math.abs(c.tflm_tanh_q15(-x) + c.tflm_tanh_q15(x))).toBeLessThanOrEqual(1);
		}
		expect([2 ** 30, -(2 ** 30)].map(c.tflm_logistic_q15)).toEqual([32767, 1]); // as TFLite's
		expect([2 ** 30, -(2 ** 30)].map(c.tflm_tanh_q15)).toEqual([32767, -32767]);
	});
});
