/*
 * RIFF/WAVE, read by position from the bytes of the file. Nothing is allocated by what a header claims: sizes are checked
 * against the bytes that are there, and samples are decoded when they are asked for.
 *
 * Formats: Multimedia Programming Interface and Data Specifications 1.0 (IBM, Microsoft 1991), WAVE_FORMAT_EXTENSIBLE
 * (Microsoft 2001).
 */
import { InputError } from "./error.ts";
import { overlap, type Recording } from "./signal.ts";

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const otherFormats: Record<number, string> = {
	2: "Microsoft ADPCM",
	6: "A-law",
	7: "mu-law",
	17: "IMA ADPCM",
	49: "GSM 6.10",
	80: "MPEG",
	85: "MP3",
};
/** The last 14 bytes of a sub-format's GUID; its first two are a format tag. */
const guidTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/** Rates outside are not those of a sound or vibration sensor, and would make a recording of no sensible length. */
export const rates = { lowest: 10, highest: 1_000_000 };

/** Writers that cannot seek back (pipes) leave a size that no file has: sox 0x7ffff000, others 0xffffffff. */
const STREAMED = 0x7fff_0000;

interface Format {
	tag: number;
	channels: number;
	rate: number;
	bits: number;
}

type Decode = (view: DataView, offset: number) => number;
const decoders: Record<string, Decode> = {
	"1/8": (view, at) => (view.getUint8(at) - 128) * 256,
	"1/16": (view, at) => view.getInt16(at, true),
	"1/24": (view, at) => view.getInt16(at + 1, true) + view.getUint8(at) / 256,
	"1/32": (view, at) => view.getInt32(at, true) / 65536,
	"3/32": (view, at) => view.getFloat32(at, true) * 32768,
	"3/64": (view, at) => view.getFloat64(at, true) * 32768,
};

/** What the first bytes of a file that is not WAV say it is. */
function describe(bytes: Uint8Array): string {
	const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
	if (bytes.length === 0) return "the file is empty";
	const magic = ascii(0, 4);
	if (magic === "fLaC") return "this is FLAC";
	if (magic === "OggS") return "this is Ogg";
	if (magic === "RIFX") return "this is RIFX, big-endian WAV";
	if (magic === "RF64" || magic === "BW64") return `this is ${magic}, WAV for more than 4 GB`;
	if (magic === "FORM") return "this is AIFF";
	if (magic === "caff") return "this is Core Audio";
	if ((magic.startsWith("ID3") && (bytes[3] ?? 9) < 9) || /^\xff[\xf2\xf3\xfa\xfb]/.test(magic)) return "this is MP3";
	if (ascii(4, 8) === "ftyp") return "this is MPEG-4";
	if (magic === "RIFF" && bytes.length >= 12)
		return `RIFF holds ${JSON.stringify(ascii(8, 12))}, not "WAVE", at byte 8`;
	if (magic === "RIFF") return `the header ends at byte ${bytes.length} of 12`;
	return 'it does not begin with "RIFF"';
}

/** Whether the bytes begin as a WAV file does, or as another sound file that only a converter can read. */
export function isSoundFile(bytes: Uint8Array): boolean {
	return (
		bytes.length >= 4 && (/^RIFF/.test(String.fromCharCode(...bytes.subarray(0, 4))) || /^this/.test(describe(bytes)))
	);
}

function readFormat(view: DataView, at: number, size: number, where: string): Format {
	if (size < 16)
		throw new InputError(
			"wav-bad-format",
			`${where}: the format chunk at byte ${at - 8} has ${size} bytes, at least 16 are needed; ${convert(where)}`,
		);
	let tag = view.getUint16(at, true);
	const channels = view.getUint16(at + 2, true);
	const rate = view.getUint32(at + 4, true);
	const frame = view.getUint16(at + 12, true);
	const bits = view.getUint16(at + 14, true);
	if (tag === EXTENSIBLE) {
		const standard = size >= 40 && guidTail.every((byte, i) => view.getUint8(at + 26 + i) === byte);
		if (!standard)
			throw new InputError(
				"wav-bad-format",
				`${where}: the extensible format at byte ${at} names no known sub-format; ${convert(where)}`,
			);
		tag = view.getUint16(at + 24, true);
	}
	if (!(`${tag}/${bits}` in decoders)) {
		const known = tag === PCM || tag === FLOAT;
		const name = known ? `${bits}-bit ${tag === PCM ? "PCM" : "float"}` : (otherFormats[tag] ?? `format ${tag}`);
		throw new InputError(
			"wav-unsupported",
			`${where}: samples are ${name} (byte ${at}); 8, 16, 24 and 32-bit PCM and 32 and 64-bit float can be read; ${convert(where)}`,
		);
	}
	if (channels === 0 || frame !== (channels * bits) / 8)
		throw new InputError(
			"wav-bad-format",
			`${where}: ${channels} channels of ${bits} bits in frames of ${frame} bytes (byte ${at + 12}) do not fit; ${convert(where)}`,
		);
	if (rate < rates.lowest || rate > rates.highest)
		throw new InputError(
			"wav-bad-rate",
			`${where}: a sample rate of ${rate} Hz (byte ${at + 4}); ${rates.lowest} to ${rates.highest} Hz can be used; ` +
				"give the file its true rate with: sox -r RATE in.wav out.wav",
		);
	return { tag, channels, rate, bits };
}

