/* Spectra and envelope spectra against double precision, and what they are for. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { RecipeError, Spectrum, type SpectrumRecipe } from "../../../host-sim/dsp.ts";
import { buildDsp } from "../../../tools/build/dsp.ts";
import { spectrumWindow, tolerance } from "./model.ts";
import { bearing, noise, quantized, signals, sine } from "./signals.ts";

beforeAll(async () => {
	await buildDsp();
});

const envelope = { bands: 32, low: 2000, high: 5000, top: 700, scale: 8, offset: 64 };
const usual: SpectrumRecipe = {
	...{ kind: "spectrum", rate: 12000, window: 2048, hop: 1024, bands: 64, low: 0, high: 6000 },
	...{ spacing: "linear", level: "relative", scale: 8, offset: 0, envelope },
};

const recipes: Record<string, SpectrumRecipe> = {
	"the usual recipe": usual,
	"a window of 4096": { ...usual, window: 4096, hop: 2048, bands: 128, envelope: { ...envelope, bands: 64 } },
	"mel spacing": { ...usual, bands: 40, spacing: "mel", level: "absolute", low: 20 },
	"logarithmic spacing": { ...usual, bands: 16, spacing: "log", low: 60, high: 5000 },
	"no envelope": {
		kind: "spectrum",
		rate: 3200,
		window: 512,
		hop: 512,
		bands: 32,
		low: 10,
		high: 1600,
		scale: 5,
		offset: -20,
	},
	"a small window": {
		...usual,
		rate: 25600,
		window: 128,
		hop: 64,
		bands: 8,
		high: 12800,
		envelope: { ...envelope, bands: 4, high: 8000, top: 3000 },
	},
};

function last(samples: Int16Array, r: SpectrumRecipe): Spectrum {
	const spectrum = new Spectrum(r);
	spectrum.push(samples);
	return spectrum;
}

describe("every signal", () => {
	for (const [name, signal] of Object.entries(signals)) {
		it(`${name}: logs are exact but for rounding and noise 108 dB below the loudest line`, () => {
			for (const [what, r] of Object.entries(recipes)) {
				const samples = signal(r.window);
				const got = last(samples, r).logs();
				const { logs, loudest, carrier = 0 } = spectrumWindow(samples, r);
				expect(got).toHaveLength(logs.length);
				logs.forEach((log, i) => {
					/* an envelope is judged against its own mean; it is as clean as its band is loud in the whole */
					const clean = i < r.bands ? tolerance(log, loudest, 36) : tolerance(log, 0, 36 - (loudest - carrier));
					/* logs have steps of 1/256 */
					expect(Math.abs(got[i]! - log), `${what}, feature ${i} of ${log}`).toBeLessThan(0.002 + clean);
				});
			}
		});
	}
});

describe("the bytes", () => {
	it("are scale * log + offset, less the mean of the bands where that is asked for", () => {
		for (const r of Object.values(recipes)) {
			const spectrum = last(
				bearing(r.window, r.rate, { passes: 100, resonance: 3000, amplitude: 5000, sigma: 100 }),
				r,
			);
			const logs = spectrum.logs();
			const mean = r.level === "relative" ? logs.slice(0, r.bands).reduce((sum, log) => sum + log, 0) / r.bands : 0;
			const clamp = (value: number) => Math.max(-128, Math.min(127, value));
			spectrum.features().forEach((byte, i) => {
				const want = i < r.bands ? (logs[i]! - mean) * r.scale + r.offset : logs[i]! * envelope.scale + envelope.offset;
				expect(Math.abs(byte - clamp(want))).toBeLessThan(0.502);
			});
		}
	});

	it("do not change with the level", () => {
		const at = (level: number) => {
			const samples = bearing(2048, 12000, { passes: 162, resonance: 3200, amplitude: 20000, sigma: 1200 });
			return last(
				samples.map((value) => Math.round(value * level)),
				usual,
			).features();
		};
		const loud = at(1);
		for (const level of [0.7, 0.5, 0.25, 0.1]) {
			at(level).forEach((byte, i) => {
				expect(Math.abs(byte - loud[i]!), `level ${level}, feature ${i}`).toBeLessThanOrEqual(1);
			});
		}
	});

	it("do not change at all when the level halves in bits", () => {
		const samples = noise(2048, 500).map((value) => value & ~7);
		expect(
			last(
				samples.map((value) => value >> 3),
				usual,
			).features(),
		).toEqual(last(samples, usual).features());
	});

	it("of a window not yet heard are those of silence", () => {
		const silent = last(new Int16Array(2048), usual).features();
		expect(new Spectrum(usual).features()).toEqual(silent);
	});
});

