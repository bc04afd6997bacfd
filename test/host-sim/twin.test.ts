/* The twin as an instrument: repeatable, rewindable, and honest about what a device loses and keeps. The device runs the real
   agent, on the recordings that the project ships. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Event, HealthEvent } from "../../firmware/agent/telemetry/event.ts";
import { type Image, Twin, type TwinOptions } from "../../host-sim/twin.ts";
import type { Signal } from "../../host-sim/world/signal.ts";
import { root } from "../../tools/build/clang.ts";
import { loadImage } from "../../tools/build/image.ts";
import { computed, sound, vibration } from "../acceptance/play.ts";

let image: Image;
let audio: Signal;
let acceleration: Signal;
beforeAll(async () => {
	image = await loadImage("wasm");
	audio = await sound(image, `${root}models/demo/words.wav`);
	acceleration = await vibration(image, `${root}models/demo/machine.wav`);
}, 300_000);

interface Device {
	twin: Twin;
	events: Event[];
	log: string[];
}

async function device(options: Partial<TwinOptions> = {}): Promise<Device> {
	const events: Event[] = [];
	const log: string[] = [];
	const sensors = { audio, acceleration };
	const twin = await Twin.create({
		...{ image, sensors, onEvent: (event: Event) => events.push(event), onLog: (line: string) => log.push(line) },
		...options,
	});
	return { twin, events, log };
}

async function ran(until: number, options?: Partial<TwinOptions>): Promise<Device> {
	const made = await device(options);
	made.twin.run(until);
	return made;
}

const statesIn = (events: readonly Event[]) =>
	events.flatMap((event) => (event.type === "vibration" ? [event.state] : []));
const isHealth = (event: Event): event is HealthEvent => event.type === "health";
/** Equal as bytes; a difference is told by its place, not by printing both. */
function expectSame(a: Uint8Array, b: Uint8Array): void {
	expect(a.length).toBe(b.length);
	expect(a.findIndex((byte, i) => byte !== b[i])).toBe(-1);
}
function expectSameState(a: Twin, b: Twin): void {
	const [one, other] = [a.snapshot(), b.snapshot()];
	expectSame(one.memory, other.memory);
	expectSame(one.flash, other.flash);
	expect({ ...one, memory: 0, flash: 0 }).toEqual({ ...other, memory: 0, flash: 0 });
}

describe("runs are repeatable", () => {
	it("to the byte of RAM and flash", async () => {
		const [one, other] = [await ran(30), await ran(30)];
		expect(one.events.map(({ type }) => type)).toEqual(
			expect.arrayContaining(["boot", "keyword", "vibration", "health"]),
		);
		expect(other.events).toEqual(one.events);
		expect(other.log).toEqual(one.log);
		expectSameState(one.twin, other.twin);
	});

	it("whatever the slices they are run in", async () => {
		const whole = await ran(15);
		const sliced = await device();
		for (let n = 1; n <= 1000; n++) sliced.twin.run((n * 15) / 1000);
		expect(sliced.events).toEqual(whole.events);
		expectSameState(sliced.twin, whole.twin);
	});

	it("whatever other devices do in between", async () => {
		const quiet = { audio: computed(16_000, 10, () => 0) };
		const [alone, silent] = [await ran(10), await ran(10, { sensors: quiet })];
		const [one, other] = [await device(), await device({ sensors: quiet })];
		for (let n = 1; n <= 100; n++) for (const { twin } of n % 2 ? [one, other] : [other, one]) twin.run(n / 10);
		expect(one.events).toEqual(alone.events);
		expect(other.events).toEqual(silent.events);
		expectSameState(one.twin, alone.twin);
		expectSameState(other.twin, silent.twin);
	});
});

describe("a snapshot", () => {
	it("brings back all of a device: the same follows again", async () => {
		const { twin, events } = await ran(8.3);
		const snapshot = twin.snapshot();
		events.length = 0;
		twin.run(20);
		const first = events.splice(0);
		const end = twin.snapshot();
		expect(first.map(({ type }) => type)).toContain("keyword");
		twin.restore(snapshot);
		expect(twin.now).toBeCloseTo(8.3, 6);
		twin.run(20);
		expect(events).toEqual(first);
		expectSame(twin.snapshot().memory, end.memory);
		expectSame(twin.snapshot().flash, end.flash);
	});

	it("goes into another device of the same image, and is not changed by either", async () => {
		const { twin, events } = await ran(8.3);
		const snapshot = twin.snapshot();
		events.length = 0;
		twin.run(20);
		const copy = await device();
		copy.events.length = 0;
		copy.twin.restore(snapshot);
		copy.twin.run(20);
		expect(copy.events).toEqual(events);
		expectSameState(copy.twin, twin);
	});
});

