/* `cricket build`: the firmware of a board, from the sources that changed. */
import { statSync } from "node:fs";
import { relative } from "node:path";
import { Command } from "commander";
import { readBoard } from "../host-sim/board.ts";
import { grouped, Progress, say } from "./terminal.ts";

/** The `build` subcommand. */
export function buildCommand(): Command {
	return new Command("build")
		.description("Builds the firmware of a board. What has not changed since the last build is not built again.")
		.option("--board <name>", "board to build for", "wasm")
		.option("--json", "print what was built as JSON")
		.action(async (options: { board: string; json?: true }) => {
			const board = readBoard(options.board);
			const { buildImage } = await import("./build/image.ts");
			const started = performance.now();
			const progress = new Progress();
			let image: string;
			try {
				image = await buildImage(board.name, (done, total, source) => progress.update(done / total, source));
			} finally {
				progress.clear();
			}
			const seconds = Math.round(performance.now() - started) / 1000;
			const bytes = statSync(image).size;
			if (options.json) process.stdout.write(`${JSON.stringify({ board: board.name, image, bytes, seconds })}\n`);
			else say(`${relative(process.cwd(), image)}: ${grouped(bytes)} bytes, in ${seconds.toFixed(1)} s`);
		});
}
