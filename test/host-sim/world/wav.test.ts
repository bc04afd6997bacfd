import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../host-sim/world/error.ts";
import type { Recording } from "../../../host-sim/world/signal.ts";
import { readWav } from "../../../host-sim/world/wav.ts";
import { chunk, pcm16, wave } from "./wave.ts";

const shared = "../shared/conformance/audio";
const missing = !existsSync(shared);

function all(recording: Recording): number[] {
	const values = new Float64Array(recording.length);
	recording.read(0, values);
	return [...values];
}

const read = (bytes: Uint8Array, mix: "mean" | "first" = "mean") => readWav(bytes, "in.wav", mix);

/** The code and the message of the error that reading gives. */
function failure(bytes: Uint8Array): { code: string; message: string } {
	try {
		read(bytes);
	} catch (error) {
		if (error instanceof InputError) return { code: error.code, message: error.message };
		throw error;
	}
	throw new Error("no error");
}

const samples = [0, 1, -1, 32767, -32768, 1234];

describe("formats", () => {
	test("16-bit samples stay as they are", () => {
		const recording = read(wave({ data: pcm16(samples), rate: 44100 }));
		expect(recording.rate).toBe(44100);
		expect(all(recording)).toEqual(samples);
		expect(recording.notes).toEqual([]);
	});

	test("8-bit samples are unsigned", () => {
		expect(all(read(wave({ bits: 8, data: Uint8Array.of(0, 128, 255) })))).toEqual([-32768, 0, 127 * 256]);
	});

	test("24-bit samples keep their fraction", () => {
		const data = Uint8Array.of(0x80, 0x34, 0x12, 0xff, 0xff, 0xff, 0, 0, 0x80);
		expect(all(read(wave({ bits: 24, data })))).toEqual([0x1234 + 0.5, -1 / 256, -32768]);
	});

	test("32-bit samples keep their fraction", () => {
		const data = new Uint8Array(Int32Array.of(0x12348000, -1, -0x80000000).buffer);
		expect(all(read(wave({ bits: 32, data })))).toEqual([0x1234 + 0.5, -1 / 65536, -32768]);
	});

	test("float samples have full scale 1", () => {
		const data = new Uint8Array(Float32Array.of(0.5, -1, 0).buffer);
		expect(all(read(wave({ tag: 3, bits: 32, data })))).toEqual([16384, -32768, 0]);
		const double = new Uint8Array(Float64Array.of(0.25).buffer);
		expect(all(read(wave({ tag: 3, bits: 64, data: double })))).toEqual([8192]);
	});

	test("float samples beyond full scale are counted", () => {
		const data = new Uint8Array(Float32Array.of(0.5, 1.5, -2).buffer);
		expect(read(wave({ tag: 3, bits: 32, data })).notes).toEqual([
			"in.wav: 2 samples beyond full scale (1.0) are clipped",
		]);
	});

	test("the extensible form is the one that its sub-format names", () => {
		expect(all(read(wave({ extensible: true, data: pcm16(samples) })))).toEqual(samples);
		const data = new Uint8Array(Float32Array.of(0.5).buffer);
		expect(all(read(wave({ extensible: true, tag: 3, bits: 32, data })))).toEqual([16384]);
	});

	test("channels are mixed to their mean, or the first is taken", () => {
		const file = wave({ channels: 2, data: pcm16([100, 200, -10, 20]) });
		expect(all(read(file))).toEqual([150, 5]);
		expect(read(file).notes[0]).toContain("mean of its 2 channels");
		expect(all(read(file, "first"))).toEqual([100, -10]);
	});

	test("beyond both ends there is silence", () => {
		const recording = read(wave({ data: pcm16([5, 6]) }));
		const values = new Float64Array(5).fill(9);
		recording.read(-2, values);
		expect([...values]).toEqual([0, 0, 5, 6, 0]);
		recording.read(100, values);
		expect([...values]).toEqual([0, 0, 0, 0, 0]);
	});

	test.skipIf(missing && !process.env.CI)("real recordings (skipped without ../shared)", () => {
		const files = readdirSync(shared).filter((name) => name.endsWith(".wav"));
		expect(files.length).toBeGreaterThan(0);
		for (const name of files) {
			const bytes = readFileSync(`${shared}/${name}`);
			const recording = readWav(bytes, name, "mean");
			expect(recording.rate).toBe(16000);
			const words = new Int16Array(new Uint8Array(bytes.subarray(44)).buffer);
			expect(all(recording)).toEqual([...words]);
		}
	});
});

