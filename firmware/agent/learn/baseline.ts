/* What is usual for this machine: the mean and the deviation of each value that is measured of a window. It is learned from
   the machine's own first windows, by Welford's method in one pass and without keeping them. One knock among them must not
   widen what counts as usual: from the PLAIN-th window on, a value that lies far out is pulled in to WINSOR deviations. */
import { Fault } from "../fault.ts";
import { crc32 } from "../storage/crc32.ts";

/** Windows that are taken as they are: before them a deviation means little. */
const PLAIN = 8;
const WINSOR = 3;

const VERSION = 1;
const HEADER = 8;

export class Baseline {
	readonly mean: Float32Array;
	/** Never 0: at least the floor of that value. */
	readonly deviation: Float32Array;

	/** @param size values a window */
	constructor(size: number) {
		this.mean = new Float32Array(size);
		this.deviation = new Float32Array(size);
	}

	/** The length of `toBytes` of so many values. */
	static bytesOf(size: number): number {
		return HEADER + 8 * size + 4;
	}

	/**
	 * The baseline as bytes, to be kept over a restart, at the start of a new array; little endian: [u8 version][u8 0][u16 size][u32 fingerprint]
	 * [f32 means][f32 deviations][u32 CRC-32 of all before].
	 * @param fingerprint of whatever makes the values; only the same one takes the bytes back
	 * @param room bytes of the array behind the baseline's
	 */
	toBytes(fingerprint: number, room = 0): Uint8Array {
		const size = this.mean.length;
		const bytes = new Uint8Array(Baseline.bytesOf(size) + room);
		const view = new DataView(bytes.buffer);
		view.setUint8(0, VERSION);
		view.setUint16(2, size, true);
		view.setUint32(4, fingerprint, true);
		for (let i = 0; i < size; i++) {
			view.setFloat32(HEADER + 4 * i, this.mean[i]!, true);
			view.setFloat32(HEADER + 4 * (size + i), this.deviation[i]!, true);
		}
		const end = Baseline.bytesOf(size) - 4;
		view.setUint32(end, crc32(bytes.subarray(0, end)), true);
		return bytes;
	}

	/**
	 * The baseline that `toBytes` wrote.
	 * @param size values a window that are asked for
	 * @throws Fault `baseline-corrupt` when the bytes are not what was written, `baseline-foreign` when another version of the
	 * agent, another recipe or another model made them
	 */
	static fromBytes(bytes: Uint8Array, size: number, fingerprint: number): Baseline {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const end = bytes.length - 4;
		if (end < HEADER || crc32(bytes.subarray(0, end)) !== view.getUint32(end, true))
			throw new Fault("baseline-corrupt", `the baseline's ${bytes.length} bytes do not match their CRC-32`);
		const foreign = (what: string) => new Fault("baseline-foreign", `the baseline ${what}`);
		if (view.getUint8(0) !== VERSION) throw foreign(`has version ${view.getUint8(0)}, this agent reads ${VERSION}`);
		if (view.getUint16(2, true) !== size || bytes.length !== Baseline.bytesOf(size))
			throw foreign(`has ${view.getUint16(2, true)} values in ${bytes.length} bytes, this model needs ${size} values`);
		if (view.getUint32(4, true) !== fingerprint) throw foreign("was learned with another model or another recipe");
		const baseline = new Baseline(size);
		for (let i = 0; i < size; i++) {
			baseline.mean[i] = view.getFloat32(HEADER + 4 * i, true);
			const deviation = view.getFloat32(HEADER + 4 * (size + i), true);
			if (!(deviation > 0)) throw new Fault("baseline-corrupt", `the baseline's deviation ${i} is ${deviation}`);
			baseline.deviation[i] = deviation;
		}
		return baseline;
	}
}

/** Makes a baseline, window by window; it can be used while it grows, once two windows are in it. */
export class Learning {
	readonly baseline: Baseline;
	readonly #floors: Float32Array;
	/** Sums of squared deviations from the mean. */
	readonly #squares: Float32Array;
	#count = 0;

	/** @param floors of each value, the smallest deviation that counts as one, above 0 */
	constructor(floors: Float32Array) {
		this.baseline = new Baseline(floors.length);
		this.#floors = floors;
		this.#squares = new Float32Array(floors.length);
	}

	/** Windows in the baseline. */
	get count(): number {
		return this.#count;
	}

	add(values: Float32Array): void {
		const { mean, deviation } = this.baseline;
		const squares = this.#squares;
		const pull = this.#count >= PLAIN;
		const count = ++this.#count;
		for (let i = 0; i < squares.length; i++) {
			let step = values[i]! - mean[i]!;
			if (pull) {
				const reach = WINSOR * deviation[i]!;
				step = Math.min(Math.max(step, -reach), reach);
			}
			const moved = step / count;
			mean[i]! += moved;
			const square = squares[i]! + step * (step - moved);
			squares[i] = square;
			const spread = count > 1 ? Math.sqrt(square / (count - 1)) : 0;
			deviation[i] = Math.max(spread, this.#floors[i]!);
		}
	}

	/** Forgets every window. */
	restart(): void {
		this.#count = 0;
		this.#squares.fill(0);
		this.baseline.mean.fill(0);
	}
}
