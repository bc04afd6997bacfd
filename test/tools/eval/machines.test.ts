import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BEARING_6205, parseBearing, readIndex } from "../../../tools/eval/machines.ts";

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "cricket-index-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function index(content: unknown) {
	writeFileSync(join(folder, "index.json"), typeof content === "string" ? content : JSON.stringify(content));
	return readIndex(folder, 16);
}

const bearing = { bpfo: 3, bpfi: 5, bsf: 2, ftf: 0.4 };

describe("an index", () => {
	test("says of each recording what is known of it", () => {
		const { machines, withoutBearing } = index({
			"a.wav": { fault: "inner", rate: 48000, nominal_rpm: 1797, full_scale_g: 8, load_hp: 1, note: "any" },
			"b.wav": { fault: "normal", load_hp: null },
		});
		expect(machines).toEqual([
			{ file: "a.wav", fault: "inner", rate: 48000, rpm: 1797, fullScale: 8, load: 1 },
			{ file: "b.wav", fault: "normal", fullScale: 16 },
		]);
		expect(withoutBearing).toBe(2);
	});

	test("names a bearing for all, or for one", () => {
		const { machines, withoutBearing } = index({
			bearing,
			"a.wav": { fault: "ball" },
			"b.wav": { fault: "ball", bearing: BEARING_6205 },
		});
		expect(machines.map((machine) => machine.bearing)).toEqual([bearing, BEARING_6205]);
		expect(withoutBearing).toBe(0);
	});

	test.each([
		["bad-index", "not JSON", "{"],
		["bad-index", "must be a JSON object", []],
		["bad-index", "names no recording", {}],
		["bad-index", "a.wav: must be an object", { "a.wav": "inner" }],
		["bad-index", 'a.wav: fault is "crack", must be one of normal, inner', { "a.wav": { fault: "crack" } }],
		["bad-index", "a.wav: fault is undefined", { "a.wav": {} }],
		["bad-index", "a.wav: nominal_rpm is -5", { "a.wav": { fault: "ball", nominal_rpm: -5 } }],
		["bad-index", 'a.wav: rate is "12k"', { "a.wav": { fault: "ball", rate: "12k" } }],
		["bad-index", "a.wav: bearing: must be", { "a.wav": { fault: "ball", bearing: { bpfo: 3 } } }],
		["bad-index", "bearing: must be", { bearing: 6205, "a.wav": { fault: "ball" } }],
	])("that is broken: %s, %s", (code, message, content) => {
		expect(() => index(content)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
	});

	test("that is missing", () => {
		expect(() => readIndex(join(folder, "none"), 16)).toThrow(expect.objectContaining({ code: "no-index" }));
	});
});

test("a bearing is four orders of the shaft", () => {
	expect(parseBearing("3,5,2,0.4")).toEqual(bearing);
	for (const text of ["3,5,2", "3,5,2,0.4,1", "a,5,2,0.4", "3,5,2,-1", ""]) expect(parseBearing(text)).toBeUndefined();
});
