/* NOR flash as strict as the real one, for the agent in Node: writes clear bits only, erase takes whole blocks, and power
   may fail in the middle of either and leave any part of it done. */
import type { FlashPartition } from "embedded:storage/flash";

export class PowerLoss extends Error {
	constructor() {
		super("power is lost");
	}
}

export class Flash implements FlashPartition {
	readonly bytes: Uint8Array;
	readonly blockLength: number;
	/** How often each block was erased. */
	readonly erased: number[];
	/** Bytes written since the beginning. */
	written = 0;
	#cut: { operations: number; random: () => number } | undefined;
	#off = false;

	constructor(size: number, blockLength: number) {
		this.bytes = new Uint8Array(size).fill(0xff);
		this.blockLength = blockLength;
		this.erased = new Array<number>(size / blockLength).fill(0);
	}

	/** Lets power fail during the write or erase that comes after `operations` others; `seed` says what is done of it. */
	cutAfter(operations: number, seed: number): void {
		this.#cut = { operations, random: xorshift(seed) };
	}

	/** Power is back, and nothing is going to cut it. */
	power(): void {
		this.#off = false;
		this.#cut = undefined;
	}

	status() {
		return { size: this.bytes.length, blockLength: this.blockLength };
	}

	read(buffer: Uint8Array, offset: number): void {
		this.#check(offset, buffer.length);
		buffer.set(this.bytes.subarray(offset, offset + buffer.length));
	}

	write(buffer: Uint8Array, offset: number): void {
		this.#check(offset, buffer.length);
		for (let i = 0; i < buffer.length; i++)
			if (buffer[i]! & ~this.bytes[offset + i]!) throw new Error(`write sets bits of the byte at ${offset + i}`);
		const random = this.#takeCut();
		// A prefix, a torn byte, and perhaps single bits behind it: pages are programmed in parallel.
		const whole = random ? Math.floor(random() * (buffer.length + 1)) : buffer.length;
		const scattered = random && random() < 0.5;
		for (let i = 0; i < buffer.length; i++) {
			const spared = i < whole || !random ? 0 : i === whole || scattered ? Math.floor(random() * 256) : 0xff;
			this.bytes[offset + i]! &= buffer[i]! | spared;
		}
		this.written += buffer.length;
		if (random) this.#lose();
	}

	eraseBlock(block: number): void {
		const start = block * this.blockLength;
		this.#check(start, this.blockLength);
		const random = this.#takeCut();
		const share = random ? random() : 1;
		for (let i = start; i < start + this.blockLength; i++)
			this.bytes[i]! |= !random || random() < share ? 0xff : Math.floor(random() * 256);
		this.erased[block]!++;
		if (random) this.#lose();
	}

	close(): void {}

	#check(offset: number, length: number): void {
		if (this.#off) throw new PowerLoss();
		if (!Number.isInteger(offset) || offset < 0 || offset + length > this.bytes.length)
			throw new RangeError(`flash has no bytes ${offset}..${offset + length}`);
	}

	#takeCut(): (() => number) | undefined {
		return this.#cut && this.#cut.operations-- === 0 ? this.#cut.random : undefined;
	}

	#lose(): never {
		this.#off = true;
		throw new PowerLoss();
	}
}

/** Numbers from 0 to 1, the same for the same seed. */
function xorshift(seed: number): () => number {
	let state = seed | 0 || 1;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
}

/** The partitions of the device under test, by name. */
export const partitions = new Map<string, Flash>();

export default {
	open({ path }: { path: string }): FlashPartition {
		const partition = partitions.get(path);
		if (!partition) throw new Error(`flash: there is no partition ${path}`);
		return partition;
	},
};
