/* `cricket eval`: how well the device names what it hears and feels, by recordings through its own pipeline in a twin. */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { Bearing } from "../firmware/agent/configuration.ts";
import { readJson } from "./eval/device.ts";
import type { KeywordOptions } from "./eval/keyword.ts";
import { parseBearing } from "./eval/machines.ts";
import { say } from "./terminal.ts";

interface Common {
	config?: string;
	plot?: string;
	json?: true;
}

interface KeywordFlags extends Common {
	model?: string;
	stream?: true;
	limit?: number;
	jobs: number;
	gain: number;
}

interface VibrationFlags extends Common {
	model?: string[];
	baseline?: string[];
	bearing?: Bearing;
}

function whole(text: string): number {
	if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 on.");
	return Number(text);
}

function decibels(text: string): number {
	const value = Number(text);
	if (text.trim() === "" || !(Math.abs(value) <= 60)) throw new InvalidArgumentError("It must be -60 to 60 dB.");
	return value;
}

/** The `eval` subcommand. */
export function evalCommand(): Command {
	return new Command("eval")
		.description("Judges models by recordings, each played to the firmware in a simulated device.")
		.addCommand(keywordCommand())
		.addCommand(vibrationCommand());
}

function keywordCommand(): Command {
	return new Command("keyword")
		.description(
			"Plays every recording of a word and says how often the device named it. Files are LABEL_SPEAKER_N.wav " +
				"or .flac, or lie in folders named LABEL; a label is a word or a digit, or silence or noise where " +
				"nothing is to be named.",
		)
		.argument("<folder>", "folder of recordings; those in folders below it count too")
		.option("--stream", "every file is a recording in which nothing is to be named: count false accepts an hour")
		.option("--model <folder>", "model package (model.tflite, model.json) to judge instead of the one that is shipped")
		.option("--config <file>", "JSON file with the device's configuration")
		.option("--limit <files>", "play at most that many, a fair sample of the labels", whole)
		.option("--jobs <threads>", "devices that listen at once", whole, availableParallelism())
		.option("--gain <dB>", "make recordings louder or softer", decibels, 0)
		.option("--plot <file>", "write a page to look at (HTML)")
		.option("--json", "print the report as JSON")
		.action(async (folder: string, flags: KeywordFlags) => {
			const { evaluateKeyword, evaluateStream } = await import("./eval/keyword.ts");
			const { keywordText, streamText } = await import("./eval/keyword-text.ts");
			const { keywordPage, streamPage } = await import("./eval/keyword-page.ts");
			const { model, limit, jobs, gain, config } = flags;
			const options: KeywordOptions = {
				...(model !== undefined && { model }),
				...(limit !== undefined && { limit }),
				configuration: config === undefined ? {} : readJson(config, "config-not-json"),
				jobs,
				gain: 10 ** (gain / 20),
			};
			if (flags.stream) {
				const report = await evaluateStream(folder, options);
				plot(flags, () => streamPage(report, command(flags, "keyword", folder)));
				print(flags, report, streamText(report));
			} else {
				const report = await evaluateKeyword(folder, options);
				plot(flags, () => keywordPage(report, command(flags, "keyword", folder)));
				print(flags, report, keywordText(report));
			}
		});
}

function bearing(text: string): Bearing {
	const orders = parseBearing(text);
	if (orders === undefined) throw new InvalidArgumentError("It must be four orders of the shaft: BPFO,BPFI,BSF,FTF.");
	return orders;
}

function vibrationCommand(): Command {
	return new Command("vibration")
		.description(
			"Lets the device learn a machine, plays it every other recording, and says how well its score tells faults " +
				"from the sound machine, and how often it names them. index.json in the folder says what each file is.",
		)
		.argument("<folder>", "folder of recordings with an index.json")
		.option(
			"--baseline <files...>",
			"recordings of the sound machine to learn it from (default: the first half of each normal recording)",
		)
		.option("--bearing <orders>", "BPFO,BPFI,BSF,FTF where the index does not tell them (default: a 6205-2RS)", bearing)
		.option(
			"--model <folders...>",
			"model packages (kinds vibration, fault) to judge instead of those that are shipped",
		)
		.option("--config <file>", "JSON file with the device's configuration")
		.option("--plot <file>", "write a page to look at (HTML)")
		.option("--json", "print the report as JSON")
		.action(async (folder: string, flags: VibrationFlags) => {
			const { evaluateVibration } = await import("./eval/vibration.ts");
			const { vibrationText } = await import("./eval/vibration-text.ts");
			const { vibrationPage } = await import("./eval/vibration-page.ts");
			const report = await evaluateVibration(folder, {
				...(flags.model !== undefined && { models: flags.model }),
				...(flags.bearing !== undefined && { bearing: flags.bearing }),
				configuration: flags.config === undefined ? {} : readJson(flags.config, "config-not-json"),
				baseline: flags.baseline ?? [],
			});
			plot(flags, () => vibrationPage(report, command(flags, "vibration", folder)));
			print(flags, report, vibrationText(report));
		});
}

/** The command that makes a page again, without its paths' folders, which are of this machine alone. */
function command(flags: KeywordFlags | VibrationFlags, what: string, folder: string): string {
	const { stream, gain, limit, baseline } = flags as Partial<Omit<KeywordFlags & VibrationFlags, "model">>;
	const names = (option: string, paths: string | readonly string[] | undefined) =>
		paths === undefined
			? ""
			: `${option} ${[paths]
					.flat()
					.map((path) => basename(path))
					.join(" ")}`;
	return [
		`cricket eval ${what} ${basename(folder)}`,
		stream ? "--stream" : "",
		names("--model", flags.model),
		names("--config", flags.config),
		limit === undefined ? "" : `--limit ${limit}`,
		gain ? `--gain ${gain}` : "",
		names("--baseline", baseline),
	]
		.filter((part) => part !== "")
		.join(" ");
}

function plot({ plot: path }: Common, page: () => string): void {
	if (path === undefined) return;
	writeFileSync(path, page());
	say(`${path}: written`);
}

function print({ json }: Common, report: unknown, text: string): void {
	process.stdout.write(`${json ? JSON.stringify(report) : text}\n`);
}
