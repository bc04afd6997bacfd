/* Whole models of the kinds that the field uses against TFLite Micro (made by make_vectors/graphs.py). */
import { Interpreter, ModelError } from "tflite-micro-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { buildKernel } from "../../../tools/build/kernel.ts";
import { expectAnswers, readCases } from "./vectors.ts";

/** Refusals that are tolerated, and listed at the end, while the kernel lacks operators. */
const tolerated = new Set<string>();
tolerated.add("unsupported-operator").add("unsupported-type"); // without this line every model must pass

const lacking: string[] = [];

beforeAll(async () => {
	await buildKernel();
});

describe("graphs", () => {
	it.each(readCases("graphs"))("$name", async (given) => {
		try {
			expectAnswers(await Interpreter.create(given.model), given);
		} catch (error) {
			if (!(error instanceof ModelError && tolerated.has(error.code))) throw error;
			lacking.push(`${given.name}: ${error.message}`);
		}
	});
});

it("says which models the kernel refuses", () => {
	if (lacking.length) console.warn(`${lacking.length} models are not supported yet:\n${lacking.join("\n")}`);
	if (!tolerated.size) expect(lacking).toEqual([]);
});
