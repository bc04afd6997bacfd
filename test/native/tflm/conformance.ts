/* The conformance files beside the project: models, and what TFLite Micro's reference kernels make of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../../shared/conformance/", import.meta.url));

/**
 * Whether the conformance files are there; when they are not, tests are skipped and this says so.
 * @throws in CI, where they must be there
 */
export function conformancePresent(): boolean {
	if (existsSync(folder)) return true;
	const message = `no ../shared/conformance: the tests against TFLite Micro's outputs need it`;
	if (process.env.CI) throw new Error(message);
	console.warn(`skipped: ${message}`);
	return false;
}

export function readConformance(path: string): Uint8Array {
	return new Uint8Array(readFileSync(folder + path));
}

export const conformanceHas = (path: string) => existsSync(folder + path);

/** Names in a subfolder, without their ending. */
export function conformanceNames(path: string, ending: string): string[] {
	return readdirSync(folder + path)
		.filter((name) => name.endsWith(ending))
		.map((name) => name.slice(0, -ending.length))
		.sort();
}

export interface Vectors {
	/** Bytes of each input of each vector. */
	inputs: Uint8Array[][];
	outputs: Uint8Array[][];
	/** Schema types of the outputs. */
	types: number[];
}

/** Reads a .gld or .seq file: "TFLMGLD1" or "TFLMSEQ1", counts, type and size of each tensor, then the bytes. */
export function readVectors(path: string): Vectors {
	const bytes = readConformance(path);
	const view = new DataView(bytes.buffer);
	const word = (index: number) => view.getUint32(8 + 4 * index, true);
	if (!/^TFLM(GLD|SEQ)1$/.test(new TextDecoder().decode(bytes.subarray(0, 8)))) {
		throw new Error(`${path} is no file of vectors`);
	}
	const [count, inputs, outputs] = [word(0), word(1), word(2)];
	const tensors = Array.from({ length: inputs + outputs }, (_, i) => ({
		type: word(3 + 2 * i),
		bytes: word(4 + 2 * i),
	}));
	let at = 8 + 4 * (3 + 2 * tensors.length);
	const take = (length: number) => {
		at += length;
		return bytes.slice(at - length, at);
	};
	const rows = Array.from({ length: count }, () => tensors.map((tensor) => take(tensor.bytes)));
	if (at !== bytes.length) throw new Error(`${path}: its header speaks of ${at} bytes, it has ${bytes.length}`);
	return {
		inputs: rows.map((row) => row.slice(0, inputs)),
		outputs: rows.map((row) => row.slice(inputs)),
		types: tensors.slice(inputs).map((tensor) => tensor.type),
	};
}

export interface Layer {
	op: number;
	tensor: number;
	type: number;
	bytes: number;
	fnv1a: string;
}

/** What each operator's output was. */
export function readLayers(path: string): Layer[] {
	const lines = new TextDecoder().decode(readConformance(path)).trim().split("\n");
	return lines.map((line) => JSON.parse(line));
}

/** The FNV-1a hash of 32 bits, in hexadecimal. */
export function fnv1a(bytes: Uint8Array): string {
	let hash = 0x811c9dc5;
	for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
	return hash.toString(16).padStart(8, "0");
}
