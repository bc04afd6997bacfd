/* What a user would try next: the same word softer, louder, later, at another rate; and sounds that are no words. */
import { beforeAll, expect, it } from "vitest";
import type { Image } from "../../host-sim/twin.ts";
import { resample } from "../../host-sim/world/resample.ts";
import { type Samples, type Signal, toInt16 } from "../../host-sim/world/signal.ts";
import { loadImage } from "../../tools/build/image.ts";
import { computed, events, samplesOf, sound, words } from "./play.ts";
import { describeWithShared, shared } from "./shared.ts";

let image: Image;
const clips = new Map<string, Int16Array>();
const RATE = 16_000;

beforeAll(async () => {
	image = await loadImage("wasm");
}, 300_000);

const heardIn = async (audio: Signal) => words(await events(image, { audio }));
const signal = (samples: Int16Array, gain = 1, rate = RATE): Signal =>
	computed(rate, samples.length / rate, (at) => toInt16(gain * samples[at]!));
/** The samples as a recording at its own rate. */
const recording = (from: Signal): Samples => {
	const samples = samplesOf(from);
	return {
		rate: from.rate,
		length: from.length,
		read(start, to) {
			for (let i = 0; i < to.length; i++) to[i] = samples[start + i] ?? 0;
		},
	};
};

describeWithShared("variations of the clips", ["conformance/audio"], () => {
	beforeAll(async () => {
		for (const word of ["yes", "no"])
			clips.set(word, samplesOf(await sound(image, shared(`conformance/audio/${word}_1000ms.wav`))));
	});

	const variations: [string, (samples: Int16Array) => Signal][] = [
		["at half the level", (samples) => signal(samples, 0.5)],
		["at twice the level", (samples) => signal(samples, 2)],
		["0.3 s later", (samples) => signal(Int16Array.from([...new Int16Array(0.3 * RATE), ...samples]))],
		["recorded at 44.1 kHz", (samples) => resample(recording(resample(recording(signal(samples)), 44_100)), RATE)],
		["recorded at 8 kHz", (samples) => resample(recording(resample(recording(signal(samples)), 8_000)), RATE)],
	];
	for (const word of ["yes", "no"])
		it.each(variations)(`${word} %s`, async (_, change) => {
			expect(await heardIn(change(clips.get(word)!))).toEqual([word]);
		});
});

it("a minute of silence", async () => {
	expect(await heardIn(computed(RATE, 60, () => 0))).toEqual([]);
});

it.each([0.01, 0.1, 0.5])("ten seconds of white noise at %s of full scale", async (level) => {
	let state = 12345;
	const noise = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return (state / 2 ** 31 - 1) * level * 32767;
	};
	const samples = Int16Array.from({ length: 10 * RATE }, noise);
	expect(await heardIn(signal(samples))).toEqual([]);
});

it("a tone, and clicks", async () => {
	expect(await heardIn(computed(RATE, 5, (at) => 8000 * Math.sin((2 * Math.PI * 440 * at) / RATE)))).toEqual([]);
	expect(await heardIn(computed(RATE, 5, (at) => (at % 8000 < 4 ? 30000 : 0)))).toEqual([]);
});
