/* `cricket model bench`: what it prints, and that what it compares is the same work. */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadOthers } from "../../tools/bench/others.ts";
import { type Contestant, measure, median } from "../../tools/bench/rounds.ts";
import { distance, inputValues, write } from "../../tools/bench/same-work.ts";
import { buildKernel } from "../../tools/build/kernel.ts";
import { benchmarkModels, type Measurement } from "../../tools/model-bench.ts";
import { benchTable, profileTable } from "../../tools/model-report.ts";
import { conformancePresent, readConformance, readVectors } from "../native/tflm/conformance.ts";
import { cricket } from "./run.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const keyword = join(root, "models/keyword");
const vibration = join(root, "models/vibration");
const folder = mkdtempSync(join(tmpdir(), "cricket-bench-"));
const bench = (...words: string[]) => cricket(["model", "bench", ...words]);

/** The others are installed by the first benchmark, not by the tests. */
const othersPresent = existsSync(join(root, "tools/bench/node_modules/.package-lock.json"));
if (!othersPresent)
	console.warn("skipped: no tfjs-tflite and LiteRT.js; `cricket model bench models/keyword` installs them");

beforeAll(() => buildKernel());
afterAll(() => rmSync(folder, { recursive: true }));

describe("the command", () => {
	it("prints times as JSON", async () => {
		const { status, stdout, stderr } = await bench(keyword, "--alone", "--json");
		expect(stderr).toBe("");
		expect(status).toBe(0);
		const [result, ...others] = JSON.parse(stdout);
		expect(others).toEqual([]);
		expect(Object.keys(result)).toEqual(["model", "median_us", "min_us", "runs", "macs"]);
		expect(result.min_us).toBeGreaterThan(0);
		expect(result.median_us).toBeGreaterThanOrEqual(result.min_us);
		expect(result.model).toBe(keyword);
	});

	it("times each operator in the order of execution", async () => {
		const { status, stdout } = await bench(vibration, "--profile", "--json");
		expect(status).toBe(0);
		const [{ median_us, operators }]: [Required<Measurement>] = JSON.parse(stdout);
		expect(operators.map(({ index }) => index)).toEqual(operators.map((_, i) => i));
		expect(operators.every((operator) => operator.median_us >= 0)).toBe(true);
		const sum = operators.reduce((total, operator) => total + operator.median_us, 0);
		expect(sum).toBeGreaterThan(median_us / 4);
		expect(sum).toBeLessThan(median_us * 4);
	});

	it("takes a folder of models, and skips those that are none", async () => {
		cpSync(join(vibration, "model.tflite"), join(folder, "good.tflite"));
		writeFileSync(join(folder, "bad.tflite"), "no model at all");
		writeFileSync(join(folder, "notes.txt"), "");
		const { status, stdout, stderr } = await bench(folder, "--alone", "--json");
		expect(status).toBe(0);
		expect(JSON.parse(stdout).map(({ model }: Measurement) => model)).toEqual([join(folder, "good.tflite")]);
		expect(stderr).toMatch(/^skipped .*bad\.tflite: /);
		const named = await bench(join(folder, "bad.tflite"), "--alone");
		expect(named.status).toBe(1);
		expect(named.stderr).toContain("bad.tflite: ");
		expect(named.stdout).toBe("");
	});

	it("refuses a folder without models, and a file that is not there", async () => {
		expect((await bench(join(root, "tools"), "--alone")).stderr).toContain("[file-not-found]");
		expect((await bench(join(folder, "nowhere.tflite"), "--alone")).stderr).toContain("[file-not-found]");
	});
});

describe("rounds", () => {
	/** Takes the given time, whatever the machine is. */
	const busy = (us: number, log: string[], name: string): Contestant => ({
		prepare: () => {
			log.push(name);
		},
		runner: {
			inputs: () => [],
			outputs: () => [],
			settle: () => {},
			invoke() {
				const end = performance.now() + us / 1000;
				while (performance.now() < end);
			},
		},
	});

	it("interleave, and find who is faster", async () => {
		const log: string[] = [];
		const [slow, fast] = await measure([busy(600, log, "slow"), busy(60, log, "fast")]);
		expect(slow!.min_us).toBeGreaterThanOrEqual(600);
		expect(fast!.min_us).toBeGreaterThanOrEqual(60);
		expect(fast!.min_us).toBeLessThan(300);
		const measured = log.slice(log.lastIndexOf("slow", log.indexOf("fast") - 1) + 1);
		const turns = measured.slice(measured.indexOf("slow"));
		expect(turns.every((name, i) => name === (i % 2 ? "fast" : "slow"))).toBe(true);
		expect(turns.length).toBeGreaterThan(18);
	});

	it("take the middle", () => {
		expect(median([9, 1, 5])).toBe(5);
		expect(median([4, 3, 2, 1])).toBe(3);
	});
});

describe("distance", () => {
	const bytes = (...values: number[]) => new Uint8Array(Int8Array.from(values).buffer);

	it("counts steps of quantization, with the sign of the type", () => {
		expect(distance([bytes(-128, 5)], ["int8"], [bytes(-126, 5)])).toBe(2);
		expect(distance([bytes(-1)], ["int8"], [bytes(1)])).toBe(2);
		expect(distance([bytes(-1)], ["uint8"], [bytes(1)])).toBe(254);
	});

	it("matches outputs by size and nearness, and refuses other sizes", () => {
		expect(distance([bytes(1, 2), bytes(7)], ["int8", "int8"], [bytes(7), bytes(1, 2)])).toBe(0);
		expect(distance([bytes(1), bytes(50)], ["int8", "int8"], [bytes(50), bytes(1)])).toBe(0);
		expect(distance([bytes(1)], ["int8"], [bytes(1, 2)])).toBe(Number.POSITIVE_INFINITY);
		expect(distance([bytes(1)], ["int8"], [])).toBe(Number.POSITIVE_INFINITY);
	});

	it("is relative for floats", () => {
		const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
		expect(distance([floats(1000, 1)], ["float32"], [floats(1000, 1.001)])).toBeLessThan(1);
		expect(distance([floats(1, 1)], ["float32"], [floats(1, 1.001)])).toBeGreaterThan(1);
	});
});

