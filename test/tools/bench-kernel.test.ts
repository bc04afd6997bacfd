/* The kernel on emulated microcontrollers: that instructions are counted right, that every target gives the bits of TFLite
   Micro, and that speed, arena and code stay within what was promised. The counts depend on the version of GCC, not on the
   machine. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Interpreter, ModelError } from "../../host-sim/tflite-micro-wasm/index.ts";
import { keywordOperators } from "../../tools/bench-kernel.ts";
import { type BareBoard, bareBoards, compileBare, emulate, linkBare, missingTools } from "../../tools/build/bare.ts";
import { countInstructions, fnv1a, kernelBytes, type ReplayResult, replay } from "../../tools/build/bench-kernel.ts";
import { root, writeWhole } from "../../tools/build/clang.ts";
import { conformancePresent } from "../native/tflm/conformance.ts";
import { infer } from "../native/tflm/tensors.ts";
import { readCases, vectorFiles } from "../native/tflm/vectors.ts";

async function toolsPresent(name: string, board: BareBoard): Promise<boolean> {
	const missing = await missingTools(board);
	if (missing.length === 0) return true;
	const message = `no ${missing.join(", ")}: the tests on ${name} need ${board.packages}`;
	if (process.env.CI) throw new Error(message);
	console.warn(`skipped: ${message}`);
	return false;
}

/** Counts loops of a known number of instructions, at all phases of the clock. */
const loops = `
#include "lines.h"
#if defined(__arm__)
#define TURN "subs %0, #1\\n\\tbne 1b"
#else
#define TURN "addi %0, %0, -1\\n\\tbnez %0, 1b"
#endif
static void turns(uint32_t count)
{
	__asm__ volatile("1: " TURN : "+r"(count) : : "cc");
}
int main(void)
{
	static const uint32_t counts[] = {1, 1001, 100001, 10000001};
	bare_start_counting();
	for (int k = 0; k < 4; k++) {
		uint64_t sum = 0;
		for (uint32_t phase = 0; phase < 40; phase++) {
			bare_wait_for_phase(phase);
			uint64_t before = bare_instructions();
			turns(counts[k]);
			sum += bare_instructions() - before;
		}
		print_hex(sum, "\\n");
	}
	return 0;
}
`;

/** What the kernel as wasm makes of a case, as a replay tells it. */
async function expected(
	model: Uint8Array,
	inputs: readonly Uint8Array[][],
	rounding: "double" | "single",
	sequence: boolean,
): Promise<ReplayResult> {
	const interpreter = await Interpreter.create(model, { rounding }).catch((error) => {
		if (error instanceof ModelError) return { code: error.code };
		throw error;
	});
	if ("code" in interpreter) return interpreter;
	const outputs = inputs.flatMap((row) => {
		if (!sequence) interpreter.reset();
		return infer(interpreter, row);
	});
	const result = { hash: fnv1a(Buffer.concat(outputs)), arena: interpreter.arenaBytes };
	interpreter.close();
	return result;
}

/** Instructions of an inference at -O2, at most, and bytes of the arena. */
const limits = {
	"mps2-an386": { kws_ref_model: 7_800_000, person_detect: 23_000_000, ad01_int8: 600_000 },
	"riscv-virt": { kws_ref_model: 14_000_000, person_detect: 38_000_000, ad01_int8: 1_100_000 },
} as const;
const arenas = {
	kws_ref_model: 17.5,
	person_detect: 58,
	ad01_int8: 1.5,
	pretrainedResnet_quant: 51,
	hello_world_int8: 0.7,
};

