/* `cricket eval keyword`: recordings of words through the device's keyword pipeline. */
import { join } from "node:path";
import { keywordDecision, parseConfiguration } from "../../firmware/agent/configuration.ts";
import type { KeywordRecipe } from "../../firmware/agent/pipeline/keyword.ts";
import type { PosteriorsOptions } from "../../firmware/agent/pipeline/posteriors.ts";
import { root } from "../build/clang.ts";
import { Progress, warn } from "../terminal.ts";
import { type Clip, findClips, NOTHING, sample, soundFiles } from "./clips.ts";
import { type Card, configuredFlash, type Json, loadDevice, packagesByKind, readCard, withSection } from "./device.ts";
import { type Interval, wilson } from "./interval.ts";
import {
	by,
	confusion,
	differing,
	type FalseAccepts,
	falseAccepts,
	keywordsOf,
	pointOf,
	type Rated,
	type Result,
	rate,
	rated,
	replay,
	results,
	type SweepPoint,
	sweep,
	THRESHOLDS,
} from "./keyword-score.ts";
import type { Heard } from "./listener.ts";
import { play } from "./pool.ts";

export interface KeywordOptions {
	/** Folder of the model package that is judged; the repository's when absent. */
	readonly model?: string;
	/** The device's configuration. */
	readonly configuration: Json;
	readonly limit?: number;
	readonly jobs: number;
	/** Factor on every sample. */
	readonly gain: number;
}

/** The model that was judged, and how it decides. */
export interface Judged {
	readonly name: string;
	readonly version: string;
	readonly labels: readonly string[];
	readonly decision: Omit<PosteriorsOptions, "labels"> & { readonly stride: number };
}

/** What --json prints. Rates are fractions. */
export interface KeywordReport {
	readonly files: number;
	readonly accuracy: number;
	readonly wrong: number;
	readonly unknown: number;
	readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
	readonly interval: Interval;
	readonly model: Judged;
	/** Files of words that the model knows; of others; and of none. */
	readonly known: Rated;
	readonly others: {
		readonly files: number;
		readonly named: number;
		readonly rate: number;
		readonly interval: Interval;
	};
	readonly silence: FalseAccepts & { readonly files: number; readonly named: number };
	readonly labels: Readonly<Record<string, Rated>>;
	readonly speakers: Readonly<Record<string, Rated>>;
	/** The device's own decisions as a point of the sweep. */
	readonly default: SweepPoint;
	readonly sweep: readonly SweepPoint[];
	readonly results: readonly Result[];
}

/** What --stream --json prints. */
export interface StreamReport extends FalseAccepts {
	readonly files: number;
	readonly model: Judged;
	readonly sweep: readonly ({ readonly threshold: number } & FalseAccepts)[];
	readonly results: readonly { readonly file: string; readonly seconds: number; readonly named: Heard["words"] }[];
}

/**
 * Seconds that a recording can still decide something after its end: until no window that the mean is made of has any of it,
 * and one run more.
 */
function tailOf({ frames, hop, rate }: KeywordRecipe, { smoothing, stride }: Judged["decision"]): number {
	return Math.ceil(((frames + (smoothing + 1) * stride) * hop * 1000) / rate) / 1000;
}

interface Played {
	readonly heard: Heard[];
	readonly model: Judged;
	readonly options: PosteriorsOptions;
}

