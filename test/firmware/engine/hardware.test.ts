/* The modules between script and the device: flash, Resource, native classes. hardware.ts says what they do. */
import { beforeAll, describe, expect, it } from "vitest";
import { readBoard } from "../../../host-sim/board.ts";
import { saidBy } from "./device.ts";

let said: Map<string, string>;
beforeAll(async () => {
	said = await saidBy("hardware");
}, 300_000);

const board = readBoard("wasm");
const results = (expected: [string, unknown][]) =>
	it.each(expected)("%s", (name, result) => {
		if (result instanceof RegExp) expect(said.get(name)).toMatch(result);
		else if (result === undefined) expect(said.get(name)).toBe("undefined");
		else expect(JSON.parse(said.get(name)!)).toEqual(result);
	});

describe("flash", () => {
	const { bytes } = board.flash.partitions[0]!;
	results([
		["status", [bytes, board.flash.sector]],
		["erased", [255, 255]],
		["write", [255, 1, 2, 3, 0x30, 255]],
		["a view", [0, 0, 8, 7, 0, 0]],
		["last byte", [0x55]],
		["erase", [[255], [0]]],
		["read over the end", /^RangeError: flash: 2 bytes at 8191 do not fit partition of 8192$/],
		["write over the end", /^RangeError: flash: 2 bytes at 8191 /],
		["before the start", /^RangeError: flash: 1 bytes at -1 /],
		["no offset", /^RangeError: flash: /],
		["far", /^RangeError: flash: /],
		["no block", /^RangeError: flash: a block is a whole number below 2 in partition of 8192 bytes$/],
		["block -1", /^RangeError: flash: a block /],
		["block 2^32", /^RangeError: flash: a block /],
		["block of nothing", /^RangeError: flash: a block /],
		["half a block", /^RangeError: flash: a block /],
		["still there", [0x55]],
		["no buffer", /^TypeError: /],
		["wide buffer", /^TypeError: /],
		["into flash", /^TypeError: /],
		["unknown", /^Error: flash: board has no partition nothing$/],
		["long name", /^Error: flash: board has no partition x{20}/],
		["alike", /^Error: flash: board has no partition conf$/],
		["neighbour", [255]],
		["closed", /^Error: flash: partition is closed$/],
		["closed status", /^Error: flash: partition is closed$/],
	]);
});

describe("Resource", () => {
	results([
		["exists", [true, false, false, false]],
		["missing", /^Error: no such resource in this image: nothing$/],
		["missing, long", /^Error: no such resource in this image: x{20}/],
		["card", ['{"schema"', true, true]],
		["model", "TFL3"],
		["write to flash", /^TypeError: /],
		["write by view", /^TypeError: /],
		["fill", /^TypeError: /],
		["unchanged", "{".charCodeAt(0)],
	]);
});

describe("native", () => {
	results([
		["no such native", /^ReferenceError: native: no C function of that name in this image$/],
		["no such class", /^ReferenceError: native: /],
		["no name", /^ReferenceError: native: /],
		["not ours", /^ReferenceError: native: /],
		["without new", /^TypeError: /],
		["another's this", /^\w*Error: /],
		["no native this", /^\w*Error: /],
		["prototype as this", /^\w*Error: /],
		["many", [true, 0, true]],
		["memory", [true, true, true]],
	]);
});
