import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Clip, findClips, labelOf, NOTHING, sample } from "../../../tools/eval/clips.ts";

const known = new Set(["yes", "no", "zero", "seven"]);

describe("what is said in a recording is told by", () => {
	test.each([
		["yes_ann_1.wav", "yes", "ann"],
		["Yes_ann.flac", "yes", "ann"],
		["marvin_3f2a_v.flac", "marvin", "3f2a"],
		["7_george_12.wav", "seven", "george"],
		["no.wav", "no", undefined],
		["7.wav", "seven", undefined],
		["a/b/no_ann_1.wav", "no", "ann"],
	])("its own name: %s", (file, label, speaker) => {
		expect(labelOf(file, known)).toEqual({ file, label, ...(speaker && { speaker }) });
	});

	test.each([
		["yes/0a7c2a8d_nohash_0.wav", "yes", "0a7c2a8d"],
		["bed/deadbeef_nohash_1.wav", "bed", "deadbeef"],
		["yes/bob_1.wav", "yes", undefined],
		["7/take 3.wav", "seven", undefined],
		["bed/2.5.wav", "bed", undefined],
	])("the folder that it lies in: %s", (file, label, speaker) => {
		expect(labelOf(file, known)).toEqual({ file, label, ...(speaker && { speaker }) });
	});

	test.each([
		"_silence_/a.wav",
		"_background_noise_/doing_the_dishes.wav",
		"noise_1000ms.wav",
		"silence.wav",
		"_silence__3.wav",
		"noise/exercise_bike.flac",
	])("names of silence, in which nothing is said: %s", (file) => {
		expect(labelOf(file, known)?.label).toBe(NOTHING);
	});

	test.each(["2024-01-03.wav", "10_ann.wav", "take 3.wav"])("nothing: %s", (file) => {
		expect(labelOf(file, known)).toBeUndefined();
	});
});

describe("recordings in a folder", () => {
	let folder = "";
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "cricket-clips-"));
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	function put(...files: string[]) {
		for (const file of files) {
			mkdirSync(dirname(join(folder, file)), { recursive: true });
			writeFileSync(join(folder, file), "");
		}
	}

	test("are found in it and below, in the same order everywhere; the rest is passed over", () => {
		put("yes_b.wav", "deep/er/no_a.FLAC", "B/up_1.wave", ".hidden/yes_c.wav", "yes_a.txt", "2024-01.wav");
		const { clips, unlabelled } = findClips(folder, known);
		expect(clips.map(({ file }) => file)).toEqual(["B/up_1.wave", "deep/er/no_a.FLAC", "yes_b.wav"]);
		expect(unlabelled).toEqual(["2024-01.wav"]);
	});

	test.each([
		["no-folder", "missing", []],
		["no-folder", "yes_a.wav", ["yes_a.wav"]],
		["no-audio", "", ["yes_a.txt"]],
		["no-label", "", ["2024-01.wav"]],
	])("%s", (code, below, files) => {
		put(...files);
		expect(() => findClips(join(folder, below), known)).toThrow(expect.objectContaining({ code }));
	});
});

describe("a sample", () => {
	const clip = (label: string, i: number): Clip => ({ file: `${label}_${i}.wav`, label });
	const clips = ["no", "up", "yes"].flatMap((label) =>
		Array.from({ length: label === "up" ? 3 : 40 }, (_, i) => clip(label, i)),
	);

	test("has as many of each label as there are, in the order of all", () => {
		const taken = sample(clips, 21);
		const count = (label: string) => taken.filter((one) => one.label === label).length;
		expect([count("no"), count("up"), count("yes")]).toEqual([9, 3, 9]);
		expect(taken).toEqual(clips.filter((one) => taken.includes(one)));
		expect(sample(clips, 21)).toEqual(taken);
	});

	test("of more than there are is all", () => {
		expect(sample(clips, 1000)).toEqual(clips);
	});
});
