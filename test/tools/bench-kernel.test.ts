/* The kernel on emulated microcontrollers: that the count of instructions is right, that the outputs are those of TFLite
   Micro, and that speed, arena and code stay within what was promised. The counts depend on the version of GCC, not on the
   machine. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keywordOperators } from "../../tools/bench-kernel.ts";
import { bareBoards, compileBare, emulate, linkBare, missingTools } from "../../tools/build/bare.ts";
import { countInstructions, kernelBytes } from "../../tools/build/bench-kernel.ts";
import { root, writeWhole } from "../../tools/build/clang.ts";
import { conformancePresent } from "../native/tflm/conformance.ts";

async function toolsPresent(name: string): Promise<boolean> {
	const board = bareBoards[name]!;
	const missing = await missingTools(board);
	if (missing.length === 0) return true;
	const message = `no ${missing.join(", ")}: the tests on ${name} need ${board.packages}`;
	if (process.env.CI) throw new Error(message);
	console.warn(`skipped: ${message}`);
	return false;
}

/** Counts loops of a known number of instructions, at all phases of the clock. */
const loops = `
#include "bare.h"
#if defined(__arm__)
#define TURN "subs %0, #1\\n\\tbne 1b"
#else
#define TURN "addi %0, %0, -1\\n\\tbnez %0, 1b"
#endif
static void turns(uint32_t count)
{
	__asm__ volatile("1: " TURN : "+r"(count) : : "cc");
}
static void print(uint64_t value)
{
	char text[18] = {[16] = '\\n'};
	for (int i = 0; i < 16; i++) text[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
	bare_print(text);
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
		print(sum);
	}
	return 0;
}
`;

describe.each(Object.keys(bareBoards))("%s", async (name) => {
	const board = bareBoards[name]!;
	const present = await toolsPresent(name);

	it.skipIf(!present)("counts single instructions, over the clock's overflow too", async () => {
		const source = "build/test/bare/loops.c";
		writeWhole(join(root, source), loops);
		const include = ["firmware/bench"];
		const sources = [source, `${board.port}/${name === "riscv-virt" ? "riscv" : "cortex_m"}.c`];
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
});
