/* The command on a machine that is computed: a rotor and noise, and the same with impacts of a bearing's outer ring. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildImage } from "../../../tools/build/image.ts";
import { looped } from "../../../tools/eval/feeler.ts";
import { evaluateVibration, type VibrationReport } from "../../../tools/eval/vibration.ts";
import { computed, samplesOf } from "../../acceptance/play.ts";
import { describeWithShared, shared } from "../../acceptance/shared.ts";
import { pcm16, wave } from "../../host-sim/world/wave.ts";
import { cricket } from "../run.ts";

const RATE = 12000;
let folder = "";

/** Seconds of the machine in counts; the impacts ring at 3 kHz. */
function machine(seconds: number, impacts: number, seed: number, gain = 1): Int16Array {
	let random = seed;
	return Int16Array.from({ length: seconds * RATE }, (_, i) => {
		random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
		const t = i / RATE;
		const since = t % (1 / (30 * 3.585));
		const ring = impacts * Math.exp(-since * 900) * Math.sin(2 * Math.PI * 3000 * since);
		return gain * (120 * Math.sin(2 * Math.PI * 30 * t) + 200 * (random / 2 ** 32 - 0.5) + ring);
	});
}

function put(name: string, samples: ArrayLike<number>, rate = RATE) {
	writeFileSync(join(folder, name), wave({ rate, data: pcm16(samples) }));
}

beforeAll(async () => {
	await buildImage("wasm");
	folder = mkdtempSync(join(tmpdir(), "cricket-machines-"));
	put("sound.wav", machine(6, 0, 1));
	put("usual.wav", machine(3, 0, 2));
	put("ring.wav", machine(4, 4000, 3));
	// The same fault from a sensor of twice the range, whose counts are half as many.
	put("wide.wav", machine(4, 4000, 3, 0.5));
	const entry = { nominal_rpm: 1800, load_hp: 0 };
	writeFileSync(
		join(folder, "index.json"),
		JSON.stringify({
			bearing: { bpfo: 3.585, bpfi: 5.415, bsf: 2.357, ftf: 0.398 },
			"sound.wav": { fault: "normal", ...entry },
			"ring.wav": { fault: "outer", ...entry, full_scale_g: 16 },
			"wide.wav": { fault: "outer", ...entry, full_scale_g: 32, load_hp: 2 },
		}),
	);
});
afterAll(() => rmSync(folder, { recursive: true }));

const evaluate = (baseline: string[] = []) => evaluateVibration(folder, { configuration: {}, baseline });
const fileOf = (report: VibrationReport, name: string) => report.files.find(({ file }) => file === name)!;

describe("without --baseline", () => {
	let report: VibrationReport;
	beforeAll(async () => {
		report = await evaluate();
	});

	test("the first half of the normal recording is learned, its second half and the faults are judged", () => {
		expect(report.baselines).toMatchObject([{ name: "sound.wav (first half)" }]);
		expect(report.files.map(({ file }) => file)).toEqual(["sound.wav", "ring.wav", "wide.wav"]);
		expect(fileOf(report, "sound.wav").windows.every(([t]) => t < 3)).toBe(true);
	});

	test("the fault stands out, in every window", () => {
		expect(report.auc).toBe(1);
		expect(report.roc.at(-1)!.slice(0, 2)).toEqual([1, 1]);
		expect(fileOf(report, "sound.wav")).toMatchObject({ named: "normal", right: true, alarm: null });
		expect(fileOf(report, "ring.wav").alarm).toBeLessThan(3);
		expect(report.alarms).toMatchObject({ normal: 0, outer: 1, inner: null });
	});

	test("the full scale of a file is that of its sensor", () => {
		const [ring, wide] = [fileOf(report, "ring.wav"), fileOf(report, "wide.wav")];
		expect(wide.median).toBeCloseTo(ring.median, 1);
	});
});

