import fc from "fast-check";
import { expect, test } from "vitest";
import { concat, overlap, type Signal, toInt16 } from "../../../host-sim/world/signal.ts";

function signal(values: readonly number[], rate = 16000): Signal {
	return {
		rate,
		length: values.length,
		read(start, to) {
			for (let i = 0; i < to.length; i++) to[i] = values[start + i] ?? 0;
		},
	};
}

test("signals in turn are one after the other, wherever they are read", () => {
	const list = fc.array(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 9 }), {
		minLength: 1,
		maxLength: 5,
	});
	fc.assert(
		fc.property(list, fc.integer({ min: -10, max: 60 }), fc.integer({ min: 0, max: 70 }), (parts, start, count) => {
			const whole = parts.flat();
			const joined = concat(parts.map((part) => signal(part)));
			expect(joined.length).toBe(whole.length);
			const got = new Int16Array(count).fill(-1);
			joined.read(start, got);
			expect([...got]).toEqual(Array.from({ length: count }, (_, i) => whole[start + i] ?? 0));
		}),
	);
});

test("only signals of one rate follow each other", () => {
	expect(() => concat([signal([1]), signal([2], 8000)])).toThrow("one rate");
	expect(() => concat([])).toThrow("at least one");
});

test("the part of a read inside a signal", () => {
	expect(overlap(-3, 5, 10)).toEqual({ from: 0, end: 2 });
	expect(overlap(8, 5, 10)).toEqual({ from: 8, end: 10 });
	expect(overlap(-9, 5, 10)).toEqual({ from: 0, end: 0 });
	expect(overlap(20, 5, 10)).toEqual({ from: 10, end: 10 });
});

test("16 bits hold no more", () => {
	expect([1e9, 32767.4, -32768.6, -1e9, 1.5, -1.4].map(toInt16)).toEqual([32767, 32767, -32768, -32768, 2, -1]);
});
