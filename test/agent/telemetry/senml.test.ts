import { Decoder } from "cbor-x";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event } from "../../../firmware/agent/telemetry/event.ts";
import { encodeEvent } from "../../../firmware/agent/telemetry/senml.ts";
import { EventStream, EventStreamError } from "../../../host-sim/events.ts";

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const count = fc.nat();
const text = fc.string({ unit: "grapheme" });
const pipeline = fc.record({ windows: count, lost: count, overruns: count });
const event: fc.Arbitrary<Event> = fc.oneof(
	fc.record({ t: number, type: fc.constant("keyword" as const), label: text, score: number }),
	fc.record({
		t: number,
		type: fc.constant("vibration" as const),
		state: fc.constantFrom("learning" as const, "normal" as const, "warning" as const, "alarm" as const),
		score: number,
		features: fc.record({ rms: number, kurtosis: number, crest: number }),
	}),
	fc.record({ t: number, type: fc.constant("boot" as const), agent: text, board: text, reason: text }),
	fc.record({ t: number, type: fc.constant("error" as const), code: text, message: text }),
	fc.record(
		{
			t: number,
			type: fc.constant("health" as const),
			uptime: count,
			memory: fc.record({ heap: count, heapPeak: count, pool: count, poolPeak: count, stackPeak: count }),
			timing: fc.record({ features: count, inference: count, script: count }),
			keyword: pipeline,
			vibration: pipeline,
			outbox: fc.record({ size: count, dropped: count }),
			link: fc.record({ up: fc.boolean(), losses: count }),
		},
		{ requiredKeys: ["t", "type", "uptime", "memory", "timing", "outbox", "link"] },
	),
);

function decoded(...pieces: Uint8Array[]): Event[] {
	const events: Event[] = [];
	const stream = new EventStream((event) => events.push(event));
	for (const piece of pieces) stream.push(piece);
	expect(stream.pending).toBe(0);
	return events;
}

describe("SenML", () => {
	test("an event is one record a leaf, with the labels of RFC 8428", () => {
		const pack = encodeEvent("press-7", {
			t: 6,
			type: "vibration",
			state: "alarm",
			score: 4.2,
			features: { rms: 0.31, kurtosis: 7.9, crest: 4.1 },
		});
		expect(new Decoder({ mapsAsObjects: false, useRecords: false }).decode(pack)).toEqual([
			new Map<number, unknown>([
				[-2, "press-7/vibration/"],
				[-3, 6],
				[0, "state"],
				[3, "alarm"],
			]),
			new Map<number, unknown>([
				[0, "score"],
				[2, 4.2],
			]),
			new Map<number, unknown>([
				[0, "features/rms"],
				[2, 0.31],
			]),
			new Map<number, unknown>([
				[0, "features/kurtosis"],
				[2, 7.9],
			]),
			new Map<number, unknown>([
				[0, "features/crest"],
				[2, 4.1],
			]),
		]);
	});

	test("property: every event comes back as it was, its keys in their order", () => {
		fc.assert(
			fc.property(event, (event) => {
				const [back] = decoded(encodeEvent("cricket", event));
				expect(back).toEqual(event);
				const ordered = (value: object): unknown =>
					Object.entries(value).map(([key, inner]) => [key, typeof inner === "object" ? ordered(inner) : inner]);
				expect(ordered(back!)).toEqual(ordered(event));
			}),
			{ numRuns: 500 },
		);
	});
});

describe("event stream", () => {
	test("property: pieces may end anywhere", () => {
		fc.assert(
			fc.property(fc.array(event, { maxLength: 6 }), fc.array(fc.nat({ max: 40 })), (events, lengths) => {
				const bytes = Buffer.concat(events.map((event) => encodeEvent("cricket", event)));
				const pieces: Uint8Array[] = [];
				let at = 0;
				for (const length of lengths) {
					pieces.push(bytes.subarray(at, at + length));
					at += length;
				}
				pieces.push(bytes.subarray(at));
				expect(decoded(...pieces)).toEqual(events);
			}),
		);
	});

	test("says which device sent an event", () => {
		const devices: string[] = [];
		const stream = new EventStream((_, device) => devices.push(device));
		stream.push(encodeEvent("pump-3", { t: 0, type: "error", code: "a", message: "b" }));
		expect(devices).toEqual(["pump-3"]);
	});

	test("hands on the events before garbage, then refuses the stream and says where", () => {
		const good = encodeEvent("cricket", { t: 1, type: "keyword", label: "yes", score: 0.9 });
		const events: Event[] = [];
		const stream = new EventStream((event) => events.push(event));
		expect(() => stream.push(Buffer.concat([good, new Uint8Array([0x01, 0x02])]))).toThrow(EventStreamError);
		expect(events).toHaveLength(1);
		expect(() => stream.push(good)).toThrow(EventStreamError);
		expect(events).toHaveLength(1);
	});

	test.each<[string, number[], RegExp]>([
		["reserved CBOR", [0x1c], /not CBOR/],
		["a number", [0x05], /not a SenML pack/],
		["an empty array", [0x80], /not a SenML pack/],
		["a pack without a base name", [0x81, 0xa1, 0x00, 0x61, 0x61], /base name/],
	])("refuses %s", (_, bytes, message) => {
		const stream = new EventStream(() => {});
		expect(() => stream.push(new Uint8Array(bytes))).toThrow(message);
		expect(() => stream.push(new Uint8Array(bytes))).toThrow(expect.objectContaining({ code: "event-stream-garbled" }));
	});

	test("does not wait forever for a pack that claims to be huge", () => {
		const stream = new EventStream(() => {});
		stream.push(new Uint8Array([0x81, 0x7a, 0x7f, 0xff, 0xff, 0xff]));
		expect(() => {
			for (let i = 0; i < 70; i++) stream.push(new Uint8Array(1000));
		}).toThrow(/no pack has more/);
	});

	test("property: garbage gives an EventStreamError or waits, nothing else", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), event, fc.nat(), fc.nat({ max: 255 }), (wild, event, at, byte) => {
				const pack = encodeEvent("cricket", event).slice();
				pack[at % pack.length] = byte;
				for (const bytes of [wild, pack]) {
					try {
						new EventStream(() => {}).push(bytes);
					} catch (thrown) {
						expect(thrown).toBeInstanceOf(EventStreamError);
					}
				}
			}),
			{ numRuns: 2000 },
		);
	});
});
