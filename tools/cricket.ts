/* The `cricket` command: finds the subcommand, loads no other, and turns whatever happens into a line and an exit status. */
import { readFileSync } from "node:fs";
import { Command, Help } from "commander";
import { DONE, explain, FAILED, INTERRUPTED } from "./failure.ts";
import { columns, paint, wrap } from "./terminal.ts";

interface Subcommand {
	name: string;
	summary: string;
	load(): Promise<Command>;
}

const subcommands: readonly Subcommand[] = [
	{
		name: "sim",
		summary: "run the agent on recordings and print what it hears and feels",
		load: async () => (await import("./sim.ts")).simCommand(),
	},
	{
		name: "eval",
		summary: "judge models by recordings, through the firmware in a twin",
		load: async () => (await import("./eval.ts")).evalCommand(),
	},
	{
		name: "model",
		summary: "inspect, verify, run and time models",
		load: async () => (await import("./model.ts")).modelCommand(),
	},
	{
		name: "build",
		summary: "build the firmware of a board",
		load: async () => (await import("./build.ts")).buildCommand(),
	},
	{
		name: "size",
		summary: "say what the firmware takes of a board's flash and RAM",
		load: async () => (await import("./size.ts")).sizeCommand(),
	},
	{
		name: "doctor",
		summary: "check what this machine has to build and run Cricket",
		load: async () => (await import("./doctor.ts")).doctorCommand(),
	},
];

/** Help that keeps to the terminal: in a narrow one a description goes below its term. */
class NarrowHelp extends Help {
	override minWidthToWrap = 16;

	override formatItem(term: string, termWidth: number, description: string, helper: Help): string {
		const width = this.helpWidth ?? 80;
		if (width - termWidth - 4 >= 36 || description === "")
			return super.formatItem(term, termWidth, description, helper);
		return `  ${term}\n${helper.boxWrap(description, width - 6).replace(/^/gm, "      ")}`;
	}
}

/** Gives a command and all below it the manners of this one: no exit of their own, errors reported in `main`. */
function teach(command: Command, onError: (command: Command) => void): void {
	command.exitOverride();
	if (command.parent !== null) command.helpOption("-h, --help", "print this help");
	command.createHelp = () => new NarrowHelp();
	command.configureOutput({
		getOutHelpWidth: () => columns(process.stdout) ?? 80,
		getErrHelpWidth: () => columns(process.stderr) ?? 80,
		outputError: () => onError(command),
	});
	for (const below of command.commands) teach(below, onError);
}

function fullName(command: Command): string {
	return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function version(): string {
	return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}

/** A reader that closes early (`| head`) has what it wanted: leave quietly. */
function leaveWhenNobodyReads(): void {
	for (const stream of [process.stdout, process.stderr])
		stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? DONE : FAILED));
}

/**
 * Runs the command.
 * @param words of the command line, without node and the script
 * @returns the exit status: 0 done, 1 failed, 2 usage
 */
export async function main(words: readonly string[]): Promise<number> {
	leaveWhenNobodyReads();
	process.on("SIGINT", () => {
		if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
		process.exit(INTERRUPTED);
	});

	let guilty = "cricket";
	const report = (thrown: unknown): number => {
		if (process.env.CRICKET_DEBUG === "1" && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
		const { text, code, status } = explain(thrown, guilty);
		if (text !== "") {
			const lines = wrap(`error: ${text}  [${code}]`, columns(process.stderr), "  ");
			process.stderr.write(`${lines.replace("error:", paint(process.stderr, "red", "error:"))}\n`);
		}
		return status;
	};
	process.on("uncaughtException", (thrown) => process.exit(report(thrown)));

	try {
		const program = new Command("cricket")
			.description("Firmware for sensors that listen and feel: simulate, build and measure it.")
			.usage("<command> [options]")
			.version(version(), "-V, --version", "print the version")
			.helpOption("-h, --help", "print what a command does and takes")
			.helpCommand("help [command]", "print the help of a command");
		const [asked, about] = words.filter((word) => !word.startsWith("-"));
		for (const { name, summary, load } of subcommands) {
			const wanted = name === asked || (asked === "help" && name === about);
			program.addCommand(wanted ? (await load()).summary(summary) : new Command(name).description(summary));
		}
		teach(program, (command) => {
			guilty = fullName(command);
		});
		await program.parseAsync([...words], { from: "user" });
		return Number(process.exitCode ?? DONE);
	} catch (thrown) {
		return report(thrown);
	}
}
