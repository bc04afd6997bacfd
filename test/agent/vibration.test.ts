/* The vibration pipeline: its own behaviour over fakes that are given windows, and the shipped model over the real signal
   processing and the real kernel. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Fault } from "../../firmware/agent/fault.ts";
import { VibrationPipeline } from "../../firmware/agent/pipeline/vibration.ts";
import type { Event, VibrationEvent } from "../../firmware/agent/telemetry/event.ts";
import { buildDsp } from "../../tools/build/dsp.ts";
import { buildKernel } from "../../tools/build/kernel.ts";
import { golden, Machine, openModel, samplesOf } from "./learn/machine.ts";

const HOP = 100;
const RATE = 1000;
const FEATURES = 6;
const usualRecipe = { rate: RATE, hop: HOP, bands: 4, envelope: { bands: 2 } };
const usualDecision = {
	...{ learn: 10, warning: 2, alarm: 3, raise: 3, clear: 4, idle: 0.01 },
	floors: { features: 5, rms: 0.5, kurtosis: 0.5, crest: 0.5 },
};

type Window = { features?: number[]; rms?: number; kurtosis?: number; crest?: number };
const healthy: Window = {};
const broken: Window = { features: [90, -90, 90, -90, 90, -90], rms: 2000, kurtosis: 12, crest: 9 };
const standing: Window = { features: [-50, 50, -50, 50, 9, 9], rms: 10, kurtosis: 0, crest: 0 };

/** A spectrum and a model that are given windows; the model misses nothing. */
class Fake {
	readonly events: Event[] = [];
	readonly learned: Uint8Array[] = [];
	pipeline: VibrationPipeline | undefined;
	closed = 0;
	#queue: Window[] = [];
	#window: Window = {};
	#position = 0;
	#lost = 0;
	readonly #tensor = new ArrayBuffer(FEATURES);
	readonly #output = new ArrayBuffer(FEATURES);
	readonly #missed: number;

	/** @param missed what the model misses of every feature: another model */
	constructor(missed = 0) {
		this.#missed = missed;
	}

