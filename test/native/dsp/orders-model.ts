/* What orders.h says, in plain floating point: the reference that the C's integers are held to. */
import type { OrdersRecipe, Turning } from "../../../firmware/native/dsp/recipe.ts";

const SLOTS = 1024;
const LINES = SLOTS / 2;
const [FIRST, LAST] = [2, LINES - 2];

/** Energies of a band's samples: two band-passes (R. Bristow-Johnson's BPF), one behind the other, squared. */
function energies(samples: Int16Array, low: number, high: number, rate: number): Float64Array {
	const middle = Math.sqrt(low * high);
	const angle = (2 * Math.PI * middle) / rate;
	const alpha = (Math.sin(angle) * (high - low)) / (2 * middle);
	const pass = (x: Float64Array) => {
		const y = new Float64Array(x.length);
		for (let i = 0; i < x.length; i++)
			y[i] =
				(alpha * (x[i]! - (x[i - 2] ?? 0)) + 2 * Math.cos(angle) * (y[i - 1] ?? 0) - (1 - alpha) * (y[i - 2] ?? 0)) /
				(1 + alpha);
		return y;
	};
	return pass(pass(Float64Array.from(samples))).map((value) => value * value);
}

/** The last SLOTS slots of values: halves of `half` samples in the proportion 1:2:1, as means of a sample. */
function slots(values: ArrayLike<number>, half: number): number[] {
	const halves: number[] = [];
	for (let at = 0; at + half <= values.length; at += half) {
		let sum = 0;
		for (let i = at; i < at + half; i++) sum += values[i]!;
		halves.push(sum / half);
	}
	const all: number[] = [];
	for (let n = 0; n < halves.length; n += 2)
		all.push(((halves[n - 2] ?? 0) + 2 * (halves[n - 1] ?? 0) + halves[n]!) / 4);
	return all.slice(-SLOTS);
}

/** log2 of the power of each line; a sine of amplitude 1 has 0. */
function spectrum(signal: readonly number[]): number[] {
	const mean = signal.reduce((sum, value) => sum + value, 0) / SLOTS;
	const shaped = signal.map((value, i) => (value - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SLOTS)));
	return Array.from({ length: LINES }, (_, k) => {
		let [re, im] = [0, 0];
		for (let i = 0; i < SLOTS; i++) {
			const angle = (2 * Math.PI * ((k * i) % SLOTS)) / SLOTS;
			re += shaped[i]! * Math.cos(angle);
			im -= shaped[i]! * Math.sin(angle);
		}
		return Math.log2((re * re + im * im) / (SLOTS / 4) ** 2 + 1e-30);
	});
}

function prominences(log: readonly number[]): number[] {
	return log.map((value, k) => {
		if (k < FIRST || k > LAST) return 0;
		const around = log.slice(Math.max(FIRST, k - 24), Math.min(LAST, k + 24) + 1);
		return value - around.reduce((sum, one) => sum + one, 0) / around.length;
	});
}

/** Features in octaves, before they become bytes, of the window at the end of the samples. */
export function orders(samples: Int16Array, o: OrdersRecipe & Turning): number[] {
	const half = Math.floor(o.rate / o.shaft / 64 + 0.5);
	const linesAnOrder = (2 * SLOTS * half * o.shaft) / o.rate;
	const at = (values: readonly number[], order: number) => {
		const k = Math.floor(order * linesAnOrder);
		return k >= FIRST && k < LAST ? Math.max(values[k]!, values[k + 1]!) : 0;
	};
	const speedOf = (lines: readonly number[], order: number, harmonics: number) => {
		let [best, most] = [1, -1];
		for (let step = Math.floor(0.96 * 65536); step <= Math.floor(1.02 * 65536); step += 128) {
			let sum = 0;
			for (let h = 1; h <= harmonics; h++) sum += Math.min(12, Math.max(0, at(lines, (h * order * step) / 65536)));
			if (sum > most) [best, most] = [step / 65536, sum];
		}
		return best;
	};
	const bands = [0, 1, 2].map((i) => {
		const energy = slots(energies(samples, o.edges[i]!, o.edges[i + 1]!, o.rate), half);
		// the C adds a sixteenth of a count squared, which is 2^-16 of what it counts in a sample
		const signal = energy.map((value) => Math.log2(value + 2 ** -4));
		const lines = prominences(spectrum(signal.map((value) => value * 512)));
		const beside = (order: number, distance: number) => (at(lines, order - distance) + at(lines, order + distance)) / 2;
		const features: number[] = [];
		let speed = 1;
		for (const order of [o.bpfo, o.bpfi, 2 * o.bsf]) {
			speed = speedOf(lines, order, 3);
			const first = order * speed;
			features.push(at(lines, first), at(lines, 2 * first), at(lines, 3 * first));
			features.push(beside(first, 1), beside(2 * first, 1));
			features.push(beside(first, o.ftf * speed), beside(2 * first, o.ftf * speed));
		}
		features.push(at(lines, o.bsf * speed), at(lines, 3 * o.bsf * speed));
		speed = speedOf(lines, o.ftf, 3);
		features.push(at(lines, o.ftf * speed), at(lines, 2 * o.ftf * speed));
		speed = speedOf(lines, 1, 4);
		for (const h of [1, 2, 3, 4]) features.push(at(lines, h * speed));
		const mean = signal.reduce((sum, value) => sum + value, 0) / SLOTS;
		const deviation = Math.sqrt(signal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / SLOTS);
		features.push(deviation, Math.max(...signal) - mean, Math.min(...signal) - mean, mean);
		return features;
	});
	const level = bands.reduce((sum, band) => sum + band.at(-1)!, 0) / 3;
	for (const band of bands) band[band.length - 1]! -= level;
	const log = spectrum(slots(samples, half).map((value) => Math.round(value)));
	const lines = prominences(log);
	const speed = speedOf(lines, 1, 4);
	const turns = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8].map((order) => order * speed);
	const floor = log.slice(FIRST, LAST + 1).reduce((sum, value) => sum + value, 0) / (LAST + 1 - FIRST);
	return [
		...turns.map((order) => at(lines, order)),
		...turns.map((order) => at(log, order) - level),
		floor - level,
		...bands.flat(),
	];
}
