/*
 * One instance of the kernel's wasm module: the exports of kernel.c, the model and the arena in its memory.
 * The memory is [the module's own | model | layout | arena | packed weights]; it grows when these are placed, never
 * afterwards, so that views of it stay valid for as long as the instance is in use.
 */
import { ModelError, type Place } from "./error.ts";
import { loadModule } from "./load.ts";
import { builtinOperators, elementTypes } from "./operators.ts";

interface Exports {
	readonly memory: WebAssembly.Memory;
	kernel_heap(): number;
	kernel_open(bytes: number, length: number): number;
	kernel_layout_bytes(): number;
	kernel_plan(layout: number): number;
	kernel_arena_bytes(): number;
	kernel_own_bytes(): number;
	kernel_packing_bytes(): number;
	kernel_macs(): number;
	kernel_operator_macs(index: number): number;
	kernel_init(arena: number, bytes: number, rounding: number, packing: number): number;
	kernel_invoke(): void;
	kernel_step(index: number): void;
	kernel_reset(): void;
	kernel_error(): number;
	kernel_counts(): number;
	kernel_graph_input(index: number): number;
	kernel_graph_output(index: number): number;
	kernel_tensor(index: number): number;
	kernel_operator(index: number): number;
	kernel_operator_input(index: number, position: number): number;
	kernel_operator_output(index: number, position: number): number;
}

/** What a model says of one of its tensors. */
export interface TensorInfo {
	readonly index: number;
	readonly name: string;
	readonly type: string;
	readonly shape: readonly number[];
	readonly bytes: number;
	/** Of the first channel; 0 for a tensor that is not quantized. */
	readonly scale: number;
	readonly zeroPoint: number;
	/** How many scales there are: more than 1 when each channel has its own. */
	readonly scales: number;
	/** Its values are in the file. */
	readonly constant: boolean;
}

export interface OperatorInfo {
	readonly index: number;
	/** As in the schema, or a custom operator's own name. */
	readonly name: string;
	readonly version: number;
	/** Whether this kernel has it. */
	readonly supported: boolean;
	/** Multiply-accumulate operations of one run. */
	readonly macs: number;
	/** Tensor numbers; -1 for an input that is left out. */
	readonly inputs: readonly number[];
	readonly outputs: readonly number[];
}

const pageBytes = 65536;
/** The next multiple of 16. */
const aligned = (address: number) => Math.ceil(address / 16) * 16;
let compiled: Promise<WebAssembly.Module> | undefined;

/** The module, compiled once for all interpreters. */
function kernelModule(): Promise<WebAssembly.Module> {
	compiled ??= loadModule().catch((error: unknown) => {
		compiled = undefined;
		throw error;
	});
	return compiled;
}

export class Kernel {
	private readonly exports: Exports;

	private constructor(exports: Exports) {
		this.exports = exports;
	}

	/** Opens a model in a new instance. @throws ModelError when the file is not sound; no-kernel; out-of-memory */
	static async open(bytes: Uint8Array): Promise<Kernel> {
		const instance = await WebAssembly.instantiate(await kernelModule(), {});
		const kernel = new Kernel(instance.exports as unknown as Exports);
		const heap = kernel.exports.kernel_heap();
		kernel.reserve(heap + bytes.length);
		new Uint8Array(kernel.memory, heap).set(bytes);
		kernel.demand(kernel.exports.kernel_open(heap, bytes.length));
		kernel.end = heap + bytes.length;
		return kernel;
	}

	/** Where the model ends in the memory; 0 while it is not known to be sound. */
	private end = 0;
	/** Where the layout ends. */
	private planned = 0;

	get memory(): ArrayBuffer {
		return this.exports.memory.buffer;
	}

	/** Lays the arena out. @throws ModelError when an operator cannot be run */
	plan(): { arenaBytes: number; ownBytes: number; macs: number } {
		const layout = aligned(this.end);
		this.planned = layout + this.exports.kernel_layout_bytes();
		this.reserve(this.planned);
		this.demand(this.exports.kernel_plan(layout));
		return {
			arenaBytes: this.exports.kernel_arena_bytes(),
			ownBytes: this.exports.kernel_own_bytes(),
			macs: this.exports.kernel_macs(),
		};
	}

