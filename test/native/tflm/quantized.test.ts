/* The arithmetic that all quantized operators share, against the doubles that TFLite defines it by. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, link } from "../../../tools/build/clang.ts";

type Exports = {
	memory: WebAssembly.Memory;
	__heap_base: WebAssembly.Global;
	tflm_make_ratio(a: number, b: number, c: number, exponent: number, ratio: number): number;
	tflm_round(value: number): number;
};
let c: Exports;

beforeAll(async () => {
	const folder = "firmware/native/tflm";
	const flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror"];
	const objects = await compile([`${folder}/quantized.c`], { flags, include: [folder] });
	const module = await link(objects, "build/test/quantized.wasm", [
		...["-nostartfiles", "-Wl,--no-entry", "-Wl,--export=__heap_base", "-Wl,-z,stack-size=4096"],
		...["tflm_make_ratio", "tflm_round"].map((name) => `-Wl,--export=${name}`),
	]);
	const { instance } = await WebAssembly.instantiate(readFileSync(module), {});
	c = instance.exports as unknown as Exports;
});

type Ratio = { multiplier: number; shift: number } | undefined;

function made(a: number, b: number, divisor: number, exponent: number): Ratio {
	const address = c.__heap_base.value as number;
	if (c.tflm_make_ratio(a, b, divisor, exponent, address)) return undefined;
	const [multiplier, shift] = new Int32Array(c.memory.buffer, address, 2);
	return { multiplier: multiplier!, shift: shift! };
}

/** QuantizeMultiplier of tensorflow/lite/kernels/internal/quantization_util.cc. */
function expected(real: number): Ratio {
	if (real === 0) return { multiplier: 0, shift: 0 };
	let shift = Math.floor(Math.log2(real)) + 1;
	let fraction = real / 2 ** shift;
	if (fraction >= 1) [fraction, shift] = [fraction / 2, shift + 1];
	if (fraction < 0.5) [fraction, shift] = [fraction * 2, shift - 1];
	let multiplier = Math.round(fraction * 2 ** 31);
	if (multiplier === 2 ** 31) [multiplier, shift] = [2 ** 30, shift + 1];
	if (shift > 30) return undefined;
	return shift < -31 ? { multiplier: 0, shift: 0 } : { multiplier, shift };
}

const float = fc.float({ min: Math.fround(1e-9), max: Math.fround(1e4), noNaN: true, noDefaultInfinity: true });
/** With few bits, products and quotients come out exactly in the middle now and then. */
const short = fc.tuple(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: -20, max: 8 })).map(([m, e]) => m * 2 ** e);
const scale = fc.oneof(float, short).map(Math.fround);

describe("ratios of scales", () => {
	it("are QuantizeMultiplier's of the product in double precision", () => {
		fc.assert(
			fc.property(scale, scale, scale, fc.integer({ min: -20, max: 27 }), (a, b, divisor, exponent) => {
				expect(made(a, b, divisor, exponent)).toEqual(expected(((a * b) / divisor) * 2 ** exponent));
			}),
			{ numRuns: 20_000 },
		);
	});

	it("are right where the double itself was rounded up to a half", () => {
		// a * b / c just below (2k + 1) * 2^-32: rounding to 53 bits makes it a half, which then goes up.
		let met = 0;
		for (let k = 2 ** 23; k < 2 ** 23 + 40_000; k++) {
			const divisor = Math.fround(k);
			for (const a of [2 ** 24 - 1, 2 ** 24 - 3, 2 ** 23 + 1]) {
				const real = a / divisor;
				const steps = (real / 2 ** Math.floor(Math.log2(real))) * 2 ** 30;
				met += Number(Math.abs(steps - Math.floor(steps) - 0.5) < 1e-4);
				expect(made(a, 1, divisor, 0)).toEqual(expected(real));
			}
		}
		expect(met).toBeGreaterThan(5);
	});

	it("of subnormal, huge and impossible scales", () => {
		const least = 2 ** -149;
		expect(made(least, 1, least, 0)).toEqual({ multiplier: 2 ** 30, shift: 1 });
		expect(made(least, least, 1, 0)).toEqual({ multiplier: 0, shift: 0 });
		expect(made(Math.fround(3e38), Math.fround(3e38), 1, 0)).toBeUndefined();
		expect(made(2 ** 30, 1, 1, 0)).toBeUndefined();
		expect(made(Math.fround(2 ** 30 - 64), 1, 1, 0)?.shift).toBe(30);
		for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
			expect(made(bad, 1, 1, 0), `${bad} * 1 / 1`).toBeUndefined();
			expect(made(1, bad, 1, 0), `1 * ${bad} / 1`).toBeUndefined();
			expect(made(1, 1, bad, 0), `1 * 1 / ${bad}`).toBeUndefined();
		}
		expect(made(1, 1, 0, 0)).toBeUndefined();
		expect(made(0, 1, 1, 0)).toEqual({ multiplier: 0, shift: 0 });
		expect(made(1, 0, 1, 0)).toEqual({ multiplier: 0, shift: 0 });
	});
});

describe("rounding a float", () => {
	it("is to the nearest, halves away from zero", () => {
		fc.assert(
			fc.property(fc.float({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
				const exact = Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
				expect(c.tflm_round(value)).toBe(exact + 0);
			}),
			{ numRuns: 5000 },
		);
		expect([0.5, 1.5, -0.5, -2.5, 0.49999997].map((value) => c.tflm_round(value))).toEqual([1, 2, -1, -3, 0]);
	});

	it("saturates", () => {
		expect(c.tflm_round(3e9)).toBe(2 ** 31 - 1);
		expect(c.tflm_round(-3e9)).toBe(-(2 ** 31));
		expect(c.tflm_round(Number.NaN)).toBe(0);
	});
});
