/* Log-mel features against double precision, and what a stream may do to them. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { LogMel, type LogMelRecipe, RecipeError } from "../../../host-sim/dsp.ts";
import { buildDsp } from "../../../tools/build/dsp.ts";
import { logmelFrame, tolerance } from "./model.ts";
import { noise, signals, sine } from "./signals.ts";

beforeAll(async () => {
	await buildDsp();
});

/** What a keyword model hears by default. */
const usual: LogMelRecipe = {
	...{ kind: "logmel", rate: 16000, window: 480, hop: 320, bins: 40, low: 60, high: 7600 },
	...{ frames: 49, scale: 6, offset: -140 },
};

const others: Record<string, LogMelRecipe> = {
	"the usual recipe": usual,
	"pre-emphasis": { ...usual, emphasis: 0.97 },
	"a 25 ms window every 10 ms": { ...usual, window: 400, hop: 160, bins: 32, frames: 98 },
	"a long window": { ...usual, window: 1024, hop: 512, bins: 80, low: 20, high: 8000, frames: 5 },
	"the longest window": { ...usual, window: 4096, hop: 4096, bins: 128, low: 0, high: 8000, frames: 2 },
	"8 kHz": { ...usual, rate: 8000, window: 240, hop: 160, bins: 20, low: 100, high: 4000, frames: 10 },
	"a short window": { ...usual, window: 32, hop: 7, bins: 6, low: 200, high: 8000, frames: 20 },
	"one bin, one frame": { ...usual, bins: 1, frames: 1 },
	"a falling scale": { ...usual, scale: -4.5, offset: 100.25 },
};

/** The bytes that the formula asks for, not yet rounded. */
const scaled = (logs: readonly number[], r: LogMelRecipe) =>
	logs.map((log) => Math.max(-128, Math.min(127, log * r.scale + r.offset)));

/** Every frame of a clip, one by one. */
function frames(samples: Int16Array, r: LogMelRecipe): Int8Array[] {
	const mel = new LogMel({ ...r, frames: 1 });
	const all: Int8Array[] = [];
	for (let at = 0; at < samples.length; at += r.hop) {
		if (mel.push(samples.subarray(at, at + r.hop))) all.push(mel.features());
	}
	return all;
}

describe("every signal", () => {
	for (const [name, signal] of Object.entries(signals)) {
		it(`${name}: the byte is the exact one, rounded, but for noise 108 dB below its loudest line`, () => {
			for (const [what, r] of Object.entries(others)) {
				const samples = signal(r.window + 3 * r.hop);
				const got = frames(samples, r);
				expect(got).toHaveLength(4);
				got.forEach((frame, f) => {
					const { logs, loudest } = logmelFrame(samples.subarray(f * r.hop, f * r.hop + r.window), r);
					scaled(logs, r).forEach((want, bin) => {
						const off = 0.5 + Math.abs(r.scale) * tolerance(logs[bin]!, loudest, 36);
						expect(Math.abs(frame[bin]! - want), `${what}, frame ${f}, bin ${bin}`).toBeLessThan(off);
					});
				});
			}
		});
	}
});

describe("the range", () => {
	const energies = (amplitude: number) => {
		const mel = new LogMel({ ...usual, frames: 1 });
		mel.push(sine(480, 1000 / 16000, amplitude));
		return Math.max(...mel.features());
	};

	it("tells levels apart from 8 counts to full scale, evenly", () => {
		const levels = Array.from({ length: 16 }, (_, i) => energies(2 ** i - (i === 15 ? 1 : 0)));
		for (let i = 4; i < 16; i++) {
			/* twice the amplitude is two doublings of energy: 12 steps */
			expect(levels[i]! - levels[i - 1]!).toBeGreaterThanOrEqual(11);
			expect(levels[i]! - levels[i - 1]!).toBeLessThanOrEqual(13);
		}
	});

	it("does not clip a quiet room nor noise of full scale", () => {
		for (const sigma of [2, 10, 100, 1000, 10000, 30000]) {
			const mel = new LogMel({ ...usual, frames: 48 });
			mel.push(noise(16000, sigma));
			const bytes = mel.features();
			expect(new Set(bytes).size, `noise of ${sigma}`).toBeGreaterThan(20);
			expect(Math.max(...bytes)).toBeLessThan(127);
			expect(Math.min(...bytes)).toBeGreaterThan(-128);
		}
	});
});

