/* The fault classifier's own behaviour, over orders and a model that are given. */
import { describe, expect, it } from "vitest";
import { Fault } from "../../../firmware/agent/fault.ts";
import { FaultClassifier } from "../../../firmware/agent/pipeline/classifier.ts";

const labels = ["normal", "inner", "outer"];
const usual = { learn: 2, vote: 0.2, keep: 0.9, sharpness: 0.5, confidence: 0.6, logit: 0.1 };

/** Windows of two features; the model's logits are what the test says, its input can be looked at. */
function classifier({ decision = usual as Record<string, unknown>, recipe = { bpfo: 3.6 }, names = labels } = {}) {
	const [input, output] = [new ArrayBuffer(4), new ArrayBuffer(3)];
	const queue: number[][] = [];
	const about = { logits: [0, 0, 0], closed: 0, input: new Int8Array(input), queue };
	const made = new FaultClassifier({
		...{ labels: names, decision, recipe },
		spectrum: {
			orders(into) {
				const window = queue.shift();
				if (window) new Int8Array(into).set(window);
				return window !== undefined;
			},
		},
		interpreter: {
			input: () => input,
			output: () => output,
			invoke: () => new Int8Array(output).set(about.logits),
			close: () => about.closed++,
		},
	});
	/** Looks at a window, which the model judges so. */
	const judge = (...logits: number[]) => {
		queue.push([0, 0]);
		about.logits = logits;
		made.look();
		made.classify();
		made.count();
	};
	const learn = (...windows: number[][]) => {
		queue.push(...windows);
		while (made.look()) made.learn();
	};
	return Object.assign(about, { made, judge, learn });
}

function faultOf(act: () => unknown): Fault {
	try {
		act();
	} catch (thrown) {
		if (thrown instanceof Fault) return thrown;
	}
	throw new Error("no Fault was thrown");
}

describe("what is usual", () => {
	it("is known after so many windows, and the model is given how far a window is from it", () => {
		const { made, learn, input, queue } = classifier();
		learn([10, -20]);
		expect(made.learned).toBe(false);
		learn([20, -40]);
		expect(made.learned).toBe(true);
		queue.push([100, 127]);
		made.look();
		made.classify();
		expect([...input]).toEqual([100, 127, 85, 127]);
	});

	it("survives a restart, but not another bearing nor damage", () => {
		const before = classifier();
		before.learn([10, -20], [20, -40]);
		const bytes = new Uint8Array(before.made.bytes);
		before.made.write(bytes);
		const restored = (change: Parameters<typeof classifier>[0], stored = bytes) => {
			const after = classifier(change);
			after.made.restore(stored);
			return after.made.learned;
		};
		expect(restored({})).toBe(true);
		expect(restored({ recipe: { bpfo: 3.7 } })).toBe(false);
		expect(restored({}, bytes.slice(1))).toBe(false);
		for (let i = 0; i < bytes.length; i++) {
			const damaged = bytes.slice();
			damaged[i]! ^= 4;
			expect(restored({}, damaged)).toBe(false);
		}
	});
});

describe("the name", () => {
	it("is told when the windows are sure enough, and never normal", () => {
		const { made, judge } = classifier();
		expect(made.name()).toBeUndefined();
		judge(40, 2, 0);
		expect(made.name()).toBeUndefined();
		for (let i = 0; i < 10; i++) judge(40, 8, 0);
		expect(made.name()).toMatchObject({ fault: "inner" });
		expect(made.name()!.confidence).toBeGreaterThan(0.9);
	});

	it("changes when later windows say so, and is forgotten", () => {
		const { made, judge } = classifier();
		for (let i = 0; i < 5; i++) judge(0, 40, 0);
		for (let i = 0; i < 12; i++) judge(0, 0, 60);
		expect(made.name()).toMatchObject({ fault: "outer" });
		made.forget();
		expect(made.name()).toBeUndefined();
	});

	it("comes with posteriors that sum to one", () => {
		const { made, judge } = classifier();
		judge(10, 30, -10);
		const faults = made.posteriors();
		expect(Object.keys(faults)).toEqual(labels);
		expect(faults.inner).toBeCloseTo(Math.exp(3) / (Math.E + Math.exp(3) + Math.exp(-1)), 2);
		expect(Object.values(faults).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 2);
	});
});

describe("the vote", () => {
	it("rises with doubt and falls with health, within bounds, and is none before anything is learned", () => {
		const { made, judge, learn } = classifier();
		judge(-100, 100, 0);
		expect(made.vote).toBe(0);
		learn([0, 0], [0, 0]);
		for (let i = 0; i < 30; i++) judge(-100, 100, 0);
		expect(made.vote).toBeCloseTo(0.6, 3);
		for (let i = 0; i < 30; i++) judge(100, -100, 0);
		expect(made.vote).toBeCloseTo(-0.6, 3);
		made.interrupt();
		expect(made.vote).toBeCloseTo(0, 6);
	});
});

it("leaves out the windows that reach back behind an interruption", () => {
	const { made, queue } = classifier();
	made.interrupt();
	queue.push([1, 1], [2, 2], [3, 3]);
	expect([made.look(), made.look(), made.look(), made.look()]).toEqual([false, false, true, false]);
});

describe("a bad package", () => {
	it.each(["learn", "vote", "keep", "sharpness", "confidence", "logit"])("is refused for its decision's %s", (key) => {
		const fault = faultOf(() => classifier({ decision: { ...usual, [key]: "much" } }));
		expect(fault.code).toBe("decision-invalid");
		expect(fault.message).toContain(`fault.json: decision ${key}`);
	});

	it.each([[["normal", "inner"]], [["inner", "outer", "normal"]]])("is refused for its labels %j", (names) => {
		expect(faultOf(() => classifier({ names })).code).toBe("model-shape");
	});
});
