/* Each operator against TFLite Micro's, on models of that operator alone (made by make_vectors.py). */
import { readdirSync, readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { Interpreter } from "tflite-micro-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { buildKernel } from "../../../tools/build/kernel.ts";
import { infer } from "./tensors.ts";

interface Case {
	name: string;
	model: string;
	vectors: { inputs: string[]; outputs: string[] }[];
}

const folder = new URL("./vectors/", import.meta.url);
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

beforeAll(async () => {
	await buildKernel();
});

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
	const { cases }: { cases: Case[] } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
	describe(file.replace(".json", "").toUpperCase(), () => {
		it.each(cases)("$name", async ({ model, vectors }) => {
			const interpreter = await Interpreter.create(inflateSync(bytes(model)));
			expect(interpreter.operators.length).toBe(1);
			for (const vector of vectors) {
				const outputs = infer(interpreter, vector.inputs.map(bytes));
				expect(outputs.map((output) => Array.from(output))).toEqual(
					vector.outputs.map((output) => Array.from(bytes(output))),
				);
			}
		});
	});
}
