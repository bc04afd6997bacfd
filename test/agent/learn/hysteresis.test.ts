import fc from "fast-check";
import { expect, it } from "vitest";
import { Hysteresis } from "../../../firmware/agent/learn/hysteresis.ts";

const options = { warning: 2, alarm: 3, raise: 3, clear: 4 };

/** The state after each score. */
function states(scores: readonly number[], from = new Hysteresis(options)): string {
	return scores.map((score) => from.decide(score)[0]).join("");
}

it("stays normal below the warning", () => {
	expect(states([1, 1.9, 0, 1.99, 1])).toBe("nnnnn");
});

it("raises a warning at the third window in a row, not before", () => {
	expect(states([2, 2.5, 1, 2, 2, 2])).toBe("nnnnnw");
});

it("raises an alarm from normal and from a warning", () => {
	expect(states([9, 9, 9])).toBe("nna");
	expect(states([2, 2, 2, 3, 3, 3])).toBe("nnwwwa");
});

it("warns when only some of the windows reach the alarm", () => {
	expect(states([4, 2, 4, 2, 4, 2])).toBe("nnwwww");
});

it("lowers an alarm to a warning, and to normal, after four windows in a row", () => {
	expect(states([9, 9, 9, 2, 2, 2, 2])).toBe("nnaaaaw");
	expect(states([9, 9, 9, 1, 1, 1, 1])).toBe("nnaaaan");
	expect(states([2, 2, 2, 1, 1, 2, 1, 1, 1, 1])).toBe("nnwwwwwwwn");
});

it("does not flutter on scores that change sides every window", () => {
	expect(states(Array.from({ length: 50 }, (_, i) => (i % 2 ? 9 : 0)))).toBe("n".repeat(50));
});

it("does not count windows across an interruption, and keeps its state", () => {
	const hysteresis = new Hysteresis(options);
	states([9, 9], hysteresis);
	hysteresis.interrupt();
	expect(states([9, 9, 9], hysteresis)).toBe("nna");
	states([1, 1, 1], hysteresis);
	hysteresis.interrupt();
	expect(states([1, 1, 1, 1], hysteresis)).toBe("aaan");
});

it("is in alarm exactly after `raise` alarming windows with no `clear` calm ones since", () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom(0, 2.5, 5), { maxLength: 60 }), (scores) => {
			const seen = states(scores);
			const lastRun = /(?:2){3}(?!.*(?:2){3})/.exec(scores.map((s) => (s >= 3 ? 2 : 0)).join(""));
			const calm =
				lastRun &&
				/0{4}/.test(
					scores
						.slice(lastRun.index)
						.map((s) => (s >= 3 ? 2 : 0))
						.join(""),
				);
			if (scores.length) expect(seen.at(-1) === "a").toBe(Boolean(lastRun) && !calm);
		}),
		{ numRuns: 500 },
	);
});
