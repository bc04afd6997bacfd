/* Logarithm, root and sine on integers. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { Dsp } from "../../../host-sim/dsp.ts";
import { root } from "../../../tools/build/clang.ts";
import { buildDsp } from "../../../tools/build/dsp.ts";

let dsp: Dsp;
beforeAll(async () => {
	await buildDsp();
	dsp = new Dsp();
});

const unsigned64 = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
/** Of every magnitude: most random numbers of 64 bits are huge. */
const anyMagnitude = fc
	.tuple(unsigned64, fc.integer({ min: 0, max: 63 }))
	.map(([value, shift]) => value >> BigInt(shift));

it("log2 is within 0.6 of a 65536th", () => {
	fc.assert(
		fc.property(anyMagnitude, (value) => {
			fc.pre(value > 0n);
			const exact = Math.log2(Number(value)) * 65536;
			return Math.abs(dsp.call("log2_q16", value) - exact) < 0.6;
		}),
		{ numRuns: 3000 },
	);
});

it("log2 of a power of two is exact", () => {
	for (let i = 0n; i < 64n; i++) expect(dsp.call("log2_q16", 2n ** i)).toBe(Number(i) * 65536);
});

it("the root is rounded down", () => {
	const right = (value: bigint) => {
		const root = BigInt(dsp.call("root_u64", value) >>> 0);
		return root * root <= value && (root + 1n) * (root + 1n) > value;
	};
	fc.assert(
		fc.property(anyMagnitude, (value) => right(value)),
		{ numRuns: 3000 },
	);
	for (const value of [0n, 1n, 2n, 3n, 4n, 2n ** 32n - 1n, 2n ** 64n - 1n, (2n ** 32n - 1n) ** 2n])
		expect(right(value)).toBe(true);
});

it("the sine's table is what its script writes", () => {
	const folder = `${root}/firmware/native/dsp`;
	const written = execFileSync(process.execPath, [`${folder}/make_sine.js`], { encoding: "utf8" });
	expect(readFileSync(`${folder}/sine_table.h`, "utf8")).toBe(written);
});

it("the sine is within 3e-7 all the way round", () => {
	for (let turn = 0; turn < 2 ** 32; turn += 1234567.9) {
		const whole = Math.floor(turn);
		const exact = Math.sin((2 * Math.PI * whole) / 2 ** 32);
		expect(Math.abs(dsp.call("sine_q30", whole | 0) / 2 ** 30 - exact)).toBeLessThan(3e-7);
	}
});
