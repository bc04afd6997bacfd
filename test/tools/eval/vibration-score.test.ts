import { describe, expect, test } from "vitest";
import type { FaultName, VibrationEvent } from "../../../firmware/agent/telemetry/event.ts";
import { confusion, judge, tallies, UNNAMED } from "../../../tools/eval/vibration-score.ts";

const features = { rms: 1, kurtosis: 3, crest: 3 };
const event = (state: VibrationEvent["state"], score: number, more: Partial<VibrationEvent> = {}): VibrationEvent => ({
	t: score,
	type: "vibration",
	state,
	score,
	features,
	...more,
});
const judged = (fault: FaultName, events: VibrationEvent[]) =>
	judge({ file: "a.wav", fault, load: 1 }, "n.wav", events, 2);

describe("a recording", () => {
	const inner = { fault: "inner", confidence: 0.9 } as const;
	test.each([
		["of a sound machine without alarm: right", "normal", [event("normal", 1)], "normal", true],
		["of a sound machine that was warned of: right", "normal", [event("warning", 2, inner)], "normal", true],
		["of a sound machine with an alarm: wrong", "normal", [event("alarm", 3)], UNNAMED, false],
		["of a fault without alarm: wrong", "inner", [event("normal", 1)], "normal", false],
		["of a fault, alarm, no name: wrong", "inner", [event("alarm", 3)], UNNAMED, false],
		["of a fault, named: right", "inner", [event("warning", 2), event("alarm", 3, inner)], "inner", true],
		["of a fault, named another: wrong", "outer", [event("alarm", 3, inner)], "inner", false],
		[
			"takes the name that was given last",
			"outer",
			[event("alarm", 3, inner), event("alarm", 3, { fault: "outer" }), event("alarm", 3)],
			"outer",
			true,
		],
	] as const)("%s", (_, fault, events, named, right) => {
		expect(judged(fault, [...events])).toMatchObject({ fault, named, right, baseline: "n.wav", load: 1 });
	});

	test("has the time of its first alarm, its scores' median and highest", () => {
		const result = judged("inner", [event("normal", 1), event("alarm", 4), event("alarm", 2.5), event("alarm", 9)]);
		expect(result).toMatchObject({ alarm: 4, median: 3.25, highest: 9 });
		expect(judged("normal", [event("normal", 1)]).alarm).toBeNull();
	});
});

test("a window is normal below the warning, else the likeliest fault; nothing where the classifier said nothing", () => {
	const faults = { normal: 0.6, inner: 0.1, ball: 0.3 };
	const { windows, classifier } = judged("ball", [
		event("normal", 1.9, { faults }),
		event("alarm", 2, { faults }),
		event("alarm", 3),
	]);
	expect(windows.map(([, , , name]) => name)).toEqual(["normal", "ball", null]);
	expect(classifier).toBe("normal");
});

test("the classifier's windows are put together by the product of their posteriors", () => {
	const { classifier } = judged("ball", [
		event("alarm", 3, { faults: { inner: 0.6, ball: 0.4 } }),
		event("alarm", 3, { faults: { inner: 0.6, ball: 0.4 } }),
		event("alarm", 3, { faults: { inner: 0.05, ball: 0.95 } }),
	]);
	expect(classifier).toBe("ball");
	expect(judged("ball", [event("alarm", 3)]).classifier).toBeNull();
});

test("recordings are counted by fault", () => {
	const files = [
		judged("inner", [event("alarm", 3, { fault: "inner" })]),
		judged("inner", [event("alarm", 3, { fault: "ball" })]),
		judged("normal", [event("normal", 1)]),
	];
	expect(confusion(files)).toEqual({ inner: { ball: 1, inner: 1 }, normal: { normal: 1 } });
	const counts = tallies(files, ({ right }) => right);
	expect([...counts.keys()]).toEqual(["normal", "inner"]);
	expect(counts.get("inner")).toMatchObject({ right: 1, of: 2 });
});
