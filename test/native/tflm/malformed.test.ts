/* Models with one thing wrong each (made by make_malformed.ts) or found by `make fuzz`: what the kernel says of them. */
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Interpreter } from "../../../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "../../../tools/build/kernel.ts";

interface Case {
	name: string;
	/** Of the error; "runs" for what turned out to be sound. */
	code: string;
	model: string;
}

const { cases }: { cases: Case[] } = JSON.parse(readFileSync(new URL("malformed.json", import.meta.url), "utf8"));
await buildKernel();

describe("malformed models", () => {
	it.each(cases)("$code: $name", async ({ code, model }) => {
		const bytes = new Uint8Array(inflateSync(Buffer.from(model, "base64")));
		const outcome = await Interpreter.create(bytes).then(
			(interpreter) => {
				interpreter.invoke();
				return "runs";
			},
			(error) => {
				expect(error).toMatchObject({ name: "ModelError", message: expect.stringMatching(/\S/) });
				return error.code;
			},
		);
		expect(outcome).toBe(code);
	});
});