describe("chunks", () => {
	test("others are passed over, odd ones with their padding", () => {
		const before = Buffer.concat([chunk("LIST", Buffer.from("INFOx")), chunk("fact", [1, 2, 3, 4])]);
		expect(all(read(wave({ before, data: pcm16(samples), after: chunk("id3 ", [1, 2, 3]) })))).toEqual(samples);
	});

	test("an odd chunk that was not padded is passed over as well", () => {
		const before = chunk("LIST", Buffer.from("INFOx"), { padded: false });
		expect(all(read(wave({ before, data: pcm16(samples) })))).toEqual(samples);
	});

	test.each([0xffffffff, 0x7ffff000, 0x80000000])(
		"data of unknown size (%i) goes to the end of the file",
		(dataSize) => {
			expect(all(read(wave({ data: pcm16(samples), dataSize })))).toEqual(samples);
		},
	);

	test("data of size 0 goes to the end when the header was never completed", () => {
		expect(all(read(wave({ data: pcm16(samples), dataSize: 0, riffSize: 0 })))).toEqual(samples);
		expect(all(read(wave({ data: pcm16(samples), dataSize: 0, riffSize: 36 })))).toEqual(samples);
		expect(failure(wave({ data: new Uint8Array(), after: chunk("LIST", [1, 2]) })).code).toBe("wav-empty");
	});

	test("an incomplete last frame is left out, and said", () => {
		const recording = read(wave({ data: Uint8Array.of(1, 0, 2, 0, 3) }));
		expect(all(recording)).toEqual([1, 2]);
		expect(recording.notes[0]).toContain("last 1 bytes");
	});
});

describe("what cannot be read is refused", () => {
	const data = pcm16(samples);
	const good = wave({ data });
	const at = (bytes: Uint8Array, offset: number, ...values: number[]) => {
		const copy = Uint8Array.from(bytes);
		copy.set(values, offset);
		return copy;
	};
	const text = (string: string) => Buffer.from(string, "latin1");

	test.each<[what: string, bytes: Uint8Array, code: string, says: string]>([
		["nothing", new Uint8Array(), "wav-not-wav", "the file is empty"],
		["a short header", good.subarray(0, 10), "wav-not-wav", "ends at byte 10 of 12"],
		["text", text("time,x\n0,1\n"), "wav-not-wav", "RIFF"],
		["FLAC", text("fLaC\0\0\0\x22"), "wav-not-wav", "FLAC"],
		["Ogg", text("OggS\0\0\0\0"), "wav-not-wav", "Ogg"],
		["MP3", text("ID3\x04\0\0"), "wav-not-wav", "MP3"],
		["MP3 without a tag", text("\xff\xfb\x90\0"), "wav-not-wav", "MP3"],
		["AVI", at(good, 8, 65, 86, 73, 32), "wav-not-wav", "AVI"],
		["RF64", at(good, 0, 82, 70, 54, 52), "wav-not-wav", "RF64"],
		["mu-law", wave({ tag: 7, bits: 8, data }), "wav-unsupported", "mu-law"],
		["ADPCM", wave({ tag: 17, bits: 4, frame: 256, data }), "wav-unsupported", "IMA ADPCM"],
		["12 bits", wave({ bits: 12, frame: 2, data }), "wav-unsupported", "12-bit PCM"],
		["16-bit float", wave({ tag: 3, data }), "wav-unsupported", "16-bit float"],
		["no channels", wave({ channels: 0, data }), "wav-bad-format", "0 channels"],
		["frames that do not fit", wave({ frame: 3, data }), "wav-bad-format", "frames of 3 bytes"],
		["rate 0", wave({ rate: 0, data }), "wav-bad-rate", "0 Hz"],
		["an absurd rate", wave({ rate: 4e9, data }), "wav-bad-rate", "4000000000 Hz"],
		["an unknown sub-format", at(wave({ extensible: true, data }), 50, 7), "wav-bad-format", "sub-format"],
		["truncated data", good.subarray(0, good.length - 4), "wav-truncated", "should have 12 bytes and has 8"],
		["a chunk beyond the end", wave({ data, before: chunk("LIST", [1, 2], { size: 1e6 }) }), "wav-truncated", '"LIST"'],
		["no data chunk", good.subarray(0, 36), "wav-no-data", "no data chunk"],
		[
			"no format chunk",
			Buffer.concat([good.subarray(0, 12), chunk("data", data)]),
			"wav-bad-format",
			"no format chunk",
		],
		[
			"a short format chunk",
			Buffer.concat([good.subarray(0, 12), chunk("fmt ", [1, 0, 1, 0])]),
			"wav-bad-format",
			"has 4 bytes",
		],
		["no samples", wave({ data: new Uint8Array() }), "wav-empty", "no samples"],
		["less than one frame", wave({ data: Uint8Array.of(1) }), "wav-empty", "no samples"],
	])("%s", (_, bytes, code, says) => {
		const { code: got, message } = failure(bytes);
		expect({ got, message }).toEqual({ got: code, message: expect.stringContaining(says) });
		expect(message).toMatch(/^in\.wav: .*; /);
	});

	test("what is not a number, with its place", () => {
		const values = new Float32Array(5000);
		values[4500] = Number.NaN;
		const { code, message } = failure(wave({ tag: 3, bits: 32, data: new Uint8Array(values.buffer) }));
		expect(code).toBe("wav-not-finite");
		expect(message).toContain("sample 4500 at byte 18044");
	});
});

