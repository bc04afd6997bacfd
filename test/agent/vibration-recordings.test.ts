/* The vibration pipeline on recordings of real bearings, over the real signal processing and the real kernel. */
import { existsSync, readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { buildDsp } from "../../tools/build/dsp.ts";
import { buildKernel } from "../../tools/build/kernel.ts";
import { accuracy, join, Machine, recipe, samplesOf } from "./learn/machine.ts";

beforeAll(async () => {
	await buildDsp();
	await buildKernel();
});

const folder = "../shared/data/vibration";
const missing = !existsSync(folder);

describe.skipIf(missing && !process.env.CI)(
	"recordings of real bearings (skipped without ../shared/data/vibration)",
	() => {
		const read = (name: string) => samplesOf(`${folder}/${name}`);
		const faults = missing ? [] : readdirSync(folder).filter((name) => /_(ball|inner|outer)_/.test(name));
		let sound: Int16Array;
		/** The sound machine, long enough to be learned. */
		let usual: Int16Array;
		beforeAll(() => {
			sound = read("load0_normal_a.wav");
			usual = join(sound, sound, sound, sound);
		});

		it("are there", () => {
			expect(faults).toHaveLength(18);
		});

		it.each(faults)("%s: alarm within 2 s, none before", async (name) => {
			const machine = await Machine.start();
			machine.feel(usual);
			expect(machine.states.map(({ state }) => state)).toEqual(["learning", "normal"]);
			machine.feel(read(name));
			const alarm = machine.states.find(({ state }) => state === "alarm");
			expect(alarm!.t - usual.length / recipe.rate).toBeGreaterThan(0);
			expect(alarm!.t - usual.length / recipe.rate).toBeLessThan(2);
			expect(machine.pipeline.state).toBe("alarm");
		});

		it.each(faults)("%s: the score that training measured", async (name) => {
			const machine = await Machine.start();
			machine.feel(usual);
			machine.feel(read(name).subarray(0, 2 * recipe.rate));
			const measured = accuracy.cwru[name.replace(".wav", "")]!;
			const alarm = machine.states.find(({ state }) => state === "alarm")!;
			expect(alarm.t - usual.length / recipe.rate).toBeCloseTo(measured.alarm_after_s, 2);
			expect(Math.abs(alarm.score - measured.alarm_score)).toBeLessThan(0.003);
		});

		// What envelopes show: a ball's fault and the outer ring's of 14 mil hardly do, see the model's page.
		const plain = faults.filter((name) => /_inner_|_outer_(07|21)mil/.test(name));
		it.each(plain)("%s: named rightly within 4 s, told shaft and bearing", async (name) => {
			const bearing = { bpfo: 3.585, bpfi: 5.415, bsf: 2.357, ftf: 0.398 };
			const shaft = (name.startsWith("load0") ? 1797 : 1772) / 60;
			const machine = await Machine.start(undefined, { shaft, bearing });
			machine.feel(usual);
			machine.feel(read(name).subarray(0, 4 * recipe.rate));
			expect(machine.states.slice(0, 2).map(({ state }) => state)).toEqual(["learning", "normal"]);
			const last = machine.states.at(-1)!;
			expect(last).toMatchObject({ state: "alarm", fault: name.split("_")[1] });
			expect(last.confidence).toBeGreaterThan(0.5);
		});

		it("a sound machine stays normal for 100 s", async () => {
			const machine = await Machine.start();
			for (let i = 0; i < 40; i++) machine.feel(sound);
			expect(machine.states.map(({ state }) => state)).toEqual(["learning", "normal"]);
		});

		it.each([1, 1001, 5005, 12345, 20002, 30011])("stays normal when it starts at sample %i", async (offset) => {
			const machine = await Machine.start();
			machine.feel(join(usual, usual).subarray(offset));
			expect(machine.states.map(({ state }) => state)).toEqual(["learning", "normal"]);
		});

		const amended: [string, (value: number, i: number) => number][] = [
			["at 0.7 of its level", (value) => 0.7 * value],
			["at 1.4 times its level", (value) => 1.4 * value],
			// 10 mg rms and more, uniform
			["with a little noise", (value, i) => value + ((Math.imul(i + 1, 2654435761) >>> 16) % 71) - 35],
			["with the sensor turned: 1 g of offset", (value) => value + 2048],
		];
		it.each(amended)("stays normal %s", async (_, amend) => {
			const machine = await Machine.start();
			machine.feel(usual);
			machine.feel(usual.map(amend));
			expect(machine.states.map(({ state }) => state)).toEqual(["learning", "normal"]);
		});

		it("samples that are lost make no alarm", async () => {
			const machine = await Machine.start();
			machine.feel(usual);
			for (let i = 0; i < 5; i++) {
				machine.miss(usual.subarray(0, 30_000));
				machine.feel(sound);
			}
			expect(machine.pipeline.health().lost).toBeGreaterThan(50_000);
			expect(machine.states.map(({ state }) => state)).toEqual(["learning", "normal"]);
		});

		it("a machine that is broken when the device restarts is in alarm again, not learned", async () => {
			const before = await Machine.start();
			before.feel(usual);
			const after = await Machine.start(before.learned[0]!);
			after.feel(read("load0_ball_07mil.wav"));
			expect(after.states.map(({ state }) => state)).toEqual(["normal", "alarm"]);
		});
	},
);