describe("a stream", () => {
	it("gives the same bytes however it is split", () => {
		const samples = signals["a chirp"]!(6000);
		const whole = new LogMel(usual);
		const total = whole.push(samples);
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 30 }), (cuts) => {
				const mel = new LogMel(usual);
				let at = 0;
				let completed = 0;
				for (const cut of cuts) {
					completed += mel.push(samples.subarray(at, at + cut));
					at = Math.min(samples.length, at + cut);
				}
				completed += mel.push(samples.subarray(at));
				expect(completed).toBe(total);
				expect(mel.features()).toEqual(whole.features());
				expect(mel.position()).toBe(whole.position());
			}),
			{ numRuns: 50 },
		);
	});

	it("reads oldest first, with silence where nothing was heard yet", () => {
		const mel = new LogMel({ ...usual, frames: 4 });
		expect(mel.features()).toEqual(new Int8Array(160).fill(-128));
		const samples = signals["noise at speaking level"]!(480 + 320 * 5);
		const all = frames(samples, usual);
		mel.push(samples.subarray(0, 480 + 320));
		expect(mel.features()).toEqual(Int8Array.of(...new Int8Array(80).fill(-128), ...all[0]!, ...all[1]!));
		mel.push(samples.subarray(480 + 320));
		expect(mel.features()).toEqual(Int8Array.of(...all[2]!, ...all[3]!, ...all[4]!, ...all[5]!));
	});

	it("reads into a buffer of exactly its size", () => {
		const mel = new LogMel(usual);
		expect(() => mel.read(new ArrayBuffer(1959))).toThrow(/1959 bytes.*1960/);
		const into = new ArrayBuffer(1960);
		mel.read(into);
		expect(new Int8Array(into)[7]).toBe(-128);
	});

	it("needs at most 6 KB with the usual recipe", () => {
		expect(new LogMel(usual).stateBytes).toBeLessThanOrEqual(6144);
	});
});

describe("a bad recipe is refused:", () => {
	const bad: [string, Partial<Record<keyof LogMelRecipe, unknown>>, string][] = [
		["no rate", { rate: 0 }, "recipe-rate"],
		["a rate no sensor has", { rate: 200000 }, "recipe-rate"],
		["a window too short", { window: 31 }, "recipe-window"],
		["a window too long", { window: 4097 }, "recipe-window"],
		["a negative window", { window: -480 }, "recipe-window"],
		["a hop of none", { hop: 0 }, "recipe-hop"],
		["a hop beyond the window", { hop: 481 }, "recipe-hop"],
		["no bins", { bins: 0 }, "recipe-bins"],
		["too many bins", { bins: 129 }, "recipe-bins"],
		["a range upside down", { low: 7600, high: 60 }, "recipe-range"],
		["a range beyond half the rate", { high: 8001 }, "recipe-range"],
		["a negative range", { low: -1 }, "recipe-range"],
		["bins narrower than the transform's lines", { window: 64, hop: 50 }, "recipe-narrow"],
		["a range of one hertz", { low: 1000, high: 1001 }, "recipe-narrow"],
		["no frames", { frames: 0 }, "recipe-frames"],
		["too many frames", { frames: 5000 }, "recipe-frames"],
		["emphasis beyond one", { emphasis: 1.1 }, "recipe-emphasis"],
		["a scale too great", { scale: 1e6 }, "recipe-scale"],
		["an offset too great", { offset: -2000 }, "recipe-scale"],
		["a missing number", { hop: undefined }, "recipe-number"],
		["half a sample", { window: 480.5 }, "recipe-number"],
		["a text", { bins: "forty" }, "recipe-number"],
	];
	for (const [what, change, code] of bad) {
		it(what, () => {
			let thrown: unknown;
			try {
				new LogMel({ ...usual, ...change } as LogMelRecipe);
			} catch (error) {
				thrown = error;
			}
			expect(thrown).toBeInstanceOf(RecipeError);
			expect((thrown as RecipeError).code).toBe(code);
		});
	}
});
