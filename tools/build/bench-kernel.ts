/*
 * The kernel on an emulated microcontroller: instructions of an inference, of each operator and of the start, and whether
 * the outputs are those that they should be; and how many bytes of flash the kernel takes.
 *
 * Each model becomes a bare image of its own (firmware/bench). The emulator executes one instruction a nanosecond, so the
 * board's own clocks count instructions, not time: the figures are exact and the same on every machine with the same
 * compiler. What they leave out is what makes a real board slower: wait states of the flash, and instructions that take
 * more than one cycle.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Interpreter } from "../../host-sim/tflite-micro-wasm/index.ts";
import { type BareBoard, blobObject, compileBare, emulate, flashBytes, linkBare } from "./bare.ts";
import { root, writeWhole } from "./clang.ts";
import { kernelSources } from "./kernel.ts";

const folder = "firmware/native/tflm";
const include = [folder, "firmware/bench"];
const output = (board: string) => join(root, "build/bench", board);

export interface OperatorCount {
	readonly name: string;
	readonly instructions: number;
}

export interface KernelCount {
	readonly model: string;
	/** Multiply-accumulate operations of one inference. */
	readonly macs: number;
	/** Instructions of one inference. */
	readonly instructions: number;
	/** Instructions of tflm_open, tflm_plan and tflm_init together. */
	readonly start: number;
	/** Bytes of the arena, which is the least that the kernel accepts. */
	readonly arena: number;
	/** Bytes of the stack, those of the bench's own main included. */
	readonly stack: number;
	/** What the outputs were compared with: TFLite Micro's own, or those of the kernel as wasm. */
	readonly oracle: "golden" | "wasm";
	/** Whether all bytes of all outputs were the same. */
	readonly same: boolean;
	/** Empty unless asked for. */
	readonly operators: readonly OperatorCount[];
}

const list = (path: string) =>
	readdirSync(join(root, path))
		.sort()
		.map((name) => `${path}/${name}`);

async function kernelObjects(board: BareBoard, flags: readonly string[], extra: readonly string[]): Promise<string[]> {
	const headers = [...include, `${folder}/ops`];
	return compileBare(board, { sources: [...kernelSources(), ...extra], include, headers, flags });
}

interface Vectors {
	/** Bytes of all inputs of each vector, one after the other. */
	readonly inputs: Uint8Array[];
	/** The same of the outputs; undefined when nobody has recorded any. */
	readonly outputs?: Uint8Array[];
}

/** Vectors of TFLite Micro beside the model, as the conformance files have them (../golden/NAME.gld). */
function goldenVectors(path: string): Vectors | undefined {
	let bytes: Buffer;
	try {
		bytes = readFileSync(join(dirname(path), "../golden", basename(path).replace(/\.tflite$/, ".gld")));
	} catch {
		return undefined;
	}
	const [count = 0, inputs = 0, outputs = 0] = [8, 12, 16].map((at) => bytes.readUInt32LE(at));
	const sizes = Array.from({ length: inputs + outputs }, (_, i) => bytes.readUInt32LE(24 + 8 * i));
	const types = Array.from({ length: inputs + outputs }, (_, i) => bytes.readUInt32LE(20 + 8 * i));
	const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
	const [inputBytes, all] = [sum(sizes.slice(0, inputs)), sum(sizes)];
	const first = 20 + 8 * sizes.length;
	const rows = Array.from({ length: count }, (_, i) => bytes.subarray(first + i * all, first + (i + 1) * all));
	const float32 = 1; // equal to a tolerance only
	return {
		inputs: rows.map((row) => row.subarray(0, inputBytes)),
		...(types.slice(inputs).includes(float32) ? {} : { outputs: rows.map((row) => row.subarray(inputBytes)) }),
	};
}

/** Inputs that look like noise, always the same. */
function noise(interpreter: Interpreter, vectors: number): Uint8Array[] {
	let state = 1;
	const next = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state;
	};
	return Array.from({ length: vectors }, () =>
		Buffer.concat(
			interpreter.inputs.map(({ type, bytes }) =>
				type === "float32"
					? new Uint8Array(Float32Array.from({ length: bytes / 4 }, () => next() / 2 ** 31 - 1).buffer)
					: Uint8Array.from({ length: bytes }, () => next() >>> 24),
			),
		),
	);
}

const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** What the kernel as wasm makes of the inputs. */
function wasmOutputs(interpreter: Interpreter, inputs: readonly Uint8Array[]): Uint8Array[] {
	return inputs.map((row) => {
		interpreter.reset();
		let at = 0;
		for (const input of interpreter.inputs) {
			bytesOf(input.data).set(row.subarray(at, at + input.bytes));
			at += input.bytes;
		}
		interpreter.invoke();
		return Buffer.concat(interpreter.outputs.map(({ data }) => bytesOf(data)));
	});
}

/** The FNV-1a hash of 32 bits, as the images print it. */
export function fnv1a(bytes: Uint8Array): number {
	let hash = 0x811c9dc5;
	for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
	return hash;
}

/** Assembly of words under a symbol. */
const words = (symbol: string, ...values: (number | string)[]) => [
	`.global ${symbol}`,
	`${symbol}: .word ${values.join(", ")}`,
];

/** Links the program with the kernel at -O2, runs it, and splits what it says into lines of words. */
async function runImage(
	name: string,
	board: BareBoard,
	program: string,
	blobs: string,
	image: string,
): Promise<string[][]> {
	const port = list(board.port).filter((file) => file.endsWith(".c"));
	const objects = await kernelObjects(board, ["-O2"], [...port, program, "firmware/bench/lines.c"]);
	await linkBare(board, [...objects, blobs], image, [`-T${board.port}/${name}.ld`]);
	const lines = (await emulate(board, image)).trim().split("\n");
	return lines.map((line) => line.trim().split(" "));
}

