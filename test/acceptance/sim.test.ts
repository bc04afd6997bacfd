/* What the first release promises of `cricket sim`: real words, real machines, and the recordings that the project ships. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Image } from "../../host-sim/twin.ts";
import { root } from "../../tools/build/clang.ts";
import { loadImage } from "../../tools/build/image.ts";
import { measure } from "../../tools/build/size.ts";
import { cricket } from "../tools/run.ts";
import { events, sound, states, vibration, words } from "./play.ts";
import { describeWithShared, shared } from "./shared.ts";

let image: Image;
beforeAll(async () => {
	image = await loadImage("wasm");
}, 300_000);

const clip = (name: string) => shared(`conformance/audio/${name}_1000ms.wav`);
const machine = (name: string) => shared(`data/vibration/load0_${name}.wav`);
const normal = Array.from({ length: 4 }, () => "normal_a");
const faults = ["inner", "outer", "ball"].flatMap((place) => ["07", "14", "21"].map((mil) => `${place}_${mil}mil`));

describeWithShared("people who were never trained on", ["conformance/audio"], () => {
	it.each([
		["yes", ["yes"]],
		["no", ["no"]],
		["noise", []],
		["silence", []],
	])("%s -> %j", async (name, heard) => {
		const list = await events(image, { audio: await sound(image, clip(name)) });
		expect(words(list)).toEqual(heard);
		expect(list.filter(({ type }) => type === "error")).toEqual([]);
	});

	it("are heard by the command too, which prints the same bytes twice", async () => {
		const once = await cricket(["sim", "--audio", clip("yes"), "--json"]);
		expect(once).toMatchObject({ status: 0, stderr: "" });
		const lines = once.stdout.trimEnd().split("\n");
		const heard = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "keyword");
		expect(heard).toEqual([{ t: expect.any(Number), type: "keyword", label: "yes", score: expect.any(Number) }]);
		expect((await cricket(["sim", "--audio", clip("yes"), "--json"])).stdout).toBe(once.stdout);
	});
});

describeWithShared("a bearing test rig", ["data/vibration"], () => {
	/** When the machine changes: the device hears no fault before. */
	let change: number;
	beforeAll(async () => {
		const signal = await vibration(image, ...normal.map(machine));
		change = signal.length / signal.rate;
	});

	it("runs normally: learned, and normal at the end", async () => {
		const list = await events(image, { acceleration: await vibration(image, ...normal.map(machine)) });
		expect(states(list).map(({ state }) => state)).toEqual(["learning", "normal"]);
	});

	it.each(faults)("fails with %s: alarm within 2 s, and none before", async (fault) => {
		const list = states(
			await events(image, { acceleration: await vibration(image, ...[...normal, fault].map(machine)) }),
		);
		const before = list.filter(({ t }) => t <= change).map(({ state }) => state);
		expect(before).toEqual(["learning", "normal"]);
		const alarm = list.find(({ state }) => state === "alarm");
		expect(alarm?.t).toBeLessThanOrEqual(change + 2);
	});

	it("is felt by the command too, which prints the same bytes twice", async () => {
		const played = [...normal, faults[0]!].flatMap((name) => ["--vibration", machine(name)]);
		const once = await cricket(["sim", ...played, "--json"]);
		expect(once).toMatchObject({ status: 0, stderr: "" });
		const felt = once.stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line))
			.filter(({ type }) => type === "vibration");
		expect(felt.map(({ state }) => state).slice(0, 2)).toEqual(["learning", "normal"]);
		expect(felt.at(-1)).toMatchObject({ state: "alarm", features: { rms: expect.any(Number) } });
		expect((await cricket(["sim", ...played, "--json"])).stdout).toBe(once.stdout);
	});
});

describe("the recordings that the project ships", () => {
	const demo = (name: string) => `${root}models/demo/${name}.wav`;

	it("have each of the six words", async () => {
		const heard = words(await events(image, { audio: await sound(image, demo("words")) }));
		expect([...new Set(heard)].sort()).toEqual(["go", "left", "no", "stop", "three", "yes"]);
	});

	it("have a machine that is learned, runs normally, and fails", async () => {
		const seen = states(await events(image, { acceleration: await vibration(image, demo("machine")) }));
		expect(seen.map(({ state }) => state).slice(0, 2)).toEqual(["learning", "normal"]);
		expect(seen.map(({ state }) => state).slice(2)).toContain("alarm");
	});
});

it("both pipelines fit into 192 KB of RAM and 1 MB of flash, and use less than is reserved", async () => {
	const { ram, flash, budget, peak } = await measure("wasm");
	expect(budget).toEqual({ flash: 1_048_576, ram: 196_608 });
	expect(ram.total).toBeLessThanOrEqual(budget.ram);
	expect(flash.total).toBeLessThanOrEqual(budget.flash);
	for (const part of ["heap", "pool", "stack"] as const) expect(peak[part]).toBeLessThan(ram[part]!);
});
