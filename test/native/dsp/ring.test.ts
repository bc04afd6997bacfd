/* The ring between a sensor's interrupt and the features, and the tap that reads it. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Dsp, LogMel, type LogMelRecipe, Spectrum } from "../../../host-sim/dsp.ts";
import { buildDsp } from "../../../tools/build/dsp.ts";
import { noise } from "./signals.ts";

beforeAll(async () => {
	await buildDsp();
});

/** A ring whose samples are their own numbers, modulo 2^16. */
class Numbered {
	readonly #dsp = new Dsp();
	readonly #ring = this.#dsp.allocate(24);
	readonly #lost = this.#dsp.allocate(4);
	readonly #memory = this.#dsp.allocate(16384);
	written = 0;

	/** `start` is the number of samples that went through before, to test where 32 bits end. */
	constructor(capacity: number, start = 0) {
		this.#dsp.call("ring_init", this.#ring, this.#dsp.allocate(2 * capacity), capacity);
		const fields = new DataView(this.#dsp.memory, this.#ring);
		fields.setUint32(8, start, true);
		fields.setUint32(12, start, true);
		fields.setBigUint64(16, BigInt(start), true);
		this.written = start;
	}

	write(count: number): void {
		const memory = new Int16Array(this.#dsp.memory, this.#memory, count);
		for (let i = 0; i < count; i++) memory[i] = this.written++;
		this.#dsp.call("ring_write", this.#ring, this.#memory, count);
	}

	read(count: number): { samples: number[]; lost: number } {
		const got = this.#dsp.call("ring_read", this.#ring, this.#memory, count, this.#lost);
		const samples = Array.from(new Uint16Array(this.#dsp.memory, this.#memory, got));
		return { samples, lost: new Uint32Array(this.#dsp.memory, this.#lost, 1)[0]! };
	}
}

describe("the ring", () => {
	for (const start of [0, 2 ** 32 - 100]) {
		it(`gives every sample once, in order, or counts it as lost, from sample ${start} on`, () => {
			const step = fc.record({ write: fc.integer({ min: 0, max: 150 }), read: fc.integer({ min: 0, max: 90 }) });
			fc.assert(
				fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
					const capacity = 64;
					const ring = new Numbered(capacity, start);
					let next = start;
					for (const { write, read } of steps) {
						ring.write(write);
						const { samples, lost } = ring.read(read);
						expect(lost).toBe(Math.max(0, ring.written - next - capacity));
						next += lost;
						expect(samples).toHaveLength(Math.min(read, ring.written - next));
						for (const sample of samples) expect(sample).toBe(next++ & 0xffff);
					}
				}),
				{ numRuns: 200 },
			);
		});
	}

	it("holds exactly its capacity", () => {
		const ring = new Numbered(64);
		ring.write(64);
		expect(ring.read(100)).toEqual({ samples: Array.from({ length: 64 }, (_, i) => i), lost: 0 });
		ring.write(65);
		expect(ring.read(100)).toEqual({ samples: Array.from({ length: 64 }, (_, i) => 65 + i), lost: 1 });
		expect(ring.read(100)).toEqual({ samples: [], lost: 0 });
	});
});

const recipe: LogMelRecipe = {
	...{ kind: "logmel", rate: 16000, window: 480, hop: 320, bins: 40, low: 60, high: 7600 },
	...{ frames: 6, scale: 6, offset: -140 },
};

describe("pull", () => {
	it("stops after as many frames as it is asked for and leaves the rest in the ring", () => {
		const samples = noise(480 + 320 * 5, 1000);
		const mel = new LogMel(recipe);
		mel.hear(samples);
		expect([mel.pull(2), mel.position()]).toEqual([2, 800]);
		expect([mel.pull(0), mel.position()]).toEqual([0, 800]);
		expect([mel.pull(1), mel.position()]).toEqual([1, 1120]);
		expect([mel.pull(), mel.position()]).toEqual([3, 2080]);
		expect(mel.pull()).toBe(0);
		const whole = new LogMel(recipe);
		whole.push(samples);
		expect(mel.features()).toEqual(whole.features());
		expect(mel.lost()).toBe(0);
	});

	it("of a slow reader loses the oldest samples, counts them, and goes on after the gap with a window of its own", () => {
		const samples = noise(10000, 1000);
		const mel = new LogMel(recipe, 1024);
		mel.hear(samples.subarray(0, 700));
		expect(mel.pull()).toBe(1);
		mel.hear(samples.subarray(700));
		expect(mel.pull(1)).toBe(1);
		/* 700 were read; of the other 9300 the last 1024 are left */
		expect(mel.lost()).toBe(9300 - 1024);
		expect(mel.position()).toBe(10000 - 1024 + 480);
		const alone = new LogMel({ ...recipe, frames: 1 });
		alone.push(samples.subarray(10000 - 1024, 10000 - 1024 + 480));
		expect(mel.features().slice(-40)).toEqual(alone.features());
		expect(mel.pull()).toBe(1);
		expect(mel.position()).toBe(10000 - 1024 + 480 + 320);
	});

	it("never makes a window of samples from both sides of a gap", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 25 }), (bursts) => {
				const samples = noise(
					bursts.reduce((sum, burst) => sum + burst, 0),
					2000,
				);
				const spectrum = new Spectrum(
					{ kind: "spectrum", rate: 3200, window: 256, hop: 64, bands: 16, low: 0, high: 1600, scale: 8, offset: 0 },
					undefined,
					512,
				);
				let at = 0;
				for (const burst of bursts) {
					spectrum.hear(samples.subarray(at, at + burst));
					at += burst;
					while (spectrum.pull(1)) {
						const end = spectrum.position();
						const alone = new Spectrum({
							...{
								kind: "spectrum",
								rate: 3200,
								window: 256,
								hop: 64,
								bands: 16,
								low: 0,
								high: 1600,
								scale: 8,
								offset: 0,
							},
						});
						alone.push(samples.subarray(end - 256, end));
						expect(spectrum.features()).toEqual(alone.features());
					}
				}
			}),
			{ numRuns: 25 },
		);
	});
});
