import { beforeEach, describe, expect, test, vi } from "vitest";
import { encodeConfiguration } from "../../firmware/agent/configuration.ts";
import { readRecord } from "../../firmware/agent/storage/record.ts";
import type { Emit } from "../../firmware/agent/telemetry/event.ts";
import packageJson from "../../package.json" with { type: "json" };
import { traces } from "../bindings/native.ts";
import { resources } from "../bindings/resource.ts";
import { Device, keywordCard } from "./device.ts";

type Built = { baseline?: Uint8Array; fullScale: number; decision: object; onLearned(bytes: Uint8Array): void };

/** What main.ts gave to the vibration pipelines that it built, and what they do when polled. */
const vibration = vi.hoisted(() => ({ built: [] as unknown[], poll: (_emit: Emit) => {} }));
const built = vibration.built as Built[];

vi.mock("../../firmware/agent/pipeline/vibration.ts", () => ({
	VibrationPipeline: class {
		readonly name = "vibration";
		readonly period = 100;
		readonly #options: { spectrum: { close(): void }; interpreter: { close(): void } };
		constructor(options: { spectrum: { close(): void }; interpreter: { close(): void } }) {
			vibration.built.push(options);
			this.#options = options;
		}
		poll(emit: Emit): void {
			vibration.poll(emit);
		}
		health() {
			return { windows: 1, lost: 0, overruns: 0 };
		}
		close(): void {
			this.#options.spectrum.close();
			this.#options.interpreter.close();
		}
	},
}));

const vibrationCard = {
	...keywordCard,
	kind: "vibration",
	labels: [],
	decision: { warning: 1.6, alarm: 2.1 },
	recipe: { kind: "spectrum", rate: 12000, hop: 2048 },
};

const YES = 2;

let device: Device;

beforeEach(() => {
	vibration.built.length = 0;
	vibration.poll = () => {};
	device = new Device();
	device.install("vibration", vibrationCard);
});

function configure(configuration: object): void {
	device.config.bytes.fill(0xff);
	device.config.write(encodeConfiguration(JSON.stringify(configuration)), 0);
}

