/* `cricket size`: what the firmware takes of a board's flash and RAM, part by part, and whether that is within budget. */
import { Command } from "commander";
import { readBoard } from "../host-sim/board.ts";
import { Failure } from "./failure.ts";
import { bar, columns, grouped, paint } from "./terminal.ts";

/** Bytes by part; `total` is their sum. */
export interface Parts {
	readonly total: number;
	readonly [part: string]: number;
}

/** What `cricket size --json` prints. */
export interface SizeReport {
	readonly board: string;
	readonly flash: Parts;
	readonly ram: Parts;
	/** The most that was used of RAM's parts while both pipelines ran. */
	readonly peak: { readonly [part: string]: number };
	readonly budget: { readonly flash: number; readonly ram: number };
}

const memories = ["flash", "ram"] as const;

/** The report as a table with bars, no wider than `width`. */
export function sizeTable(report: SizeReport, width: number): string {
	const parts = memories.flatMap((memory) => Object.keys(report[memory]));
	const nameWidth = Math.max(...parts.map((name) => name.length)) + 2;
	const used = width >= 60 ? 14 : 0; // a column that a narrow terminal goes without
	const barWidth = Math.max(0, Math.min(30, width - nameWidth - 11 - 9 - used));
	const line = (name: string, bytes: number, budget: number, peak?: number) =>
		`${name.padEnd(nameWidth)}${grouped(bytes).padStart(11)} ${((bytes / budget) * 100).toFixed(1).padStart(5)} % ${bar(bytes / budget, barWidth)}` +
		`${peak === undefined || used === 0 ? "" : `${grouped(peak)} used`.padStart(used)}`;
	return memories
		.map((memory) => {
			const { total, ...rest } = report[memory];
			const budget = report.budget[memory];
			const heading = `${memory === "ram" ? "RAM" : memory}: ${grouped(total)} of ${grouped(budget)} bytes`;
			const colour = total > budget ? "red" : "bold";
			const largestFirst = Object.entries(rest).sort(([, a], [, b]) => b - a);
			return [
				paint(process.stdout, colour, heading),
				...largestFirst.map(([name, bytes]) =>
					line(`  ${name}`, bytes, budget, memory === "ram" ? report.peak[name] : undefined),
				),
				line("  total", total, budget),
			].join("\n");
		})
		.join("\n\n");
}

/** Throws a Failure over-budget that names the memory, and the part of it to look at first. */
export function checkBudget(report: SizeReport): void {
	for (const memory of memories) {
		const { total, ...rest } = report[memory];
		const over = total - report.budget[memory];
		if (over <= 0) continue;
		const [largest] = Object.entries(rest).sort(([, a], [, b]) => b - a);
		throw new Failure(
			"over-budget",
			`board ${report.board}: ${memory === "ram" ? "RAM" : memory} takes ${grouped(total)} bytes, ${grouped(over)} more than its budget; ` +
				(largest === undefined
					? "make it smaller"
					: `the largest part is ${largest[0]} with ${grouped(largest[1])} bytes`),
		);
	}
}

/** The `size` subcommand. */
export function sizeCommand(): Command {
	return new Command("size")
		.description(
			"Says what the firmware takes of a board's flash and RAM, both pipelines running. Fails when it is over budget.",
		)
		.option("--board <name>", "board to measure", "wasm")
		.option("--json", "print bytes as JSON")
		.action(async (options: { board: string; json?: true }) => {
			const board = readBoard(options.board);
			const { measure } = await import("./build/size.ts");
			const report: SizeReport = await measure(board.name);
			process.stdout.write(
				options.json ? `${JSON.stringify(report)}\n` : `${sizeTable(report, columns(process.stdout) ?? 80)}\n`,
			);
			checkBudget(report);
		});
}