async function listenTo(
	folder: string,
	files: readonly string[],
	card: Card,
	{ model, configuration, jobs, gain }: KeywordOptions,
	progress: Progress,
): Promise<Played> {
	const own = withSection(configuration, "keyword", { report: "windows", enabled: true });
	const whole = withSection(own, "vibration", { enabled: false });
	const { keyword } = parseConfiguration(JSON.stringify(whole), () => {});
	const decision = keywordDecision(card, keyword, () => {});
	const image = await loadDevice(packagesByKind(model === undefined ? [] : [model], ["keyword"]), progress);
	const heard = await play(
		files.map((file) => join(folder, file)),
		{
			image,
			flash: configuredFlash(image.board, whole),
			tail: tailOf(card.recipe as KeywordRecipe, decision),
			gain,
			jobs,
		},
		(done) => progress.update(done / files.length, `${done} of ${files.length} recordings`),
	).finally(() => progress.clear());
	const options = { labels: card.labels, ...decision };
	const strange = differing(heard, options);
	if (strange > 0)
		warn(`in ${strange} recordings the decision replayed is not the device's: do not trust the points of the sweep`);
	return { heard, options, model: { name: card.name, version: card.version, labels: card.labels, decision } };
}

const cardOf = (options: KeywordOptions) => readCard(options.model ?? join(root, "models/keyword"));

/**
 * Plays the labelled recordings of a folder and says what was named.
 * @throws Failure, InputError, BuildError
 */
export async function evaluateKeyword(folder: string, options: KeywordOptions): Promise<KeywordReport> {
	const card = cardOf(options);
	const keywords = keywordsOf(card.labels);
	const { clips: all, unlabelled } = findClips(folder, keywords);
	if (unlabelled.length > 0)
		warn(`${unlabelled.length} files whose names tell no label are left out, the first of them ${unlabelled[0]}`);
	const clips = options.limit === undefined ? all : sample(all, options.limit);
	const files = clips.map(({ file }) => file);
	const played = await listenTo(folder, files, card, options, new Progress());
	return report(clips, played, keywords);
}

function report(clips: readonly Clip[], played: Played, keywords: ReadonlySet<string>): KeywordReport {
	const { heard, options, model } = played;
	const list = results(clips, heard, keywords);
	const all = rated(list);
	const others = rated(list.filter(({ label }) => !keywords.has(label) && label !== NOTHING));
	const silent = heard.filter((_, i) => clips[i]!.label === NOTHING);
	const silence = rated(list.filter(({ label }) => label === NOTHING));
	const groups = (key: (result: Result) => string | undefined) =>
		Object.fromEntries([...by(list, key)].map(([name, group]) => [name, rated(group)]));
	return {
		files: all.files,
		accuracy: all.accuracy,
		wrong: rate(all.wrong, all.files),
		unknown: rate(all.unknown, all.files),
		confusion: confusion(list),
		interval: all.interval,
		model,
		known: rated(list.filter(({ label }) => keywords.has(label))),
		others: {
			files: others.files,
			named: others.wrong,
			rate: rate(others.wrong, others.files),
			interval: wilson(others.wrong, others.files),
		},
		silence: { files: silence.files, named: silence.wrong, ...falseAccepts(silent) },
		labels: groups(({ label }) => label),
		speakers: groups(({ speaker }) => speaker),
		default: pointOf(options.threshold, list, keywords),
		sweep: sweep(clips, heard, options),
		results: list,
	};
}

/**
 * Plays recordings in which nothing is to be named, and counts what is named all the same.
 * @throws Failure, InputError, BuildError
 */
export async function evaluateStream(folder: string, options: KeywordOptions): Promise<StreamReport> {
	const all = soundFiles(folder);
	const clips = all.map((file): Clip => ({ file, label: NOTHING }));
	const chosen = options.limit === undefined ? clips : sample(clips, options.limit);
	const files = chosen.map(({ file }) => file);
	const { heard, model, options: decision } = await listenTo(folder, files, cardOf(options), options, new Progress());
	return {
		files: files.length,
		...falseAccepts(heard),
		model,
		sweep: THRESHOLDS.map((threshold) => {
			const own = { ...decision, threshold, thresholds: {} };
			const counted = heard.map((one) => ({ ...one, words: replay(one, own) }));
			return { threshold, ...falseAccepts(counted) };
		}),
		results: files.map((file, i) => ({ file, seconds: heard[i]!.seconds, named: heard[i]!.words })),
	};
}
