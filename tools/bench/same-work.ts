/*
 * Whether two runtimes do the same work: the same inputs give the same outputs. XNNPACK rounds once where TFLite Micro
 * rounds twice, so others are held to our kernel with single rounding; and as releases of XNNPACK differ in the last
 * bit of a layer, a step of quantization at the end is no difference.
 */
import type { Tensor } from "../../host-sim/tflite-micro-wasm/index.ts";
import type { Runner } from "./runtime.ts";

type Elements = (bytes: Uint8Array) => ArrayLike<number>;

const view =
	<T>(View: new (buffer: ArrayBufferLike, offset: number, length: number) => T, size: number) =>
	({ buffer, byteOffset, byteLength }: Uint8Array) =>
		new View(buffer, byteOffset, byteLength / size);

const elements: Record<string, Elements> = {
	int8: view(Int8Array, 1),
	uint8: view(Uint8Array, 1),
	int16: view(Int16Array, 2),
	int32: view(Int32Array, 4),
	float32: view(Float32Array, 4),
};

/** Of float outputs; relative to the largest. */
const floatStep = 1e-5;

/**
 * Inputs for a model: random, but the same for each run and for all tensors of a type and size, because runtimes differ
 * in the order of inputs.
 */
export function inputValues({ type, bytes }: Pick<Tensor, "type" | "bytes">): Uint8Array {
	let state = 0x2545f491;
	const random = () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 0;
	};
	if (type === "float32")
		return new Uint8Array(Float32Array.from({ length: bytes / 4 }, () => random() / 2 ** 31 - 1).buffer);
	if (type === "int8" || type === "uint8" || type === "int16") return Uint8Array.from({ length: bytes }, random);
	return new Uint8Array(bytes); // Of other types are indices and switches.
}

/** Writes to each input the values for its size. @returns whether there were values for all */
export function write(runner: Runner, values: readonly Uint8Array[]): boolean {
	let known = true;
	for (const input of runner.inputs()) {
		const of = values.find(({ length }) => length === input.length);
		if (of) input.set(of);
		else known = false;
	}
	return known;
}

/**
 * How far outputs are from ours, in steps of quantization; for floats in hundred-thousandths of the largest value.
 * Outputs are matched by size, and among those of one size with the nearest, because runtimes differ in their order.
 * @returns infinity when they have another size
 */
export function distance(ours: readonly Uint8Array[], types: readonly string[], theirs: readonly Uint8Array[]): number {
	if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
	const between = (mine: Uint8Array, type: string, other: Uint8Array) => {
		const read = elements[type] ?? (({ buffer }: Uint8Array) => new Uint8Array(buffer));
		const [a, b] = [Array.from(read(mine)), Array.from(read(other))];
		const step = type === "float32" ? floatStep * Math.max(1e-30, ...a.map(Math.abs)) : 1;
		return Math.max(0, ...a.map((value, i) => Math.abs(value - b[i]!) / step));
	};
	return Math.max(
		...ours.map((mine, i) =>
			Math.min(
				Number.POSITIVE_INFINITY,
				...theirs.filter(({ length }) => length === mine.length).map((other) => between(mine, types[i]!, other)),
			),
		),
	);
}
