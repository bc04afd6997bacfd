import { describe, expect, test } from "vitest";
import { confusion, falseAccepts, judge, pointOf, replay, results } from "../../../tools/eval/keyword-score.ts";
import type { Heard, Word } from "../../../tools/eval/listener.ts";

const keywords = new Set(["yes", "no"]);
const word = (label: string, t = 0.5): Word => ({ t, label, score: 0.9 });
const heardWords = (words: Word[], seconds = 1): Heard => ({ seconds, words, windows: [], before: 0 });

describe("a recording", () => {
	test.each([
		["of a known word, named: right", "yes", ["yes"], "right", "yes"],
		["of a known word, named twice: right", "yes", ["yes", "yes"], "right", "yes"],
		["of a known word, not named: unknown", "yes", [], "unknown", undefined],
		["of a known word, named another: wrong", "yes", ["no"], "wrong", "no"],
		["of a known word, later named another: wrong", "yes", ["yes", "no"], "wrong", "no"],
		["of another word, not named: right", "marvin", [], "right", undefined],
		["of another word, named a keyword: wrong", "marvin", ["no"], "wrong", "no"],
		["of silence, not named: right", "silence", [], "right", undefined],
		["of silence, named a keyword: wrong", "silence", ["yes"], "wrong", "yes"],
	])("%s", (_, label, words, verdict, heard) => {
		const judged = judge(
			label,
			words.map((name, i) => word(name, i)),
			keywords,
		);
		expect([judged.verdict, judged.heard?.label]).toEqual([verdict, heard]);
	});
});

test("results, their confusion and the rates of the words known and others", () => {
	const clips = [
		{ file: "a", label: "yes", speaker: "ann" },
		{ file: "b", label: "yes" },
		{ file: "c", label: "marvin" },
		{ file: "d", label: "silence" },
	];
	const heard = [[word("yes")], [], [word("no", 0.7)], []].map((words) => heardWords(words));
	const list = results(clips, heard, keywords);
	expect(list[0]).toEqual({
		file: "a",
		label: "yes",
		speaker: "ann",
		verdict: "right",
		heard: "yes",
		score: 0.9,
		t: 0.5,
	});
	expect(confusion(list)).toEqual({ marvin: { no: 1 }, silence: { nothing: 1 }, yes: { nothing: 1, yes: 1 } });
	expect(pointOf(0.7, list, keywords)).toEqual({
		threshold: 0.7,
		accuracy: 0.5,
		right: 0.5,
		wrong: 0,
		unknown: 0.5,
		others: 1,
	});
});

test("false accepts are counted by the hour of recordings, each of them", () => {
	const counted = falseAccepts([heardWords([word("yes"), word("no")], 1800), heardWords([], 5400)]);
	expect(counted).toMatchObject({ count: 2, hours: 2, per_hour: 1 });
	expect(counted.upper).toBeCloseTo(6.2958 / 2, 3);
});

test("a decision replayed counts what was before the recording, and does not report it", () => {
	const options = { labels: ["silence", "yes"], smoothing: 2, threshold: 0.5, refractory: 0 };
	const windows = [
		{ t: -0.4, posteriors: "00ff" },
		{ t: -0.2, posteriors: "00ff" },
		{ t: 0.2, posteriors: "00ff" },
		{ t: 0.4, posteriors: "ff00" },
		{ t: 0.6, posteriors: "ff00" },
		{ t: 0.8, posteriors: "00ff" },
		{ t: 1, posteriors: "00ff" },
	];
	// Named before the recording, and not again until its mean has fallen below the threshold.
	expect(replay({ windows, before: 2 }, options)).toEqual([{ t: 1, label: "yes", score: 0.996 }]);
	expect(replay({ windows, before: 0 }, options)).toHaveLength(2);
});