describe("what a device loses and keeps", () => {
	it("a stall loses samples, which are counted, and makes no false event", async () => {
		const hum = (rate: number) => computed(rate, 40, (at) => 1500 * Math.sin(at / 3) + 700 * Math.sin(at / 7.3));
		const made = await ran(12, { sensors: { audio: computed(16_000, 40, () => 0), acceleration: hum(12_000) } });
		expect(made.events.findLast(isHealth)?.keyword).toMatchObject({ lost: 0, overruns: 0 });
		made.twin.stall(3);
		made.twin.run(75);
		const health = made.events.findLast(isHealth)!;
		const ring = image.board.sensors.audio!.ring;
		for (const [pipeline, rate] of [
			["keyword", 16_000],
			["vibration", 12_000],
		] as const) {
			expect(health[pipeline]!.overruns).toBe(1);
			expect(health[pipeline]!.lost).toBeGreaterThanOrEqual(3 * rate - ring);
			expect(health[pipeline]!.lost).toBeLessThan(3.5 * rate - ring);
		}
		expect(statesIn(made.events)).toEqual(["learning", "normal"]);
		expect(made.events.filter(({ type }) => type === "keyword" || type === "error")).toEqual([]);
	});

	it("switched off and on, it knows its machine still, and its clock begins anew", async () => {
		const { twin, events } = await ran(17);
		expect(statesIn(events)).toEqual(["learning", "normal"]);
		events.length = 0;
		twin.powerCycle();
		expect(twin.restarts).toBe(0);
		twin.run(18);
		expect(events[0]).toMatchObject({ t: 0, type: "boot", reason: "power" });
		expect(statesIn(events)).toEqual(["normal"]);
		expect(events.every(({ t }) => t <= 1)).toBe(true);
		expect(twin.now).toBe(18);
	});

	it("hears after a power cycle what is said then, at the time since its start", async () => {
		const [reference, { twin, events }] = [await ran(30), await ran(2.5)];
		twin.powerCycle();
		events.length = 0;
		twin.run(30);
		const heard = (list: readonly Event[], start: number) =>
			list.flatMap((event) =>
				event.type === "keyword" && event.t + start > 4 ? [[event.label, event.t + start]] : [],
			);
		const [before, after] = [heard(reference.events, 0), heard(events, 2.5)];
		expect(before.length).toBeGreaterThan(2);
		expect(after.map(([label]) => label)).toEqual(before.map(([label]) => label));
		for (const [i, [, t]] of after.entries())
			expect(Math.abs((t as number) - (before[i]![1] as number))).toBeLessThan(0.5);
	});

	it("without a network it keeps its events, over a power cycle too, and delivers them in order", async () => {
		const said = (events: readonly Event[]) => events.filter(({ type }) => type === "keyword" || type === "vibration");
		const reference = await ran(20);
		const { twin, events } = await device();
		twin.connected = false;
		events.length = 0;
		twin.run(20);
		expect(events).toEqual([]);
		twin.powerCycle();
		twin.connected = true;
		twin.run(21);
		const boot = events.findIndex(({ type }) => type === "boot");
		expect(said(events.slice(0, boot))).toEqual(said(reference.events));
		expect(events[boot]).toMatchObject({ t: 0, reason: "power" });
	});

	it("a network that comes back by itself is found within a minute, and each event comes once", async () => {
		const { twin, events } = await ran(4);
		twin.connected = false;
		twin.run(25);
		const before = events.length;
		twin.connected = true;
		twin.run(25 + 61);
		const late = events.slice(before).filter(({ t }) => t > 4 && t <= 25);
		const reference = (await ran(25)).events.filter(({ t }) => t > 4);
		const keys = (list: readonly Event[]) => list.map(({ t, type }) => `${t} ${type}`);
		expect(keys(late)).toEqual(keys(reference));
		expect(events.findLast(isHealth)?.link).toEqual({ up: true, losses: 1 });
	});
});

describe("what it reports", () => {
	it("memory lies within what the board reserves", async () => {
		const { memory } = (await ran(15)).twin;
		for (const part of ["heap", "pool", "stack"] as const) {
			expect(memory[part].bytes).toBe(image.board.memory[part]);
			expect(memory[part].peak).toBeGreaterThan(0);
			expect(memory[part].peak).toBeLessThan(memory[part].bytes);
		}
	});

	it("stages are counted, and timed only when asked", async () => {
		const { timing } = (await ran(5)).twin;
		const timed = (await ran(5, { timing: true })).twin.timing;
		for (const stage of ["features", "inference", "script"] as const) {
			expect(timing[stage].us).toBe(0);
			expect(timing[stage].count).toBeGreaterThan(10);
			expect(timed[stage].us).toBeGreaterThan(0);
			expect(timed[stage].count).toBe(timing[stage].count);
		}
		expect(timing.script.bytecodes).toBeGreaterThan(1000);
	});

	it("what the host's own code throws ends the run, and is not taken for a fault of the device", async () => {
		const mistake = new RangeError("the host's own mistake");
		const made = await device({
			onEvent: (event) => {
				if (event.type === "health") throw mistake;
			},
		});
		expect(() => made.twin.run(15)).toThrow(mistake);
		expect(made.twin.restarts).toBe(0);
	});
});
