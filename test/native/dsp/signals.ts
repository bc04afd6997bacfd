/* Signals for the tests: deterministic, as int16. */

/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32). */
export function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Rounds and clips to int16. */
export function quantized(count: number, value: (i: number) => number): Int16Array {
	return Int16Array.from({ length: count }, (_, i) => Math.max(-32768, Math.min(32767, Math.round(value(i)))));
}

export function gaussian(seed: number): () => number {
	const uniform = random(seed);
	return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

export function noise(count: number, sigma: number, seed = 1): Int16Array {
	const next = gaussian(seed);
	return quantized(count, () => sigma * next());
}

/** `cycles` a sample */
export function sine(count: number, cycles: number, amplitude: number): Int16Array {
	return quantized(count, (i) => amplitude * Math.sin(2 * Math.PI * cycles * i));
}

export function square(count: number, half: number, amplitude = 32767): Int16Array {
	return quantized(count, (i) => (Math.floor(i / half) % 2 ? -amplitude : amplitude));
}

/** From 0 to half the sample rate. */
export function chirp(count: number, amplitude: number): Int16Array {
	return quantized(count, (i) => amplitude * Math.sin((Math.PI * i * i) / (2 * count)));
}

export function impulse(count: number, at: number, amplitude: number): Int16Array {
	return quantized(count, (i) => (i === at ? amplitude : 0));
}

export function constant(count: number, value: number): Int16Array {
	return new Int16Array(count).fill(value);
}

/**
 * A bearing with a fault: every 1/`passes` s an impact rings a resonance of `resonance` Hz that dies out within some ms, in
 * noise. Impacts come `slip` of a period early or late.
 */
export function bearing(
	count: number,
	rate: number,
	{
		passes,
		resonance,
		amplitude,
		sigma,
		slip = 0.01,
	}: Record<"passes" | "resonance" | "amplitude" | "sigma", number> & {
		slip?: number;
	},
): Int16Array {
	const values = new Float64Array(count);
	const next = gaussian(7);
	for (let impact = 0; impact * rate < count * passes; impact++) {
		const start = ((impact + slip * next()) * rate) / passes;
		for (let i = Math.max(0, Math.ceil(start)); i < Math.min(count, start + 200); i++) {
			const t = (i - start) / rate;
			values[i] = (values[i] as number) + amplitude * Math.exp(-t * 800) * Math.sin(2 * Math.PI * resonance * t);
		}
	}
	return quantized(count, (i) => (values[i] as number) + sigma * next());
}

/** Loud, quiet, tonal, broad, steady, sudden: what features must cope with. */
export const signals: Record<string, (count: number) => Int16Array> = {
	"noise at speaking level": (count) => noise(count, 1000),
	"noise of a quiet room": (count) => noise(count, 3),
	"noise that clips": (count) => noise(count, 20000),
	"a sine of full scale": (count) => sine(count, 0.0613, 32767),
	"a faint sine": (count) => sine(count, 0.0613, 12),
	"a square of full scale": (count) => square(count, 17),
	"a chirp": (count) => chirp(count, 25000),
	"an impulse": (count) => impulse(count, count >> 1, 32767),
	"noise on a great offset": (count) => noise(count, 50).map((value) => value + 20000),
	"the extremes": (count) => quantized(count, (i) => (i & 1 ? 32767 : -32768)),
	"a constant": (count) => constant(count, 1234),
	silence: (count) => constant(count, 0),
};
