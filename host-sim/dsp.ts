/*
 * The device's signal processing on the host: the same C as wasm (built by tools/build/dsp.ts). LogMel and Spectrum have
 * the methods of the native faces in firmware/native/dsp/dsp.ts, so that the agent's pipelines run on them in Node;
 * hear() stands for the sensor.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LogMelRecipe, OrdersRecipe, SpectrumRecipe, Turning } from "../firmware/native/dsp/recipe.ts";

export type { LogMelRecipe, OrdersRecipe, SpectrumRecipe, Turning };

const built = fileURLToPath(new URL("../build/dsp/dsp.wasm", import.meta.url));

/** A recipe that the C refuses; `code` in kebab case, as recipe.h has them. */
export class RecipeError extends RangeError {
	readonly code: string;
	constructor(code: string, text: string, recipe: object) {
		super(`${code}: ${text}; the recipe is ${JSON.stringify(recipe)}`);
		this.name = "RecipeError";
		this.code = code;
	}
}

let compiled: WebAssembly.Module | undefined;

function builtModule(): WebAssembly.Module {
	if (!existsSync(built)) throw new Error(`dsp-missing: ${built} is not there: run \`npx tsx tools/build/dsp.ts\``);
	compiled ??= new WebAssembly.Module(readFileSync(built));
	return compiled;
}

type CFunction = (...args: (number | bigint)[]) => number | bigint;

/** An instance of the C with a memory that is handed out from the bottom up and never given back. */
export class Dsp {
	readonly #exports: WebAssembly.Exports;
	#top: number;

	constructor(module = builtModule()) {
		this.#exports = new WebAssembly.Instance(module, {}).exports;
		this.#top = (this.#exports.__heap_base as WebAssembly.Global).value;
	}