describe("the envelope", () => {
	/** The band that a frequency's line falls into, as spectrum.h lays them out. */
	const band = (hertz: number, r: SpectrumRecipe) => {
		const { bands, top } = r.envelope!;
		const last = Math.floor((top * r.window) / r.rate);
		const line = Math.round((hertz * r.window) / r.rate);
		const start = (i: number) => 3 + Math.floor(((last - 2) * i) / bands);
		return Array.from({ length: bands }, (_, i) => i).findIndex((i) => line >= start(i) && line < start(i + 1));
	};

	it("of a bearing with a faulty inner race shows its pass frequency and the second harmonic", () => {
		/* 6205 at 1797 rpm: 5.415 orders */
		const passes = (5.415 * 1797) / 60;
		for (const window of [2048, 4096]) {
			const r = { ...usual, window, hop: window };
			const samples = bearing(window, 12000, { passes, resonance: 3400, amplitude: 3000, sigma: 300 });
			const logs = last(samples, r).logs().slice(r.bands);
			const order = logs.map((_, i) => i).sort((a, b) => logs[b]! - logs[a]!);
			expect(order[0]).toBe(band(passes, r));
			const median = [...logs].sort((a, b) => a - b)[logs.length >> 1]!;
			for (const harmonic of [1, 2]) {
				const at = band(passes * harmonic, r);
				expect(Math.max(logs[at - 1]!, logs[at]!, logs[at + 1]!), `harmonic ${harmonic}`).toBeGreaterThan(median + 3);
			}
		}
	});

	it("measures the depth of a modulation: energy is (2/3)^2 of 1/4 m^2 for each of its three lines' shape", () => {
		/* (1 + m cos)^2 = 1 + m^2/2 + 2 m cos + ...: against the mean, a line has m / (1 + m^2/2), and Hann squared spreads
		   it over five lines with 1, 4/9 twice and 1/36 twice of its power */
		const r = { ...usual, envelope: { ...envelope, bands: 1 } };
		for (const m of [0.5, 0.1, 0.02]) {
			const samples = quantized(2048, (i) => {
				const t = i / 12000;
				return 12000 * (1 + m * Math.cos(2 * Math.PI * 117.1875 * t)) * Math.sin(2 * Math.PI * 3500 * t);
			});
			const shape = 1 + 2 * (4 / 9) + 2 * (1 / 36);
			const first = (m / (1 + (m * m) / 2)) ** 2 * shape;
			const second = ((m * m) / 4 / (1 + (m * m) / 2)) ** 2 * shape;
			expect(last(samples, r).logs()[64]).toBeCloseTo(Math.log2(first + second), 1);
		}
	});

	it("of a steady tone is empty", () => {
		const logs = last(sine(2048, 3000 / 12000, 20000), usual)
			.logs()
			.slice(64);
		expect(Math.max(...logs)).toBeLessThan(-20);
	});

	it("does not see what is modulated outside its band", () => {
		const modulated = quantized(2048, (i) => {
			const t = i / 12000;
			return (
				15000 * (1 + Math.cos(2 * Math.PI * 100 * t)) * Math.sin(2 * Math.PI * 900 * t) +
				500 * Math.sin(2 * Math.PI * 3000 * t)
			);
		});
		expect(Math.max(...last(modulated, usual).logs().slice(64))).toBeLessThan(-20);
	});
});