describe.each(["mps2-an386", "riscv-virt"] as const)("%s", async (name) => {
	const board = bareBoards[name]!;
	const present = await toolsPresent(name, board);
	const conformance = conformancePresent();

	it.skipIf(!present)("counts single instructions, over the clock's overflow too", async () => {
		const source = "build/test/bare/loops.c";
		writeWhole(join(root, source), loops);
		const include = ["firmware/bench", "firmware/native/tflm"];
		const port = `${board.port}/${name === "riscv-virt" ? "riscv" : "cortex_m"}.c`;
		const sources = [source, "firmware/bench/lines.c", port];
		const objects = await compileBare(board, { sources, include, headers: include, flags: ["-O2"] });
		const image = join(root, `build/test/bare/${name}.elf`);
		await linkBare(board, objects, image, [`-T${board.port}/${name}.ld`]);
		const sums = (await emulate(board, image))
			.trim()
			.split("\n")
			.map((line) => Number.parseInt(line, 16));
		// A turn is two instructions; what reading the counter costs falls out of the differences.
		const [once = 0, thousand = 0, hundredThousand = 0, tenMillion = 0] = sums.map((sum) => sum / 40);
		const exact = name === "riscv-virt" ? 0 : 1;
		expect(Math.abs(thousand - once - 2 * 1000)).toBeLessThanOrEqual(exact);
		expect(Math.abs(hundredThousand - once - 2 * 100_000)).toBeLessThanOrEqual(exact);
		// 800 million instructions: the Cortex-M4's counter has gone round, and its handler has run.
		expect(Math.abs(tenMillion - once - 2 * 10_000_000)).toBeLessThanOrEqual(2 * exact);
	});

	it.skipIf(!present)("gives the bits and needs the arena of the kernel as wasm, for every operator", async () => {
		const cases = vectorFiles().flatMap((file) =>
			readCases(file).flatMap((given) =>
				(["double", "single"] as const).map((rounding) => ({
					title: `${file}, ${given.name}, ${rounding} rounding`,
					rounding,
					model: given.model,
					sequence: given.sequence,
					rows: given.vectors.map(({ inputs }) => inputs),
				})),
			),
		);
		const results = await replay(
			name,
			board,
			cases.map(({ rows, ...rest }) => ({ ...rest, inputs: rows.map((row) => Buffer.concat(row)) })),
			"replay",
		);
		const wrong: string[] = [];
		for (const [i, { title, model, rows, rounding, sequence }] of cases.entries()) {
			const wanted = await expected(model, rows, rounding, sequence);
			if (JSON.stringify(results[i]) !== JSON.stringify(wanted))
				wrong.push(`${title}: ${JSON.stringify(results[i])}, not ${JSON.stringify(wanted)}`);
		}
		expect(cases.length).toBeGreaterThan(500);
		expect(wrong).toEqual([]);
	});

	it.skipIf(!present || !conformance).each(Object.entries(limits[name]))(
		"runs %s in at most %i instructions",
		async (model, most) => {
			const path = join(root, `../shared/conformance/models/${model}.tflite`);
			const count = await countInstructions(name, board, path);
			expect(count).toMatchObject({ oracle: "golden", same: true });
			expect(count.instructions).toBeLessThanOrEqual(most);
			expect(count.stack).toBeLessThanOrEqual(2048);
		},
	);

	it.skipIf(!present || !conformance).each(Object.entries(arenas))(
		"runs %s in an arena of at most %d KiB",
		async (model, most) => {
			const count = await countInstructions(name, board, join(root, `../shared/conformance/models/${model}.tflite`));
			expect(count).toMatchObject({ oracle: "golden", same: true });
			expect(count.arena).toBeLessThanOrEqual(most * 1024);
		},
	);

	// The limits are of Thumb-2; rv32imc has no shorter forms for most of what the kernel does.
	if (name !== "mps2-an386") return;
	it.skipIf(!present)("fits into 56 KB with all operators, into 20 KB to spot keywords", async () => {
		expect(await kernelBytes(name, board)).toBeLessThanOrEqual(56 * 1024);
		expect(await kernelBytes(name, board, keywordOperators, true)).toBeLessThanOrEqual(20 * 1024);
	});
});
