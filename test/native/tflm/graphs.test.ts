/* Whole models of the kinds that the field uses against TFLite Micro (made by make_vectors/graphs.py). */

import { beforeAll, describe, it } from "vitest";
import { Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "../../../tools/build/kernel.ts";
import { expectAnswers, readCases } from "./vectors.ts";

beforeAll(async () => {
	await buildKernel();
});

describe("graphs", () => {
	it.each(readCases("graphs"))("$name", async (given) => {
		expectAnswers(await Interpreter.create(given.model), given);
	});
});