describe("agent", () => {
	test("says first that it started, with the version of the package", async () => {
		device.reset = "stuck";
		await device.start();
		device.run(20);
		expect(device.events[0]).toEqual({
			t: 0,
			type: "boot",
			agent: packageJson.version,
			board: "node",
			reason: "stuck",
		});
		expect(device.of("error")).toEqual([]);
		expect(traces).toEqual([]);
	});

	test("hears a word once, at the time of the window that decided", async () => {
		device.hears = (t) => (t >= 1 && t < 1.8 ? YES : -1);
		await device.start();
		device.run(5);
		expect(device.of("keyword")).toEqual([{ t: 1, type: "keyword", label: "yes", score: 0.996 }]);
	});

	test("reports what is wrong with its configuration after the start, and goes on", async () => {
		configure({ keyword: { threshold: 7 } });
		device.hears = (t) => (t >= 1 && t < 1.8 ? YES : -1);
		await device.start();
		device.run(5);
		expect(device.events.map((event) => event.type).slice(0, 2)).toEqual(["boot", "error"]);
		expect(device.of("error")).toMatchObject([{ t: 0, code: "configuration-value" }]);
		expect(device.of("keyword")).toHaveLength(1);
	});

	test("goes by its configuration", async () => {
		configure({ keyword: { enabled: false }, vibration: { fullScale: 4, alarm: 5 }, health: { period: 30 } });
		device.hears = () => YES;
		await device.start();
		device.run(70);
		expect(device.of("keyword")).toEqual([]);
		expect(built).toMatchObject([{ fullScale: 4, decision: { warning: 1.6, alarm: 5 } }]);
		expect(device.of("health").map(({ t }) => t)).toEqual([10, 30, 60]);
		expect(device.of("health")[0]).not.toHaveProperty("keyword");
	});

	test("tells its health 10 s after the start and every minute", async () => {
		await device.start();
		device.run(130);
		const [first, second, third] = device.of("health");
		expect(first).toEqual({
			t: 10,
			type: "health",
			uptime: 10,
			memory: { heap: 0, heapPeak: 100, pool: 200, poolPeak: 300, stackPeak: 400 },
			timing: { features: 500, inference: 600, script: 700 },
			keyword: { windows: 100, lost: 0, overruns: 0 },
			vibration: { windows: 1, lost: 0, overruns: 0 },
			outbox: { size: 0, dropped: 0 },
			link: { up: true, losses: 0 },
		});
		// Stage times are those since the event before.
		expect(second).toMatchObject({ t: 60, timing: { features: 0, inference: 0, script: 0 } });
		expect(third).toMatchObject({ t: 120 });
	});

	test("keeps events while there is no network, over a restart, and sends them when there is", async () => {
		device.online = false;
		device.hears = (t) => (t >= 1 && t < 1.8 ? YES : -1);
		await device.start();
		device.run(5);
		device.reset = "request";
		await device.start();
		device.run(5);
		expect(device.events).toEqual([]);
		device.online = true;
		device.run(60);
		const sent = device.events.map((event) => (event.type === "boot" ? event.reason : event.type));
		expect(sent.slice(0, 4)).toEqual(["power", "keyword", "request", "keyword"]);
	});

	test.each<[string, string, () => void]>([
		["is missing", "model-missing", () => resources.delete("keyword.tflite")],
		["has a torn card", "card-invalid", () => resources.set("keyword.json", new Uint8Array([0x7b, 0xff]))],
		["has another schema", "card-invalid", () => device.install("keyword", { ...keywordCard, schema: 2 })],
		["is of another kind", "card-invalid", () => device.install("keyword", { ...keywordCard, kind: "vibration" })],
		["has no recipe", "card-invalid", () => device.install("keyword", { ...keywordCard, recipe: 3 })],
		["has no arena", "card-invalid", () => device.install("keyword", { ...keywordCard, arena: 0 })],
		["asks for a newer agent", "model-too-new", () => device.install("keyword", { ...keywordCard, agent: "0.10.0" })],
		["does not fit its card", "model-shape", () => device.install("keyword", { ...keywordCard, labels: ["yes"] })],
	])("a keyword model that %s does not take vibration down", async (_, code, spoil) => {
		spoil();
		await device.start();
		vibration.poll = (emit) =>
			emit({ t: 1, type: "vibration", state: "normal", score: 1, features: { rms: 0, kurtosis: 3, crest: 3 } });
		device.run(1);
		expect(device.of("error").map((event) => event.code)).toEqual([code]);
		expect(device.of("vibration").length).toBeGreaterThan(0);
		// The interpreter and the spectrum of vibration, and nothing of keyword.
		expect(device.open).toBe(2);
	});

	test("a pipeline that fails is built anew, the other does not notice", async () => {
		let polls = 0;
		vibration.poll = () => {
			if (++polls === 3) throw new RangeError("arena: 12 bytes short");
		};
		device.hears = (t) => (t >= 1 && t < 1.8 ? YES : -1);
		await device.start();
		device.run(5);
		expect(device.of("error")).toMatchObject([
			{ code: "vibration-failed", message: expect.stringContaining("12 bytes short") },
		]);
		expect(built).toHaveLength(2);
		expect(device.of("keyword")).toHaveLength(1);
		expect(device.open).toBe(4);
	});

	test("a pipeline that keeps failing is closed, and the device says so", async () => {
		device.hears = () => {
			throw new Error("tensor 3 is torn");
		};
		await device.start();
		device.run(15);
		expect(device.of("error").map((event) => event.code)).toEqual([
			"keyword-failed",
			"keyword-failed",
			"keyword-stopped",
		]);
		expect(device.of("health")[0]).not.toHaveProperty("keyword");
		expect(device.open).toBe(2);
	});

	test("keeps the baseline that the machine taught it", async () => {
		await device.start();
		expect(built[0]).not.toHaveProperty("baseline");
		built[0]!.onLearned(new Uint8Array([1, 2, 3]));
		expect(readRecord(device.baseline)).toEqual(new Uint8Array([1, 2, 3]));
		await device.start();
		expect(built[1]!.baseline).toEqual(new Uint8Array([1, 2, 3]));
	});

	test("a torn baseline is reported and learned anew", async () => {
		await device.start();
		built[0]!.onLearned(new Uint8Array([1, 2, 3]));
		device.baseline.bytes[13]! ^= 1;
		await device.start();
		expect(device.of("error")).toMatchObject([{ code: "baseline-corrupt" }]);
		expect(built[1]).not.toHaveProperty("baseline");
	});

	test("a flash that refuses an event leaves a line in the log, and the device runs on", async () => {
		await device.start();
		device.outbox.write = () => {
			throw new Error("the chip said no");
		};
		device.hears = (t) => (t < 1 ? YES : -1);
		device.run(5);
		expect(traces).toEqual(["keyword event not stored: the chip said no\n"]);
		expect(device.of("error")).toEqual([]);
	});
});
