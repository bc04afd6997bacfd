/* Each operator against TFLite Micro's, on models of that operator alone (made by make_vectors). */
import { Interpreter, ModelError } from "tflite-micro-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { buildKernel } from "../../../tools/build/kernel.ts";
import { expectAnswers, readCases, vectorFiles } from "./vectors.ts";

/** Refusals that are tolerated, and listed at the end, while the kernel lacks operators. */
const tolerated = new Set<string>();
tolerated.add("unsupported-operator").add("unsupported-type"); // without this line every case must pass

const lacking: string[] = [];

beforeAll(async () => {
	await buildKernel();
});

for (const file of vectorFiles().filter((name) => name !== "graphs")) {
	describe(file.toUpperCase(), () => {
		it.each(readCases(file))("$name", async (given) => {
			try {
				expectAnswers(await Interpreter.create(given.model), given);
			} catch (error) {
				if (!(error instanceof ModelError && tolerated.has(error.code))) throw error;
				lacking.push(`${file.toUpperCase()}, ${given.name}: ${error.message}`);
			}
		});
	});
}

it("says which cases the kernel refuses", () => {
	if (lacking.length) console.warn(`${lacking.length} cases are not supported yet:\n${lacking.join("\n")}`);
	if (!tolerated.size) expect(lacking).toEqual([]);
});