describe("whatever the bytes", () => {
	/** Reads or refuses; what it reads is finite and no longer than the file. */
	function holds(bytes: Uint8Array): void {
		let recording: Recording;
		try {
			recording = read(bytes);
		} catch (error) {
			expect(error).toBeInstanceOf(InputError);
			expect((error as InputError).code).toMatch(/^wav-[a-z-]+$/);
			return;
		}
		expect(recording.length).toBeLessThanOrEqual(bytes.length);
		expect(all(recording).every((value) => Number.isFinite(value))).toBe(true);
	}

	const fields = fc.record({
		tag: fc.constantFrom(1, 3, 2, 0xfffe),
		channels: fc.constantFrom(0, 1, 2, 3, 65535),
		rate: fc.constantFrom(0, 1, 8000, 16000, 0xffffffff),
		bits: fc.constantFrom(0, 8, 16, 24, 32, 64),
		extensible: fc.boolean(),
		data: fc.uint8Array({ maxLength: 64 }),
		before: fc.uint8Array({ maxLength: 24 }),
		dataSize: fc.option(fc.nat(0xffffffff), { nil: undefined }),
	});

	test("a file of made-up fields is read or refused", () => {
		fc.assert(
			fc.property(fields, ({ dataSize, ...rest }) =>
				holds(wave(dataSize === undefined ? rest : { ...rest, dataSize })),
			),
			{ numRuns: 2000 },
		);
	});

	test("a good file with bytes changed and cut off is read or refused", () => {
		const good = wave({ data: pcm16(samples), channels: 2, before: chunk("LIST", [1, 2, 3]), extensible: true });
		const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
		fc.assert(
			fc.property(fc.array(change, { maxLength: 6 }), fc.nat(good.length), (changes, length) => {
				const bytes = Uint8Array.from(good);
				for (const [offset, value] of changes) bytes[offset] = value;
				holds(bytes.subarray(0, length));
			}),
			{ numRuns: 3000 },
		);
	});

	test("any bytes after the name are read or refused", () => {
		const head = Buffer.from("RIFF\xff\xff\xff\xffWAVE", "latin1");
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => holds(Buffer.concat([head, bytes]))),
			{ numRuns: 1000 },
		);
	});
});