describe("tables", () => {
	const times = { median_us: 1234.5, min_us: 1111.1, runs: 100 };
	const other = (name: string, median_us: number) => ({ ...times, name, version: "1", median_us });
	const plain = (text: string) => text.split("\n").map((line) => line.trimEnd());

	it("have a column for each runtime, a dash where it cannot run the model, and fit 100 columns", () => {
		const lines = plain(
			benchTable([
				{
					model: "some/where/person_detect_with_long_name.tflite",
					...times,
					macs: 12_501_632,
					others: [other("tfjs-tflite", 23456.7), other("LiteRT.js", 617.25)],
					ratio: 2,
				},
				{ model: "models/keyword/model.tflite", ...times, median_us: 4.567, macs: 288, others: [] },
			]),
		);
		expect(lines[0]!.trim().split(/ {2,}/)).toEqual(
			"model,median us,min us,MAC,MAC/us,tfjs-tflite,LiteRT.js,ratio".split(","),
		);
		expect(lines[1]!.split(/ +/)).toEqual(
			"person_detect_with_long_name 1234.5 1111.1 12,501,632 10,127 23456.7 617.3 2.00".split(" "),
		);
		expect(lines[2]!.split(/ +/)).toEqual("keyword 4.57 1111.1 288 63 - - -".split(" "));
		expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
	});

	it("of operators have shares, and a bar against the longest", () => {
		const operator = { index: 0, name: "CONV_2D", shape: [1, 25, 5, 64], median_us: 75, macs: 7500 };
		const rest = { index: 1, name: "SOFTMAX", shape: [], median_us: 25, macs: 0 };
		const lines = plain(profileTable({ model: "m", ...times, macs: 7500, operators: [operator, rest] }));
		expect(lines.at(-2)!.trim().split(/ {2,}/)).toEqual(
			"0|CONV_2D|1x25x5x64|75.0|75.0 %|7,500|100|################".split("|"),
		);
		expect(lines.at(-1)!.trim().split(/ {2,}/)).toEqual("1,SOFTMAX,scalar,25.0,25.0 %,#####...........".split(","));
		expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
	});
});

it("goes without the other runtimes where they cannot be installed", async () => {
	const copy = join(root, "build/test/bench-offline");
	rmSync(copy, { recursive: true, force: true });
	cpSync(join(root, "tools/bench"), copy, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
	vi.stubEnv("npm_config_registry", "http://127.0.0.1:9");
	vi.stubEnv("npm_config_cache", join(folder, "cache"));
	const said: string[] = [];
	const { loadOthers: load }: { loadOthers: typeof loadOthers } = await import(join(copy, "others.ts"));
	expect(await load((text) => said.push(text))).toEqual([]);
	vi.unstubAllEnvs();
	expect(said[0]).toContain("installing");
	expect(said[1]).toMatch(/^skipped .*: .*ECONNREFUSED/);
});

describe.skipIf(!othersPresent)("the other runtimes", () => {
	it("load under Node without a word", async () => {
		const said: string[] = [];
		const names = (await loadOthers((text) => said.push(text))).map(({ name }) => name);
		expect(said).toEqual([]);
		expect(names).toEqual(["tfjs-tflite", "LiteRT.js"]);
	});

	it("are timed in the same run, and give what our kernel gives with single rounding", async () => {
		const said: string[] = [];
		const [result] = await benchmarkModels([keyword], { say: (text) => said.push(text) });
		expect(said).toEqual([]);
		expect(result!.others!.map(({ name, version }) => `${name} ${version}`)).toEqual([
			"tfjs-tflite 0.0.1-alpha.10",
			"LiteRT.js 2.5.3",
		]);
		const fastest = Math.min(...result!.others!.map(({ median_us }) => median_us));
		expect(result!.ratio).toBeCloseTo(result!.median_us / fastest, 2);
	});

	it.skipIf(!conformancePresent())("compute on the inputs that they were given", async () => {
		const { inputs, outputs } = readVectors("golden_single/kws_ref_model.gld");
		for (const runtime of await loadOthers(() => {})) {
			const runner = await runtime.load(readConformance("models/kws_ref_model.tflite"));
			for (const [i, vector] of inputs.entries()) {
				expect(write(runner, vector)).toBe(true);
				runner.invoke();
				expect(distance(outputs[i]!, ["int8"], runner.outputs())).toBeLessThanOrEqual(1);
				runner.settle();
			}
		}
	});

	it.skipIf(!conformancePresent())("say why they refuse a model", async () => {
		for (const runtime of await loadOthers(() => {}))
			await expect(runtime.load(readConformance("models/person_detect.tflite"))).rejects.toThrow("quantized_dimension");
	});
});

it("inputs are the same for tensors of a type and size", () => {
	expect(inputValues({ type: "int8", bytes: 9 })).toEqual(inputValues({ type: "int8", bytes: 9 }));
	const floats = new Float32Array(inputValues({ type: "float32", bytes: 4000 }).buffer);
	expect(Math.max(...floats)).toBeLessThanOrEqual(1);
	expect(Math.min(...floats)).toBeGreaterThanOrEqual(-1);
	expect(Math.max(...floats) - Math.min(...floats)).toBeGreaterThan(1.8);
});
