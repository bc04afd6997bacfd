import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Outbox } from "../../../firmware/agent/telemetry/outbox.ts";
import { Flash, PowerLoss } from "../../bindings/flash.ts";

const SECTOR = 256;

/** A payload that says which it is and can be told from garbage: its number, and bytes that follow from it. */
function payload(id: number, length: number): Uint8Array {
	const bytes = new Uint8Array(4 + length);
	new DataView(bytes.buffer).setUint32(0, id);
	for (let i = 0; i < length; i++) bytes[4 + i] = (id * 31 + i * 7) & 0xff;
	return bytes;
}

function idOf(bytes: Uint8Array): number {
	const id = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
	expect(bytes).toEqual(payload(id, bytes.length - 4));
	return id;
}

function drain(outbox: Outbox): number[] {
	const ids: number[] = [];
	for (let event = outbox.peek(); event; event = outbox.peek()) {
		ids.push(idOf(event));
		outbox.shift();
	}
	return ids;
}

describe("outbox", () => {
	test("gives events in the order in which they came", () => {
		const outbox = new Outbox(new Flash(4 * SECTOR, SECTOR));
		for (let id = 0; id < 5; id++) outbox.push(payload(id, 10));
		expect(outbox.size).toBe(5);
		expect(drain(outbox)).toEqual([0, 1, 2, 3, 4]);
		expect(outbox.size).toBe(0);
		expect(outbox.peek()).toBeUndefined();
	});

	test("keeps undelivered events over a restart, and their order", () => {
		const flash = new Flash(4 * SECTOR, SECTOR);
		const outbox = new Outbox(flash);
		for (let id = 0; id < 20; id++) {
			outbox.push(payload(id, 8));
			if (id < 7) {
				outbox.peek();
				outbox.shift();
			}
		}
		const reopened = new Outbox(flash);
		expect(reopened.size).toBe(13);
		expect(drain(reopened)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
		expect(new Outbox(flash).size).toBe(0);
	});

	test("gives an event again until it is shifted", () => {
		const outbox = new Outbox(new Flash(4 * SECTOR, SECTOR));
		outbox.push(payload(1, 0));
		expect(outbox.peek()).toEqual(outbox.peek());
		outbox.shift();
		outbox.shift();
		outbox.push(payload(2, 0));
		expect(drain(outbox)).toEqual([2]);
	});

	test("does not take an event for delivered that nobody peeked at", () => {
		const outbox = new Outbox(new Flash(4 * SECTOR, SECTOR));
		outbox.push(payload(1, 0));
		outbox.shift();
		expect(drain(outbox)).toEqual([1]);
	});

	test("drops the oldest when full, and counts them", () => {
		const flash = new Flash(4 * SECTOR, SECTOR);
		const outbox = new Outbox(flash);
		for (let id = 0; id < 100; id++) outbox.push(payload(id, 40));
		expect(outbox.dropped).toBeGreaterThan(0);
		expect(outbox.dropped + outbox.size).toBe(100);
		const reopened = new Outbox(flash);
		expect(reopened.dropped).toBe(outbox.dropped);
		expect(drain(reopened)).toEqual(Array.from({ length: outbox.size }, (_, i) => i + outbox.dropped));
	});

	test("does not shift another event when the peeked one was dropped meanwhile", () => {
		const outbox = new Outbox(new Flash(4 * SECTOR, SECTOR));
		outbox.push(payload(0, 40));
		expect(idOf(outbox.peek()!)).toBe(0);
		for (let id = 1; id < 100; id++) outbox.push(payload(id, 40));
		const { size } = outbox;
		outbox.shift();
		expect(outbox.size).toBe(size);
		expect(drain(outbox)).toHaveLength(size);
	});

	test("refuses an event larger than a sector, takes the largest", () => {
		const outbox = new Outbox(new Flash(4 * SECTOR, SECTOR));
		expect(() => outbox.push(new Uint8Array(outbox.largest + 1))).toThrow(
			expect.objectContaining({ code: "outbox-event-too-large" }),
		);
		outbox.push(payload(1, outbox.largest - 4));
		outbox.push(payload(2, outbox.largest - 4));
		expect(drain(outbox)).toEqual([1, 2]);
	});

	test("refuses a partition of one sector", () => {
		expect(() => new Outbox(new Flash(SECTOR, SECTOR))).toThrow(expect.objectContaining({ code: "outbox-too-small" }));
	});

	test("starts empty on a partition that holds something else", () => {
		const flash = new Flash(4 * SECTOR, SECTOR);
		flash.bytes.forEach((_, i) => {
			flash.bytes[i] = (i * 137 + (i >> 3)) & 0xff;
		});
		const outbox = new Outbox(flash);
		expect(outbox.size).toBe(0);
		outbox.push(payload(1, 8));
		expect(drain(new Outbox(flash))).toEqual([1]);
	});

	test("loses what went bad in flash, counts it, and gives the rest", () => {
		const flash = new Flash(6 * SECTOR, SECTOR);
		const outbox = new Outbox(flash);
		for (let id = 0; id < 20; id++) outbox.push(payload(id, 20));
		expect(outbox.dropped).toBe(0);
		const event = payload(3, 20);
		const at = flash.bytes.findIndex((_, i) => event.every((byte, j) => flash.bytes[i + j] === byte));
		flash.bytes[at + 5]! ^= 0x40;
		const ids = drain(outbox);
		expect(ids.slice(0, 3)).toEqual([0, 1, 2]);
		expect(ids).not.toContain(3);
		expect(ids.at(-1)).toBe(19);
		expect(outbox.dropped).toBe(20 - ids.length);
	});

	test("an event whose write the flash refused counts as dropped, and the next are stored", () => {
		const flash = new Flash(4 * SECTOR, SECTOR);
		const outbox = new Outbox(flash);
		outbox.push(payload(1, 8));
		const write = flash.write.bind(flash);
		flash.write = (buffer, offset) => {
			if (buffer.length === 12) write(buffer, offset);
			else throw new Error("the chip said no");
		};
		expect(() => outbox.push(payload(2, 20))).toThrow("the chip said no");
		flash.write = write;
		outbox.push(payload(3, 8));
		expect(drain(outbox)).toEqual([1, 3]);
		expect(outbox.dropped).toBe(1);
	});

	test("wears the sectors evenly", () => {
		const flash = new Flash(4 * SECTOR, SECTOR);
		const outbox = new Outbox(flash);
		for (let id = 0; id < 1000; id++) {
			outbox.push(payload(id, id % 50));
			outbox.peek();
			outbox.shift();
		}
		expect(Math.max(...flash.erased) - Math.min(...flash.erased)).toBeLessThanOrEqual(1);
	});

	test("property: what fits into all sectors but two is never dropped", () => {
		fc.assert(
			fc.property(
				fc.array(fc.nat({ max: 60 }), { maxLength: 200 }),
				fc.integer({ min: 3, max: 6 }),
				(lengths, sectors) => {
					const outbox = new Outbox(new Flash(sectors * SECTOR, SECTOR));
					let id = 0;
					const waiting: number[] = [];
					for (const length of lengths) {
						// The worst that a sector can leave unused is one byte less than the largest record.
						const room = (sectors - 2) * (SECTOR - 20 - 12 - 64);
						while (waiting.length && waiting.reduce((sum, bytes) => sum + bytes + 16, length + 16) > room) {
							idOf(outbox.peek()!);
							outbox.shift();
							waiting.shift();
						}
						outbox.push(payload(id++, length));
						waiting.push(length + 4);
						expect(outbox.size).toBe(waiting.length);
					}
					expect(outbox.dropped).toBe(0);
				},
			),
			{ numRuns: 200 },
		);
	});

	test("property: power may fail at any write or erase", () => {
		const step = fc.oneof(
			{ weight: 6, arbitrary: fc.record({ do: fc.constant("push" as const), length: fc.nat({ max: 90 }) }) },
			{ weight: 4, arbitrary: fc.record({ do: fc.constant("deliver" as const), length: fc.constant(0) }) },
			{ weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), length: fc.constant(0) }) },
			{
				weight: 3,
				arbitrary: fc.record({ do: fc.constant("cut" as const), length: fc.nat({ max: 6 }), seed: fc.integer() }),
			},
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 2, max: 5 }), (steps, sectors) => {
				const flash = new Flash(sectors * SECTOR, SECTOR);
				let outbox = new Outbox(flash);
				const acknowledged = new Set<number>();
				/** Pushed while power failed: may have been stored or not. */
				const uncertain = new Set<number>();
				const delivered: number[] = [];
				let cut = false;

				function take(): boolean {
					const event = outbox.peek();
					if (!event) return false;
					const id = idOf(event);
					expect(acknowledged.has(id) || uncertain.has(id)).toBe(true);
					const last = delivered.at(-1) ?? -1;
					// In order; the last one again only if power failed in between.
					expect(id > last || (cut && id === last)).toBe(true);
					if (id > last) delivered.push(id);
					cut = false;
					outbox.shift();
					return true;
				}

				steps.forEach((step, id) => {
					try {
						if (step.do === "cut") flash.cutAfter(step.length, step.seed);
						else if (step.do === "restart") outbox = new Outbox(flash);
						else if (step.do === "deliver") take();
						else {
							uncertain.add(id);
							outbox.push(payload(id, step.length));
							uncertain.delete(id);
							acknowledged.add(id);
						}
					} catch (thrown) {
						if (!(thrown instanceof PowerLoss)) throw thrown;
						flash.power();
						outbox = new Outbox(flash);
						cut = true;
					}
				});
				flash.power();
				while (take());
				const missing = [...acknowledged].filter((id) => !delivered.includes(id));
				expect(outbox.dropped).toBeGreaterThanOrEqual(missing.length);
				expect(outbox.dropped).toBeLessThanOrEqual(missing.length + uncertain.size);
				// Only the oldest are dropped: none after which an older one was delivered later.
				expect(delivered).toEqual([...delivered].sort((a, b) => a - b));
			}),
			{ numRuns: 1500 },
		);
	});
});
