/* What a machine's orders are as long as it is well: the mean of each feature over the windows in which it was learned. */
import { crc32 } from "../storage/crc32.ts";

const VERSION = 1;
const HEADER = 8;

export class Means {
	readonly values: Float32Array;
	#count = 0;

	constructor(size: number) {
		this.values = new Float32Array(size);
	}

	/** Windows in the means. */
	get count(): number {
		return this.#count;
	}

	add(window: Int8Array): void {
		const count = ++this.#count;
		const { values } = this;
		for (let i = 0; i < values.length; i++) values[i]! += (window[i]! - values[i]!) / count;
	}

	/** Forgets every window. */
	restart(): void {
		this.#count = 0;
		this.values.fill(0);
	}

	/** Bytes that `write` needs. */
	get bytes(): number {
		return HEADER + 4 * this.values.length + 4;
	}

	/**
	 * Writes the means, to be kept over a restart, little endian: [u8 version][u8 0][u16 count][u32 fingerprint][f32 means]
	 * [u32 CRC-32 of all before].
	 * @param fingerprint of whatever makes the values; only the same one takes the bytes back
	 */
	write(bytes: Uint8Array, fingerprint: number): void {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		view.setUint8(0, VERSION);
		view.setUint16(2, Math.min(this.#count, 0xffff), true);
		view.setUint32(4, fingerprint, true);
		for (let i = 0; i < this.values.length; i++) view.setFloat32(HEADER + 4 * i, this.values[i]!, true);
		const end = bytes.length - 4;
		view.setUint32(end, crc32(bytes.subarray(0, end)), true);
	}

	/** Takes over what `write` wrote; false if it is not that, or of another version, recipe, machine or model. */
	restore(bytes: Uint8Array, fingerprint: number): boolean {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const end = bytes.length - 4;
		if (end !== HEADER + 4 * this.values.length || crc32(bytes.subarray(0, end)) !== view.getUint32(end, true))
			return false;
		if (view.getUint8(0) !== VERSION || view.getUint32(4, true) !== fingerprint) return false;
		for (let i = 0; i < this.values.length; i++) this.values[i] = view.getFloat32(HEADER + 4 * i, true);
		this.#count = view.getUint16(2, true);
		return true;
	}
}
