/* Each operator against TFLite Micro's, on models of that operator alone (made by make_vectors). */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "../../../tools/build/kernel.ts";
import { expectAnswers, readCases, vectorFiles } from "./vectors.ts";

beforeAll(async () => {
	await buildKernel();
});

/** Operators that share a file of vectors. */
const together: Record<string, string> = {
	assign_variable: "variables",
	call_once: "variables",
	read_variable: "variables",
	var_handle: "variables",
};

it("every operator of the kernel has vectors", () => {
	const list = readFileSync(new URL("../../../firmware/native/tflm/operator_list.h", import.meta.url), "utf8");
	const names = [...list.matchAll(/^TFLM_OPERATOR\((\w+)\)/gm)].map(([, name]) => name!);
	expect(names.length).toBeGreaterThan(50);
	expect(vectorFiles()).toEqual(expect.arrayContaining(names.map((name) => together[name] ?? name)));
});

for (const file of vectorFiles().filter((name) => name !== "graphs")) {
	describe(file.toUpperCase(), () => {
		it.each(readCases(file))("$name", async (given) => {
			expectAnswers(await Interpreter.create(given.model), given);
		});
	});
}
