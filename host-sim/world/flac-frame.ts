/*
 * Frames of FLAC (RFC 9639, section 9): a block of samples for each channel, as a prediction and what it missed.
 */

/** Not a frame, or not all of one. */
export class FrameError extends Error {}

/** Bits of a stream, the highest of a byte first. */
class Bits {
	/** Position in bits. */
	at: number;
	readonly #bytes: Uint8Array;

	constructor(bytes: Uint8Array, from: number) {
		this.#bytes = bytes;
		this.at = 8 * from;
	}

	/** The 32 bits from the byte of the position on, those before the position shifted out; zeros beyond the end. */
	#word(): number {
		const bytes = this.#bytes;
		const i = this.at >>> 3;
		return ((bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!) << (this.at & 7);
	}

	/** An unsigned number of up to 25 bits. */
	unsigned(width: number): number {
		if (width === 0) return 0;
		const value = this.#word() >>> (32 - width);
		this.at += width;
		return value;
	}

	/** A number of up to 25 bits in two's complement. */
	signed(width: number): number {
		if (width === 0) return 0;
		const value = this.#word() >> (32 - width);
		this.at += width;
		return value;
	}

	/** How many zeros come before the next one, which is passed over too. */
	zeros(): number {
		for (let count = 0; ; ) {
			const word = this.#word();
			const zeros = Math.clz32(word);
			if (word !== 0) {
				this.at += zeros + 1;
				return count + zeros;
			}
			const passed = 32 - (this.at & 7);
			count += passed;
			this.at += passed;
			if (this.at > 8 * this.#bytes.length) throw new FrameError();
		}
	}
}

export interface Frame {
	/** Samples of each channel. */
	readonly channels: readonly Int32Array[];
	/** The byte after the frame. */
	readonly end: number;
}

/** How two channels were made into others that are easier to predict. */
const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MID_SIDE = 10;

const sizes = [0, 8, 12, 0, 16, 20, 24, 32];

/**
 * Decodes the frame at a byte.
 * @param bits of a sample, by the stream's header
 * @throws FrameError when there is none, it is cut short, or its checksum is not that of its bytes
 */
export function decodeFrame(bytes: Uint8Array, start: number, bits: number): Frame {
	const reader = new Bits(bytes, start);
	if (reader.unsigned(15) !== 0x7ffc) throw new FrameError();
	reader.unsigned(1);
	const sizeCode = reader.unsigned(4);
	const rateCode = reader.unsigned(4);
	const assignment = reader.unsigned(4);
	const width = sizes[reader.unsigned(3)] || bits;
	reader.unsigned(1);
	// The number of the frame or of its first sample, coded as UTF-8 codes characters.
	const extra = Math.clz32(~(reader.unsigned(8) << 24)) - 1;
	if (extra > 6) throw new FrameError();
	for (let i = 0; i < extra; i++) reader.unsigned(8);
	const length = blockSize(sizeCode, reader);
	if (rateCode === 12) reader.unsigned(8);
	else if (rateCode > 12) reader.unsigned(16);
	reader.unsigned(8);
	if (assignment > MID_SIDE || width !== bits) throw new FrameError();
	const count = assignment < LEFT_SIDE ? assignment + 1 : 2;
	const channels = Array.from({ length: count }, (_, i) => {
		const isSide = assignment === SIDE_RIGHT ? i === 0 : assignment >= LEFT_SIDE && i === 1;
		return subframe(reader, length, isSide ? width + 1 : width);
	});
	undo(assignment, channels);
	const end = Math.ceil(reader.at / 8);
	if (end + 2 > bytes.length || checksum(bytes, start, end) !== ((bytes[end]! << 8) | bytes[end + 1]!))
		throw new FrameError();
	return { channels, end: end + 2 };
}

function blockSize(code: number, reader: Bits): number {
	if (code === 0) throw new FrameError();
	if (code === 1) return 192;
	if (code < 6) return 576 << (code - 2);
	if (code === 6) return reader.unsigned(8) + 1;
	if (code === 7) return reader.unsigned(16) + 1;
	return 256 << (code - 8);
}

function subframe(reader: Bits, length: number, bits: number): Int32Array {
	if (reader.unsigned(1) !== 0) throw new FrameError();
	const kind = reader.unsigned(6);
	const wasted = reader.unsigned(1) === 1 ? reader.zeros() + 1 : 0;
	const width = bits - wasted;
	if (width < 1) throw new FrameError();
	const values = new Int32Array(length);
	if (kind === 0) values.fill(reader.signed(width));
	else if (kind === 1) for (let i = 0; i < length; i++) values[i] = reader.signed(width);
	else if (kind >= 8 && kind <= 12) fixed(reader, values, width, kind - 8);
	else if (kind >= 32) linear(reader, values, width, kind - 31);
	else throw new FrameError();
	if (wasted > 0) for (let i = 0; i < length; i++) values[i]! <<= wasted;
	return values;
}

/** Coefficients of the polynomials that predict a sample from those before it, the newest first. */
const polynomials = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

function fixed(reader: Bits, values: Int32Array, width: number, order: number): void {
	warmUp(reader, values, width, order);
	residual(reader, values, order);
	predict(values, polynomials[order]!, 0);
}

function linear(reader: Bits, values: Int32Array, width: number, order: number): void {
	warmUp(reader, values, width, order);
	const precision = reader.unsigned(4) + 1;
	const shift = reader.signed(5);
	if (precision === 16 || shift < 0) throw new FrameError();
	const coefficients = Array.from({ length: order }, () => reader.signed(precision));
	residual(reader, values, order);
	predict(values, coefficients, shift);
}

function warmUp(reader: Bits, values: Int32Array, width: number, order: number): void {
	if (order > values.length) throw new FrameError();
	for (let i = 0; i < order; i++) values[i] = reader.signed(width);
}

/** Adds to each sample what those before it predict. Sums stay below 2^53: doubles have them exactly. */
function predict(values: Int32Array, coefficients: readonly number[], shift: number): void {
	const order = coefficients.length;
	const scale = 2 ** shift;
	for (let i = order; i < values.length; i++) {
		let sum = 0;
		for (let k = 0; k < order; k++) sum += coefficients[k]! * values[i - 1 - k]!;
		values[i]! += Math.floor(sum / scale);
	}
}

/** Rice codes, in partitions that each have a parameter of their own. */
function residual(reader: Bits, values: Int32Array, order: number): void {
	const method = reader.unsigned(2);
	if (method > 1) throw new FrameError();
	const width = 4 + method;
	const unpacked = 2 ** width - 1;
	const partitions = 1 << reader.unsigned(4);
	const size = values.length / partitions;
	if (!Number.isInteger(size) || size < order) throw new FrameError();
	for (let partition = 0, i = order; partition < partitions; partition++) {
		const parameter = reader.unsigned(width);
		const end = (partition + 1) * size;
		if (parameter === unpacked) {
			const plain = reader.unsigned(5);
			for (; i < end; i++)
				values[i] = plain > 25 ? reader.signed(plain - 16) * 65536 + reader.unsigned(16) : reader.signed(plain);
			continue;
		}
		for (; i < end; i++) {
			const high = reader.zeros();
			const low =
				parameter > 25 ? reader.unsigned(parameter - 16) * 65536 + reader.unsigned(16) : reader.unsigned(parameter);
			const folded = high * 2 ** parameter + low;
			values[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
		}
	}
}

/** Makes left and right again. */
function undo(assignment: number, [first, second]: readonly Int32Array[]): void {
	if (assignment < LEFT_SIDE || first === undefined || second === undefined) return;
	for (let i = 0; i < first.length; i++) {
		const [a, b] = [first[i]!, second[i]!];
		if (assignment === LEFT_SIDE) second[i] = a - b;
		else if (assignment === SIDE_RIGHT) first[i] = a + b;
		else {
			const middle = 2 * a + (b & 1);
			first[i] = (middle + b) / 2;
			second[i] = (middle - b) / 2;
		}
	}
}

/** CRC-16 of x^16 + x^15 + x^2 + 1, by bytes. */
const remainders = Uint16Array.from({ length: 256 }, (_, byte) => {
	let value = byte << 8;
	for (let bit = 0; bit < 8; bit++) value = value & 0x8000 ? (value << 1) ^ 0x8005 : value << 1;
	return value & 0xffff;
});

function checksum(bytes: Uint8Array, from: number, end: number): number {
	let value = 0;
	for (let i = from; i < end; i++) value = ((value << 8) & 0xffff) ^ remainders[(value >> 8) ^ bytes[i]!]!;
	return value;
}
