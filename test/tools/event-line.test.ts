import { expect, test } from "vitest";
import type { Event } from "../../firmware/agent/telemetry/event.ts";
import { humanLine, jsonLine } from "../../tools/event-line.ts";

const keyword: Event = { t: 1.24, type: "keyword", label: "yes", score: 0.98 };
const vibration: Event = {
	t: 6,
	type: "vibration",
	state: "alarm",
	score: 4.2,
	features: { rms: 0.31, kurtosis: 7.9, crest: 4.1 },
};

test("JSON has the keys in the order that the architecture shows", () => {
	const shuffled = Object.fromEntries(Object.entries(keyword).reverse()) as unknown as Event;
	expect(jsonLine(shuffled)).toBe('{"t":1.24,"type":"keyword","label":"yes","score":0.98}');
	expect(jsonLine(vibration)).toBe(
		'{"t":6,"type":"vibration","state":"alarm","score":4.2,"features":{"rms":0.31,"kurtosis":7.9,"crest":4.1}}',
	);
	expect(jsonLine({ reason: "power", board: "wasm", agent: "0.1.0", type: "boot", t: 0 })).toBe(
		'{"t":0,"type":"boot","agent":"0.1.0","board":"wasm","reason":"power"}',
	);
});

test("lines for people are aligned, and have no colours off a terminal", () => {
	const lines = [keyword, vibration, { t: 123.4, type: "error", code: "no-model", message: "no model" } as const].map(
		(event) => humanLine(event, process.stdout),
	);
	expect(lines).toEqual([
		"   1.240 s  keyword    yes       0.98",
		"   6.000 s  vibration  alarm     4.20  rms 0.310 g  kurtosis 7.9  crest 4.1",
		" 123.400 s  error      no-model  no model",
	]);
});
