import { expect, test } from "vitest";
import { Failure } from "../../tools/failure.ts";
import { checkBudget, type SizeReport, sizeTable } from "../../tools/size.ts";
import { timingEvent, timingTable } from "../../tools/timing.ts";

const stages = {
	features: { us: 1000, count: 50 },
	inference: { us: 3000, count: 10 },
	script: { us: 4000, count: 10, bytecodes: 20_000 },
};

test("timing is per second of device time, per time, and a share", () => {
	expect(timingEvent(stages, 2)).toEqual({
		t: 2,
		type: "timing",
		stages: {
			features: { us_per_second: 500, us_each: 20, count: 50, share: 0.125 },
			inference: { us_per_second: 1500, us_each: 300, count: 10, share: 0.375 },
			script: { us_per_second: 2000, us_each: 400, count: 10, share: 0.5 },
		},
		bytecodes_per_second: 10000,
	});
	expect(timingTable(stages, 2)).toContain("inference  1500.0    300.0     10  37.5 %");
});

test("timing of nothing is zeros", () => {
	const none = { us: 0, count: 0 };
	const text = JSON.stringify(timingEvent({ features: none, inference: none, script: { ...none, bytecodes: 0 } }, 0));
	expect(text).not.toContain("null");
});

const report = (ram: number): SizeReport => ({
	board: "wasm",
	flash: { total: 300_000, engine: 250_000, models: 50_000 },
	ram: { total: ram, heap: ram - 1000, stack: 1000 },
	peak: { heap: ram - 2000, stack: 500 },
	budget: { flash: 1_048_576, ram: 196_608 },
});

test("a size within budget passes, one beyond names the memory and its largest part", () => {
	expect(() => checkBudget(report(196_608))).not.toThrow();
	let thrown: unknown;
	try {
		checkBudget(report(200_000));
	} catch (error) {
		thrown = error;
	}
	expect(thrown).toBeInstanceOf(Failure);
	expect(thrown).toMatchObject({
		code: "over-budget",
		message:
			"board wasm: RAM takes 200,000 bytes, 3,392 more than its budget; the largest part is heap with 199,000 bytes",
	});
});

test("the table has every part, the largest first, and keeps to its width", () => {
	for (const width of [40, 80]) {
		const lines = sizeTable(report(100_000), width).split("\n");
		expect(lines.every((line) => line.length <= width)).toBe(true);
		expect(lines.map((line) => line.trim().split(/\s+/)[0])).toEqual([
			"flash:",
			"engine",
			"models",
			"total",
			"",
			"RAM:",
			"heap",
			"stack",
			"total",
		]);
	}
});
