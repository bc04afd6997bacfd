/* The simulated flash against what a chip does. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Flash } from "../../host-sim/flash.ts";

const SECTOR = 64;
const BYTES = 4 * SECTOR;
const erased = () => new Flash(new Uint8Array(BYTES).fill(0xff), SECTOR);
const contents = (flash: Flash, offset = 0, length = BYTES) => {
	const bytes = new Uint8Array(length);
	expect(flash.read(offset, bytes)).toBe(true);
	return bytes;
};

it("clears bits when it is written, and sets them only when it is erased", () => {
	const flash = erased();
	expect(flash.write(3, Uint8Array.of(0xf0, 0x0f))).toBe(true);
	expect(flash.write(3, Uint8Array.of(0x3c, 0xff))).toBe(true);
	expect([...contents(flash, 2, 4)]).toEqual([0xff, 0x30, 0x0f, 0xff]);
	expect(flash.erase(0, SECTOR)).toBe(true);
	expect(contents(flash)).toEqual(new Uint8Array(BYTES).fill(0xff));
});

it("is a byte-wise AND since the last erase of the sector, whatever is done to it", () => {
	const write = fc.record({
		offset: fc.integer({ min: -5, max: BYTES + 5 }),
		bytes: fc.uint8Array({ maxLength: 2 * SECTOR }),
	});
	const erase = fc.record({
		offset: fc.oneof(
			fc.integer({ min: -2, max: 5 }).map((n) => n * SECTOR),
			fc.integer({ min: 0, max: BYTES }),
		),
		length: fc.oneof(
			fc.integer({ min: 0, max: 5 }).map((n) => n * SECTOR),
			fc.integer({ min: 0, max: BYTES }),
		),
	});
	fc.assert(
		fc.property(fc.array(fc.oneof(write, erase), { maxLength: 30 }), (steps) => {
			const flash = erased();
			const model = new Array<number>(BYTES).fill(0xff);
			for (const step of steps) {
				const length = "bytes" in step ? step.bytes.length : step.length;
				const inside = step.offset >= 0 && step.offset + length <= BYTES;
				if ("bytes" in step) {
					expect(flash.write(step.offset, step.bytes)).toBe(inside);
					if (inside) for (const [i, byte] of step.bytes.entries()) model[step.offset + i]! &= byte;
				} else {
					const whole = step.offset % SECTOR === 0 && length % SECTOR === 0;
					expect(flash.erase(step.offset, length)).toBe(inside && whole);
					if (inside && whole) model.fill(0xff, step.offset, step.offset + length);
				}
			}
			expect([...contents(flash)]).toEqual(model);
		}),
	);
});

it("reads nothing beyond its end", () => {
	const flash = erased();
	const to = new Uint8Array(2).fill(7);
	expect(flash.read(BYTES - 1, to)).toBe(false);
	expect(flash.read(-1, to)).toBe(false);
	expect([...to]).toEqual([7, 7]);
});
