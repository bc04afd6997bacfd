/* Recordings from files: told apart by their content, converted to the sensor's rate, and played in turn. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { Socket } from "node:net";
import { readCsv } from "./csv.ts";
import { InputError } from "./error.ts";
import { isFlac, readFlac } from "./flac.ts";
import { resample } from "./resample.ts";
import { concat, type Recording, type Signal } from "./signal.ts";
import { isSoundFile, readWav } from "./wav.ts";

/** What a sensor is given to sense, and what the user should know about how it was read. */
export interface Opened {
	readonly signal: Signal;
	readonly notes: readonly string[];
}

/** Files beyond this do not fit into one buffer. */
const LARGEST = 2 ** 31 - 1;

/**
 * Sound from WAV and FLAC files, played in turn. Several channels are mixed to their mean.
 * @param rate of the microphone, Hz
 * @throws InputError file-not-found, file-not-readable, file-too-large, and what readWav and readFlac throw
 */
export async function openAudio(paths: readonly string[], rate: number): Promise<Opened> {
	const recordings: Recording[] = [];
	for (const path of paths) recordings.push(readSound(await readBytes(path), path, "mean"));
	return playInTurn(recordings, rate);
}

/** A recording of one file of sound, at its own rate; throws as `openAudio` does. */
export async function openSound(path: string, channels: "mean" | "first"): Promise<Recording> {
	return readSound(await readBytes(path), path, channels);
}

function readSound(bytes: Uint8Array, path: string, channels: "mean" | "first"): Recording {
	return isFlac(bytes) ? readFlac(bytes, path, channels) : readWav(bytes, path, channels);
}

/**
 * Vibration from WAV and FLAC files, whose full scale is that of the sensor, and from tables of text in g, played in turn. Of
 * several channels of such a file the first is used: axes do not mix.
 * @param files with the sample rate in Hz of those that do not tell it
 * @throws InputError file-not-found, file-not-readable, file-too-large, and what readWav, readFlac and readCsv throw
 */
export async function openVibration(
	files: readonly { path: string; rate?: number | undefined }[],
	sensor: { rate: number; fullScale: number },
): Promise<Opened> {
	const recordings: Recording[] = [];
	for (const { path, rate } of files) {
		const bytes = await readBytes(path);
		if (!isSoundFile(bytes) && !/\.wave?$/i.test(path)) {
			recordings.push(readCsv(bytes, { where: path, rate, fullScale: sensor.fullScale }));
			continue;
		}
		const recording = readSound(bytes, path, "first");
		const ignored = rate !== undefined && rate !== recording.rate;
		const note = `${path}: its own rate of ${recording.rate} Hz is used: --rate is for tables without times`;
		recordings.push(ignored ? { ...recording, notes: [...recording.notes, note] } : recording);
	}
	return playInTurn(recordings, sensor.rate);
}

function playInTurn(recordings: readonly Recording[], rate: number): Opened {
	return {
		signal: concat(recordings.map((recording) => resample(recording, rate))),
		notes: [...new Set(recordings.flatMap((recording) => recording.notes))],
	};
}

const reasons: Record<string, [code: string, what: string]> = {
	ENOENT: ["file-not-found", "no such file; check the path"],
	ENOTDIR: ["file-not-found", "no such file; check the path"],
	EISDIR: ["file-not-readable", "this is a folder; give a file in it"],
	EACCES: ["file-not-readable", "not allowed to read it; check its permissions"],
	EPERM: ["file-not-readable", "not allowed to read it; check its permissions"],
};

async function readBytes(path: string): Promise<Uint8Array> {
	try {
		// Without O_NONBLOCK a named pipe that nobody writes to would hold up the whole process.
		const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const stat = fstatSync(fd);
		if (stat.isFIFO()) return await drain(fd, path);
		try {
			if (stat.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
			if (!stat.isFile())
				throw new InputError("file-not-readable", `${path}: this is not a file but a device; give a recording`);
			if (stat.size > LARGEST) throw tooLarge(path);
			return readFileSync(fd);
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		if (error instanceof InputError) throw error;
		const system = (error as NodeJS.ErrnoException).code ?? "";
		const [code, what] = reasons[system] ?? ["file-not-readable", `it cannot be read (${system}); check the path`];
		throw new InputError(code, `${path}: ${what}`);
	}
}

/** What comes from a pipe until its writer closes it; nothing when it has no writer. */
async function drain(fd: number, path: string): Promise<Uint8Array> {
	const first = readReady(fd);
	if (first?.length === 0) {
		closeSync(fd);
		return first;
	}
	const pieces: Uint8Array[] = first === undefined ? [] : [first];
	let length = first?.length ?? 0;
	for await (const piece of new Socket({ fd, readable: true, writable: false })) {
		length += piece.length;
		if (length > LARGEST) throw tooLarge(path);
		pieces.push(piece);
	}
	return Buffer.concat(pieces);
}

/** What a pipe holds now: undefined when its writer has not written yet, empty when there is no writer. */
function readReady(fd: number): Uint8Array | undefined {
	const bytes = new Uint8Array(65536);
	try {
		return bytes.subarray(0, readSync(fd, bytes));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
		throw error;
	}
}

const tooLarge = (path: string) =>
	new InputError("file-too-large", `${path}: more than ${LARGEST} bytes; cut it into files below 2 GB`);
