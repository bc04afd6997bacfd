/* UTF-8 without TextEncoder, which XS does not have. A lone surrogate becomes U+FFFD, as WHATWG's encoding has it. */

/** The code point at a string's index; a lone surrogate gives U+FFFD. It spans two units when above 0xffff. */
function codePointAt(text: string, index: number): number {
	const code = text.codePointAt(index)!;
	return code >= 0xd800 && code < 0xe000 ? 0xfffd : code;
}

/** The bytes that `encodeText` writes for a text. */
export function textBytes(text: string): number {
	let bytes = 0;
	for (let i = 0; i < text.length; i++) {
		const code = codePointAt(text, i);
		if (code < 0x80) bytes += 1;
		else if (code < 0x800) bytes += 2;
		else if (code < 0x10000) bytes += 3;
		else {
			bytes += 4;
			i++;
		}
	}
	return bytes;
}

/** Writes a text as UTF-8 from `offset` on, where there is room for `textBytes(text)`; the offset behind it. */
export function encodeText(text: string, to: Uint8Array, offset: number): number {
	for (let i = 0; i < text.length; i++) {
		const code = codePointAt(text, i);
		if (code < 0x80) to[offset++] = code;
		else {
			if (code < 0x800) to[offset++] = 0xc0 | (code >> 6);
			else {
				if (code < 0x10000) to[offset++] = 0xe0 | (code >> 12);
				else {
					to[offset++] = 0xf0 | (code >> 18);
					to[offset++] = 0x80 | ((code >> 12) & 0x3f);
					i++;
				}
				to[offset++] = 0x80 | ((code >> 6) & 0x3f);
			}
			to[offset++] = 0x80 | (code & 0x3f);
		}
	}
	return offset;
}

const PIECE = 64;

/** The text of UTF-8 bytes. Throws a RangeError that names the offset where they are not well formed. */
export function decodeText(bytes: Uint8Array): string {
	let text = "";
	let piece: number[] = [];
	for (let i = 0; i < bytes.length; ) {
		const start = i;
		const first = bytes[i++]!;
		let code = first;
		if (first >= 0x80) {
			const more = first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
			code = first & (0x3f >> more);
			for (let n = 0; n < more; n++) {
				const next = bytes[i++] ?? 0;
				if (next >> 6 !== 2) code = 0xd800;
				else if (code !== 0xd800) code = (code << 6) | (next & 0x3f);
			}
			const shortest = more === 1 ? 0x80 : more === 2 ? 0x800 : 0x10000;
			if (more < 0 || code < shortest || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
				throw new RangeError(`not UTF-8 at byte ${start}`);
		}
		piece.push(code);
		// Joined in pieces: XS copies the whole string at each concatenation.
		if (piece.length === PIECE) {
			text += String.fromCodePoint(...piece);
			piece = [];
		}
	}
	return text + String.fromCodePoint(...piece);
}