	get memory(): ArrayBuffer {
		return (this.#exports.memory as WebAssembly.Memory).buffer;
	}

	/** Address of new memory, 16-byte aligned, cleared. Views made before may be detached. */
	allocate(bytes: number): number {
		const at = (this.#top + 15) & ~15;
		this.#top = at + bytes;
		const missing = this.#top - this.memory.byteLength;
		if (missing > 0) (this.#exports.memory as WebAssembly.Memory).grow(Math.ceil(missing / 65536));
		return at;
	}

	/** Calls a C function; arguments of 64 bits are given as bigint, results of 64 bits must fit a number. */
	call(name: string, ...args: (number | bigint)[]): number {
		return Number((this.#exports[name] as CFunction)(...args));
	}

	text(at: number): string {
		const bytes = new Uint8Array(this.memory, at);
		return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString("latin1");
	}
}

const fixed = (value: number, one: number) => Math.floor(value * one + 0.5);

/** Index of a choice, or one that the C refuses. */
const choice = (choices: readonly string[], value: string | undefined) => {
	const index = value === undefined ? 0 : choices.indexOf(value);
	return index < 0 ? choices.length : index;
};

/** The C structure logmel_recipe. */
function logmelFields(r: LogMelRecipe): number[] {
	const emphasis = fixed(r.emphasis ?? 0, 32768);
	return [
		r.rate,
		r.window,
		r.hop,
		r.bins,
		r.low,
		r.high,
		r.frames,
		emphasis,
		fixed(r.scale, 65536),
		fixed(r.offset, 65536),
	];
}

/** The C structure spectrum_recipe. */
function spectrumFields(r: SpectrumRecipe): number[] {
	const spacing = choice(["linear", "log", "mel"], r.spacing);
	const level = choice(["absolute", "relative"], r.level);
	const e = r.envelope ?? { bands: 0, low: 0, high: 0, top: 0, scale: 0, offset: 0 };
	return [
		...[r.rate, r.window, r.hop, r.bands, r.low, r.high, spacing, level, fixed(r.scale, 65536), fixed(r.offset, 65536)],
		...[e.bands, e.low, e.high, e.top, fixed(e.scale, 65536), fixed(e.offset, 65536)],
	];
}

/** The C structure orders_recipe. */
function ordersFields(rate: number, o: OrdersRecipe & Turning): number[] {
	return [rate, ...o.edges, ...[o.scale, o.shaft, o.bpfo, o.bpfi, o.bsf, o.ftf].map((value) => fixed(value, 65536))];
}

const TAP_BYTES = 24;
const RING_BYTES = 24;
const MOMENTS_BYTES = 12;
/** Features in orders of the shaft. */
export const ORDERS_SIZE = 124;
/** Samples that are handed to the C at a time. */
const CHUNK = 4096;

/** Puts the fields of a recipe into memory and lets the C look at them; their address. @throws RecipeError */
function checked(dsp: Dsp, kind: string, recipe: object, fields: number[]): number {
	const at = dsp.allocate(4 * fields.length);
	new Int32Array(dsp.memory, at, fields.length).set(fields);
	const whole = fields.every((field) => Number.isInteger(field));
	if (!whole) throw new RecipeError("recipe-number", "a number is missing or should be whole", recipe);
	const error = dsp.call(`${kind}_check`, at);
	if (!error) return at;
	const [code, text] = ["recipe_code", "recipe_text"].map((name) => dsp.text(dsp.call(name, error)));
	throw new RecipeError(code as string, text as string, recipe);
}

/** What LogMel and Spectrum share: a ring, and a tap on it. */
class Features {
	protected readonly dsp: Dsp;
	protected readonly state: number;
	/** Bytes of memory that the C took for its state: what a device takes of its pool. */
	readonly stateBytes: number;
	/** Bytes of features that read() writes. */
	readonly size: number;
	readonly #ring: number;
	protected readonly tap: number;
	readonly #chunk: number;
	/** Where the C puts what it returns: features, logs, moments. */
	protected readonly result: number;

	constructor(
		kind: "logmel" | "spectrum",
		recipe: object,
		fields: number[],
		ring: number,
		module?: WebAssembly.Module,
		orders?: { recipe: object; fields: number[] },
	) {
		const dsp = new Dsp(module);
		const make = (of: string, recipe: object, fields: number[]) => {
			const at = checked(dsp, of, recipe, fields);
			const bytes = dsp.call(`${of}_bytes`, at);
			return { bytes, at: dsp.call(`${of}_init`, dsp.allocate(bytes), bytes, at) };
		};
		this.dsp = dsp;
		const state = make(kind, recipe, fields);
		const beside = orders && make("orders", orders.recipe, orders.fields);
		this.state = state.at;
		this.stateBytes = state.bytes + (beside?.bytes ?? 0);
		this.#ring = dsp.allocate(RING_BYTES);
		dsp.call("ring_init", this.#ring, dsp.allocate(2 * ring), ring);
		this.tap = dsp.allocate(TAP_BYTES);
		const states = kind === "logmel" ? [this.state, 0] : [0, this.state];
		dsp.call("tap_init", this.tap, this.#ring, ...states, beside?.at ?? 0);
		this.size = dsp.call("tap_size", this.tap);
		this.result = dsp.allocate(Math.max(2 * this.size, MOMENTS_BYTES, ORDERS_SIZE));
		this.#chunk = dsp.allocate(2 * CHUNK);
	}

	/** Puts samples into the ring, as the sensor's driver does; what is not pulled in time is lost. */
	hear(samples: Int16Array): void {
		this.#inChunks(samples, (count) => this.dsp.call("ring_write", this.#ring, this.#chunk, count));
	}

	/** As the native face: takes what the ring holds, up to the end of the `max`-th new frame or window. */
	pull(max = -1): number {
		return this.dsp.call("tap_pull", this.tap, max);
	}

	/** Takes samples (a buffer of int16, little-endian) directly; how many frames or windows were completed. */
	push(samples: ArrayBuffer | Int16Array): number {
		const whole = samples instanceof Int16Array ? samples : new Int16Array(samples);
		let completed = 0;
		this.#inChunks(whole, (count) => {
			completed += this.dsp.call("tap_push", this.tap, this.#chunk, count);
		});
		return completed;
	}

	/** Writes the features, int8. @throws RangeError when the buffer's length is not theirs */
	read(into: ArrayBuffer): void {
		if (into.byteLength !== this.size)
			throw new RangeError(`features: the buffer has ${into.byteLength} bytes, the features are ${this.size}`);
		new Int8Array(into).set(this.features());
	}

	/** A copy of the features. */
	features(): Int8Array {
		this.dsp.call("tap_read", this.tap, this.result, this.size);
		return new Int8Array(this.dsp.memory, this.result, this.size).slice();
	}

	/** Samples that the ring dropped so far. */
	lost(): number {
		return Number(new BigUint64Array(this.dsp.memory, this.tap + 16, 1)[0]);
	}

	/** Samples since the start, lost ones included, at the end of the newest features. */
	position(): number {
		return this.dsp.call("tap_position", this.tap);
	}

	/** As the native face has it; here memory is the garbage collector's. */
	close(): void {}

	#inChunks(samples: Int16Array, take: (count: number) => void): void {
		for (let at = 0; at < samples.length; at += CHUNK) {
			const chunk = samples.subarray(at, at + CHUNK);
			new Int16Array(this.dsp.memory, this.#chunk, CHUNK).set(chunk);
			take(chunk.length);
		}
	}
}

/** Log-mel features of sound. `ring` is the capacity in samples, a power of two. */
export class LogMel extends Features {
	/** @throws RecipeError */
	constructor(recipe: LogMelRecipe, ring = 4096, module?: WebAssembly.Module) {
		super("logmel", recipe, logmelFields(recipe), ring, module);
	}
}

/** Spectra of vibration. `ring` is the capacity in samples, a power of two. */
export class Spectrum extends Features {
	/** @throws RecipeError */
	constructor(recipe: SpectrumRecipe, orders?: OrdersRecipe & Turning, ring = 4096, module?: WebAssembly.Module) {
		const beside = orders && { recipe: orders, fields: ordersFields(recipe.rate, orders) };
		super("spectrum", recipe, spectrumFields(recipe), ring, module, beside);
	}

	/** As the native face: writes the features in orders of a window that is new; false if there is none. */
	orders(into: ArrayBuffer): boolean {
		if (this.dsp.call("tap_read_orders", this.tap, this.result, ORDERS_SIZE) === 0) return false;
		new Int8Array(into).set(new Int8Array(this.dsp.memory, this.result, ORDERS_SIZE));
		return true;
	}

	/** Of the last window, around its mean, in counts. */
	rms(): number {
		return this.#moment(0) / 4096;
	}

	/** Pearson's: 3 for Gaussian noise. */
	kurtosis(): number {
		return this.#moment(1) / 65536;
	}

	/** Peak / RMS. */
	crest(): number {
		return this.#moment(2) / 65536;
	}

	/** log2 of the bands' energies before normalising, scaling and rounding. */
	logs(): number[] {
		this.dsp.call("spectrum_logs", this.state, this.result, this.size);
		return Array.from(new Int16Array(this.dsp.memory, this.result, this.size), (log) => log / 256);
	}

	#moment(index: number): number {
		this.dsp.call("spectrum_moments", this.result, this.state);
		return new Uint32Array(this.dsp.memory, this.result, 3)[index] as number;
	}
}
