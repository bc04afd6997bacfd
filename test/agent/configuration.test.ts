import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	type Configuration,
	defaults,
	encodeConfiguration,
	keywordDecision,
	readConfiguration,
	vibrationDecision,
} from "../../firmware/agent/configuration.ts";
import type { Fault } from "../../firmware/agent/fault.ts";
import { Flash } from "../bindings/flash.ts";

/** A partition with that text in it, as the host writes it. */
function partition(json?: string): Flash {
	const flash = new Flash(8192, 4096);
	if (json !== undefined) flash.write(encodeConfiguration(json), 0);
	return flash;
}

function read(flash: Flash): { configuration: Configuration; faults: Fault[] } {
	const faults: Fault[] = [];
	return { configuration: readConfiguration(flash, (fault) => faults.push(fault)), faults };
}

function readJson(value: unknown) {
	return read(partition(JSON.stringify(value)));
}

describe("configuration", () => {
	test("an erased partition means the defaults, without a fault", () => {
		expect(read(partition())).toEqual({ configuration: defaults(), faults: [] });
	});

	test("every key is taken over", () => {
		const given = {
			name: "press-7",
			keyword: { enabled: false, threshold: 0.9, thresholds: { yes: 0.7 }, smoothing: 4, refractory: 1.5 },
			vibration: {
				...{ enabled: false, warning: 3, alarm: 6, fullScale: 4, shaft: 29.95, report: "windows" },
				bearing: { bpfo: 3.585, bpfi: 5.415, bsf: 2.357, ftf: 0.398 },
			},
			health: { period: 300 },
		};
		expect(readJson(given)).toEqual({ configuration: given, faults: [] });
	});

	test("keys that are left out keep their defaults", () => {
		const { configuration } = readJson({ health: { period: 5 } });
		expect(configuration).toEqual({ ...defaults(), health: { period: 5 } });
	});

	test.each<[string, unknown]>([
		["volume", { volume: 3 }],
		["keyword.treshold", { keyword: { treshold: 0.5 } }],
		["health.stride", { health: { stride: 1 } }],
		["keyword.__proto__", JSON.parse('{"keyword":{"__proto__":{"threshold":0.1}}}')],
		["constructor", { constructor: {} }],
	])("an unknown key is named: %s", (key, given) => {
		const { configuration, faults } = readJson(given);
		expect(configuration).toEqual(defaults());
		expect(faults).toMatchObject([
			{ code: "configuration-unknown-key", message: expect.stringContaining(`${key} is not a key`) },
		]);
	});

	test.each<[string, unknown, string]>([
		["name", { name: "" }, "1 to 32 letters"],
		["name", { name: "press/7" }, "1 to 32 letters"],
		["name", { name: "-7" }, "a letter or digit first"],
		["name", { name: "x".repeat(33) }, "1 to 32 letters"],
		["name", { name: 7 }, "1 to 32 letters"],
		["keyword", { keyword: true }, "an object"],
		["keyword", { keyword: [] }, "an object"],
		["keyword.enabled", { keyword: { enabled: 1 } }, "true or false"],
		["keyword.report", { keyword: { report: true } }, '"windows"'],
		["keyword.threshold", { keyword: { threshold: "high" } }, "a number from 0.01 to 1"],
		["keyword.threshold", { keyword: { threshold: 1.01 } }, "a number from 0.01 to 1"],
		["keyword.threshold", { keyword: { threshold: null } }, "a number from 0.01 to 1"],
		["keyword.thresholds", { keyword: { thresholds: { yes: 2 } } }, "a number from 0.01 to 1"],
		["keyword.thresholds", { keyword: { thresholds: 0.5 } }, "labels"],
		["keyword.smoothing", { keyword: { smoothing: 2.5 } }, "a whole number from 1 to 32"],
		["keyword.smoothing", { keyword: { smoothing: 0 } }, "a whole number from 1 to 32"],
		["keyword.refractory", { keyword: { refractory: -1 } }, "a number from 0 to 60 s"],
		["vibration.fullScale", { vibration: { fullScale: 0 } }, "1 to 1000 g"],
		["vibration.alarm", { vibration: { alarm: 0 } }, "a number from 1 to 100"],
		["vibration.shaft", { vibration: { shaft: 1797 } }, "a number from 5 to 100 Hz"],
		["vibration.report", { vibration: { report: true } }, '"windows"'],
		["vibration.bearing", { vibration: { bearing: { bpfo: 3.585, bpfi: 5.415, bsf: 2.357 } } }, "orders of the shaft"],
		["vibration.bearing", { vibration: { bearing: { bpfo: 5.4, bpfi: 3.6, bsf: 2.4, ftf: 0.4 } } }, "bpfi the larger"],
		["vibration.bearing", { vibration: { bearing: { bpfo: 3.6, bpfi: 5.4, bsf: 2.4, ftf: 0.4, x: 1 } } }, "orders"],
		["health.period", { health: { period: 0 } }, "a whole number from 1 to 86400 s"],
	])("a value of %s that will not do is reported and the default used: %j", (key, given, allowed) => {
		const { configuration, faults } = readJson(given);
		expect(configuration).toEqual(defaults());
		expect(faults).toHaveLength(1);
		expect(faults[0]!.code).toBe("configuration-value");
		expect(faults[0]!.message).toContain(`configuration: ${key} is `);
		expect(faults[0]!.message).toContain(allowed);
	});

	test("one bad key does not take the good ones with it", () => {
		const { configuration, faults } = readJson({ name: "a/b", keyword: { threshold: 0.9, smoothing: 99 } });
		expect(configuration.keyword).toEqual({ enabled: true, threshold: 0.9 });
		expect(faults).toHaveLength(2);
	});

	test("something that is no object is reported", () => {
		expect(readJson([1]).faults).toMatchObject([{ code: "configuration-value" }]);
	});

	test.each([
		["magic number", 1],
		["length", 5],
		["CRC", 9],
		["text", 14],
	])("a record whose %s is damaged is reported, and the defaults hold", (_, at) => {
		const flash = partition('{"name":"press-7"}');
		flash.bytes[at]! ^= 0x10;
		const { configuration, faults } = read(flash);
		expect(configuration).toEqual(defaults());
		expect(faults).toMatchObject([
			{ code: "configuration-corrupt", message: expect.stringContaining("write the configuration again") },
		]);
	});

	test("property: a record that power cut short is none, whole, or reported", () => {
		const json = '{"name":"press-7","health":{"period":10}}';
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const flash = new Flash(8192, 4096);
				flash.cutAfter(0, seed);
				expect(() => flash.write(encodeConfiguration(json), 0)).toThrow("power is lost");
				flash.power();
				const { configuration, faults } = read(flash);
				if (configuration.name === "press-7") expect(faults).toEqual([]);
				else {
					expect(configuration).toEqual(defaults());
					if (faults.length) expect(faults).toMatchObject([{ code: "configuration-corrupt" }]);
				}
			}),
		);
	});

	test("property: no JSON brings the device down, nor changes the shape of its configuration", () => {
		fc.assert(
			fc.property(fc.json(), (json) => {
				const { configuration } = read(partition(json));
				expect(Object.keys(configuration)).toEqual(Object.keys(defaults()));
			}),
		);
	});

	test("the host refuses to write what is not JSON", () => {
		expect(() => encodeConfiguration("{name:1}")).toThrow(expect.objectContaining({ code: "configuration-not-json" }));
	});
});

