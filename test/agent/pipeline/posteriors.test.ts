import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	outputOf,
	Posteriors,
	type PosteriorsOptions,
	posteriorsText,
} from "../../../firmware/agent/pipeline/posteriors.ts";

const labels = ["silence", "unknown", "yes", "no"];

function listener(options: Partial<PosteriorsOptions> = {}): Posteriors {
	return new Posteriors({ labels, smoothing: 1, threshold: 0.5, refractory: 0, ...options });
}

/** The model's int8 output for posteriors by label; the others are 0. */
function output(scores: Record<string, number>): Int8Array {
	return Int8Array.from(labels, (label) => Math.min(127, Math.round((scores[label] ?? 0) * 256) - 128));
}

const quiet = output({ silence: 1 });
const yes = output({ yes: 0.9 });
const no = output({ no: 0.9 });

describe("posteriors", () => {
	test("a posterior of the threshold decides, one step less does not", () => {
		expect(listener().decide(output({ yes: 0.5 }), 0)).toBe("yes");
		expect(listener().decide(output({ yes: 0.5 - 1 / 256 }), 0)).toBeUndefined();
	});

	test("silence and unknown never decide", () => {
		expect(listener().decide(output({ silence: 1 }), 0)).toBeUndefined();
		expect(listener().decide(output({ unknown: 1 }), 0)).toBeUndefined();
	});

	test("a label may have a threshold of its own", () => {
		const posteriors = listener({ thresholds: { no: 0.8 } });
		expect(posteriors.decide(output({ no: 0.7 }), 0)).toBeUndefined();
		expect(posteriors.decide(output({ yes: 0.6 }), 1)).toBe("yes");
	});

	test("the highest of several keywords above their thresholds decides", () => {
		expect(listener({ threshold: 0.2 }).decide(output({ yes: 0.3, no: 0.4 }), 0)).toBe("no");
	});

	test("a keyword counts when there was silence within the pause, and not later", () => {
		const murmur = output({ unknown: 1 });
		for (const [runs, heard] of [
			[0, "yes"],
			[2, "yes"],
			[3, undefined],
			[50, undefined],
		] as const) {
			const posteriors = listener({ pause: 3, quiet: 0.6 });
			posteriors.decide(output({ silence: 0.6 }), 0);
			for (let run = 0; run < runs; run++) posteriors.decide(murmur, 1);
			expect(posteriors.decide(yes, 2)).toBe(heard);
		}
	});

	test("a keyword may follow on another that counted, without silence between", () => {
		const posteriors = listener({ pause: 3 });
		expect(posteriors.decide(yes, 0)).toBe("yes");
		for (let run = 1; run < 9; run++) posteriors.decide(yes, run);
		for (let run = 0; run < 2; run++) posteriors.decide(output({ unknown: 1 }), 10 + run);
		expect(posteriors.decide(no, 12)).toBe("no");
	});

	test("less silence than asked for is none", () => {
		const posteriors = listener({ pause: 1, quiet: 0.6 });
		posteriors.decide(output({ unknown: 1 }), 0);
		posteriors.decide(output({ silence: 0.5 }), 1);
		expect(posteriors.decide(yes, 2)).toBeUndefined();
	});

	test("a device is switched on in silence, but knows of none after a gap", () => {
		expect(listener({ pause: 1 }).decide(yes, 0)).toBe("yes");
		const posteriors = listener({ pause: 1 });
		posteriors.restart();
		expect(posteriors.decide(yes, 0)).toBeUndefined();
	});

	test("without a pause keywords count in running speech too", () => {
		const posteriors = listener();
		for (let run = 0; run < 500; run++) posteriors.decide(output({ unknown: 1 }), run);
		expect(posteriors.decide(yes, 500)).toBe("yes");
	});

	test("the mean of the last runs decides, runs not made yet counting as 0", () => {
		const posteriors = listener({ smoothing: 3 });
		expect(posteriors.decide(yes, 0)).toBeUndefined();
		expect(posteriors.decide(yes, 1)).toBe("yes");
		expect(posteriors.score).toBeCloseTo((2 * 0.9) / 3, 2);
	});

	test("one loud run among quiet ones does not decide", () => {
		const posteriors = listener({ smoothing: 3 });
		for (const [t, run] of [quiet, quiet, yes, quiet, quiet].entries())
			expect(posteriors.decide(run, t)).toBeUndefined();
	});

	test("one word gives one event however long its posterior stays high", () => {
		const posteriors = listener();
		const heard = Array.from({ length: 50 }, (_, run) => posteriors.decide(yes, run * 0.2)).filter(Boolean);
		expect(heard).toEqual(["yes"]);
	});

	test("the same word is heard again after its posterior fell", () => {
		const posteriors = listener();
		expect(posteriors.decide(yes, 0)).toBe("yes");
		expect(posteriors.decide(quiet, 1)).toBeUndefined();
		expect(posteriors.decide(yes, 2)).toBe("yes");
	});

	test("nothing is heard in the refractory time, and everything from its end on", () => {
		const posteriors = listener({ refractory: 1 });
		expect(posteriors.decide(yes, 0)).toBe("yes");
		expect(posteriors.decide(no, 0.5)).toBeUndefined();
		expect(posteriors.decide(no, 0.999)).toBeUndefined();
		expect(posteriors.decide(no, 1)).toBe("no");
	});

	test("after a restart the mean begins anew, and the refractory time goes on", () => {
		const posteriors = listener({ smoothing: 2, refractory: 1 });
		posteriors.decide(yes, 0);
		posteriors.restart();
		expect(posteriors.decide(yes, 0.2)).toBeUndefined();
		expect(posteriors.decide(yes, 0.4)).toBe("yes");
		posteriors.restart();
		posteriors.decide(yes, 0.6);
		expect(posteriors.decide(yes, 0.8)).toBeUndefined();
	});

	test("property: the running sums are those of the last runs", () => {
		const run = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 4, maxLength: 4 });
		fc.assert(
			fc.property(
				fc.array(run, { minLength: 1, maxLength: 40 }),
				fc.integer({ min: 1, max: 32 }),
				(runs, smoothing) => {
					// A threshold that every mean reaches: what decides is the highest, with its exact score.
					const posteriors = new Posteriors({ labels: ["a", "b", "c", "d"], smoothing, threshold: 0, refractory: 0 });
					runs.forEach((run, t) => {
						const label = posteriors.decide(Int8Array.from(run), t);
						if (label === undefined) return;
						const last = runs.slice(Math.max(0, t + 1 - smoothing), t + 1);
						const means = run.map((_, i) => last.reduce((sum, run) => sum + run[i]! + 128, 0) / 256 / smoothing);
						expect(posteriors.score).toBe(Math.max(...means));
						expect(means["abcd".indexOf(label)]).toBe(posteriors.score);
					});
				},
			),
		);
	});
});

test("an output is as text what it was", () => {
	expect(posteriorsText(Int8Array.of(-128, 127, 0, -113))).toBe("00ff800f");
	fc.assert(
		fc.property(fc.int8Array(), (any) => {
			expect(outputOf(posteriorsText(any))).toEqual(any);
		}),
	);
});