it("gives the same windows however the stream is split", () => {
	const samples = bearing(6000, 12000, { passes: 162, resonance: 3200, amplitude: 9000, sigma: 500 });
	const whole = last(samples, usual);
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 12 }), (cuts) => {
			const spectrum = new Spectrum(usual);
			let at = 0;
			let windows = 0;
			for (const cut of cuts) {
				windows += spectrum.push(samples.subarray(at, at + cut));
				at = Math.min(samples.length, at + cut);
			}
			windows += spectrum.push(samples.subarray(at));
			expect(windows).toBe(4);
			expect(spectrum.features()).toEqual(whole.features());
			expect(spectrum.position()).toBe(2048 + 3 * 1024);
			expect([spectrum.rms(), spectrum.kurtosis()]).toEqual([whole.rms(), whole.kurtosis()]);
		}),
		{ numRuns: 30 },
	);
});

it("needs at most 16 KB at a window of 2048 and 28 KB at 4096", () => {
	expect(new Spectrum(usual).stateBytes).toBeLessThanOrEqual(16384);
	expect(new Spectrum(recipes["a window of 4096"]!).stateBytes).toBeLessThanOrEqual(28672);
});

describe("a bad recipe is refused:", () => {
	const of = (change: Partial<typeof envelope>) => ({ envelope: { ...envelope, ...change } });
	const bad: [string, object, string][] = [
		["no rate", { rate: 99 }, "recipe-rate"],
		["a window that is no power of two", { window: 2000 }, "recipe-window"],
		["a window too short", { window: 32, hop: 16 }, "recipe-window"],
		["a window too long", { window: 8192 }, "recipe-window"],
		["a hop of none", { hop: 0 }, "recipe-hop"],
		["a hop beyond the window", { hop: 2049 }, "recipe-hop"],
		["no bands", { bands: 0 }, "recipe-bins"],
		["too many bands", { bands: 129 }, "recipe-bins"],
		["too many envelope bands", of({ bands: 129 }), "recipe-bins"],
		["a range beyond half the rate", { high: 6001 }, "recipe-range"],
		["a range upside down", { low: 3000, high: 3000 }, "recipe-range"],
		["logarithms from zero", { spacing: "log", low: 0 }, "recipe-range"],
		["an unknown spacing", { spacing: "bark" }, "recipe-choice"],
		["an unknown level", { level: "loud" }, "recipe-choice"],
		["bands without a line", { bands: 64, low: 0, high: 200 }, "recipe-narrow"],
		["logarithmic bands without a line", { bands: 64, spacing: "log", low: 1 }, "recipe-narrow"],
		["a scale too great", { scale: 2000 }, "recipe-scale"],
		["an envelope's scale too great", of({ scale: -2000 }), "recipe-scale"],
		["an envelope's band upside down", of({ low: 5000, high: 2000 }), "recipe-range"],
		["an envelope's band beyond half the rate", of({ high: 7000 }), "recipe-range"],
		["an envelope's top of none", of({ top: 0 }), "recipe-top"],
		["an envelope that does not fit the band's rate", of({ low: 500, high: 6000, top: 700 }), "recipe-top"],
		["envelope bands without a line", of({ top: 100 }), "recipe-narrow"],
		["a missing number", { bands: undefined }, "recipe-number"],
		["an envelope without a number", of({ top: undefined as never }), "recipe-number"],
	];
	for (const [what, change, code] of bad) {
		it(what, () => {
			let thrown: unknown;
			try {
				new Spectrum({ ...usual, ...change } as SpectrumRecipe);
			} catch (error) {
				thrown = error;
			}
			expect(thrown).toBeInstanceOf(RecipeError);
			expect((thrown as RecipeError).code).toBe(code);
		});
	}
});
