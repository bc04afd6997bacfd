import fc from "fast-check";
import { expect, test } from "vitest";
import { bar, grouped, wrap } from "../../tools/terminal.ts";

test("wrapped lines are no wider than asked, and lose no word", () => {
	const words = fc.array(fc.stringMatching(/^[a-z]{1,15}$/), { minLength: 1, maxLength: 30 });
	fc.assert(
		fc.property(words, fc.integer({ min: 20, max: 80 }), (list, width) => {
			const wrapped = wrap(list.join(" "), width, "  ");
			expect(wrapped.split("\n").every((line) => line.length <= width)).toBe(true);
			expect(wrapped.split(/\s+/)).toEqual(list);
		}),
	);
});

test("a word that is wider stays whole, so that it can be copied", () => {
	expect(wrap("see /a/very/long/path/indeed now", 10, "  ")).toBe("see\n  /a/very/long/path/indeed\n  now");
	expect(wrap("never wrapped without a width", undefined)).toBe("never wrapped without a width");
});

test("digits in groups", () => {
	expect([0, 999, 1000, 1048576, 1234567890].map(grouped)).toEqual(["0", "999", "1,000", "1,048,576", "1,234,567,890"]);
});

test("a bar is full at one and beyond", () => {
	expect([0, 0.5, 1, 7, -1].map((share) => bar(share, 4))).toEqual(["....", "##..", "####", "####", "...."]);
});
