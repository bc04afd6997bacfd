/* Features in orders of the shaft: against the plain reference, and what must hold of them whatever the machine. */
import { beforeAll, describe, expect, it } from "vitest";
import type { OrdersRecipe, SpectrumRecipe, Turning } from "../../../firmware/native/dsp/recipe.ts";
import { ORDERS_SIZE, RecipeError, Spectrum } from "../../../host-sim/dsp.ts";
import { buildDsp } from "../../../tools/build/dsp.ts";
import { orders } from "./orders-model.ts";
import { gaussian } from "./signals.ts";

beforeAll(async () => {
	await buildDsp();
});

const spectrumRecipe: SpectrumRecipe = {
	...{ kind: "spectrum", rate: 12000, window: 2048, hop: 2048, bands: 16, low: 20, high: 5600, scale: 8, offset: 0 },
};
const recipe: OrdersRecipe = { kind: "orders", rate: 12000, edges: [700, 1600, 3000, 5400], scale: 10 };
const bearing = { bpfo: 3.585, bpfi: 5.415, bsf: 2.357, ftf: 0.398 };
const usual: OrdersRecipe & Turning = { ...recipe, shaft: 29.95, ...bearing };

/** Features' places: of signal 0, and of the families in a band. */
const BAND = 33;
const band = (i: number) => 25 + BAND * i;
const family = { outer: 0, inner: 7, ball: 14 } as const;

type Machine = { shaft?: number; struck?: number; turns?: number; gain?: number; offset?: number; seconds?: number };

/** A shaft's sine, noise, and a resonance at 2.2 kHz that is struck at an order of the shaft. */
function machine({ shaft = 29.95, struck = 0, turns = 0, gain = 1, offset = 0, seconds = 3 }: Machine): Int16Array {
	const random = gaussian(7);
	let [phase, ring, next] = [0, 0, 0];
	return Int16Array.from({ length: seconds * 12000 }, (_, i) => {
		if (struck && (i * shaft) / 12000 >= next) {
			[phase, ring] = [0, 900];
			next += 1 / struck;
		}
		ring *= 0.985;
		phase += (2 * Math.PI * 2200) / 12000;
		const turning = turns * Math.sin((2 * Math.PI * shaft * i) / 12000);
		return Math.round(gain * (ring * Math.sin(phase) + turning + 60 * random()) + offset);
	});
}

/** The features of the newest window of the samples, as a device reads them; and the samples up to where it read. */
function featuresOf(samples: Int16Array, turning = usual) {
	const spectrum = new Spectrum(spectrumRecipe, turning);
	const bytes = new Int8Array(ORDERS_SIZE);
	let until = 0;
	for (let at = 0; at + 2048 <= samples.length; at += 2048) {
		spectrum.push(samples.subarray(at, at + 2048));
		if (spectrum.orders(bytes.buffer)) until = at + 2048;
	}
	expect(until).toBeGreaterThan(0);
	return { features: Array.from(bytes), heard: samples.subarray(0, until) };
}

describe("against the plain reference", () => {
	const machines: [string, Machine, Partial<Turning>][] = [
		["noise and a shaft", { turns: 200 }, {}],
		["an outer race", { struck: 3.585, turns: 100 }, {}],
		["an inner race on a slow shaft", { struck: 5.415, shaft: 13, seconds: 6 }, { shaft: 13 }],
		["a ball on a fast shaft", { struck: 4.714, shaft: 61 }, { shaft: 61.5 }],
	];
	it.each(machines)("%s", (_, about, known) => {
		const turning = { ...usual, ...known };
		const { features, heard } = featuresOf(machine(about), turning);
		const wanted = orders(heard, turning).map((value) => Math.max(-128, Math.min(127, 10 * value)));
		expect(wanted).toHaveLength(ORDERS_SIZE);
		const away = features.map((byte, i) => Math.abs(byte - wanted[i]!));
		// where two speeds fit a family alike, a rounding decides between them
		const far = away.filter((distance) => distance > 1.5);
		expect(far.length).toBeLessThanOrEqual(6);
	});
});

describe("a struck resonance", () => {
	const orderOf = { outer: 3.585, inner: 5.415, ball: 4.714 } as const;
	const names = Object.keys(orderOf) as (keyof typeof orderOf)[];

	it.each(names)("stands out in the family of the %s", (name) => {
		const { features } = featuresOf(machine({ struck: orderOf[name] }));
		const first = (of: keyof typeof family) => features[band(1) + family[of]]!;
		expect(first(name)).toBeGreaterThan(60);
		for (const other of names) if (other !== name) expect(first(other)).toBeLessThan(first(name) - 25);
	});

	it.each([0.965, 0.98, 1, 1.015])("is found at %f of the nominal speed", (speed) => {
		const { features } = featuresOf(machine({ struck: 3.585, shaft: 29.95 * speed }));
		expect(features[band(1)]).toBeGreaterThan(60);
		expect(features[band(1) + 1]).toBeGreaterThan(50);
	});

	it.each([12, 20, 45, 80])("looks the same on a shaft of %d Hz", (shaft) => {
		const { features } = featuresOf(machine({ struck: 3.585, shaft, seconds: 100 / shaft + 1 }), { ...usual, shaft });
		expect(features[band(1)]).toBeGreaterThan(55);
		expect(features[band(1) + family.inner]).toBeLessThan(features[band(1)]! - 20);
	});
});

