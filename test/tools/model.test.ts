/* `cricket model` as its user runs it. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Interpreter } from "../../host-sim/tflite-micro-wasm/index.ts";
import { buildKernel } from "../../tools/build/kernel.ts";
import { conformancePresent, readConformance, readVectors } from "../native/tflm/conformance.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cricket-model-"));
const at = (name: string) => join(folder, name);
const keyword = join(root, "models/keyword");

/** A model of one operator, whose number is that of none. */
function unknownOperator(): Uint8Array {
	const { cases } = JSON.parse(readFileSync(new URL("../native/tflm/malformed.json", import.meta.url), "utf8"));
	const { model } = cases.find(({ name }: { name: string }) => name === "an operator that does not exist");
	return inflateSync(Buffer.from(model, "base64"));
}

interface Result {
	status: number;
	stdout: Buffer;
	stderr: string;
}

function cricket(words: string[], input?: Uint8Array): Promise<Result> {
	return new Promise((resolve) => {
		const command = join(root, "tools/bin/cricket.js");
		const child = execFile(
			process.execPath,
			[command, "model", ...words],
			{ encoding: "buffer" },
			(error, stdout, stderr) =>
				resolve({
					status: typeof error?.code === "number" ? error.code : error ? -1 : 0,
					stdout,
					stderr: stderr.toString(),
				}),
		);
		child.stdin!.end(input);
	});
}

/** 6 input vectors that differ, end to end. */
let inputs: Uint8Array;

