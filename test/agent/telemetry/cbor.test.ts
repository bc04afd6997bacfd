import { Decoder } from "cbor-x";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CborWriter } from "../../../firmware/agent/telemetry/cbor.ts";

/** Every character of Unicode; fast-check's own unit of that kind takes seconds to set up. */
const codePoint = fc.nat({ max: 0x10ffff - 0x800 }).map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

const decoder = new Decoder({ mapsAsObjects: false, useRecords: false });

function written(write: (writer: CborWriter) => void): Uint8Array {
	const writer = new CborWriter();
	write(writer);
	return writer.bytes.slice();
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

describe("CBOR", () => {
	// RFC 8949, appendix A
	test.each<[number, string]>([
		[0, "00"],
		[23, "17"],
		[24, "1818"],
		[100, "1864"],
		[1000, "1903e8"],
		[1000000, "1a000f4240"],
		[4294967295, "1affffffff"],
		[4294967296, "fa4f800000"],
		[1000000000000, "fb426d1a94a2000000"],
		[-1, "20"],
		[-100, "3863"],
		[-1000, "3903e7"],
		[-4294967296, "3affffffff"],
		[-0, "f98000"],
		[1.5, "f93e00"],
		[2 ** -24, "f90001"],
		[2 ** -14, "f90400"],
		[0.5, "f93800"],
		[-4.1, "fbc010666666666666"],
		[1.1, "fb3ff199999999999a"],
		[3.4028234663852886e38, "fa7f7fffff"],
		[Infinity, "f97c00"],
		[-Infinity, "f9fc00"],
		[NaN, "f97e00"],
		[1e300, "fb7e37e43c8800759c"],
	])("writes %d in its shortest form", (value, expected) => {
		expect(hex(written((writer) => writer.number(value)))).toBe(expected);
	});

	test.each([
		["", "60"],
		["IETF", "6449455446"],
		["\u00fc", "62c3bc"],
		["\ud800\udd51", "64f0908591"],
	])("writes the text %j", (text, expected) => {
		expect(hex(written((writer) => writer.text(text)))).toBe(expected);
	});

	test("property: cbor-x reads every number back, the same to the sign of zero", () => {
		const halves = fc.nat({ max: 0xffff }).map((bits) => {
			const view = new DataView(new ArrayBuffer(2));
			view.setUint16(0, bits);
			const exponent = (bits >> 10) & 31;
			const fraction = bits & 1023;
			const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
			return exponent === 31 ? Infinity : bits & 0x8000 ? -size : size;
		});
		const numbers = fc.oneof(fc.double(), fc.float(), fc.integer(), fc.maxSafeInteger(), halves);
		fc.assert(
			fc.property(numbers, (value) => {
				expect(Object.is(decoder.decode(written((writer) => writer.number(value))), value)).toBe(true);
			}),
			{ numRuns: 3000 },
		);
	});

	test("property: a float that fits into 16 or 32 bits takes no more", () => {
		fc.assert(
			fc.property(fc.float({ noNaN: true }), (value) => {
				expect(written((writer) => writer.number(value)).length).toBeLessThanOrEqual(5);
			}),
		);
	});

	test.each([23, 24, 255, 256, 70_000])("writes an array, a map and a text of %d", (count) => {
		const bytes = written((writer) => {
			writer.array(3);
			writer.array(count);
			for (let i = 0; i < count; i++) writer.number(i);
			writer.map(count);
			for (let i = 0; i < 2 * count; i++) writer.number(i);
			writer.text("é".repeat(count));
		});
		const [array, map, text] = decoder.decode(bytes) as [number[], Map<number, number>, string];
		expect(array).toEqual(Array.from({ length: count }, (_, i) => i));
		expect([map.size, map.get(2 * count - 2)]).toEqual([count, 2 * count - 1]);
		expect(text).toBe("é".repeat(count));
	});

	test("property: cbor-x reads nested arrays and maps of everything back", () => {
		type Value = number | string | boolean | Value[] | Map<number, Value>;
		const { value } = fc.letrec<{ value: Value }>((tie) => ({
			value: fc.oneof(
				{ maxDepth: 3 },
				fc.double({ noNaN: true }),
				fc.string({ unit: codePoint }),
				fc.boolean(),
				fc.array(tie("value"), { maxLength: 5 }),
				fc.array(fc.tuple(fc.integer(), tie("value")), { maxLength: 5 }).map((entries) => new Map(entries)),
			),
		}));
		function write(writer: CborWriter, value: Value): void {
			if (typeof value === "number") writer.number(value);
			else if (typeof value === "string") writer.text(value);
			else if (typeof value === "boolean") writer.boolean(value);
			else if (Array.isArray(value)) {
				writer.array(value.length);
				for (const item of value) write(writer, item);
			} else {
				writer.map(value.size);
				for (const [key, item] of value) {
					writer.number(key);
					write(writer, item);
				}
			}
		}
		fc.assert(
			fc.property(value, (value) => {
				expect(decoder.decode(written((writer) => write(writer, value)))).toEqual(value);
			}),
		);
	});
});
