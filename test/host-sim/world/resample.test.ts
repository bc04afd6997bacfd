import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resample } from "../../../host-sim/world/resample.ts";
import type { Samples, Signal } from "../../../host-sim/world/signal.ts";

/** A recording whose value at time t (s) is `at(t)`. */
function sampled(rate: number, seconds: number, at: (t: number) => number): Samples {
	const length = Math.round(rate * seconds);
	return {
		rate,
		length,
		read(start, to) {
			for (let i = 0; i < to.length; i++) to[i] = start + i < 0 || start + i >= length ? 0 : at((start + i) / rate);
		},
	};
}

const sine = (frequency: number, amplitude: number) => (t: number) =>
	amplitude * Math.sin(2 * Math.PI * frequency * t + 1);

function all(signal: Signal): Int16Array {
	const values = new Int16Array(signal.length);
	signal.read(0, values);
	return values;
}

/**
 * Power of what differs from `at`, in dB below that of a sine of the amplitude. `edge` seconds at both ends, where the
 * filter reaches beyond the recording, are left out.
 */
function noise(signal: Signal, at: (t: number) => number, amplitude: number, edge: number): number {
	const values = all(signal);
	const margin = Math.round(signal.rate * edge);
	let sum = 0;
	for (let i = margin; i < values.length - margin; i++) sum += (values[i]! - at(i / signal.rate)) ** 2;
	return 10 * Math.log10(amplitude ** 2 / 2 / (sum / (values.length - 2 * margin)));
}

describe("a sine keeps its form", () => {
	test.each([
		[44100, 16000],
		[48000, 16000],
		[8000, 16000],
		[22050, 16000],
		[11025, 16000],
		[16000, 12000],
		[48000, 12000],
		[25600, 12000],
		[51200, 12000],
		[44101, 16000],
		[15999, 16000],
		[96000, 12000],
		[999983, 12000],
		[12345.678, 12000],
		[100, 12000],
	])("%d Hz to %d Hz", (from, to) => {
		const amplitude = 30000;
		const lowest = Math.min(from, to);
		for (const part of [0.05, 0.2, 0.42]) {
			const wave = sine(part * lowest, amplitude);
			const signal = resample(sampled(from, 300 / lowest + 0.05, wave), to);
			expect(signal.rate).toBe(to);
			// The rounding to 16 bits alone leaves 97 dB.
			expect(noise(signal, wave, amplitude, 60 / lowest)).toBeGreaterThan(90);
		}
	});
});

test.each([
	[44100, 16000],
	[48000, 12000],
	[44101, 16000],
])("%d Hz to %d Hz: what the new rate cannot carry is gone", (from, to) => {
	for (const frequency of [0.5 * to + 1, 0.6 * to, 0.45 * from]) {
		const values = all(resample(sampled(from, 0.1, sine(frequency, 32000)), to));
		const margin = Math.round(to * 0.02);
		const peak = values.slice(margin, -margin).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
		expect(peak).toBeLessThanOrEqual(1);
	}
});

test("a constant stays what it is", () => {
	for (const rate of [8000, 44100, 44101]) {
		const values = all(
			resample(
				sampled(rate, 0.2, () => 12345),
				16000,
			),
		).slice(800, -800);
		expect(new Set(values)).toEqual(new Set([12345]));
	}
});

test("full scale is limited, not wrapped", () => {
	const square = (t: number) => (Math.sin(2 * Math.PI * 200 * t) >= 0 ? 32767 : -32768);
	const values = all(resample(sampled(44100, 0.2, square), 16000));
	expect(Math.max(...values)).toBe(32767);
	expect(Math.min(...values)).toBe(-32768);
	const jumps = values.filter((value, i) => i > 0 && value * values[i - 1]! < -(30000 ** 2)).length;
	expect(jumps).toBeLessThan(90);
});

test("at an equal rate every 16-bit sample passes unchanged", () => {
	fc.assert(
		fc.property(
			fc.int16Array({ minLength: 1, maxLength: 200 }),
			fc.integer({ min: -5, max: 205 }),
			(samples, start) => {
				const source: Samples = {
					rate: 16000,
					length: samples.length,
					read(from, to) {
						for (let i = 0; i < to.length; i++) to[i] = samples[from + i] ?? 0;
					},
				};
				const got = new Int16Array(64);
				resample(source, 16000).read(start, got);
				expect([...got]).toEqual(Array.from({ length: 64 }, (_, i) => samples[start + i] ?? 0));
			},
		),
	);
});

test("how a signal is read does not change it", () => {
	const signal = resample(sampled(44101, 0.5, sine(700, 20000)), 16000);
	const whole = all(signal);
	fc.assert(
		fc.property(fc.integer({ min: -50, max: 8100 }), fc.integer({ min: 1, max: 5000 }), (start, count) => {
			const part = new Int16Array(count);
			signal.read(start, part);
			expect([...part]).toEqual(Array.from({ length: count }, (_, i) => whole[start + i] ?? 0));
		}),
		{ numRuns: 50 },
	);
});

test("the length in seconds stays", () => {
	for (const [from, to] of [
		[44100, 16000],
		[8000, 16000],
		[12345.678, 12000],
	] as const) {
		const signal = resample(
			sampled(from, 3, () => 0),
			to,
		);
		expect(signal.length / signal.rate).toBeCloseTo(3, 3);
	}
});
