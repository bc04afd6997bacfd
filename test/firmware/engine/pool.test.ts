/* The pool of native memory against a model: firmware/engine/memory.c by itself, compiled to wasm. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, link } from "../../../tools/build/clang.ts";
import { strict } from "../../../tools/build/xs.ts";

const POOL = 2048;
const HEADER = 16;

interface Pool {
	memory: WebAssembly.Memory;
	pool_alloc(bytes: number): number;
	pool_alloc_zeroed(count: number, bytes: number): number;
	pool_resize(at: number, bytes: number): number;
	pool_free(at: number): void;
	pool_available(): number;
	pool_report(usage: number): void;
	__heap_base: WebAssembly.Global;
}

let module: WebAssembly.Module;
beforeAll(async () => {
	const objects = await compile(["firmware/engine/memory.c"], {
		flags: ["-O2", ...strict, `-DPOOL_BYTES=${POOL}`],
	});
	const names = ["alloc", "alloc_zeroed", "resize", "free", "available", "report"].map((name) => `pool_${name}`);
	const exports = ["__heap_base", ...names].map((name) => `-Wl,--export=${name}`);
	const path = await link(objects, "build/test/pool.wasm", ["-nostartfiles", "-Wl,--no-entry", ...exports]);
	module = await WebAssembly.compile(readFileSync(path));
}, 300_000);

/** A new pool with the blocks that were taken of it: each is filled with its own byte, which must stay. */
class Model {
	readonly pool = new WebAssembly.Instance(module).exports as unknown as Pool;
	readonly blocks: { at: number; bytes: number; fill: number }[] = [];
	#fills = 0;

	bytes(at: number, length: number): Uint8Array {
		return new Uint8Array(this.pool.memory.buffer, at, length);
	}

	/** bytes of the pool, in use, in use at most */
	report(): { bytes: number; used: number; peak: number } {
		const at = this.pool.__heap_base.value as number;
		this.pool.pool_report(at);
		const [bytes, used, peak] = new Uint32Array(this.pool.memory.buffer, at, 3);
		return { bytes: bytes!, used: used!, peak: peak! };
	}

	/** Notes a block that the pool gave, after checking that it is one. */
	took(at: number, bytes: number): void {
		expect(at % 16).toBe(0);
		for (const other of this.blocks)
			expect(at + bytes + HEADER <= other.at || other.at + other.bytes + HEADER <= at).toBe(true);
		const fill = (this.#fills++ % 254) + 1;
		this.bytes(at, bytes).fill(fill);
		this.blocks.push({ at, bytes, fill });
	}

	drop(index: number): { at: number; bytes: number; fill: number } {
		const [block] = this.blocks.splice(index % this.blocks.length, 1);
		this.expectUntouched(block!);
		return block!;
	}

	expectUntouched({ at, bytes, fill }: { at: number; bytes: number; fill: number }): void {
		expect(this.bytes(at, bytes).every((byte) => byte === fill)).toBe(true);
	}
}

describe("the pool", () => {
	const size = fc.oneof(
		{ weight: 6, arbitrary: fc.integer({ min: 0, max: 200 }) },
		{ weight: 1, arbitrary: fc.integer({ min: 0, max: POOL + 100 }) },
		{ weight: 1, arbitrary: fc.constantFrom(POOL - HEADER, POOL - HEADER + 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 16) },
	);
	const step = fc.oneof(
		{ weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("alloc", "zeroed"), size }) },
		{ weight: 3, arbitrary: fc.record({ kind: fc.constant("free"), index: fc.nat() }) },
		{ weight: 2, arbitrary: fc.record({ kind: fc.constant("resize"), index: fc.nat(), size }) },
	) as fc.Arbitrary<{ kind: string; index: number; size: number }>;

	it("gives aligned blocks that do not overlap, keeps what is in them, and is whole again at the end", () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
				const model = new Model();
				const { pool, blocks } = model;
				let peak = 0;
				for (const { kind, index, size } of steps) {
					const available = pool.pool_available();
					if (kind === "free") {
						if (blocks.length) pool.pool_free(model.drop(index).at);
					} else if (kind === "resize" && blocks.length) {
						const block = model.drop(index);
						const at = pool.pool_resize(block.at, size) >>> 0;
						if (at === 0) {
							model.expectUntouched(block);
							blocks.push(block);
						} else {
							model.expectUntouched({ at, bytes: Math.min(size, block.bytes), fill: block.fill });
							model.took(at, size);
						}
					} else {
						const at = (kind === "zeroed" ? pool.pool_alloc_zeroed(1, size) : pool.pool_alloc(size)) >>> 0;
						// What the pool says it has, it gives; and no more.
						if (size > 0 || available > 0) expect(at !== 0).toBe(size <= available);
						if (at === 0) continue;
						if (kind === "zeroed") expect(model.bytes(at, size).every((byte) => byte === 0)).toBe(true);
						model.took(at, size);
					}
					const { used } = model.report();
					const least = blocks.reduce((sum, { bytes }) => sum + bytes + HEADER, 0);
					expect(used).toBeGreaterThanOrEqual(least);
					expect(used).toBeLessThanOrEqual(least + blocks.length * 46);
					peak = Math.max(peak, used);
				}
				for (const block of blocks) model.expectUntouched(block);
				while (blocks.length) pool.pool_free(model.drop(0).at);
				expect(pool.pool_available()).toBe(POOL - HEADER);
				expect(model.report().used).toBe(0);
				expect(model.report().peak).toBeGreaterThanOrEqual(peak);
			}),
			{ numRuns: 150 },
		);
	});

	it("can be given whole, again and again", () => {
		const { pool } = new Model();
		for (let i = 0; i < 3; i++) {
			const all = pool.pool_alloc(POOL - HEADER);
			expect(all).not.toBe(0);
			expect(pool.pool_available()).toBe(0);
			expect(pool.pool_alloc(0)).toBe(0);
			pool.pool_free(all);
		}
	});

	it("joins free neighbours in whatever order they are freed", () => {
		for (const order of ["012", "021", "102", "120", "201", "210"]) {
			const { pool } = new Model();
			const blocks = [0, 1, 2].map(() => pool.pool_alloc(500));
			const last = pool.pool_alloc(pool.pool_available());
			for (const index of order) pool.pool_free(blocks[Number(index)]!);
			expect(pool.pool_available()).toBe(3 * 528 - HEADER);
			pool.pool_free(last);
			expect(pool.pool_available()).toBe(POOL - HEADER);
		}
	});

	it("multiplies without wrapping around", () => {
		const { pool } = new Model();
		expect(pool.pool_alloc_zeroed(0x10000, 0x10001)).toBe(0);
		expect(pool.pool_alloc_zeroed(0x40000001, 4)).toBe(0);
		expect(pool.pool_alloc_zeroed(4, 100)).not.toBe(0);
	});

	it("frees nothing, and resizes nothing to a new block", () => {
		const model = new Model();
		model.pool.pool_free(0);
		model.took(model.pool.pool_resize(0, 100), 100);
		expect(model.report()).toEqual({ bytes: POOL, used: 128, peak: 128 });
	});
});