beforeAll(async () => {
	await buildKernel();
	const { inputs: tensors } = await Interpreter.create(readFileSync(join(keyword, "model.tflite")));
	inputs = Uint8Array.from({ length: 6 * tensors[0]!.bytes }, (_, i) => (i * i * 31 + i * 7) % 256);
	writeFileSync(at("in"), inputs);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("inspect", () => {
	it("prints a summary as JSON", async () => {
		const { status, stdout } = await cricket(["inspect", keyword, "--json"]);
		const report = JSON.parse(stdout.toString());
		const card = JSON.parse(readFileSync(join(keyword, "model.json"), "utf8"));
		expect(status).toBe(0);
		expect(report.bytes).toBe(readFileSync(join(keyword, "model.tflite")).length);
		expect(report.arena.bytes).toBeLessThanOrEqual(card.arena);
		expect(report.macs).toBeGreaterThan(0);
		expect(report.operators.map((operator: { name: string }) => operator.name).sort()).toEqual(
			[...card.operators].sort(),
		);
		expect(
			report.operators.every((operator: { count: number; version: number }) => operator.count && operator.version),
		).toBe(true);
		expect(report.inputs[0]).toMatchObject({ type: "int8", bytes: card.recipe.bins * card.recipe.frames });
		expect(report.outputs[0].bytes).toBe(card.labels.length);
	});

	it("prints tables for people", async () => {
		const { status, stdout } = await cricket(["inspect", join(keyword, "model.tflite")]);
		expect(status).toBe(0);
		for (const word of ["arena", "multiply-accumulates", "AVERAGE_POOL_2D", "SOFTMAX"]) {
			expect(stdout.toString()).toContain(word);
		}
	});

	it("marks operators that do not exist", async () => {
		writeFileSync(at("unknown.tflite"), unknownOperator());
		const { status, stdout } = await cricket(["inspect", at("unknown.tflite"), "--json"]);
		expect(status).toBe(0);
		expect(JSON.parse(stdout.toString())).toMatchObject({
			operators: [{ name: "BUILTIN_4000", supported: false }],
			problem: { code: "unsupported-operator" },
		});
	});
});

describe("verify", () => {
	it("accepts the arena that inspect names, and refuses one byte less", async () => {
		const { bytes } = JSON.parse((await cricket(["inspect", "--json", keyword])).stdout.toString()).arena;
		expect((await cricket(["verify", keyword, "--arena", `${bytes}`])).status).toBe(0);
		const { status, stderr } = await cricket(["verify", keyword, "--arena", `${bytes - 1}`]);
		expect(status).toBe(1);
		expect(stderr).toContain("[arena-too-small]");
		expect(stderr).toContain(`${bytes} bytes`);
	});

	it("accepts a model package whose card tells the truth", async () => {
		const { status, stdout } = await cricket(["verify", keyword]);
		expect(stdout.toString()).toContain("golden vectors replayed");
		expect(status).toBe(0);
	});

	it.each([
		["arena", (card: { arena: number }) => ({ ...card, arena: 1000 }), /arena says 1,000 bytes/],
		["operators", (card: object) => ({ ...card, operators: [] }), /operators do not name CONV_2D/],
		[
			"golden",
			(card: { golden: { output: string }[] }) => ({
				...card,
				golden: card.golden.map((vector) => ({ ...vector, output: Buffer.alloc(22).toString("base64") })),
			}),
			/golden vector 0 gives another output/,
		],
	] as const)("refuses a card with the wrong %s", async (name, change, message) => {
		cpSync(keyword, at(name), { recursive: true });
		const file = join(at(name), "model.json");
		writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")))));
		const { status, stderr } = await cricket(["verify", at(name)]);
		expect(status).toBe(1);
		expect(stderr).toMatch(message);
		expect(stderr).toContain("[card-mismatch]");
	});

	it("refuses a damaged file, saying where", async () => {
		writeFileSync(at("cut.tflite"), readFileSync(join(keyword, "model.tflite")).subarray(0, 5000));
		const { status, stderr } = await cricket(["verify", at("cut.tflite")]);
		expect(status).toBe(1);
		expect(stderr).toMatch(/cut\.tflite: .*byte \d+: points outside of the file/);
	});

	it("refuses a file that is not there, and one that is empty", async () => {
		expect((await cricket(["verify", at("nowhere.tflite")])).stderr).toContain("[file-not-found]");
		writeFileSync(at("empty.tflite"), "");
		expect((await cricket(["verify", at("empty.tflite")])).stderr).toContain("[not-a-model]");
	});
});

describe("run", () => {
	it("writes what the interpreter gives", async () => {
		const { status } = await cricket(["run", keyword, "--in", at("in"), "--out", at("deep/out"), "--vectors", "6"]);
		expect(status).toBe(0);
		const interpreter = await Interpreter.create(readFileSync(join(keyword, "model.tflite")));
		const size = interpreter.inputs[0]!.bytes;
		const expected = Array.from({ length: 6 }, (_, i) => {
			(interpreter.inputs[0]!.data as Int8Array).set(new Int8Array(inputs.buffer, i * size, size));
			interpreter.invoke();
			return Array.from(interpreter.outputs[0]!.data as Int8Array);
		}).flat();
		expect(Array.from(new Int8Array(readFileSync(at("deep/out"))))).toEqual(expected);
	});

	it("reads standard input and writes standard output", async () => {
		await cricket(["run", keyword, "--in", at("in"), "--out", at("out")]);
		const { status, stdout } = await cricket(["run", keyword, "--in", "-", "--out", "-"], inputs);
		expect(status).toBe(0);
		expect(stdout.equals(readFileSync(at("out")))).toBe(true);
	});

	it("refuses inputs of another size", async () => {
		writeFileSync(at("odd"), inputs.subarray(1));
		const { status, stderr } = await cricket(["run", keyword, "--in", at("odd"), "--out", at("never")]);
		expect(status).toBe(1);
		expect(stderr).toContain("[bad-input-size]");
		const fewer = await cricket(["run", keyword, "--in", at("in"), "--out", at("never"), "--vectors", "7"]);
		expect(fewer.stderr).toContain("[bad-input-size]");
	});

	it("takes a wrong option as a mistake in usage", async () => {
		const words = ["run", keyword, "--in", at("in"), "--out", at("never")];
		expect((await cricket([...words, "--rounding", "triple"])).status).toBe(2);
		expect((await cricket([...words, "--vectors", "-1"])).status).toBe(2);
		expect((await cricket(["run", keyword, "--out", at("never")])).status).toBe(2);
	});

	it("names the operator that does not exist", async () => {
		writeFileSync(at("unknown.tflite"), unknownOperator());
		const { status, stderr } = await cricket(["run", at("unknown.tflite"), "--in", at("in"), "--out", at("never")]);
		expect(status).toBe(1);
		expect(stderr).toContain("BUILTIN_4000");
		expect(stderr).toContain("[unsupported-operator]");
	});

	it.skipIf(!conformancePresent())("gives TFLite Micro's bytes, and XNNPACK's with single rounding", async () => {
		for (const [rounding, source] of [
			["double", "golden"],
			["single", "golden_single"],
		] as const) {
			const { inputs, outputs } = readVectors(`${source}/pretrainedResnet_quant.gld`);
			writeFileSync(at("resnet.tflite"), readConformance("models/pretrainedResnet_quant.tflite"));
			writeFileSync(at("resnet.in"), Buffer.concat(inputs.flat()));
			const files = ["--in", at("resnet.in"), "--out", at("resnet.out"), "--vectors", "8"];
			expect((await cricket(["run", at("resnet.tflite"), ...files, "--rounding", rounding])).status).toBe(0);
			expect(readFileSync(at("resnet.out")).equals(Buffer.concat(outputs.flat()))).toBe(true);
		}
	});
});
