/** The data area of a device's flash as the chip behaves: erased bytes are 0xff, writing clears bits, erasing takes sectors. */
export class Flash {
	readonly bytes: Uint8Array;
	readonly sector: number;

	constructor(bytes: Uint8Array, sector: number) {
		this.bytes = bytes;
		this.sector = sector;
	}

	#inside(offset: number, length: number): boolean {
		return offset >= 0 && length >= 0 && offset + length <= this.bytes.length;
	}

	/** false when the range is not inside, as for write and erase. */
	read(offset: number, to: Uint8Array): boolean {
		if (!this.#inside(offset, to.length)) return false;
		to.set(this.bytes.subarray(offset, offset + to.length));
		return true;
	}

	write(offset: number, from: Uint8Array): boolean {
		if (!this.#inside(offset, from.length)) return false;
		for (let i = 0; i < from.length; i++) this.bytes[offset + i]! &= from[i]!;
		return true;
	}

	erase(offset: number, length: number): boolean {
		if (!this.#inside(offset, length) || offset % this.sector || length % this.sector) return false;
		this.bytes.fill(0xff, offset, offset + length);
		return true;
	}
}
