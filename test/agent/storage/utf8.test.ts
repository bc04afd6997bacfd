import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, encodeText, textBytes } from "../../../firmware/agent/storage/utf8.ts";

function encode(text: string): Uint8Array {
	const bytes = new Uint8Array(textBytes(text));
	expect(encodeText(text, bytes, 0)).toBe(bytes.length);
	return bytes;
}

/** Every character of Unicode; fast-check's own unit of that kind takes seconds to set up. */
const codePoint = fc.nat({ max: 0x10ffff - 0x800 }).map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

describe("UTF-8", () => {
	test("property: encodes as the platform does, lone surrogates included", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)) }), (text) => {
				expect(encode(text)).toEqual(new TextEncoder().encode(text));
			}),
		);
	});

	test("property: decodes what it encodes, of any length", () => {
		fc.assert(
			fc.property(fc.string({ unit: codePoint, minLength: 40, maxLength: 200 }), (text) => {
				expect(decodeText(encode(text))).toBe(text);
			}),
		);
	});

	test("property: refuses exactly the bytes that the platform refuses", () => {
		const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
		const byte = fc.oneof(
			fc.nat({ max: 255 }),
			fc.constantFrom(0x7f, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xa0, 0xf0, 0x90, 0xf4),
		);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 6 }), fc.array(byte, { maxLength: 6 }), (wild, chosen) => {
				for (const bytes of [wild, new Uint8Array(chosen)]) {
					let expected: string | undefined;
					try {
						expected = strict.decode(bytes);
					} catch {
						expect(() => decodeText(bytes)).toThrow(/not UTF-8 at byte \d/);
						continue;
					}
					expect(decodeText(bytes)).toBe(expected);
				}
			}),
			{ numRuns: 1000 },
		);
	});
});
