/* `make bench-kernel`: what the kernel costs on a microcontroller, as a table; see tools/build/bench-kernel.ts. */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { ModelError } from "../host-sim/tflite-micro-wasm/index.ts";
import { type BareBoard, bareBoards, missingTools } from "./build/bare.ts";
import { countInstructions, type KernelCount, kernelBytes } from "./build/bench-kernel.ts";
import { root } from "./build/clang.ts";
import { buildKernel } from "./build/kernel.ts";
import { explain, Failure } from "./failure.ts";
import { bar, grouped } from "./terminal.ts";

/** The operators of MLPerf Tiny's keyword spotting, the smallest set that does something useful. */
export const keywordOperators = [
	...["CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D"],
	...["RESHAPE", "FULLY_CONNECTED", "SOFTMAX"],
];

interface Refusal {
	model: string;
	error: string;
}
type Row = KernelCount | Refusal;

/** The project's models, and those beside the project when they are there. */
function defaultModels(): string[] {
	const own = ["keyword", "vibration"].map((name) => join(root, "models", name, "model.tflite"));
	const shared = join(root, "../shared/conformance/models");
	if (!existsSync(shared)) return own;
	const names = readdirSync(shared).filter((name) => name.endsWith(".tflite"));
	return [...own, ...names.sort().map((name) => join(shared, name))];
}

const short = (path: string) => {
	const name = basename(path, ".tflite");
	return name === "model" ? basename(join(path, "..")) : name;
};

const perMac = ({ instructions, macs }: KernelCount) => (macs === 0 ? "-" : (instructions / macs).toFixed(2));

/** The counts as a table of at most 100 columns, operators below their model. */
export function countTable(rows: readonly Row[]): string {
	const width = Math.max(...rows.map(({ model }) => short(model).length), 5);
	const line = (cells: readonly string[]) =>
		[
			(cells[0] ?? "").padEnd(width),
			...cells.slice(1).map((cell, i) => cell.padStart([12, 7, 11, 8, 7, 9][i] ?? 0)),
		].join(" ");
	const head = line(["model", "instructions", "per MAC", "start", "arena", "stack", "outputs"]);
	const lines = rows.flatMap((row) => {
		if ("error" in row) return [`${short(row.model).padEnd(width)} ${row.error}`];
		const cells = [row.instructions, row.start, row.arena, row.stack].map(grouped);
		const [instructions = "", start = "", arena = "", stack = ""] = cells;
		const outputs = row.same ? `= ${row.oracle}` : `not ${row.oracle}`;
		const operators = row.operators.map(({ name, instructions: own }, index) => {
			const share = own / row.instructions;
			const figures = `${grouped(own).padStart(12)} ${(100 * share).toFixed(1).padStart(5)} % ${bar(share, 24)}`;
			return `  ${String(index).padStart(3)} ${name.padEnd(Math.max(width - 4, 24))} ${figures}`;
		});
		return [line([short(row.model), instructions, perMac(row), start, arena, stack, outputs]), ...operators];
	});
	return [head, ...lines].join("\n");
}

async function countAll(name: string, board: BareBoard, models: readonly string[], profile: boolean): Promise<Row[]> {
	const rows: Row[] = [];
	for (const model of models) {
		try {
			rows.push(await countInstructions(name, board, model, profile));
		} catch (thrown) {
			if (!(thrown instanceof ModelError)) throw thrown;
			rows.push({ model, error: thrown.message });
		}
	}
	return rows;
}

interface Sizes {
	readonly board: string;
	/** Bytes with all operators; with `keywordOperators`; and with these for networks of int8 alone. */
	readonly all: number;
	readonly keyword: number;
	readonly keyword_int8: number;
}

const sizeText = ({ board, all, keyword, keyword_int8 }: Sizes) =>
	`bytes of flash that the kernel takes on ${board}, -Os\n` +
	`${grouped(all).padStart(8)}  all operators\n` +
	`${grouped(keyword).padStart(8)}  ${keywordOperators.join(", ")}\n` +
	`${grouped(keyword_int8).padStart(8)}  the same, for int8 networks alone\n`;

interface Options {
	profile?: true;
	size?: true;
	json?: true;
}

async function main(name: string, models: string[], options: Options): Promise<void> {
	const board = bareBoards[name];
	if (!board) throw new Failure("no-board", `no board ${name}; there are ${Object.keys(bareBoards).join(" and ")}`);
	const missing = await missingTools(board);
	if (missing.length > 0) {
		process.stderr.write(`skipped: ${missing.join(" and ")} not found; on Debian: apt-get install ${board.packages}\n`);
		return;
	}
	if (options.size) {
		const sizes = {
			board: name,
			all: await kernelBytes(name, board),
			keyword: await kernelBytes(name, board, keywordOperators),
			keyword_int8: await kernelBytes(name, board, keywordOperators, true),
		};
		process.stdout.write(options.json ? `${JSON.stringify(sizes)}\n` : sizeText(sizes));
		return;
	}
	await buildKernel();
	const rows = await countAll(name, board, models.length > 0 ? models : defaultModels(), options.profile ?? false);
	process.stdout.write(options.json ? `${JSON.stringify({ board: name, models: rows })}\n` : `${countTable(rows)}\n`);
	if (rows.some((row) => "same" in row && !row.same)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const command = new Command("bench-kernel")
		.description("Counts the kernel's instructions on an emulated microcontroller, and checks its outputs.")
		.argument("<board>", Object.keys(bareBoards).join(" or "))
		.argument("[models...]", ".tflite files; those of the project and of ../shared/conformance when left out")
		.option("--profile", "count each operator as well")
		.option("--size", "bytes of flash instead of instructions")
		.option("--json", "print JSON")
		.action(main);
	try {
		await command.parseAsync();
	} catch (thrown) {
		const { text, code, status } = explain(thrown, "node --import tsx tools/bench-kernel.ts");
		process.stderr.write(`error: ${text} [${code}]\n`);
		process.exitCode = status;
	}
}