describe("keyword decision", () => {
	const labels = ["silence", "unknown", "yes", "no"];
	const card = {
		labels,
		decision: { stride: 8, smoothing: 2, threshold: 0.65, thresholds: { no: 0.7 }, refractory: 1.2 },
	};

	function decide(decision: Record<string, unknown>, device = {}) {
		const faults: Fault[] = [];
		const report = (fault: Fault) => faults.push(fault);
		return { decision: keywordDecision({ labels, decision }, { enabled: true, ...device }, report), faults };
	}

	test("the card's stands above the agent's, the device's above the card's", () => {
		expect(decide(card.decision, { smoothing: 5 })).toEqual({
			decision: {
				stride: 8,
				smoothing: 5,
				threshold: 0.65,
				thresholds: { no: 0.7 },
				refractory: 1.2,
				pause: 0,
				quiet: 0.5,
			},
			faults: [],
		});
	});

	test("the device's threshold is for all labels but those that it names", () => {
		const { decision } = decide(card.decision, { threshold: 0.9, thresholds: { yes: 0.5 } });
		expect(decision).toMatchObject({ threshold: 0.9, thresholds: { yes: 0.5 } });
	});

	test("a card without a decision runs on the agent's defaults", () => {
		const { decision, faults } = decide({});
		expect(faults).toEqual([]);
		for (const value of [decision.stride, decision.smoothing, decision.threshold, decision.refractory])
			expect(value).toBeGreaterThan(0);
	});

	test("what will not do in a card is reported", () => {
		expect(decide({ stride: 0, smooth: 2 }).faults).toMatchObject([
			{ code: "configuration-value", message: expect.stringContaining("keyword.json: decision.stride is 0") },
			{
				code: "configuration-unknown-key",
				message: expect.stringContaining("keyword.json: decision.smooth is not a key"),
			},
		]);
	});

	test("a threshold of a label that the model does not have is reported", () => {
		expect(decide(card.decision, { thresholds: { hello: 0.5 } }).faults).toMatchObject([
			{ code: "configuration-unknown-key", message: expect.stringContaining("hello is no label of the model") },
		]);
	});
});

describe("vibration decision", () => {
	const card = { decision: { learn: 40, warning: 1.6, alarm: 2.1 } };

	function decide(device: { warning?: number; alarm?: number }) {
		const faults: Fault[] = [];
		const settings = { enabled: true, fullScale: 16, ...device };
		return { decision: vibrationDecision(card, settings, (fault) => faults.push(fault)), faults };
	}

	test("is the card's, with the device's scores in it", () => {
		expect(decide({})).toEqual({ decision: card.decision, faults: [] });
		expect(decide({ alarm: 4 })).toEqual({ decision: { learn: 40, warning: 1.6, alarm: 4 }, faults: [] });
	});

	test("an alarm below the warning is reported, and the card's hold", () => {
		const { decision, faults } = decide({ warning: 3 });
		expect(decision).toEqual(card.decision);
		expect(faults).toMatchObject([
			{ code: "configuration-value", message: expect.stringContaining("vibration.alarm is 2.1") },
		]);
	});
});