	/** Makes the interpreter in an arena of so many bytes. @throws ModelError arena-too-small, out-of-memory */
	init(arenaBytes: number, rounding: number): void {
		const arena = aligned(this.planned);
		const packing = aligned(arena + arenaBytes);
		this.reserve(packing + this.exports.kernel_packing_bytes());
		this.demand(this.exports.kernel_init(arena, arenaBytes, rounding, packing));
	}

	invoke(): void {
		this.exports.kernel_invoke();
	}

	step(index: number): void {
		this.exports.kernel_step(index);
	}

	reset(): void {
		this.exports.kernel_reset();
	}

	get counts(): { tensors: number; operators: number; inputs: number; outputs: number } {
		const [tensors = 0, operators = 0, inputs = 0, outputs = 0] = this.words(this.exports.kernel_counts());
		return { tensors, operators, inputs, outputs };
	}

	graphInput(index: number): number {
		return this.exports.kernel_graph_input(index);
	}

	graphOutput(index: number): number {
		return this.exports.kernel_graph_output(index);
	}

	tensor(index: number): TensorInfo {
		const words = this.words(this.exports.kernel_tensor(index));
		const word = (at: number) => words[at] as number;
		return {
			index,
			name: this.text(word(7), word(8)),
			type: elementTypes[word(0)] ?? `type ${word(0)}`,
			shape: Array.from(words.subarray(11, 11 + word(10))),
			bytes: word(1),
			scale: new Float32Array(words.slice(3, 4).buffer)[0] as number,
			zeroPoint: word(4),
			scales: word(2),
			constant: word(6) !== 0,
		};
	}

	/** Where a tensor's values lie in the memory: in the model, or in the arena once there is one. 0: nowhere. */
	address(index: number): number {
		return this.words(this.exports.kernel_tensor(index))[9] as number;
	}

	operator(index: number): OperatorInfo {
		const words = this.words(this.exports.kernel_operator(index)).slice(0, 7);
		const [code = 0, version = 0, supported = 0, inputs = 0, outputs = 0, custom = 0, length = 0] = words;
		const name = builtinOperators[code] ?? `BUILTIN_${code}`;
		return {
			index,
			name: name === "CUSTOM" && custom ? this.text(custom, length) : name,
			version,
			supported: supported !== 0,
			macs: supported ? this.exports.kernel_operator_macs(index) : 0,
			inputs: Array.from({ length: inputs }, (_, k) => this.exports.kernel_operator_input(index, k)),
			outputs: Array.from({ length: outputs }, (_, k) => this.exports.kernel_operator_output(index, k)),
		};
	}

	private reserve(bytes: number): void {
		const missing = Math.ceil((bytes - this.memory.byteLength) / pageBytes);
		if (missing <= 0) return;
		try {
			this.exports.memory.grow(missing);
		} catch {
			throw new ModelError("out-of-memory", `the model and its arena need ${bytes} bytes of wasm memory: too many`);
		}
	}

	private words(address: number): Int32Array {
		return new Int32Array(this.memory, address, 24);
	}

	private text(address: number, length: number): string {
		return new TextDecoder().decode(new Uint8Array(this.memory, address, length).slice());
	}

	private demand(code: number): void {
		if (!code) return;
		const words = this.words(this.exports.kernel_error()).slice(0, 7);
		const [, operator = -1, tensor = -1, offset = 0, value = 0, name = 0, sentence = 0] = words;
		const bytes = new Uint8Array(this.memory);
		const read = (at: number) => this.text(at, bytes.indexOf(0, at) - at);
		const place: Place = {};
		if (operator >= 0) place.operator = operator;
		if (tensor >= 0) place.tensor = tensor;
		if (offset) place.offset = offset;
		let message = read(sentence);
		if (!this.end) {
			// A file that is not sound has no operators to name.
		} else if (read(name) === "unsupported-operator") {
			message = `operator ${operator}: ${this.operator(operator).name} (built-in ${value}) is not supported by this kernel`;
		} else if (operator >= 0) {
			message = message.replace(/^operator (\d+)/, (whole) => `${whole} (${this.operator(operator).name})`);
		}
		throw new ModelError(read(name), message, place);
	}
}
