/*
 * FLAC (RFC 9639), decoded whole when it is opened. What the stream says of itself, the checksum of each frame and the MD5 of
 * all samples, is held against what was decoded: half a file is not a recording.
 */
import { createHash } from "node:crypto";
import { InputError } from "./error.ts";
import { decodeFrame, type Frame, FrameError } from "./flac-frame.ts";
import { overlap, type Recording } from "./signal.ts";
import { rates } from "./wav.ts";

/** Bytes of the marker, the header of the first metadata block, and that block (RFC 9639, 8.2). */
const HEAD = 4 + 4 + 34;

interface StreamInfo {
	rate: number;
	channels: number;
	bits: number;
	/** 0 when the writer did not know. */
	length: number;
	/** Zeros when the writer did not compute it. */
	md5: string;
}

/** Whether the bytes begin as a FLAC file does. */
export const isFlac = (bytes: Uint8Array): boolean =>
	bytes.length >= 4 && String.fromCharCode(...bytes.subarray(0, 4)) === "fLaC";

/**
 * Reads a FLAC file: 8 to 24 bits, any number of channels that FLAC has, 10 Hz to 1 MHz. Full scale of the file becomes
 * full scale of the sensor; 16-bit samples stay exactly as they are.
 * @param where names the file in messages
 * @param channels what becomes of several: their `mean`, or only the `first`
 * @throws InputError flac-damaged, flac-unsupported, flac-bad-rate, flac-empty
 */
export function readFlac(bytes: Uint8Array, where: string, channels: "mean" | "first"): Recording {
	const info = streamInfo(bytes, where);
	const planes = decode(bytes, info, where);
	const length = planes[0]!.length;
	if (length === 0) throw new InputError("flac-empty", `${where}: there are no samples; give a file that has some`);
	if (!/^0+$/.test(info.md5) && digest(planes, info.bits) !== info.md5)
		throw damaged(where, "its samples do not give the MD5 that its header tells");

	const used = channels === "mean" ? planes : planes.slice(0, 1);
	const unit = 32768 / 2 ** (info.bits - 1) / used.length;
	const notes = info.channels === 1 ? [] : [`${where}: the ${channels} of its ${info.channels} channels is played`];
	return {
		rate: info.rate,
		length,
		notes,
		read(start, to) {
			to.fill(0);
			const part = overlap(start, to.length, length);
			for (const plane of used) for (let i = part.from; i < part.end; i++) to[i - start]! += plane[i]! * unit;
		},
	};
}

function streamInfo(bytes: Uint8Array, where: string): StreamInfo {
	if (!isFlac(bytes) || bytes.length < HEAD || (bytes[4]! & 127) !== 0)
		throw new InputError(
			"flac-damaged",
			`${where}: its header ends or is no FLAC header within the first ${HEAD} bytes; fetch the file again`,
		);
	const view = new DataView(bytes.buffer, bytes.byteOffset + 8, 34);
	// 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of length.
	const packed = view.getBigUint64(10);
	const field = (shift: bigint, width: bigint) => Number((packed >> shift) & ((1n << width) - 1n));
	const info = {
		rate: field(44n, 20n),
		channels: field(41n, 3n) + 1,
		bits: field(36n, 5n) + 1,
		length: field(0n, 36n),
		md5: Buffer.from(bytes.subarray(26, 42)).toString("hex"),
	};
	if (info.bits < 8 || info.bits > 24)
		throw new InputError(
			"flac-unsupported",
			`${where}: samples have ${info.bits} bits, 8 to 24 can be read; convert it with: sox ${where} -b 16 out.wav`,
		);
	if (info.rate < rates.lowest || info.rate > rates.highest)
		throw new InputError(
			"flac-bad-rate",
			`${where}: a sample rate of ${info.rate} Hz; ${rates.lowest} to ${rates.highest} Hz can be used`,
		);
	return info;
}

/** All samples of each channel, up to the number that the header tells, or to the end. */
function decode(bytes: Uint8Array, { bits, channels, length }: StreamInfo, where: string): Int32Array[] {
	const blocks: Int32Array[][] = Array.from({ length: channels }, () => []);
	let samples = 0;
	for (let at = firstFrame(bytes, where); length > 0 ? samples < length : at < bytes.length; ) {
		let frame: Frame | undefined;
		try {
			frame = decodeFrame(bytes, at, bits);
		} catch (error) {
			if (!(error instanceof FrameError)) throw error;
		}
		if (frame?.channels.length !== channels)
			throw damaged(
				where,
				`what is at byte ${at}, after ${samples} samples${length > 0 ? ` of ${length}` : ""}, is no whole frame`,
			);
		for (const [i, block] of frame.channels.entries()) blocks[i]!.push(block);
		samples += frame.channels[0]!.length;
		at = frame.end;
	}
	return blocks.map((list) => {
		const plane = new Int32Array(samples);
		let at = 0;
		for (const block of list) {
			plane.set(block, at);
			at += block.length;
		}
		return plane;
	});
}

/** The byte after the metadata blocks, of which the last is marked. */
function firstFrame(bytes: Uint8Array, where: string): number {
	for (let at = 4; at + 4 <= bytes.length; ) {
		const size = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
		const last = bytes[at]! >= 128;
		at += 4 + size;
		if (last) return at;
	}
	throw damaged(where, "it ends within its header");
}

function damaged(where: string, what: string): InputError {
	return new InputError(
		"flac-damaged",
		`${where}: ${what}; fetch the file again, or look at it with: flac --test ${where}`,
	);
}

/** MD5 of the interleaved samples, little-endian, each in whole bytes (RFC 9639, 8.2). */
function digest(planes: readonly Int32Array[], bits: number): string {
	const width = Math.ceil(bits / 8);
	const bytes = Buffer.alloc(planes[0]!.length * planes.length * width);
	let at = 0;
	for (let i = 0; i < planes[0]!.length; i++) for (const plane of planes) at = bytes.writeIntLE(plane[i]!, at, width);
	return createHash("md5").update(bytes).digest("hex");
}
