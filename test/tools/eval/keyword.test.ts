/* The command on words cut out of the demonstration, each where the device heard it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keywordDecision } from "../../../firmware/agent/configuration.ts";
import type { Image } from "../../../host-sim/twin.ts";
import { root } from "../../../tools/build/clang.ts";
import { loadImage } from "../../../tools/build/image.ts";
import { configuredFlash, readCard } from "../../../tools/eval/device.ts";
import { evaluateKeyword } from "../../../tools/eval/keyword.ts";
import { replay } from "../../../tools/eval/keyword-score.ts";
import { Listener } from "../../../tools/eval/listener.ts";
import { events, samplesOf, sound } from "../../acceptance/play.ts";
import { describeWithShared, shared } from "../../acceptance/shared.ts";
import { pcm16, wave } from "../../host-sim/world/wave.ts";
import { cricket } from "../run.ts";

const demo = join(root, "models/demo/words.wav");
const card = readCard(join(root, "models/keyword"));
const rate = 16000;
let folder = "";
let image: Image;
/** What the device named in the demonstration, playing it as `cricket sim` does. */
let heard: { t: number; label: string; score: number }[];

beforeAll(async () => {
	image = await loadImage("wasm");
	folder = mkdtempSync(join(tmpdir(), "cricket-eval-"));
	const whole = await sound(image, demo);
	const samples = samplesOf(whole);
	heard = (await events(image, { audio: whole })).flatMap((event) => (event.type === "keyword" ? [event] : []));
	mkdirSync(join(folder, "words/_silence_"), { recursive: true });
	const cut = (t: number) => samples.slice(Math.max(0, Math.round((t - 1.4) * rate)), Math.round(t * rate));
	for (const [i, { t, label }] of heard.entries())
		writeFileSync(join(folder, `words/${label}_demo_${i}.wav`), wave({ data: pcm16(cut(t)) }));
	writeFileSync(join(folder, "words/marvin_demo_9.wav"), wave({ data: pcm16(cut(heard[0]!.t)) }));
	writeFileSync(join(folder, "words/_silence_/quiet.wav"), wave({ data: pcm16(new Int16Array(3 * rate)) }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => cricket(["eval", "keyword", ...words], { cwd: folder });

describe("the device that is measured", () => {
	const options = { labels: card.labels, ...keywordDecision(card, { enabled: true }, () => {}) };
	const listen = async (configuration: object) => {
		const flash = configuredFlash(image.board, { vibration: { enabled: false }, ...configuration });
		return (await Listener.create(image, flash, 1.5)).listen(await sound(image, demo), demo);
	};

	test("hears with its report of windows what it hears without", async () => {
		const [plain, reporting] = [await listen({}), await listen({ keyword: { report: "windows" } })];
		expect(plain.words.length).toBeGreaterThan(1);
		expect(reporting.words).toEqual(plain.words);
		expect(plain.windows).toEqual([]);
	});

	test("decides what its rule, replayed over the windows that it reported, decides", async () => {
		for (const threshold of [options.threshold, 0.3, 0.9]) {
			const reporting = await listen({ keyword: { report: "windows", threshold } });
			expect(replay(reporting, { ...options, threshold, thresholds: {} })).toEqual(reporting.words);
		}
	});

	test("does not remember the recording before", async () => {
		const flash = configuredFlash(image.board, { vibration: { enabled: false }, keyword: { report: "windows" } });
		const listener = await Listener.create(image, flash, 1.5);
		const signal = await sound(image, demo);
		const first = listener.listen(signal, demo);
		listener.listen(await sound(image, join(folder, "words/marvin_demo_9.wav")), "another");
		expect(listener.listen(signal, demo)).toEqual(first);
	});
});

describe("--json", () => {
	let stdout = "";
	test("tells how many files were right, wrong and unknown, and what was heard in each", async () => {
		const ran = await run("words", "--json", "--jobs", "1");
		expect(ran).toMatchObject({ status: 0, stderr: "" });
		stdout = ran.stdout;
		const report = JSON.parse(stdout);
		expect(report.files).toBe(heard.length + 2);
		expect(report.accuracy + report.wrong + report.unknown).toBeCloseTo(1, 12);
		expect(report.confusion.marvin).toEqual({ [heard[0]!.label]: 1 });
		expect(report.confusion.silence).toEqual({ nothing: 1 });
		expect(report.known).toMatchObject({ files: heard.length, right: heard.length });
		expect(report.others).toMatchObject({ files: 1, named: 1, rate: 1 });
		expect(report.silence).toMatchObject({ files: 1, count: 0, hours: 3 / 3600 });
		expect(report.speakers.demo.files).toBe(heard.length + 1);
		expect(report.results.map(({ file }: { file: string }) => file)).toEqual([
			"_silence_/quiet.wav",
			...[...heard.map(({ label }, i) => `${label}_demo_${i}.wav`), "marvin_demo_9.wav"].sort(),
		]);
		expect(report.results.find(({ label }: { label: string }) => label === "marvin")).toMatchObject({
			verdict: "wrong",
			heard: heard[0]!.label,
		});
	});

	test("is the same whatever the number of threads", async () => {
		expect((await run("words", "--json", "--jobs", "3")).stdout).toBe(stdout);
	});

	test("has at the device's threshold in the sweep what the device decided", async () => {
		writeFileSync(join(folder, "config.json"), JSON.stringify({ keyword: { threshold: 0.6 } }));
		const report = JSON.parse((await run("words", "--json", "--config", "config.json")).stdout);
		expect(report.default.threshold).toBe(0.6);
		expect(report.sweep).toContainEqual(report.default);
		expect(report.sweep.length).toBeGreaterThan(15);
	});

	test("of a stream counts what is named by the hour", async () => {
		const report = JSON.parse((await run("words", "--stream", "--json")).stdout);
		expect(report.files).toBe(heard.length + 2);
		expect(report.count).toBe(heard.length + 1);
		expect(report.per_hour).toBeCloseTo(report.count / report.hours, 9);
		expect(report.upper).toBeGreaterThan(report.per_hour);
	});
});

test("for people there are tables, and a page that needs nothing from elsewhere", async () => {
	const { status, stdout, stderr } = await run("words", "--plot", "page.html", "--limit", "4");
	expect({ status, stderr }).toEqual({ status: 0, stderr: "page.html: written\n" });
	expect(stdout).toMatch(/^\d+\.\d % right {2}\d+\.\d % wrong {2}\d+\.\d % unknown {3}of 4 files/);
	expect(stdout).toMatch(/^ {2}label +files +right +wrong +unknown/m);
	const page = readFileSync(join(folder, "page.html"), "utf8");
	expect(page).toMatch(/^<!doctype html>/);
	expect(page).not.toMatch(/\b(src|href)=|https?:|@import|url\(/);
	expect(page.match(/<svg /g)!.length).toBeGreaterThanOrEqual(1);
});

describe("what cannot be judged", () => {
	test.each([
		["wav-truncated", "yes_a.wav", wave({ data: pcm16([1]), dataSize: 100 })],
		["flac-damaged", "yes_a.flac", Buffer.from("fLaC and then nothing more")],
	])("a file that cannot be read: %s", async (code, name, bytes) => {
		const below = mkdtempSync(join(folder, "bad-"));
		writeFileSync(join(below, name), bytes);
		const evaluating = evaluateKeyword(below, { configuration: {}, jobs: 1, gain: 1 });
		await expect(evaluating).rejects.toMatchObject({ code, message: expect.stringContaining(name) });
	});

	test("a folder that is no model package", async () => {
		const evaluating = evaluateKeyword(join(folder, "words"), { configuration: {}, jobs: 1, gain: 1, model: folder });
		await expect(evaluating).rejects.toMatchObject({ code: "file-not-found" });
	});

	test("a configuration that the device reports as wrong", async () => {
		const evaluating = evaluateKeyword(join(folder, "words"), {
			configuration: { keyword: { treshold: 0.5 } },
			jobs: 1,
			gain: 1,
		});
		await expect(evaluating).rejects.toMatchObject({
			code: "device-error",
			message: expect.stringContaining("treshold"),
		});
	});

	test("is said in a line, with status 1; a wrong option with status 2", async () => {
		const { status, stdout, stderr } = await run("none");
		expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
		expect(stderr).toMatch(/^error: none: no such folder; .* {2}\[no-folder\]\n$/);
		expect((await run("words", "--jobs", "0")).status).toBe(2);
	});
});

describeWithShared("real people", ["data/words"], () => {
	test("a fair sample is mostly right", async () => {
		const { status, stdout } = await run(shared("data/words"), "--limit", "60", "--json");
		expect(status).toBe(0);
		const report = JSON.parse(stdout);
		expect(report.files).toBe(60);
		expect(Object.keys(report.labels).length).toBe(30);
		expect(report.accuracy).toBeGreaterThan(0.8);
	});
});
