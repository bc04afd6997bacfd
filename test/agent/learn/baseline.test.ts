import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "../../../firmware/agent/fault.ts";
import { Baseline, Learning } from "../../../firmware/agent/learn/baseline.ts";

const floors = (...values: number[]) => Float32Array.from(values);

function learned(windows: readonly (readonly number[])[], ...least: number[]): Baseline {
	const learning = new Learning(floors(...least));
	for (const window of windows) learning.add(Float32Array.from(window));
	return learning.baseline;
}

/** A repeatable sequence of standard normal numbers. */
function normals(count: number, seed = 1): number[] {
	let state = seed;
	const uniform = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return (state + 0.5) / 2 ** 32;
	};
	return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

describe("learning", () => {
	it("finds mean and deviation of what it sees", () => {
		const windows = normals(400).map((x) => [100 + 5 * x]);
		const { mean, deviation } = learned(windows, 0.01);
		expect(mean[0]).toBeGreaterThan(99);
		expect(mean[0]).toBeLessThan(101);
		expect(deviation[0]).toBeGreaterThan(4.5);
		expect(deviation[0]).toBeLessThan(5.5);
	});

	it("is exact while windows are few", () => {
		const { mean, deviation } = learned([[1], [2], [3], [6]], 0.01);
		expect(mean[0]).toBe(3);
		expect(deviation[0]).toBeCloseTo(Math.sqrt((4 + 1 + 0 + 9) / 3), 5);
	});

	it("does not let a deviation fall below its floor", () => {
		const { deviation } = learned(
			[
				[7, 7],
				[7, 7],
				[7, 7],
			],
			6,
			0.35,
		);
		expect(deviation[0]).toBe(6);
		expect(deviation[1]).toBeCloseTo(0.35, 6);
	});

	it("hardly moves for one window that lies far out", () => {
		const usual = normals(40).map((x) => [5 * x]);
		const knocked = usual.map((window, i) => (i === 20 ? [1000] : window));
		const without = learned(usual, 1);
		const with_ = learned(knocked, 1);
		expect(Math.abs(with_.mean[0]! - without.mean[0]!)).toBeLessThan(1);
		expect(with_.deviation[0]! / without.deviation[0]!).toBeLessThan(1.3);
	});

	it("forgets everything when it starts anew", () => {
		const learning = new Learning(floors(1));
		for (const x of normals(20)) learning.add(floors(500 + 50 * x));
		learning.restart();
		expect(learning.count).toBe(0);
		for (const x of normals(20, 9)) learning.add(floors(3 * x));
		const anew = learned(
			normals(20, 9).map((x) => [3 * x]),
			1,
		);
		expect(learning.baseline.mean[0]).toBe(anew.mean[0]);
		expect(learning.baseline.deviation[0]).toBe(anew.deviation[0]);
	});
});

describe("a baseline as bytes", () => {
	const anyBaseline = fc
		.array(
			fc.tuple(
				fc.float({ noNaN: true, noDefaultInfinity: true }),
				fc.float({ min: Math.fround(0.01), max: 1e6, noNaN: true }),
			),
			{
				minLength: 1,
				maxLength: 200,
			},
		)
		.map((pairs) => {
			const baseline = new Baseline(pairs.length);
			pairs.forEach(([mean, deviation], i) => {
				baseline.mean[i] = mean;
				baseline.deviation[i] = deviation;
			});
			return baseline;
		});
	const anyFingerprint = fc.integer({ min: 0, max: 2 ** 32 - 1 });

	/** The code of the Fault that reading the bytes gives. */
	function refusal(bytes: Uint8Array, size: number, fingerprint: number): string {
		try {
			Baseline.fromBytes(bytes, size, fingerprint);
		} catch (thrown) {
			if (thrown instanceof Fault) return thrown.code;
			throw thrown;
		}
		return "accepted";
	}

	it("comes back as it was", () => {
		fc.assert(
			fc.property(anyBaseline, anyFingerprint, (baseline, fingerprint) => {
				const again = Baseline.fromBytes(baseline.toBytes(fingerprint), baseline.mean.length, fingerprint);
				expect(again.mean).toEqual(baseline.mean);
				expect(again.deviation).toEqual(baseline.deviation);
			}),
		);
	});

	it("comes back from the middle of a larger buffer", () => {
		const baseline = learned(
			[
				[1, 2],
				[3, 4],
			],
			1,
			1,
		);
		const bytes = baseline.toBytes(5);
		const larger = new Uint8Array(bytes.length + 7);
		larger.set(bytes, 3);
		const again = Baseline.fromBytes(larger.subarray(3, 3 + bytes.length), 2, 5);
		expect(again.mean).toEqual(baseline.mean);
	});

	it("is refused with any bit flipped or any tail missing", () => {
		fc.assert(
			fc.property(anyBaseline, anyFingerprint, fc.nat(), fc.nat(), (baseline, fingerprint, bit, cut) => {
				const bytes = baseline.toBytes(fingerprint);
				const flipped = bytes.slice();
				const at = bit % (8 * bytes.length);
				flipped[at >> 3]! ^= 1 << (at & 7);
				expect(refusal(flipped, baseline.mean.length, fingerprint)).toBe("baseline-corrupt");
				const torn = bytes.subarray(0, cut % bytes.length);
				expect(refusal(torn, baseline.mean.length, fingerprint)).toBe("baseline-corrupt");
			}),
		);
	});

	it("is refused for another model or another number of values", () => {
		const bytes = learned(
			[
				[1, 2],
				[3, 4],
			],
			1,
			1,
		).toBytes(5);
		expect(refusal(bytes, 2, 6)).toBe("baseline-foreign");
		expect(refusal(bytes, 3, 5)).toBe("baseline-foreign");
		expect(refusal(bytes, 2, 5)).toBe("accepted");
	});

	it("is refused when a deviation could not be divided by", () => {
		const baseline = learned([[1], [2]], 1);
		for (const bad of [0, -1, Number.NaN]) {
			baseline.deviation[0] = bad;
			expect(refusal(baseline.toBytes(0), 1, 0)).toBe("baseline-corrupt");
		}
	});
});
