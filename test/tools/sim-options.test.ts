import { InvalidArgumentError } from "commander";
import { describe, expect, test } from "vitest";
import { parseDuration, parseRate, parseSpeed } from "../../tools/duration.ts";
import { assignRates } from "../../tools/sim.ts";

describe("times", () => {
	test.each([
		["30s", 30],
		["500ms", 0.5],
		["2m", 120],
		["1.5h", 5400],
		["7", 7],
		[".5s", 0.5],
		["10 s", 10],
	])("%s", (text, seconds) => {
		expect(parseDuration(text)).toBeCloseTo(seconds, 9);
	});

	test.each(["", "0", "0s", "-1s", "s", "1x", "1e3", "NaN", "Infinity", "1s2", "999999h"])("%j is refused", (text) => {
		expect(() => parseDuration(text)).toThrow(InvalidArgumentError);
	});
});

test("speeds", () => {
	expect(parseSpeed("max")).toBe(Number.POSITIVE_INFINITY);
	expect(parseSpeed("1")).toBe(1);
	expect(parseSpeed("0.5")).toBe(0.5);
	for (const text of ["", "0", "-1", "fast", "1x", "1e9999"])
		expect(() => parseSpeed(text)).toThrow(InvalidArgumentError);
});

test("rates", () => {
	expect(parseRate("25600")).toBe(25600);
	expect(parseRate("3333.3")).toBe(3333.3);
	for (const text of ["", "0", "-1", "12k", "1e9", "0x100"])
		expect(() => parseRate(text)).toThrow(InvalidArgumentError);
});

describe("which rate belongs to which table", () => {
	test("one belongs to all", () => {
		const both = [
			{ path: "a", rate: 100 },
			{ path: "b", rate: 100 },
		];
		for (const after of [0, 1, 2]) expect(assignRates(["a", "b"], [{ after, rate: 100 }])).toEqual(both);
	});

	test("of several each belongs to the table before it", () => {
		const rates = [
			{ after: 1, rate: 100 },
			{ after: 3, rate: 300 },
		];
		expect(assignRates(["a", "b", "c"], rates)).toEqual([
			{ path: "a", rate: 100 },
			{ path: "b" },
			{ path: "c", rate: 300 },
		]);
	});

	test("none is none", () => {
		expect(assignRates(["a"], [])).toEqual([{ path: "a" }]);
	});
});