/** A model with inputs. */
export interface ReplayCase {
	readonly model: Uint8Array;
	/** Bytes of all inputs of each vector, one after the other. */
	readonly inputs: readonly Uint8Array[];
	readonly rounding: "double" | "single";
	/** Whether state is kept from one vector to the next. */
	readonly sequence: boolean;
}

/** What became of it: the hash of all outputs of all vectors and the arena's bytes, or why the kernel refuses the model. */
export type ReplayResult = { readonly hash: number; readonly arena: number } | { readonly code: string };

/**
 * Runs many models in one image.
 * @throws BuildError when it cannot be built, or ends with a fault
 */
export async function replay(
	name: string,
	board: BareBoard,
	cases: readonly ReplayCase[],
	title: string,
): Promise<ReplayResult[]> {
	const image = join(output(name), title);
	const blobs = cases.flatMap(({ model, inputs }, i): [string, Uint8Array][] => [
		[`model_${i}`, model],
		[`inputs_${i}`, Buffer.concat(inputs)],
	]);
	const table = cases.map(
		({ model, inputs, rounding, sequence }, i) =>
			`.word model_${i}, inputs_${i}, ${model.length}, ${inputs.length}, ${rounding === "single" ? 1 : 0}, ${sequence ? 1 : 0}`,
	);
	const assembly = [...words("replay_count", cases.length), ".global replay_cases", "replay_cases:", ...table];
	const object = await blobObject(board, Object.fromEntries(blobs), image, assembly);
	const rows = await runImage(name, board, "firmware/bench/replay.c", object, `${image}.elf`);
	return rows.map(([, , hash = "", arena]) =>
		arena === undefined ? { code: hash } : { hash: Number.parseInt(hash, 16), arena: Number.parseInt(arena, 16) },
	);
}

/**
 * Builds the image of a model and runs it.
 * @throws BuildError when it cannot be built, or ends with a fault; ModelError when the model cannot be run
 */
export async function countInstructions(
	name: string,
	board: BareBoard,
	path: string,
	profile = false,
): Promise<KernelCount> {
	const model = readFileSync(path);
	const interpreter = await Interpreter.create(model);
	const { inputs, outputs } = goldenVectors(path) ?? { inputs: noise(interpreter, 4), outputs: undefined };
	const expected = (outputs ?? wasmOutputs(interpreter, inputs)).map(fnv1a);
	const image = join(output(name), basename(path, ".tflite"));
	const blobs = await blobObject(
		board,
		{
			bench_model: model,
			bench_inputs: Buffer.concat(inputs),
		},
		image,
		[
			...words("bench_model_bytes", model.length),
			...words("bench_vectors", inputs.length),
			...words("bench_profile", profile ? 1 : 0),
		],
	);
	const rows = await runImage(name, board, "firmware/bench/main.c", blobs, `${image}.elf`);
	const numbers = (kind: string) =>
		rows.filter(([first]) => first === kind).map((row) => row.slice(1).map((text) => Number.parseInt(text, 16)));
	const [start = Number.NaN] = numbers("start")[0] ?? [];
	const [instructions = Number.NaN, inferences = Number.NaN] = numbers("run")[0] ?? [];
	const seen = numbers("output").map(([, hash]) => hash);
	const operators = numbers("operator").map(([index = 0, sum = 0, count = 1]) => ({
		name: interpreter.operators[index]?.name ?? "",
		instructions: Math.round(sum / count),
	}));
	const { macs } = interpreter;
	interpreter.close();
	return {
		model: path,
		macs,
		instructions: Math.round(instructions / inferences),
		start,
		arena: numbers("arena")[0]?.[0] ?? Number.NaN,
		stack: numbers("stack")[0]?.[0] ?? Number.NaN,
		oracle: outputs ? "golden" : "wasm",
		same: seen.length === expected.length && seen.every((hash, i) => hash === expected[i]),
		operators,
	};
}

/** What a device calls; all else is in the image because one of these needs it. */
const roots = ["open", "plan", "init", "invoke", "reset", "input", "output", "arena_bytes"];

/**
 * Bytes of flash that the kernel takes at -Os, with the compiler's own helpers and the library's memory functions, and
 * without the texts of errors.
 * @param operators names as ADD; all when left out
 * @param isInt8 whether networks of int8 are all that it is to run
 * @throws BuildError link-failed when there is no such operator
 */
export async function kernelBytes(
	name: string,
	board: BareBoard,
	operators?: readonly string[],
	isInt8 = false,
): Promise<number> {
	const flags = ["-Os", ...(isInt8 ? ["-DTFLM_INT8_ALONE"] : [])];
	if (operators) {
		const choice = operators.map((operator) => `TFLM_OPERATOR(${operator.toLowerCase()})\n`).join("");
		const file = join(output(name), `operators-${fnv1a(Buffer.from(choice)).toString(16)}.def`);
		writeWhole(file, choice);
		flags.push(`-DTFLM_OPERATORS_FILE="${file}"`);
	}
	const objects = await kernelObjects(board, flags, []);
	const image = join(output(name), operators ? "kernel-chosen.elf" : "kernel-all.elf");
	const undefinedSymbols = roots.flatMap((symbol) => ["-u", `tflm_${symbol}`]);
	const script = join(root, board.port, `${name}.ld`);
	await linkBare(board, objects, image, [...undefinedSymbols, "-Wl,-etflm_open", `-T${script}`]);
	return flashBytes(board, image);
}