const convert = (where: string) =>
	`convert it with: sox ${/[\s'"]/.test(where) ? JSON.stringify(where) : where} -b 16 out.wav`;

/**
 * Reads a WAV file: PCM of 8, 16, 24 or 32 bits or float of 32 or 64 bits, any number of channels, 10 Hz to 1 MHz.
 * Full scale of the file becomes full scale of the sensor; 16-bit samples stay exactly as they are.
 *
 * A data chunk of unknown size (written by a pipe) goes to the end of the file. One that claims more than is there is an
 * error, because an upload that broke off is not a recording. A last incomplete frame is left out.
 * @param where names the file in messages
 * @param channels what becomes of several: their `mean`, or only the `first`
 * @throws InputError wav-not-wav, wav-truncated, wav-bad-format, wav-bad-rate, wav-unsupported, wav-no-data, wav-empty, wav-not-finite
 */
export function readWav(bytes: Uint8Array, where: string, channels: "mean" | "first"): Recording {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = bytes.length;
	const id = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
	const isId = (at: number) => at === end || /^[\x20-\x7e]{4}$/.test(id(at));

	if (end < 12 || id(0) !== "RIFF" || id(8) !== "WAVE")
		throw new InputError("wav-not-wav", `${where}: not a WAV file: ${describe(bytes)}; ${convert(where)}`);
	const riffEnd = view.getUint32(4, true) + 8;

	let format: Format | undefined;
	let at = 12;
	while (at + 8 <= end) {
		const size = view.getUint32(at + 4, true);
		const body = at + 8;
		if (id(at) === "data") {
			if (format === undefined)
				throw new InputError(
					"wav-bad-format",
					`${where}: no format chunk before the data at byte ${at}; ${convert(where)}`,
				);
			const unknown = size >= STREAMED || (size === 0 && riffEnd <= body);
			if (size > end - body && !unknown)
				throw new InputError(
					"wav-truncated",
					`${where}: the data at byte ${body} should have ${size} bytes and has ${end - body}; ` +
						"fetch the file again, or keep what is there with: sox --ignore-length in.wav out.wav",
				);
			return recording(view, body, Math.min(unknown ? end - body : size, end - body), format, where, channels);
		}
		if (size > end - body)
			throw new InputError(
				"wav-truncated",
				`${where}: the chunk ${JSON.stringify(id(at))} at byte ${at} should have ${size} bytes and has ${end - body}; fetch the file again`,
			);
		if (id(at) === "fmt ") format = readFormat(view, body, size, where);
		const next = body + size;
		// An odd chunk is padded to even; some writers forget it, which shows in where the next name stands.
		at = size % 2 === 1 && (isId(next + 1) || !isId(next)) ? next + 1 : next;
	}
	throw new InputError(
		"wav-no-data",
		`${where}: no data chunk up to the end at byte ${end}; fetch the file again, or record it anew`,
	);
}

function recording(
	view: DataView,
	start: number,
	size: number,
	format: Format,
	where: string,
	mix: "mean" | "first",
): Recording {
	const decode = decoders[`${format.tag}/${format.bits}`]!;
	const width = format.bits / 8;
	const frame = width * format.channels;
	const length = Math.floor(size / frame);
	if (length === 0)
		throw new InputError("wav-empty", `${where}: there are no samples after byte ${start}; give a file that has some`);

	const notes: string[] = [];
	if (size % frame !== 0) notes.push(`${where}: the last ${size % frame} bytes are less than one sample and left out`);
	if (format.channels > 1)
		notes.push(
			mix === "mean"
				? `${where}: the mean of its ${format.channels} channels is played`
				: `${where}: the first of its ${format.channels} channels is played`,
		);
	const used = mix === "mean" ? format.channels : 1;
	const read = (from: number, to: Float64Array) => {
		to.fill(0);
		const part = overlap(from, to.length, length);
		for (let i = part.from; i < part.end; i++) {
			let sum = 0;
			for (let c = 0; c < used; c++) sum += decode(view, start + i * frame + c * width);
			to[i - from] = sum / used;
		}
	};
	if (format.tag === FLOAT) {
		const clipped = inspect(read, length, start, frame, where);
		if (clipped > 0) notes.push(`${where}: ${clipped} samples beyond full scale (1.0) are clipped`);
	}
	return { rate: format.rate, length, read, notes };
}

/** Float samples can be anything: refuses what is no number, and counts what is beyond full scale. */
function inspect(read: Recording["read"], length: number, start: number, frame: number, where: string): number {
	const block = new Float64Array(Math.min(length, 4096));
	let clipped = 0;
	for (let from = 0; from < length; from += block.length) {
		read(from, block);
		for (let i = 0; i < block.length; i++) {
			const value = block[i]!;
			if (!Number.isFinite(value))
				throw new InputError(
					"wav-not-finite",
					`${where}: sample ${from + i} at byte ${start + (from + i) * frame} is not a finite number; ` +
						"the recording is damaged: record or export it again",
				);
			if (Math.abs(value) > 32768) clipped++;
		}
	}
	return clipped;
}
