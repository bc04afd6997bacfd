/* What counts: whether what the device named is what was said, and how often in how many recordings.
   docs/evaluation.md says it in words. */
import { outputOf, Posteriors, type PosteriorsOptions } from "../../firmware/agent/pipeline/posteriors.ts";
import { rounded } from "../../firmware/agent/pipeline/stage.ts";
import { type Clip, NOTHING } from "./clips.ts";
import { type Interval, poissonUpper, wilson } from "./interval.ts";
import type { Heard, Word } from "./listener.ts";

export type Verdict = "right" | "wrong" | "unknown";

/** In confusions and results: no keyword was named. */
export const NONE = "nothing";

/** A recording and what the device made of it. */
export interface Result {
	readonly file: string;
	readonly label: string;
	readonly speaker?: string | undefined;
	readonly verdict: Verdict;
	/** The keyword that decides the verdict, or NONE; with its score, and seconds from the recording's start. */
	readonly heard: string;
	readonly score?: number | undefined;
	readonly t?: number | undefined;
}

export interface Count {
	readonly files: number;
	readonly right: number;
	readonly wrong: number;
	readonly unknown: number;
}

/** A count with the part that is right and its 95 % interval (Wilson). */
export interface Rated extends Count {
	readonly accuracy: number;
	readonly interval: Interval;
}

/** Keywords named where none was said, and the hours they were counted in; `upper` is a 95 % bound (Poisson). */
export interface FalseAccepts {
	readonly count: number;
	readonly hours: number;
	readonly per_hour: number;
	readonly upper: number;
}

/** Fractions at one threshold: of all files, of files of words that the model knows, and of files of other words. */
export interface SweepPoint {
	readonly threshold: number;
	readonly accuracy: number;
	readonly right: number;
	readonly wrong: number;
	readonly unknown: number;
	readonly others: number;
}

export const rate = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The labels that the model names. */
export const keywordsOf = (labels: readonly string[]): ReadonlySet<string> =>
	new Set(labels.filter((label) => label !== "silence" && label !== "unknown"));

/** The verdict on what was named, and the word that it rests on. */
export function judge(
	label: string,
	words: readonly Word[],
	keywords: ReadonlySet<string>,
): { verdict: Verdict; heard: Word | undefined } {
	const stray = words.find((word) => word.label !== label || !keywords.has(label));
	if (stray !== undefined) return { verdict: "wrong", heard: stray };
	if (words.length > 0) return { verdict: "right", heard: words[0] };
	return { verdict: keywords.has(label) ? "unknown" : "right", heard: undefined };
}

/** The result of each clip, by the device's own decisions. */
export function results(clips: readonly Clip[], heard: readonly Heard[], keywords: ReadonlySet<string>): Result[] {
	return clips.map(({ file, label, speaker }, i) => {
		const { verdict, heard: word } = judge(label, heard[i]!.words, keywords);
		return { file, label, speaker, verdict, heard: word?.label ?? NONE, score: word?.score, t: word?.t };
	});
}

export function count(verdicts: Iterable<{ readonly verdict: Verdict }>): Count {
	const counted = { files: 0, right: 0, wrong: 0, unknown: 0 };
	for (const { verdict } of verdicts) {
		counted.files++;
		counted[verdict]++;
	}
	return counted;
}

export function rated(verdicts: Iterable<{ readonly verdict: Verdict }>): Rated {
	const counted = count(verdicts);
	return { ...counted, accuracy: rate(counted.right, counted.files), interval: wilson(counted.right, counted.files) };
}

/** Items by a key, in the keys' alphabetical order; those without one are left out. */
export function by<Item>(items: readonly Item[], key: (item: Item) => string | undefined): Map<string, Item[]> {
	const groups = new Map<string, Item[]>();
	for (const item of items) {
		const name = key(item);
		if (name === undefined) continue;
		const group = groups.get(name);
		if (group) group.push(item);
		else groups.set(name, [item]);
	}
	return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** For each label, how often what was heard. */
export function confusion(list: readonly Result[]): Record<string, Record<string, number>> {
	const table: Record<string, Record<string, number>> = {};
	for (const [label, group] of by(list, (result) => result.label)) {
		const row: Record<string, number> = {};
		for (const [heard, some] of by(group, (result) => result.heard)) row[heard] = some.length;
		table[label] = row;
	}
	return table;
}

/** Counts keywords in recordings in which nothing is to be named. */
export function falseAccepts(heard: readonly Heard[]): FalseAccepts {
	const named = heard.reduce((sum, { words }) => sum + words.length, 0);
	const hours = heard.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
	return { count: named, hours, per_hour: rate(named, hours), upper: rate(poissonUpper(named), hours) };
}

/** What the device's decision makes of the model's outputs, with options of the tool's choice. */
export function replay({ windows, before }: Pick<Heard, "windows" | "before">, options: PosteriorsOptions): Word[] {
	const posteriors = new Posteriors(options);
	const words: Word[] = [];
	for (const [i, { t, posteriors: text }] of windows.entries()) {
		const label = posteriors.decide(outputOf(text), t);
		if (label !== undefined && i >= before) words.push({ t, label, score: rounded(posteriors.score) });
	}
	return words;
}

/** Recordings in which the decision replayed is not what the device decided: none, or the sweep cannot be trusted. */
export function differing(heard: readonly Heard[], options: PosteriorsOptions): number {
	const plain = (words: readonly Word[]) => JSON.stringify(words);
	return heard.filter((one) => plain(one.words) !== plain(replay(one, options))).length;
}

export const THRESHOLDS: readonly number[] = [
	...Array.from({ length: 17 }, (_, i) => Math.round(100 * (0.1 + 0.05 * i)) / 100),
	0.925,
	0.95,
	0.975,
	0.99,
];

/** A point for each threshold, one for all labels. */
export function sweep(
	clips: readonly Clip[],
	heard: readonly Heard[],
	options: PosteriorsOptions,
	thresholds = THRESHOLDS,
): SweepPoint[] {
	const keywords = keywordsOf(options.labels);
	return thresholds.map((threshold) => {
		const own = { ...options, threshold, thresholds: {} };
		const all = clips.map(({ label }, i) => ({
			label,
			...judge(label, replay(heard[i]!, own), keywords),
		}));
		return pointOf(threshold, all, keywords);
	});
}

/** The point of some verdicts. */
export function pointOf(
	threshold: number,
	all: readonly { readonly label: string; readonly verdict: Verdict }[],
	keywords: ReadonlySet<string>,
): SweepPoint {
	const known = count(all.filter(({ label }) => keywords.has(label)));
	const others = count(all.filter(({ label }) => !keywords.has(label) && label !== NOTHING));
	return {
		threshold,
		accuracy: rate(count(all).right, all.length),
		right: rate(known.right, known.files),
		wrong: rate(known.wrong, known.files),
		unknown: rate(known.unknown, known.files),
		others: rate(others.wrong, others.files),
	};
}
