/*
 * Part of `make bench`: what the kernel costs, written to docs/kernel.md. Its time beside what else a JavaScript developer
 * can use, in one run; its instructions on emulated microcontrollers and its bytes of flash, which are exact.
 */
import { existsSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { keywordOperators } from "../bench-kernel.ts";
import { benchmarkModels } from "../model-bench.ts";
import { bareBoards, missingTools } from "./bare.ts";
import { countInstructions, kernelBytes } from "./bench-kernel.ts";
import { root, writeWhole } from "./clang.ts";
import { buildKernel } from "./kernel.ts";

const grouped = (value: number) => Math.round(value).toLocaleString("en-US");
const us = (value: number | undefined) => (value === undefined ? "-" : value.toFixed(value < 100 ? 1 : 0));
const table = (head: string[], rows: (string | number)[][]) =>
	[head, head.map((_, column) => (column ? "---:" : "---")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const own = ["keyword", "vibration"].map((name) => join(root, "models", name, "model.tflite"));
const shared = join(root, "../shared/conformance/models");
const field = existsSync(shared) ? readdirSync(shared).map((file) => join(shared, file)) : [];
const models = [...own, ...field.filter((path) => path.endsWith(".tflite")).sort()];
const nameOf = (path: string) =>
	basename(path) === "model.tflite" ? `models/${basename(join(path, ".."))}` : basename(path, ".tflite");

await buildKernel();
const measured = await benchmarkModels(models, { say: (text) => process.stderr.write(`${text}\n`) });
const others = [...new Set(measured.flatMap((bench) => (bench.others ?? []).map(({ name }) => name)))];
const speed = table(
	["model", "MAC", "ours", ...others, "ours / the faster"],
	measured.map((bench) => [
		nameOf(bench.model),
		grouped(bench.macs),
		us(bench.median_us),
		...others.map((name) => us(bench.others?.find((other) => other.name === name)?.median_us)),
		bench.ratio?.toFixed(2) ?? "",
	]),
);

/** Columns of each board, where its tools are there. */
const boards: string[] = [];
const counts = new Map<string, string[]>(models.map((path) => [path, []]));
const sizes: (string | number)[][] = [];
const skipped: string[] = [];
for (const [name, board] of Object.entries(bareBoards)) {
	const missing = await missingTools(board);
	if (missing.length) {
		skipped.push(`${name} was left out: ${missing.join(" and ")} not found.`);
		continue;
	}
	boards.push(name);
	for (const path of models) {
		const { instructions, macs, start, arena } = await countInstructions(name, board, path, false);
		const cells = counts.get(path)!;
		if (!cells.length) cells.push(grouped(arena));
		cells.push(grouped(instructions), macs ? (instructions / macs).toFixed(2) : "", grouped(start));
	}
	sizes.push([
		name,
		grouped(await kernelBytes(name, board)),
		grouped(await kernelBytes(name, board, keywordOperators, true)),
	]);
}
const instructions = boards.length
	? table(
			["model", "arena, bytes", ...boards.flatMap((name) => [name, "per MAC", "start"])],
			[...counts].map(([path, cells]) => [nameOf(path), ...cells]),
		)
	: "";

writeWhole(
	join(root, "docs/kernel.md"),
	`# The kernel's figures

Written by \`make bench\`, on ${cpus()[0]?.model ?? "an unknown processor"} (${cpus().length} cores), Node ${process.versions.node}.

## Host microseconds of one inference, median (\`npx cricket model bench\`)

All in one run and one thread, in turns, so that what else the machine does hits all alike. "-": cannot run the model.

${speed}

## Instructions of one inference on emulated microcontrollers (\`make bench-kernel BOARD=...\`)

gcc -O2, weights in flash, QEMU's count of instructions; start is opening, planning and making the interpreter. The arena is
all RAM that the interpreter uses, the same on every 32-bit target. ${skipped.join(" ")}

${instructions}

## Bytes of flash at -Os (\`make bench-kernel BOARD=... SIZE=1\`)

Code and constants of the kernel with what it needs of the compiler's library: with all operators and types, and for int8
networks with the ${keywordOperators.length} that keyword spotting needs (${keywordOperators.join(", ")}).

${table(["board", "all operators", "keyword spotting"], sizes)}
`,
);
process.stderr.write("wrote docs/kernel.md\n");