test("--baseline: those files are learned, all others are judged", async () => {
	const report = await evaluate([join(folder, "usual.wav")]);
	expect(report.baselines).toMatchObject([{ name: "usual.wav" }]);
	expect(report.files.map(({ file }) => file)).toEqual(["sound.wav", "ring.wav", "wide.wav"]);
	expect(report.recordings).toMatchObject({ normal: 1, inner: null, ball: null });
	expect(report.auc).toBe(1);
});

test("the command prints tables, or the report as JSON, and writes a page", async () => {
	const words = ["eval", "vibration", folder, "--baseline", "usual.wav", "sound.wav"];
	const { status, stdout, stderr } = await cricket([...words, "--json", "--plot", "page.html"], { cwd: folder });
	expect({ status, stderr }).toEqual({ status: 0, stderr: "page.html: written\n" });
	const report = JSON.parse(stdout);
	expect(Object.keys(report.recordings)).toEqual(["normal", "inner", "outer", "ball"]);
	expect(report.recordings.normal).toBeNull();
	expect(report.auc).toBeNull();
	expect(report.baselines[0].name).toBe("usual.wav + sound.wav");
	expect(report.files).toHaveLength(2);
	const page = readFileSync(join(folder, "page.html"), "utf8");
	expect(page).not.toMatch(/\b(src|href)=|https?:|@import|url\(/);
	expect(page).toContain("ring.wav");
	const text = await cricket(words, { cwd: folder });
	expect(text.stdout).toMatch(/^ {2}ring\.wav +outer /m);
});

describe("a recording played again and again", () => {
	test("goes on without a jump where it begins anew", () => {
		const tone = computed(RATE, 0.5, (i) => 8000 * Math.sin((2 * Math.PI * 7.3 * i) / RATE));
		const steepest = (samples: Int16Array) =>
			samples.reduce((most, value, i) => Math.max(most, i === 0 ? 0 : Math.abs(value - samples[i - 1]!)), 0);
		expect(steepest(samplesOf(tone))).toBeLessThan(40);
		expect(steepest(samplesOf({ ...looped(tone), length: 2 * RATE }))).toBeLessThan(80);
	});
});

describe("what cannot be judged", () => {
	test.each([
		["no-baseline", { "ring.wav": { fault: "outer" } }, []],
		["file-not-found", { "none.wav": { fault: "normal" } }, []],
		["nothing-to-judge", { "usual.wav": { fault: "normal" } }, ["usual.wav"]],
		["not-learned", { "still.wav": { fault: "normal" } }, []],
	])("%s", async (code, index, baseline) => {
		const below = mkdtempSync(join(folder, "bad-"));
		mkdirSync(below, { recursive: true });
		for (const name of ["ring.wav", "usual.wav"]) copyFileSync(join(folder, name), join(below, name));
		writeFileSync(join(below, "still.wav"), wave({ rate: RATE, data: pcm16(new Int16Array(2 * RATE)) }));
		writeFileSync(join(below, "index.json"), JSON.stringify(index));
		const evaluating = evaluateVibration(below, {
			configuration: {},
			baseline: baseline.map((name) => join(below, name)),
		});
		await expect(evaluating).rejects.toMatchObject({ code });
	});
});

describeWithShared("real bearings", ["data/vibration/index.json"], () => {
	test("a sound machine and three faults are told apart", async () => {
		const below = mkdtempSync(join(folder, "real-"));
		const names = ["load0_normal_a.wav", "load0_inner_07mil.wav", "load1_outer_07mil.wav", "load1_ball_14mil.wav"];
		const whole = JSON.parse(readFileSync(shared("data/vibration/index.json"), "utf8"));
		for (const name of names) copyFileSync(shared(`data/vibration/${name}`), join(below, name));
		writeFileSync(
			join(below, "index.json"),
			JSON.stringify(Object.fromEntries(names.map((name) => [name, whole[name]]))),
		);
		const report = await evaluateVibration(below, { configuration: {}, baseline: [] });
		expect(report.files).toHaveLength(4);
		expect(report.auc).toBeGreaterThan(0.99);
		expect(report.recordings.normal).toBe(1);
		expect(report.alarms).toMatchObject({ inner: 1, outer: 1, ball: 1 });
	});
});
