import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32 } from "../../../firmware/agent/storage/crc32.ts";
import { encodeRecord, readRecord, writeRecord } from "../../../firmware/agent/storage/record.ts";
import { Flash, PowerLoss } from "../../bindings/flash.ts";

describe("CRC-32", () => {
	test("has the check value of the catalogue", () => {
		expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
	});

	test("property: goes on from the CRC of the bytes before", () => {
		fc.assert(
			fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
				const whole = new Uint8Array([...first, ...second]);
				expect(crc32(second, crc32(first))).toBe(crc32(whole));
				if (typeof zlibCrc32 === "function") expect(crc32(whole)).toBe(zlibCrc32(whole));
			}),
		);
	});
});

describe("record", () => {
	test("an erased partition has none", () => {
		expect(readRecord(new Flash(512, 256))).toBeUndefined();
	});

	test("gives back what was written, over several blocks, and its replacement", () => {
		const flash = new Flash(1024, 256);
		const payload = Uint8Array.from({ length: 700 }, (_, i) => i & 0xff);
		writeRecord(flash, payload);
		expect(readRecord(flash)).toEqual(payload);
		writeRecord(flash, new Uint8Array([1, 2, 3]));
		expect(readRecord(flash)).toEqual(new Uint8Array([1, 2, 3]));
	});

	test("stands in flash as the host writes it", () => {
		const flash = new Flash(512, 256);
		writeRecord(flash, new Uint8Array([7]));
		expect(flash.bytes.subarray(0, 13)).toEqual(encodeRecord(new Uint8Array([7])));
		expect(String.fromCharCode(...flash.bytes.subarray(0, 4))).toBe("CRKT");
	});

	test("refuses a payload larger than the partition", () => {
		expect(() => writeRecord(new Flash(512, 256), new Uint8Array(501))).toThrow(
			expect.objectContaining({ code: "record-too-large" }),
		);
	});

	test.each([
		["magic number", 0],
		["length", 7],
		["CRC", 8],
		["payload", 12],
	])("refuses a record whose %s is wrong", (_, at) => {
		const flash = new Flash(512, 256);
		writeRecord(flash, new Uint8Array([1, 2, 3]));
		flash.bytes[at]! ^= 0x80;
		expect(() => readRecord(flash)).toThrow(expect.objectContaining({ code: "record-corrupt" }));
	});

	test("property: power cut during a replacement leaves the old, the new, none or a record that does not check", () => {
		const old = new Uint8Array(300).fill(1);
		const next = new Uint8Array(280).fill(2);
		fc.assert(
			fc.property(fc.nat({ max: 3 }), fc.integer(), (operations, seed) => {
				const flash = new Flash(1024, 256);
				writeRecord(flash, old);
				flash.cutAfter(operations, seed);
				try {
					writeRecord(flash, next);
				} catch (thrown) {
					if (!(thrown instanceof PowerLoss)) throw thrown;
				}
				flash.power();
				let found: Uint8Array | undefined;
				try {
					found = readRecord(flash);
				} catch (thrown) {
					expect(thrown).toMatchObject({ code: "record-corrupt" });
					return;
				}
				if (found) expect([old, next]).toContainEqual(found);
			}),
			{ numRuns: 500 },
		);
	});
});