describe("what must not matter", () => {
	it("the sensor's sensitivity, up to rounding", () => {
		const one = featuresOf(machine({ struck: 5.415, turns: 300 })).features;
		const eight = featuresOf(machine({ struck: 5.415, turns: 300, gain: 8 })).features;
		const away = one.map((byte, i) => Math.abs(byte - eight[i]!));
		expect(away.filter((distance) => distance > 2).length).toBeLessThanOrEqual(8);
	});

	it("gravity", () => {
		const level = featuresOf(machine({ struck: 5.415 })).features;
		const tilted = featuresOf(machine({ struck: 5.415, offset: 2048 })).features;
		// only the filters' start differs, which lies outside of the window
		expect(tilted.slice(25)).toEqual(level.slice(25));
		expect(tilted.slice(0, 25).every((byte, i) => Math.abs(byte - level[i]!) <= 2)).toBe(true);
	});
});

describe("windows", () => {
	it("come about every sixteen turns, the first after thirty-two", () => {
		const spectrum = new Spectrum(spectrumRecipe, usual);
		const samples = machine({ seconds: 8 });
		const into = new ArrayBuffer(ORDERS_SIZE);
		const at: number[] = [];
		for (let i = 0; i + 2048 <= samples.length; i += 2048) {
			spectrum.push(samples.subarray(i, i + 2048));
			if (spectrum.orders(into)) at.push((i + 2048) / 12000);
		}
		expect(at[0]).toBeGreaterThan(30 / 29.95);
		expect(at[0]).toBeLessThan(36 / 29.95 + 0.171);
		for (let i = 1; i < at.length; i++) {
			expect(at[i]! - at[i - 1]!).toBeGreaterThan(15 / 29.95);
			expect(at[i]! - at[i - 1]!).toBeLessThan(18 / 29.95 + 0.171);
		}
	});

	it("do not span a gap", () => {
		const spectrum = new Spectrum(spectrumRecipe, usual, 4096);
		const into = new ArrayBuffer(ORDERS_SIZE);
		spectrum.push(machine({ seconds: 1 }));
		spectrum.hear(machine({ seconds: 1 }));
		while (spectrum.pull(1)) expect(spectrum.orders(into)).toBe(false);
		expect(spectrum.lost()).toBe(12000 - 4096);
		let windows = 0;
		for (let i = 0; i < 11; i++) {
			spectrum.push(machine({ seconds: 1 }).subarray(0, 1024));
			if (spectrum.orders(into)) windows++;
		}
		expect(windows).toBeGreaterThan(0);
	});

	it("are silent, not broken, when there is nothing to feel", () => {
		const { features } = featuresOf(new Int16Array(36_000));
		expect(features.every((byte) => byte >= -128 && byte <= 127)).toBe(true);
		const { features: loud } = featuresOf(new Int16Array(36_000).map((_, i) => (i % 2 ? 32767 : -32768)));
		expect(loud).toHaveLength(ORDERS_SIZE);
	});
});

describe("a bad recipe is refused", () => {
	const bad: [string, object][] = [
		["recipe-shaft", { shaft: 0.5 }],
		["recipe-shaft", { shaft: 400 }],
		["recipe-bearing", { bpfo: 0 }],
		["recipe-bearing", { bpfi: 101 }],
		["recipe-range", { edges: [700, 700, 3000, 5400] }],
		["recipe-range", { edges: [700, 1600, 3000, 6001] }],
		["recipe-scale", { scale: 0 }],
		["recipe-number", { edges: [700.5, 1600, 3000, 5400] }],
		["recipe-number", { ftf: undefined }],
	];
	it.each(bad)("%s: %j", (code, change) => {
		const make = () => new Spectrum(spectrumRecipe, { ...usual, ...change } as OrdersRecipe & Turning);
		expect(make).toThrow(RecipeError);
		expect(make).toThrow(code);
	});

	it("no orders, no window of them", () => {
		expect(new Spectrum(spectrumRecipe).orders(new ArrayBuffer(ORDERS_SIZE))).toBe(false);
	});
});

it("needs 9 KB more, and gives back 4 KB of a spectrum whose windows do not overlap", () => {
	const overlapping = new Spectrum({ ...spectrumRecipe, hop: 1024 }).stateBytes;
	const apart = new Spectrum(spectrumRecipe).stateBytes;
	expect(overlapping - apart).toBe(4096);
	expect(new Spectrum(spectrumRecipe, usual).stateBytes - apart).toBeLessThan(9216);
});