	start(
		{ decision = usualDecision as Record<string, unknown>, recipe = usualRecipe, ...rest } = {},
		baseline?: Uint8Array,
	): this {
		this.pipeline = new VibrationPipeline({
			...{ recipe, decision, spectrum: this.#spectrum(), interpreter: this.#model(), fullScale: 16 },
			onLearned: (bytes) => this.learned.push(bytes),
			...(baseline && { baseline }),
			...rest,
		});
		return this;
	}

	/** Windows come and each is looked at in time. */
	feel(...windows: readonly Window[]): this {
		for (const window of windows) {
			this.#queue.push(window);
			this.poll();
		}
		return this;
	}

	/** Windows come while nobody looks. */
	wait(...windows: readonly Window[]): this {
		this.#queue.push(...windows);
		return this;
	}

	lose(samples: number): this {
		this.#lost += samples;
		this.#position += samples;
		return this;
	}

	poll(): void {
		this.pipeline!.poll((event) => this.events.push(event));
	}

	/** The states that were told, in turn. */
	get states(): string {
		return this.events.map((event) => (event.type === "vibration" ? event.state : event.type)).join(" ");
	}

	#spectrum() {
		return {
			pull: (max: number) => {
				if (max < 1 || this.#queue.length === 0) return 0;
				this.#window = this.#queue.shift()!;
				this.#position += HOP;
				return 1;
			},
			read: (into: ArrayBuffer) => new Int8Array(into).set(this.#window.features ?? [1, 2, 3, 4, 5, 6]),
			rms: () => this.#window.rms ?? 200,
			kurtosis: () => this.#window.kurtosis ?? 3,
			crest: () => this.#window.crest ?? 3.5,
			position: () => this.#position,
			lost: () => this.#lost,
			close: () => this.closed++,
		};
	}

	#model() {
		return {
			input: () => this.#tensor,
			output: () => this.#output,
			invoke: () => new Int8Array(this.#output).set(new Int8Array(this.#tensor).map((byte) => byte - this.#missed)),
			close: () => this.closed++,
		};
	}
}

const times = (count: number, window: Window) => Array.from({ length: count }, () => window);

/** The Fault that a function throws. */
function faultOf(act: () => unknown): Fault {
	try {
		act();
	} catch (thrown) {
		if (thrown instanceof Fault) return thrown;
		throw thrown;
	}
	throw new Error("nothing was thrown");
}

describe("states", () => {
	it("tells each change of state once, with time, score and figures", () => {
		const { events } = new Fake().start().feel(...times(14, healthy), ...times(5, broken), ...times(6, healthy));
		expect(events.map((event) => [event.t, event.type === "vibration" && event.state])).toEqual([
			[0.1, "learning"],
			[1, "normal"],
			[1.7, "alarm"],
			[2.3, "normal"],
		]);
		const alarm = events[2] as VibrationEvent;
		expect(alarm.features).toEqual({ rms: 0.977, kurtosis: 12, crest: 9 });
		expect(alarm.score).toBeGreaterThan(3);
	});

	it("warns of a change that is smaller", () => {
		const changed: Window = { features: [13, 14, 15, 16, 17, 18] };
		const fake = new Fake().start().feel(...times(10, healthy), ...times(6, changed));
		expect(fake.states).toBe("learning normal");
		const more: Window = { features: [18, 19, 20, 21, 22, 23] };
		fake.feel(...times(6, more));
		expect(fake.states).toBe("learning normal warning");
	});

	it("is not moved by two windows of anything", () => {
		const fake = new Fake().start().feel(...times(10, healthy));
		for (let i = 0; i < 10; i++) fake.feel(broken, broken, healthy);
		expect(fake.states).toBe("learning normal");
	});

	it("works through two windows a poll when it is late", () => {
		const fake = new Fake().start().wait(...times(4, healthy));
		fake.poll();
		expect(fake.pipeline!.health().windows).toBe(2);
		fake.poll();
		expect(fake.pipeline!.health().windows).toBe(4);
	});

	it("asks to be polled once a window", () => {
		expect(new Fake().start().pipeline!.period).toBe(100);
	});
});

describe("what is no fault", () => {
	it("says nothing of a machine that has never run", () => {
		expect(new Fake().start().feel(...times(50, standing)).states).toBe("");
	});

	it("does not learn or judge a machine that stands still", () => {
		const fake = new Fake().start().feel(...times(5, healthy), ...times(20, standing), ...times(5, healthy));
		expect(fake.states).toBe("learning normal");
		fake.feel(broken, broken, ...times(20, standing), broken, broken, ...times(20, healthy));
		expect(fake.states).toBe("learning normal");
	});

	it("learns anew when the machine changes while it is learned", () => {
		const decision = { ...usualDecision, learn: 20 };
		const fake = new Fake().start({ decision }).feel(...times(15, healthy), ...times(21, broken));
		expect(fake.states).toBe("learning");
		fake.feel(broken);
		expect(fake.states).toBe("learning normal");
		fake.feel(...times(10, broken));
		expect(fake.states).toBe("learning normal");
	});

	it("does not count windows across a gap, and counts the gap", () => {
		const fake = new Fake().start().feel(...times(10, healthy));
		for (let i = 0; i < 5; i++) fake.feel(broken, broken).lose(50);
		fake.feel(healthy);
		expect(fake.states).toBe("learning normal");
		expect(fake.pipeline!.health()).toEqual({ windows: 21, lost: 250, overruns: 5 });
	});
});

describe("a baseline over a restart", () => {
	const learn = (fake: Fake) => fake.feel(...times(10, healthy)).learned[0]!;

	it("is given out once, and taken back: the machine is judged at once", () => {
		const first = new Fake().start();
		const baseline = learn(first);
		first.feel(...times(30, healthy));
		expect(first.learned).toHaveLength(1);
		const second = new Fake().start({}, baseline).feel(...times(3, broken));
		expect(second.states).toBe("normal alarm");
		expect(second.learned).toHaveLength(0);
	});

	it("gives the same scores as before the restart", () => {
		const first = new Fake().start();
		const second = new Fake().start({}, learn(first)).feel(healthy, ...times(3, broken));
		first.feel(healthy, ...times(3, broken));
		expect((second.events.at(-1) as VibrationEvent).score).toBe((first.events.at(-1) as VibrationEvent).score);
	});

	it("is refused by another model and by another recipe, with an error that says so", () => {
		const baseline = learn(new Fake().start());
		const otherModel = new Fake(1).start({}, baseline);
		const otherRecipe = new Fake().start({ recipe: { ...usualRecipe, hop: 99 } }, baseline);
		for (const fake of [otherModel, otherRecipe]) {
			fake.feel(...times(10, healthy));
			expect(fake.states).toBe("error learning normal");
			expect(fake.events[0]).toMatchObject({ code: "baseline-foreign" });
			expect(fake.learned).toHaveLength(1);
		}
	});

	it("is learned anew when it is corrupt", () => {
		const baseline = learn(new Fake().start());
		baseline[20]! ^= 1;
		const fake = new Fake().start({}, baseline).feel(...times(10, healthy));
		expect(fake.states).toBe("error learning normal");
		expect(fake.events[0]).toMatchObject({ code: "baseline-corrupt" });
	});

	it("is used although it could not be stored", () => {
		const onLearned = () => {
			throw new Error("flash is worn out");
		};
		const fake = new Fake().start({ onLearned } as object).feel(...times(10, healthy), ...times(3, broken));
		expect(fake.states).toBe("learning error normal alarm");
		expect(fake.events[1]).toMatchObject({ code: "baseline-not-stored" });
		expect((fake.events[1] as { message: string }).message).toContain("flash is worn out");
	});
});

describe("a bad package", () => {
	const bad: [string, Record<string, unknown>][] = [
		["learn", { learn: 1 }],
		["learn", { learn: 10.5 }],
		["warning", { warning: "2" }],
		["alarm", { alarm: Number.NaN }],
		["alarm", { alarm: 1 }],
		["raise", { raise: 0 }],
		["clear", { clear: undefined }],
		["idle", { idle: -1 }],
		["features", { floors: { ...usualDecision.floors, features: 0 } }],
		["rms", { floors: undefined }],
		["crest", { floors: { features: 5, rms: 1, kurtosis: 1 } }],
	];
	it.each(bad)("is refused for its decision's %s: %j", (key, change) => {
		const fake = new Fake();
		const fault = faultOf(() => fake.start({ decision: { ...usualDecision, ...change } }));
		expect(fault.code).toBe("decision-invalid");
		expect(fault.message).toContain(key === "rms" ? "features" : key);
		expect(fake.closed).toBe(2);
	});

	it("is refused when model and recipe do not fit", () => {
		const fake = new Fake();
		const fault = faultOf(() => fake.start({ recipe: { ...usualRecipe, bands: 5 } }));
		expect(fault.code).toBe("model-shape");
		expect(fault.message).toContain("takes 6 bytes, the card's recipe makes 7");
		expect(fake.closed).toBe(2);
	});

	it("gives the native memory back when it is closed", () => {
		const fake = new Fake().start();
		fake.pipeline!.close();
		expect(fake.closed).toBe(2);
	});
});

beforeAll(async () => {
	await buildDsp();
	await buildKernel();
});

describe("the shipped model", () => {
	it("gives its golden outputs", async () => {
		const model = await openModel();
		expect(golden.length).toBeGreaterThan(0);
		for (const { input, output } of golden) {
			new Int8Array(model.input()).set(Buffer.from(input, "base64"));
			model.invoke();
			expect(Buffer.from(model.output()).toString("base64")).toBe(output);
		}
	});

	it("learns the demonstration's machine, and finds its fault as it grows", async () => {
		const machine = await Machine.start();
		machine.feel(samplesOf("models/demo/machine.wav"));
		const [learning, normal, ...found] = machine.states;
		expect([learning!.state, normal!.state]).toEqual(["learning", "normal"]);
		expect(normal!.t).toBeLessThan(8);
		expect(found[0]!.t).toBeGreaterThan(14);
		expect(found.at(-1)).toMatchObject({ state: "alarm" });
		expect(found.some(({ fault }) => fault !== undefined)).toBe(false);
	});

	it("names the demonstration's fault when it is told shaft and bearing", async () => {
		const { vibration } = JSON.parse(readFileSync("models/demo/config.json", "utf8"));
		const machine = await Machine.start(undefined, vibration);
		machine.feel(samplesOf("models/demo/machine.wav"));
		const last = machine.states.at(-1)!;
		expect(last).toMatchObject({ state: "alarm", fault: "inner" });
		expect(last.confidence).toBeGreaterThan(0.5);
	});
});
