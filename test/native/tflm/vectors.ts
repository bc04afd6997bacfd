/* Models with inputs, and what TFLite Micro's own interpreter made of them (vectors/README.md). */
import { readdirSync, readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { expect } from "vitest";
import type { Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { infer } from "./tensors.ts";

export interface Case {
	name: string;
	/** The .tflite file. */
	model: Uint8Array;
	/** Whether the model's state is kept from one vector to the next. */
	sequence: boolean;
	/** Bytes of each input and output. */
	vectors: { inputs: Uint8Array[]; outputs: Uint8Array[] }[];
}

const folder = new URL("./vectors/", import.meta.url);
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

/** Names of the files of vectors, without their ending. */
export function vectorFiles(): string[] {
	const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
	return names.map((name) => name.slice(0, -".json".length));
}

export function readCases(file: string): Case[] {
	interface Stored {
		name: string;
		model: string;
		sequence?: boolean;
		vectors: { inputs: string[]; outputs: string[] }[];
	}
	const { cases }: { cases: Stored[] } = JSON.parse(readFileSync(new URL(`${file}.json`, folder), "utf8"));
	return cases.map(({ name, model, sequence = false, vectors }) => ({
		name,
		model: new Uint8Array(inflateSync(bytes(model))),
		sequence,
		vectors: vectors.map(({ inputs, outputs }) => ({ inputs: inputs.map(bytes), outputs: outputs.map(bytes) })),
	}));
}

/** Runs all vectors: integers must be the same bytes; float32 within 1e-5 of the value plus 1e-6. */
export function expectAnswers(interpreter: Interpreter, { sequence, vectors }: Case): void {
	vectors.forEach(({ inputs, outputs }, n) => {
		if (!sequence) interpreter.reset();
		const made = infer(interpreter, inputs);
		expect(made.length).toBe(outputs.length);
		outputs.forEach((expected, i) => {
			const where = `vector ${n}, output ${i}`;
			if (interpreter.outputs[i]!.type === "float32") expectClose(made[i]!, expected, where);
			else expect(Array.from(made[i]!), where).toEqual(Array.from(expected));
		});
	});
}

function expectClose(actual: Uint8Array, expected: Uint8Array, where: string): void {
	expect(actual.length, where).toBe(expected.length);
	const values = new Float32Array(actual.slice().buffer);
	new Float32Array(expected.slice().buffer).forEach((value, k) => {
		if (Object.is(values[k], value)) return; // infinities and NaN
		expect(Math.abs(values[k]! - value), `${where}, element ${k}: ${values[k]} for ${value}`).toBeLessThanOrEqual(
			1e-5 * Math.abs(value) + 1e-6,
		);
	});
}
