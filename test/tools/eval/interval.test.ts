import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { poissonUpper, wilson } from "../../../tools/eval/interval.ts";

describe("Wilson intervals", () => {
	test.each([
		[8, 10, 0.4902, 0.9433],
		[0, 10, 0, 0.2775],
		[10, 10, 0.7225, 1],
		[930, 1000, 0.9125, 0.9442],
	])("%i of %i", (hits, trials, low, high) => {
		const interval = wilson(hits, trials);
		expect(interval[0]).toBeCloseTo(low, 4);
		expect(interval[1]).toBeCloseTo(high, 4);
	});

	test("of nothing tried is everything", () => {
		expect(wilson(0, 0)).toEqual([0, 1]);
	});

	test("hold the rate, within 0 and 1", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat({ max: 5000 }), (trials, any) => {
				const hits = any % (trials + 1);
				const [low, high] = wilson(hits, trials);
				expect(low).toBeGreaterThanOrEqual(0);
				expect(high).toBeLessThanOrEqual(1);
				expect(low).toBeLessThanOrEqual(hits / trials);
				expect(high).toBeGreaterThanOrEqual(hits / trials);
			}),
		);
	});
});

test.each([
	[0, 2.9957],
	[1, 4.7439],
	[10, 16.9622],
	[100, 118.0792],
])("of %i events seen, fewer than %f on average is ruled out in 19 of 20 cases", (count, upper) => {
	expect(poissonUpper(count)).toBeCloseTo(upper, 3);
});
