import { expect, it } from "vitest";
import { Baseline } from "../../../firmware/agent/learn/baseline.ts";
import { novelty } from "../../../firmware/agent/learn/novelty.ts";

const BANDS = 3;
const FEATURES = 5;
const SIZE = 2 * FEATURES + 3;

/** A baseline of means 10, 11, ... and deviations 2. */
function baseline(): Baseline {
	const made = new Baseline(SIZE);
	made.mean.forEach((_, i) => {
		made.mean[i] = 10 + i;
		made.deviation[i] = 2;
	});
	return made;
}

/** A window so many deviations away in each value. */
const away = (...deviations: number[]) =>
	baseline().mean.map((mean, i) => mean + 2 * (deviations[i % deviations.length] ?? 0));

const score = (values: Float32Array) => novelty(values, baseline(), BANDS);

it("is 0 at the mean and 1 at one deviation in everything", () => {
	expect(score(away(0))).toBe(0);
	expect(score(away(1))).toBeCloseTo(1, 6);
});

it("counts the bands, the envelope, what the model missed and the time signal alike", () => {
	const parts = [
		[0, BANDS],
		[BANDS, FEATURES],
		[FEATURES, 2 * FEATURES],
		[2 * FEATURES, SIZE],
	] as const;
	for (const [from, to] of parts) {
		const values = away(0).map((value, i) => (i >= from && i < to ? value + 8 : value));
		expect(score(values)).toBeCloseTo(Math.sqrt(4 ** 2 / 4), 6);
	}
});

it("does not mind fewer peaks, but minds less level", () => {
	const calm = away(0);
	calm[SIZE - 1]! -= 20;
	calm[SIZE - 2]! -= 20;
	expect(score(calm)).toBe(0);
	const quiet = away(0);
	quiet[SIZE - 3]! -= 4;
	expect(score(quiet)).toBeCloseTo(Math.sqrt(2 ** 2 / 3 / 4), 6);
});

it("holds a single value within 8 deviations", () => {
	const values = away(0);
	values[0] = 1e6;
	expect(score(values)).toBeCloseTo(Math.sqrt(8 ** 2 / BANDS / 4), 6);
	expect(score(away(1e6))).toBeCloseTo(8, 6);
});

it("does without an envelope", () => {
	expect(novelty(away(1), baseline(), FEATURES)).toBeCloseTo(1, 6);
});
