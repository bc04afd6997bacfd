/* Writes CBOR (RFC 8949) with every number and length in the shortest form that keeps it.
   The caller says how many entries an array or a map has and then writes them; nothing is held but the bytes. */
import { encodeText, textBytes } from "../storage/utf8.ts";

const UNSIGNED = 0;
const NEGATIVE = 1;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
/** Integers with a larger argument are floats: many a decoder gives those of 64 bits as BigInt. */
const ARGUMENTS = 2 ** 32;
const FALSE = 0xf4;
const TRUE = 0xf5;
const FLOAT16 = 0xf9;
const FLOAT32 = 0xfa;
const FLOAT64 = 0xfb;

export class CborWriter {
	#bytes = new Uint8Array(160);
	#view = new DataView(this.#bytes.buffer);
	#length = 0;

	/** What has been written so far; a view, valid until the next write. */
	get bytes(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}

	/** Begins an array of `count` items. */
	array(count: number): void {
		this.#head(ARRAY, count);
	}

	/** Begins a map of `count` entries, written as key, value, key, value. */
	map(count: number): void {
		this.#head(MAP, count);
	}

	text(text: string): void {
		const length = textBytes(text);
		this.#head(TEXT, length);
		this.#reserve(length);
		this.#length = encodeText(text, this.#bytes, this.#length);
	}

	boolean(value: boolean): void {
		this.#reserve(1);
		this.#bytes[this.#length++] = value ? TRUE : FALSE;
	}

	/** An integer when the value is one whose argument has at most 32 bits, else the shortest float of the same value. */
	number(value: number): void {
		if (value >= 0 && value < ARGUMENTS && value % 1 === 0 && !Object.is(value, -0)) this.#head(UNSIGNED, value);
		else if (value < 0 && value >= -ARGUMENTS && value % 1 === 0) this.#head(NEGATIVE, -1 - value);
		else this.#float(value);
	}

	/** The initial byte of an item and its argument, below ARGUMENTS. */
	#head(major: number, argument: number): void {
		this.#reserve(5);
		const type = major << 5;
		const view = this.#view;
		const at = this.#length;
		if (argument < 24) {
			view.setUint8(at, type | argument);
			this.#length += 1;
		} else if (argument < 0x100) {
			view.setUint8(at, type | 24);
			view.setUint8(at + 1, argument);
			this.#length += 2;
		} else if (argument < 0x10000) {
			view.setUint8(at, type | 25);
			view.setUint16(at + 1, argument);
			this.#length += 3;
		} else {
			view.setUint8(at, type | 26);
			view.setUint32(at + 1, argument);
			this.#length += 5;
		}
	}

	#float(value: number): void {
		this.#reserve(9);
		const view = this.#view;
		const at = this.#length;
		if (Math.fround(value) !== value && !Number.isNaN(value)) {
			view.setUint8(at, FLOAT64);
			view.setFloat64(at + 1, value);
			this.#length += 9;
			return;
		}
		view.setFloat32(at + 1, value);
		const half = halfOf(view.getUint32(at + 1));
		if (half < 0) {
			view.setUint8(at, FLOAT32);
			this.#length += 5;
		} else {
			view.setUint8(at, FLOAT16);
			view.setUint16(at + 1, half);
			this.#length += 3;
		}
	}

	#reserve(more: number): void {
		if (this.#length + more <= this.#bytes.length) return;
		const bytes = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
		bytes.set(this.#bytes);
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer);
	}
}

/** The bits of a binary32 as a binary16 of the same value, or -1 when there is none. NaN becomes 0x7e00. */
function halfOf(bits: number): number {
	const sign = (bits >>> 16) & 0x8000;
	const exponent = (bits >>> 23) & 0xff;
	const fraction = bits & 0x7fffff;
	if (exponent === 0xff) return fraction ? 0x7e00 : sign | 0x7c00;
	if (exponent === 0) return fraction ? -1 : sign;
	const rebiased = exponent - 127 + 15;
	if (rebiased > 30 || rebiased < -9) return -1;
	if (rebiased > 0) return fraction & 0x1fff ? -1 : sign | (rebiased << 10) | (fraction >> 13);
	// A subnormal half counts in 2^-24: the significand with its leading 1, shifted down, must lose nothing.
	const significand = 0x800000 | fraction;
	const shift = 14 - rebiased;
	return significand & ((1 << shift) - 1) ? -1 : sign | (significand >> shift);
}
