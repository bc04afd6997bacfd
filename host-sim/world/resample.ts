/*
 * Conversion of a recording to the sensor's rate, as the sensor's own anti-alias filter and converter would have done it:
 * convolution with a windowed sinc that stops where the lower of the two rates ends. Between integer rates the filter
 * takes `up` different phases; each phase's row of coefficients is computed once. Where there would be too many (44101 Hz
 * to 16 kHz has 16000), rows are spaced so closely that the line between two of them is right to -120 dB.
 *
 * Kaiser window and its design formulas: Oppenheim and Schafer, Discrete-Time Signal Processing, 2nd ed., 7.2.3.
 */
import type { Samples, Signal } from "./signal.ts";
import { toInt16 } from "./signal.ts";

/** dB by which what lies beyond the lower Nyquist frequency is attenuated. */
const ATTENUATION = 100;
/** Zero crossings of the sinc on each side. */
const CROSSINGS = 48;
const BETA = 0.1102 * (ATTENUATION - 8.7);
/** Width of the transition band as a part of the Nyquist frequency: the pass band ends at 1 - TRANSITION (0.87). */
const TRANSITION = (ATTENUATION - 8) / (2.285 * 2 * CROSSINGS) / Math.PI;
/** Rows over one sample when interpolating between them. */
const ROWS = 1024;
/** Output samples that are computed at a time. */
const BLOCK = 4096;

/**
 * The recording at another rate, rounded to 16 bits and limited. At an equal rate every sample passes unchanged but for
 * the rounding. Its length is that of the recording to within a sample.
 * @param rate Hz, above 0
 */
export function resample(source: Samples, rate: number): Signal {
	return source.rate === rate ? convert(source) : new Resampler(source, rate);
}

function convert(source: Samples): Signal {
	let block = new Float64Array(BLOCK);
	return {
		rate: source.rate,
		length: source.length,
		read(start, to) {
			if (block.length < to.length) block = new Float64Array(to.length);
			const values = block.subarray(0, to.length);
			source.read(start, values);
			for (let i = 0; i < to.length; i++) to[i] = toInt16(values[i]!);
		},
	};
}

class Resampler implements Signal {
	readonly rate: number;
	readonly length: number;
	readonly #source: Samples;
	/** Input samples on each side of an output sample that it depends on. */
	readonly #half: number;
	/** Rows of 2 * #half coefficients. With exact phases, row p is phase p of #up; else rows divide a sample evenly. */
	readonly #rows: Float64Array[] = [];
	readonly #count: number;
	readonly #exact: boolean;
	/** Output sample n stands at input position n * #down / #up. */
	readonly #up: number;
	readonly #down: number;
	/** Bandwidth as a part of the input's: below 1 when the rate goes down. */
	readonly #band: number;
	#input = new Float64Array(0);

	constructor(source: Samples, rate: number) {
		this.#source = source;
		this.rate = rate;
		const whole = Number.isInteger(rate) && Number.isInteger(source.rate);
		const divisor = whole ? gcd(rate, source.rate) : 1;
		this.#up = rate / divisor;
		this.#down = source.rate / divisor;
		this.length = Math.ceil((source.length * this.#up) / this.#down);
		this.#band = Math.min(1, rate / source.rate);
		this.#half = Math.ceil(CROSSINGS / this.#band);
		this.#count = Math.max(32, Math.ceil(ROWS * this.#band));
		this.#exact = whole && this.#up <= this.#count;
		if (this.#exact) this.#count = this.#up;
	}

	/** Coefficients for a position `row` / `#count` of the way from one input sample to the next. They add up to 1. */
	#row(row: number): Float64Array {
		const known = this.#rows[row];
		if (known !== undefined) return known;
		const half = this.#half;
		const cutoff = this.#band * (1 - TRANSITION / 2);
		const coefficients = new Float64Array(2 * half);
		let sum = 0;
		for (let k = 0; k < coefficients.length; k++) {
			const t = k - half + 1 - row / this.#count;
			const x = Math.PI * cutoff * t;
			const value = Math.abs(t) >= half ? 0 : (x === 0 ? 1 : Math.sin(x) / x) * kaiser(t / half);
			coefficients[k] = value;
			sum += value;
		}
		for (let k = 0; k < coefficients.length; k++) coefficients[k]! /= sum;
		this.#rows[row] = coefficients;
		return coefficients;
	}

	read(start: number, to: Int16Array): void {
		for (let done = 0; done < to.length; done += BLOCK) this.#block(start + done, to.subarray(done, done + BLOCK));
	}

	#block(start: number, to: Int16Array): void {
		const half = this.#half;
		const first = Math.floor((start * this.#down) / this.#up);
		const last = Math.floor(((start + to.length - 1) * this.#down) / this.#up);
		const needed = last - first + 2 * half;
		if (this.#input.length < needed) this.#input = new Float64Array(needed);
		const input = this.#input.subarray(0, needed);
		this.#source.read(first - half + 1, input);
		for (let i = 0; i < to.length; i++) {
			const n = start + i;
			if (n < 0 || n >= this.length) {
				to[i] = 0;
				continue;
			}
			const position = n * this.#down;
			const sample = Math.floor(position / this.#up);
			const phase = ((position - sample * this.#up) / this.#up) * this.#count;
			const row = this.#exact ? Math.round(phase) : Math.floor(phase);
			let value = convolve(input, sample - first, this.#row(row));
			const rest = phase - row;
			if (!this.#exact && rest > 0) value += rest * (convolve(input, sample - first, this.#row(row + 1)) - value);
			to[i] = toInt16(value);
		}
	}
}

/** Four sums, because one would wait for each addition to end. */
function convolve(input: Float64Array, at: number, row: Float64Array): number {
	let a = 0;
	let b = 0;
	let c = 0;
	let d = 0;
	let k = 0;
	for (; k + 3 < row.length; k += 4) {
		a += input[at + k]! * row[k]!;
		b += input[at + k + 1]! * row[k + 1]!;
		c += input[at + k + 2]! * row[k + 2]!;
		d += input[at + k + 3]! * row[k + 3]!;
	}
	for (; k < row.length; k++) a += input[at + k]! * row[k]!;
	return a + b + (c + d);
}

/** The Kaiser window at -1 to 1. */
function kaiser(x: number): number {
	return bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
}

/** The modified Bessel function of the first kind, order 0, by its power series. */
function bessel(x: number): number {
	let sum = 1;
	let term = 1;
	for (let k = 1; term > sum * 1e-17; k++) {
		term *= (x / (2 * k)) ** 2;
		sum += term;
	}
	return sum;
}

function gcd(a: number, b: number): number {
	return b === 0 ? a : gcd(b, a % b);
}
