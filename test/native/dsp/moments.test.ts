/* RMS, kurtosis and crest factor against double precision. */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { Spectrum, type SpectrumRecipe } from "../../../host-sim/dsp.ts";
import { buildDsp } from "../../../tools/build/dsp.ts";
import { statistics } from "./model.ts";
import { impulse, noise, signals, sine, square } from "./signals.ts";

beforeAll(async () => {
	await buildDsp();
});

const recipe = (window: number): SpectrumRecipe => ({
	...{ kind: "spectrum", rate: 12000, window, hop: window, bands: 8, low: 0, high: 6000, scale: 8, offset: 0 },
});

function measured(samples: Int16Array) {
	const spectrum = new Spectrum(recipe(samples.length));
	expect(spectrum.push(samples)).toBe(1);
	return { rms: spectrum.rms(), kurtosis: spectrum.kurtosis(), crest: spectrum.crest() };
}

function agree(samples: Int16Array, what = "") {
	const got = measured(samples);
	const want = statistics(samples);
	/* RMS has a resolution of 1/4096 count, the mean too */
	expect(Math.abs(got.rms - want.rms), `rms ${what}`).toBeLessThan(2 ** -12 + want.rms * 1e-6);
	const coarse = want.rms > 0 ? 2 ** -11 / want.rms : 0;
	expect(Math.abs(got.crest - want.crest), `crest ${what}`).toBeLessThan(2 ** -16 + want.crest * (4e-6 + coarse));
	expect(Math.abs(got.kurtosis - want.kurtosis), `kurtosis ${what}`).toBeLessThan(
		2 ** -15 + want.kurtosis * (4e-6 + coarse),
	);
}

for (const [name, signal] of Object.entries(signals)) {
	it(`of ${name}, at every window`, () => {
		for (const window of [64, 512, 2048, 4096]) agree(signal(window), `window ${window}`);
	});
}

it("of anything", () => {
	fc.assert(
		fc.property(fc.int16Array({ minLength: 64, maxLength: 64 }), (samples) => agree(samples)),
		{ numRuns: 500 },
	);
});

it("are the textbook's: Gauss 3, sine 1.5 and root 2, square 1 and 1, an impulse the window's length", () => {
	expect(measured(noise(4096, 1000)).kurtosis).toBeCloseTo(3, 0);
	const tone = measured(sine(4096, 64 / 4096, 10000));
	expect(tone.kurtosis).toBeCloseTo(1.5, 3);
	expect(tone.crest).toBeCloseTo(Math.SQRT2, 3);
	expect(tone.rms).toBeCloseTo(10000 / Math.SQRT2, 1);
	const box = measured(square(4096, 16));
	expect(box).toEqual({ rms: 32767, kurtosis: 1, crest: 1 });
	expect(measured(impulse(4096, 1000, 32767)).kurtosis).toBeCloseTo(4096, -1);
});

it("of a constant are zeros", () => {
	expect(measured(signals["a constant"]!(512))).toEqual({ rms: 0, kurtosis: 0, crest: 0 });
});
