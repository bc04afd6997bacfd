import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areaUnderRoc, rocCurve } from "../../../tools/eval/roc.ts";

const scores = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 30 });

describe("the area under the curve", () => {
	test("is 1 when all of one kind are above the other, 0 the other way round, a half for ties", () => {
		expect(areaUnderRoc([1, 2], [3, 4])).toBe(1);
		expect(areaUnderRoc([3, 4], [1, 2])).toBe(0);
		expect(areaUnderRoc([1, 1], [1, 1, 1])).toBe(0.5);
	});

	test("is unknown without scores of both kinds", () => {
		expect(areaUnderRoc([], [1])).toBeNaN();
		expect(areaUnderRoc([1], [])).toBeNaN();
	});

	test("is the part of pairs that are in order", () => {
		fc.assert(
			fc.property(scores, scores, (negatives, positives) => {
				let wins = 0;
				for (const a of negatives) for (const b of positives) wins += b > a ? 1 : b === a ? 0.5 : 0;
				expect(areaUnderRoc(negatives, positives)).toBeCloseTo(wins / (negatives.length * positives.length), 12);
			}),
		);
	});

	test("is that of the curve's points", () => {
		fc.assert(
			fc.property(scores, scores, (negatives, positives) => {
				let [area, fpr, tpr] = [0, 0, 0];
				for (const [x, y] of rocCurve(negatives, positives)) {
					area += ((x - fpr) * (y + tpr)) / 2;
					[fpr, tpr] = [x, y];
				}
				expect([fpr, tpr]).toEqual([1, 1]);
				expect(area).toBeCloseTo(areaUnderRoc(negatives, positives), 12);
			}),
		);
	});
});
