/* `cricket build`: the firmware of a board, from the sources that changed. */
import { Command } from "commander";
import { readBoard } from "../host-sim/board.ts";
import { Progress, say } from "./terminal.ts";

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
			const progress = new Progress(200);
			try {
				await buildImage(board.name, (done, total, what) => progress.update(done / Math.max(total, 1), what));
			} finally {
				progress.clear();
			}
			const seconds = (performance.now() - started) / 1000;
			if (options.json)
				process.stdout.write(`${JSON.stringify({ board: board.name, seconds: Math.round(seconds * 1000) / 1000 })}\n`);
			else say(`built the firmware of board ${board.name} in ${seconds.toFixed(1)} s`);
		});
}
