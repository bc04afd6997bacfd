/* The transform and its window against double precision. */
import { beforeAll, describe, expect, it } from "vitest";
import { Dsp } from "../../../host-sim/dsp.ts";
import { buildDsp } from "../../../tools/build/dsp.ts";
import { hann, transform } from "./model.ts";
import { random } from "./signals.ts";

beforeAll(async () => {
	await buildDsp();
});

function run(name: "fft_real" | "fft_complex", input: readonly number[], log2n: number): number[] {
	const dsp = new Dsp();
	const at = dsp.allocate(4 * input.length);
	new Int32Array(dsp.memory, at, input.length).set(input);
	dsp.call(name, at, log2n);
	return Array.from(new Int32Array(dsp.memory, at, input.length));
}

/** Complex lines 0..n/2 of what fft_real left. */
function lines(packed: readonly number[]): [number, number][] {
	const half = packed.length / 2;
	const inner = Array.from({ length: half - 1 }, (_, i): [number, number] => [packed[2 * i + 2]!, packed[2 * i + 3]!]);
	return [[packed[0]!, 0], ...inner, [packed[1]!, 0]];
}

/** Greatest error of a line and the root mean square of all, against the exact transform. */
function errors(input: readonly number[], log2n: number): { most: number; rms: number } {
	const [re, im] = transform(input);
	const all = lines(run("fft_real", input, log2n)).map(([r, i], k) => Math.hypot(r - re[k]!, i - im[k]!));
	return { most: Math.max(...all), rms: Math.sqrt(all.reduce((sum, error) => sum + error ** 2, 0) / all.length) };
}

const sizes = [6, 7, 8, 9, 10, 11, 12];

describe("the real transform", () => {
	const inputs: [string, (i: number, n: number, limit: number) => number][] = [
		[
			"noise",
			(() => {
				const next = random(5);
				return (_i, _n, limit) => (2 * next() - 1) * limit;
			})(),
		],
		["a sine on a line", (i, n, limit) => limit * Math.sin((2 * Math.PI * 5 * i) / n)],
		["a sine between lines", (i, n, limit) => limit * Math.sin((2 * Math.PI * 7.37 * i) / n)],
		["an impulse", (i, _n, limit) => (i === 3 ? limit : 0)],
		["the greatest constant", (_i, _n, limit) => limit],
		["the greatest alternation", (i, _n, limit) => (i % 2 ? -limit : limit)],
		["the greatest square", (i, _n, limit) => (i % 8 < 4 ? -limit : limit)],
	];
	for (const [name, value] of inputs) {
		it(`of ${name} is within 150 dB below full scale, at every size`, () => {
			for (const log2n of sizes) {
				const n = 1 << log2n;
				const limit = 2 ** (30 - log2n);
				const input = Array.from({ length: n }, (_, i) => Math.round(value(i, n, limit)));
				const { most, rms } = errors(input, log2n);
				/* full scale is a line of 2^30; 150 dB below is 34 */
				expect(most, `${n} points, worst line`).toBeLessThan(2 ** 30 * 10 ** (-150 / 20));
				expect(rms, `${n} points, rms`).toBeLessThan(0.5 * Math.sqrt(n));
			}
		});
	}

	it("keeps its error however quiet the input is", () => {
		const next = random(9);
		const input = Array.from({ length: 1024 }, () => Math.round((2 * next() - 1) * 8));
		expect(errors(input, 10).most).toBeLessThan(34);
	});
});

it("the complex transform agrees at every size that the others use", () => {
	const next = random(3);
	for (const log2n of [5, 6, 9, 11]) {
		const n = 1 << log2n;
		const limit = 2 ** (30 - log2n) / Math.SQRT2 - 1;
		const part = () => Array.from({ length: n }, () => Math.round((2 * next() - 1) * limit));
		const [re, im] = [part(), part()];
		const out = run(
			"fft_complex",
			re.flatMap((value, i) => [value, im[i]!]),
			log2n,
		);
		const [wantRe, wantIm] = transform(re, im);
		for (let k = 0; k < n; k++) {
			expect(Math.hypot(out[2 * k]! - wantRe[k]!, out[2 * k + 1]! - wantIm[k]!)).toBeLessThan(34);
		}
	}
});

describe("the window", () => {
	function windowed(input: readonly number[], log2n: number): { exponent: number; output: number[] } {
		const dsp = new Dsp();
		const n = 1 << log2n;
		const at = dsp.allocate(4 * n);
		new Int32Array(dsp.memory, at, n).fill(99);
		new Int32Array(dsp.memory, at, n).set(input);
		const exponent = dsp.call("fft_window", at, input.length, log2n);
		return { exponent, output: Array.from(new Int32Array(dsp.memory, at, n)) };
	}

	it("is Hann's, scaled to the room that the transform leaves, and zero behind", () => {
		for (const [count, log2n] of [
			[480, 9],
			[512, 9],
			[400, 9],
			[33, 6],
			[4096, 12],
			[2500, 12],
		] as const) {
			for (const peak of [1, 1000, 2 ** 28, 2 ** 30 - 1]) {
				const next = random(count);
				const input = Array.from({ length: count }, (_, i) =>
					i === count >> 1 ? peak : Math.round((2 * next() - 1) * peak),
				);
				const { exponent, output } = windowed(input, log2n);
				const limit = 2 ** (30 - log2n);
				const most = Math.max(...output.map(Math.abs));
				expect(most).toBeLessThanOrEqual(limit);
				if (peak > 1) expect(most).toBeGreaterThanOrEqual(limit / 2);
				input.forEach((value, i) => {
					const want = value * hann(i, count) * 2 ** exponent;
					/* half a unit of rounding before scaling and half after it; the sine table's 2.9e-7 */
					const rounding = 0.5 * 2 ** exponent + 0.5;
					expect(Math.abs(output[i]! - want)).toBeLessThan(rounding + limit * 4e-7);
				});
				expect(output.slice(count).every((value) => value === 0)).toBe(true);
			}
		}
	});

	it("leaves silence silent", () => {
		expect(windowed(new Array<number>(64).fill(0), 6).output.every((value) => value === 0)).toBe(true);
	});
});
