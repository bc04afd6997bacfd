import { describe, expect, test } from "vitest";
import { InputError } from "../../../host-sim/world/error.ts";
import { isFlac, readFlac } from "../../../host-sim/world/flac.ts";
import type { Recording } from "../../../host-sim/world/signal.ts";

/* Written by `flac -8` from raw samples of `sample` below. */
const mono16 =
	"ZkxhQwAAACIQABAAAABaAABaA+gA8AAAACjug8OL2Mg/B9m05OyjUCylhAAAKCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMiAy" +
	"MDIyMTAyMgAAAAD/+GUIACcAEoAAC6D4QoSGMQ6yIgRNQBrsgGBNjSGXJL3GEzHAFkcGcTU5sw3icWOmdgNbMCfozqieeT9CgyUPgfzsMXRuVpmkZ7mjhqCDnKLgXbA3VN+gchI=";
const stereo24 =
	"ZkxhQwAAACIQABAAAABaAABaCsRDcAAAABjOS2Y3qCRPyQBe2zofJHhwhAAAKCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMiAy" +
	"MDIyMTAyMgAAAAD/+GmMABfYEoAAAE0/goRLGHWEgYgAJqP/12T/8CappByR7hmEzHAFkdpziVTlZgteIxYZ2Yf9rZn/T9GAB1QJkAAAA2HmAHeAfT5DtAgD0w8wIAd30+YAu4U=";
const mono8 =
	"ZkxhQwAAACIQABAAAAAoAAAoAfQAcAAAAB4qd/tW5fj7qeTBx0U2hcRShAAAKCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMiAy" +
	"MDIyMTAyMgAAAAD/+GQCAB03AoB4ukYcPKZ/WKAyDjSkgGKwSCpWzH+W6ohwoh6A9AlF";

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

/** What the files hold, in steps of their own bits. */
function sample(i: number, channel: number, bits: number): number {
	const half = 2 ** (bits - 1);
	if (i % 7 === 0) return i % 2 === 1 ? half - 1 : -half;
	return ((i * i * 37 + channel * 1000 + i * 211) % (2 * half)) - half;
}

function all(recording: Recording): number[] {
	const values = new Float64Array(recording.length);
	recording.read(0, values);
	return [...values];
}

const expected = (length: number, value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));

function failure(bytes: Uint8Array): string {
	try {
		readFlac(bytes, "in.flac", "mean");
	} catch (error) {
		if (error instanceof InputError) return `${error.code} ${error.message}`;
		throw error;
	}
	throw new Error("no error");
}

describe("formats", () => {
	test("16-bit samples stay as they are", () => {
		const recording = readFlac(bytesOf(mono16), "in.flac", "mean");
		expect(recording).toMatchObject({ rate: 16000, length: 40, notes: [] });
		expect(all(recording)).toEqual(expected(40, (i) => sample(i, 0, 16)));
	});

	test("24-bit samples keep their fraction; channels are mixed to their mean, or the first is taken", () => {
		const mean = readFlac(bytesOf(stereo24), "in.flac", "mean");
		expect(mean.rate).toBe(44100);
		expect(all(mean)).toEqual(expected(24, (i) => (sample(i, 0, 24) + sample(i, 1, 24)) / 512));
		expect(mean.notes).toEqual(["in.flac: the mean of its 2 channels is played"]);
		const first = readFlac(bytesOf(stereo24), "in.flac", "first");
		expect(all(first)).toEqual(expected(24, (i) => sample(i, 0, 24) / 256));
	});

	test("8-bit samples fill the scale", () => {
		expect(all(readFlac(bytesOf(mono8), "in.flac", "mean"))).toEqual(expected(30, (i) => sample(i, 0, 8) * 256));
	});

	test("a read beyond either end is zeros", () => {
		const recording = readFlac(bytesOf(mono16), "in.flac", "mean");
		const values = new Float64Array(4).fill(9);
		recording.read(-2, values);
		expect([...values]).toEqual([0, 0, sample(0, 0, 16), sample(1, 0, 16)]);
		recording.read(39, values);
		expect([...values]).toEqual([sample(39, 0, 16), 0, 0, 0]);
	});
});

describe("what cannot be used", () => {
	test("a header that ends", () => {
		expect(failure(bytesOf(mono16).subarray(0, 30))).toMatch(/^flac-damaged in\.flac: its header/);
		expect(isFlac(Uint8Array.of(1, 2))).toBe(false);
	});

	test("a file that broke off", () => {
		expect(failure(bytesOf(mono16).subarray(0, 120))).toMatch(/^flac-damaged in\.flac: /);
	});

	test.each([90, 120, 150, 170])("a byte that changed (%i)", (at) => {
		const bytes = bytesOf(mono16);
		bytes[at]! ^= 0x10;
		expect(failure(bytes)).toMatch(/^flac-damaged /);
	});

	test("more bits than the decoder has", () => {
		const bytes = bytesOf(mono16);
		// 5 bits of bits - 1, over the border of bytes 20 and 21.
		bytes[20]! |= 1;
		bytes[21]! |= 0xf0;
		expect(failure(bytes)).toMatch(/^flac-unsupported in\.flac: samples have 32 bits/);
	});

	test("a rate of no sensor", () => {
		const bytes = bytesOf(mono16);
		bytes.fill(0, 18, 20);
		bytes[20]! &= 0x0f;
		expect(failure(bytes)).toMatch(/^flac-bad-rate in\.flac: a sample rate of 0 Hz/);
	});
});
