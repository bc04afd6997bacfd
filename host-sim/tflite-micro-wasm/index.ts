/*
 * A TFLite-Micro-compatible interpreter in WebAssembly: the kernel that runs on the devices, for Node and browsers.
 *
 *     const interpreter = await Interpreter.create(bytes);
 *     interpreter.inputs[0].data.set(features);
 *     interpreter.invoke();
 *     console.log(interpreter.outputs[0].data);
 */
import { ModelError } from "./error.ts";
import { Kernel, type OperatorInfo, type TensorInfo } from "./kernel.ts";

export { ModelError, type Place } from "./error.ts";
export type { OperatorInfo, TensorInfo } from "./kernel.ts";

export type Rounding = "double" | "single";
export type TensorData =
	| (Int8Array | Uint8Array | Int16Array | Int32Array | Uint32Array | Float32Array)
	| (BigInt64Array | BigUint64Array);

export interface Options {
	/** How int8 results are rounded: "double" as TFLite Micro does (the default), "single" as XNNPACK does. */
	rounding?: Rounding;
	/** Bytes of the arena; what the model needs when left out. */
	arenaBytes?: number;
}

const views = {
	int8: Int8Array,
	uint8: Uint8Array,
	bool: Uint8Array,
	int16: Int16Array,
	int32: Int32Array,
	uint32: Uint32Array,
	int64: BigInt64Array,
	uint64: BigUint64Array,
	float32: Float32Array,
} as const;

/** An input or output of a model, over the arena. */
export class Tensor implements TensorInfo {
	readonly index: number;
	readonly name: string;
	readonly type: string;
	readonly shape: readonly number[];
	readonly bytes: number;
	readonly scale: number;
	readonly zeroPoint: number;
	readonly scales: number;
	readonly constant: boolean;
	private readonly view: () => TensorData;

	constructor(info: TensorInfo, view: () => TensorData) {
		this.index = info.index;
		this.name = info.name;
		this.type = info.type;
		this.shape = info.shape;
		this.bytes = info.bytes;
		this.scale = info.scale;
		this.zeroPoint = info.zeroPoint;
		this.scales = info.scales;
		this.constant = info.constant;
		this.view = view;
	}

	/**
	 * The values, in place: not a copy. They are those of this tensor after `invoke` for an output, until `invoke` for an
	 * input, whose memory the run uses again: write inputs before every run. @throws ModelError closed
	 */
	get data(): TensorData {
		return this.view();
	}
}

export class Interpreter {
	readonly inputs: readonly Tensor[];
	readonly outputs: readonly Tensor[];
	readonly operators: readonly OperatorInfo[];
	/** Bytes that an arena for this model must have on a 32-bit device. */
	readonly arenaBytes: number;
	/** Multiply-accumulate operations of one run. */
	readonly macs: number;
	private kernel: Kernel | undefined;

	private constructor(kernel: Kernel, arenaBytes: number, macs: number) {
		const { operators, inputs, outputs } = kernel.counts;
		this.kernel = kernel;
		this.arenaBytes = arenaBytes;
		this.macs = macs;
		this.operators = Array.from({ length: operators }, (_, i) => kernel.operator(i));
		this.inputs = Array.from({ length: inputs }, (_, i) => this.tensor(kernel.graphInput(i)));
		this.outputs = Array.from({ length: outputs }, (_, i) => this.tensor(kernel.graphOutput(i)));
	}

	/**
	 * Makes an interpreter of a .tflite file, which is copied once into its memory.
	 * @throws ModelError when the file is damaged, or holds what the kernel cannot run; arena-too-small
	 */
	static async create(bytes: Uint8Array, options: Options = {}): Promise<Interpreter> {
		const kernel = await Kernel.open(bytes);
		const { arenaBytes, macs } = kernel.plan();
		kernel.init(options.arenaBytes ?? arenaBytes, options.rounding === "single" ? 1 : 0);
		return new Interpreter(kernel, arenaBytes, macs);
	}

	/** Runs the model on what is in its inputs. @throws ModelError closed */
	invoke(): void {
		this.open().invoke();
	}

	/**
	 * Runs one operator; all in turn are an `invoke`. Between them, `tensor` looks at what they made.
	 * @throws ModelError closed, bad-index
	 */
	step(operator: number): void {
		if (!this.operators[operator]) throw new ModelError("bad-index", `no operator ${operator}`, { operator });
		this.open().step(operator);
	}

	/** Any tensor of the model by its number, as it is now. @throws ModelError closed, bad-index, unsupported-type */
	tensor(index: number): Tensor {
		const kernel = this.open();
		if (!(index >= 0 && index < kernel.counts.tensors)) {
			throw new ModelError("bad-index", `no tensor ${index}: the model has ${kernel.counts.tensors}`, {
				tensor: index,
			});
		}
		const info = kernel.tensor(index);
		const address = kernel.address(index);
		return new Tensor(info, () => {
			const View = views[info.type as keyof typeof views];
			if (!View || !address) {
				throw new ModelError("unsupported-type", `tensor ${index} (${info.type}) has no values to show`, {
					tensor: index,
				});
			}
			return new View(this.open().memory, address, info.bytes / View.BYTES_PER_ELEMENT);
		});
	}

	/** Forgets everything: as just made. @throws ModelError closed */
	reset(): void {
		this.open().reset();
	}

	/** Gives the memory back; whatever is used afterwards throws `closed`. */
	close(): void {
		this.kernel = undefined;
	}

	private open(): Kernel {
		if (!this.kernel) throw new ModelError("closed", "this interpreter is closed: create another one");
		return this.kernel;
	}
}

/** What a model holds, whether or not this kernel can run it. */
export interface Description {
	readonly tensors: readonly TensorInfo[];
	readonly operators: readonly OperatorInfo[];
	readonly inputs: readonly TensorInfo[];
	readonly outputs: readonly TensorInfo[];
	/** What running it takes, when it can be run: bytes of the arena, of these the interpreter's own, and operations. */
	readonly plan?: { readonly arenaBytes: number; readonly ownBytes: number; readonly macs: number };
	/** Why it cannot be run. */
	readonly problem?: ModelError;
}

/** Looks into a .tflite file without running it. @throws ModelError when the file is damaged */
export async function describe(bytes: Uint8Array): Promise<Description> {
	const kernel = await Kernel.open(bytes);
	const { tensors, operators, inputs, outputs } = kernel.counts;
	const description = {
		tensors: Array.from({ length: tensors }, (_, i) => kernel.tensor(i)),
		operators: Array.from({ length: operators }, (_, i) => kernel.operator(i)),
		inputs: Array.from({ length: inputs }, (_, i) => kernel.tensor(kernel.graphInput(i))),
		outputs: Array.from({ length: outputs }, (_, i) => kernel.tensor(kernel.graphOutput(i))),
	};
	try {
		return { ...description, plan: kernel.plan() };
	} catch (error) {
		if (error instanceof ModelError) return { ...description, problem: error };
		throw error;
	}
}
