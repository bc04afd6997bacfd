/* Which recordings a folder holds, and what is said in each: told by the names of files and folders. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.ts";

export interface Clip {
	/** Path below the folder, parted by "/". */
	readonly file: string;
	/** The word that is said; NOTHING when none is. */
	readonly label: string;
	readonly speaker?: string;
}

export interface Found {
	/** In the order of their paths, by code units: the same on every machine. */
	readonly clips: readonly Clip[];
	/** Sound files whose names tell no label. */
	readonly unlabelled: readonly string[];
}

/** The label of recordings in which no word is said. */
export const NOTHING = "silence";

const digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const nothings = new Set(["silence", "noise", "background_noise", "nothing"]);
const sound = /\.(wave?|flac)$/i;
/** A label of letters or a digit, between underscores or not, before a "_" or at the end. */
const ownLabel = /^_?([\p{L}][\p{L}'-]*|[0-9])_?(?:_(.*))?$/u;
/** Files of Speech Commands: the speaker's hash, and which of the speaker's takes it is. */
const speechCommands = /^([0-9a-f]{8})_nohash_\d+$/;

/** The word that a name means. */
function wordOf(name: string): string {
	const plain = name.toLowerCase().replace(/^_+|_+$/g, "");
	return nothings.has(plain) ? NOTHING : (digits[/^[0-9]$/.test(plain) ? Number(plain) : -1] ?? plain);
}

/**
 * What a file's path says: label and speaker.
 * @param file path below the folder that is evaluated
 * @param words that the model knows: a folder of such a name says what is in its files, whatever their own names
 * @returns undefined when it says nothing
 */
export function labelOf(file: string, words: ReadonlySet<string>): Clip | undefined {
	const parts = file.split("/");
	const name = parts.pop()!.replace(sound, "");
	const folder = parts.at(-1);
	const hash = speechCommands.exec(name)?.[1];
	const own = ownLabel.exec(name);
	const word = folder === undefined ? undefined : wordOf(folder);
	if (word !== undefined && (hash !== undefined || own === null || word === NOTHING || words.has(word)))
		return { file, label: word, ...(hash !== undefined && { speaker: hash }) };
	if (own === null) return undefined;
	const speaker = own[2]?.split("_")[0];
	return { file, label: wordOf(own[1]!), ...(speaker && { speaker }) };
}

/**
 * The labelled recordings in a folder and all below it. Hidden files and folders are passed over.
 * @throws Failure no-folder, no-audio, no-label
 */
export function findClips(folder: string, words: Iterable<string>): Found {
	const files = soundFiles(folder);
	const known = new Set(words);
	const clips: Clip[] = [];
	const unlabelled: string[] = [];
	for (const file of files) {
		const clip = labelOf(file, known);
		if (clip) clips.push(clip);
		else unlabelled.push(file);
	}
	if (clips.length === 0)
		throw new Failure(
			"no-label",
			`${folder}: no file's name tells what is said in it (${files[0]}); name them LABEL_SPEAKER_N.wav or put them in ` +
				"folders named LABEL; for recordings in which nothing is to be named, say --stream",
		);
	return { clips, unlabelled };
}

/**
 * Paths of the WAV and FLAC files in a folder and all below it, in order.
 * @throws Failure no-folder, no-audio
 */
export function soundFiles(folder: string): string[] {
	const stat = statSync(folder, { throwIfNoEntry: false });
	if (stat === undefined) throw new Failure("no-folder", `${folder}: no such folder; check the path`);
	if (!stat.isDirectory())
		throw new Failure("no-folder", `${folder}: this is no folder; give the one that holds the recordings`);
	const files: string[] = [];
	const look = (below: string) => {
		for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
			if (entry.name.startsWith(".")) continue;
			const path = below === "" ? entry.name : `${below}/${entry.name}`;
			const kind = entry.isSymbolicLink() ? statSync(join(folder, path), { throwIfNoEntry: false }) : entry;
			if (kind?.isDirectory()) look(path);
			else if (kind?.isFile() && sound.test(entry.name)) files.push(path);
		}
	};
	look("");
	if (files.length === 0)
		throw new Failure("no-audio", `${folder}: there is no .wav or .flac file in it or below; check the path`);
	return files.sort((a, b) => (a < b ? -1 : 1));
}

/**
 * At most `limit` of the clips, as evenly from all labels as there are clips, and from each label those whose paths have the
 * smallest hashes: a sample that does not depend on names, and is the same every time. In the order of `clips`.
 */
export function sample(clips: readonly Clip[], limit: number): Clip[] {
	const groups = new Map<string, Clip[]>();
	for (const clip of clips) groups.set(clip.label, [...(groups.get(clip.label) ?? []), clip]);
	for (const [label, group] of groups)
		groups.set(
			label,
			group
				.map((clip) => ({ clip, at: hash(clip.file) }))
				.sort((a, b) => a.at - b.at)
				.map(({ clip }) => clip),
		);
	const taken = new Set<Clip>();
	for (let round = 0; taken.size < Math.min(limit, clips.length); round++)
		for (const group of groups.values()) {
			const clip = group[round];
			if (clip !== undefined && taken.size < limit) taken.add(clip);
		}
	return clips.filter((clip) => taken.has(clip));
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
	let value = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
	return value >>> 0;
}
