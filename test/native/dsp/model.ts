/* The signal processing once more, in double precision and without a thought for speed: what the C is held against. */
import type { LogMelRecipe, SpectrumRecipe } from "../../../host-sim/dsp.ts";

/** Real and imaginary parts of the discrete Fourier transform; the length is a power of two. */
export function transform(re: ArrayLike<number>, im?: ArrayLike<number>): [Float64Array, Float64Array] {
	const n = re.length;
	const outRe = new Float64Array(n);
	const outIm = new Float64Array(n);
	/* writes the transform of every stride-th value from `from` on to out[to..to + size) */
	const part = (from: number, stride: number, to: number, size: number): void => {
		if (size === 1) {
			outRe[to] = re[from]!;
			outIm[to] = im ? im[from]! : 0;
			return;
		}
		const half = size / 2;
		part(from, 2 * stride, to, half);
		part(from + stride, 2 * stride, to + half, half);
		for (let k = to; k < to + half; k++) {
			const angle = (2 * Math.PI * (k - to)) / size;
			const [c, s] = [Math.cos(angle), Math.sin(angle)];
			const tr = outRe[k + half]! * c + outIm[k + half]! * s;
			const ti = outIm[k + half]! * c - outRe[k + half]! * s;
			outRe[k + half] = outRe[k]! - tr;
			outIm[k + half] = outIm[k]! - ti;
			outRe[k]! += tr;
			outIm[k]! += ti;
		}
	};
	part(0, 1, 0, n);
	return [outRe, outIm];
}

export const hann = (i: number, count: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / count);

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

function centred(samples: Int16Array): number[] {
	const mean = sum([...samples]) / samples.length;
	return Array.from(samples, (value) => value - mean);
}

/** |X|^2 of the lines 0..size/2 of the values under a Hann window, filled up with zeros to `size`. */
function power(values: readonly number[], size: number): number[] {
	const windowed = Array.from({ length: size }, (_, i) => (values[i] ?? 0) * hann(i, values.length));
	const [re, im] = transform(windowed);
	return Array.from({ length: size / 2 + 1 }, (_, k) => re[k]! ** 2 + im[k]! ** 2);
}

/** HTK's mel scale. */
const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);

/** Logs of energies, and of the power of the loudest line in the whole spectrum and in the demodulated band. */
export interface Logs {
	logs: number[];
	loudest: number;
	carrier?: number;
}

const log = (energy: number) => Math.log2(Math.max(energy, 1));

/** log2(max(energy, 1)) of one window's mel filters. */
export function logmelFrame(samples: Int16Array, r: LogMelRecipe): Logs {
	const values = centred(samples);
	const emphasis = r.emphasis ?? 0;
	const emphasized = values.map((value, i) => value - emphasis * values[Math.max(0, i - 1)]!);
	const size = Math.max(64, 2 ** Math.ceil(Math.log2(r.window)));
	const lines = power(emphasized, size);
	const step = (mel(r.high) - mel(r.low)) / (r.bins + 1);
	const places = lines.map((_, k) => mel((k * r.rate) / size));
	const logs = Array.from({ length: r.bins }, (_, filter) => {
		const centre = mel(r.low) + (filter + 1) * step;
		const energy = sum(lines.map((line, k) => line * Math.max(0, 1 - Math.abs(places[k]! - centre) / step)));
		return log(energy);
	});
	return { logs, loudest: log(Math.max(...lines)) };
}

/** Log energies of the bands, the first part absolute, the envelope's against its mean. */
export function spectrumWindow(samples: Int16Array, r: SpectrumRecipe): Logs {
	const values = centred(samples);
	const lines = power(values, r.window);
	const hertz = (k: number) => (k * r.rate) / r.window;
	const spacing = { linear: (f: number) => f, log: Math.log, mel }[r.spacing ?? "linear"];
	const place = (k: number) => ((spacing(hertz(k)) - spacing(r.low)) / (spacing(r.high) - spacing(r.low))) * r.bands;
	const bands = new Array<number>(r.bands).fill(0);
	for (let k = 1; k < r.window / 2; k++) {
		const band = Math.floor(place(k) + 1e-9);
		if (band >= 0 && band < r.bands) bands[band]! += lines[k]!;
	}
	const logs = bands.map(log);
	const loudest = log(Math.max(...lines));
	const e = r.envelope;
	if (!e) return { logs, loudest };

	const windowed = values.map((value, i) => value * hann(i, r.window));
	const [re, im] = transform(windowed);
	const line = (f: number) => Math.floor((f * r.window) / r.rate);
	const inside = (k: number) => k >= Math.max(1, line(e.low)) && k < line(e.high);
	const carrier = log(Math.max(...lines.filter((_, k) => inside(k))));
	/* the analytic signal of the band at the full rate: nothing is moved, nothing decimated */
	const keep = (part: Float64Array) => part.map((value, k) => (inside(k) ? value : 0));
	const [conjugate, imaginary] = transform(
		keep(re),
		keep(im).map((value) => -value),
	);
	const [sr, si] = transform(conjugate.map((value, i) => value ** 2 + imaginary[i]! ** 2));
	const modulation = Array.from(sr, (value, k) => (value ** 2 + si[k]! ** 2) / sr[0]! ** 2);
	const top = line(e.top);
	const edge = (i: number) => 3 + Math.floor(((top - 2) * i) / e.bands);
	for (let i = 0; i < e.bands; i++) {
		const energy = sum(modulation.slice(edge(i), edge(i + 1)));
		logs.push(sr[0]! > 0 ? Math.max(-32, Math.log2(energy)) : -32);
	}
	return { logs, loudest, carrier };
}

export function statistics(samples: Int16Array): { rms: number; kurtosis: number; crest: number } {
	const values = centred(samples);
	const second = sum(values.map((value) => value ** 2)) / values.length;
	const fourth = sum(values.map((value) => value ** 4)) / values.length;
	const peak = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	if (peak === 0) return { rms: 0, kurtosis: 0, crest: 0 };
	return { rms: Math.sqrt(second), kurtosis: fourth / second ** 2, crest: peak / Math.sqrt(second) };
}

/**
 * How far a log may be off: what the tables and the recipe's rounding allow, and what noise of rounding `below` doublings (3 dB each) under the loudest
 * line can do to it.
 */
export function tolerance(log: number, loudest: number, below: number): number {
	return 0.003 + 2 * Math.log2(1 + 2 ** ((loudest - below - log) / 2));
}
