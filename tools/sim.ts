/* `cricket sim`: the agent in a twin, sensing recordings, faster than real time or in it. */
import { readFile } from "node:fs/promises";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { Command, Option } from "commander";
import type { Event } from "../firmware/agent/telemetry/event.ts";
import { type Board, partitionOf, readBoard } from "../host-sim/board.ts";
import { type Opened, openAudio, openVibration } from "../host-sim/world/files.ts";
import { parseDuration, parseRate, parseSpeed } from "./duration.ts";
import { humanLine, jsonLine } from "./event-line.ts";
import { Failure, USAGE } from "./failure.ts";
import { Progress, paint, say, warn } from "./terminal.ts";
import { timingEvent, timingTable } from "./timing.ts";

interface Options {
	board: string;
	config?: string;
	for?: number;
	speed: number;
	timing?: true;
	json?: true;
	log?: true;
}

/** Seconds of device time after the last recording, for events that are still on their way. */
const TAIL = 1;
/** Seconds of the host between two looks at Ctrl-C and the terminal when running at a given speed. */
const SLICE = 0.05;

/** A recording of vibration and, when it was given, the rate that holds for it. */
export interface VibrationInput {
	path: string;
	rate?: number;
}

/**
 * Which --rate belongs to which --vibration: a single one to all of them, several each to the file before it.
 * `rates` has how many files had been named when the rate was.
 */
export function assignRates(
	paths: readonly string[],
	rates: readonly { after: number; rate: number }[],
): VibrationInput[] {
	return paths.map((path, i) => {
		const own = rates.length === 1 ? rates[0] : rates.findLast(({ after }) => Math.max(after - 1, 0) === i);
		return own === undefined ? { path } : { path, rate: own.rate };
	});
}

/** The `sim` subcommand. */
export function simCommand(): Command {
	const sounds: string[] = [];
	const paths: string[] = [];
	const rates: { after: number; rate: number }[] = [];
	return new Command("sim")
		.description(
			"Runs the agent in a simulated device and prints its events. Recordings are played from the start, those of one " +
				"sensor in turn, both sensors at once.",
		)
		.option("--board <name>", "board whose firmware runs", "wasm")
		.option("--audio <file>", "WAV or FLAC file that the microphone hears (repeat for more)", (path) => {
			sounds.push(path);
		})
		.option("--vibration <file>", "WAV, FLAC or CSV file that the accelerometer feels (repeat for more)", (path) => {
			paths.push(path);
		})
		.option(
			"--rate <Hz>",
			"sample rate of CSV files without a column of times (of the file before it, when given several times)",
			(text) => {
				rates.push({ after: paths.length, rate: parseRate(text) });
			},
		)
		.option("--config <file>", "JSON file with the device's configuration")
		.option("--for <time>", "device time to run: 500ms, 30s, 2m (default: to 1 s after the recordings)", parseDuration)
		.addOption(
			new Option("--speed <factor>", '"max", or how many times real time')
				.argParser(parseSpeed)
				.default(Number.POSITIVE_INFINITY, "max"),
		)
		.option("--timing", "measure the stages of the work, and print where time goes")
		.option("--json", "print events as lines of JSON")
		.option("--log", "print the device's log on stderr")
		.action(async (options: Options, command: Command) => {
			if (sounds.length === 0 && paths.length === 0 && options.for === undefined)
				command.error("there is nothing to sense: give --audio FILE, --vibration FILE, or a time with --for", {
					exitCode: USAGE,
					code: "no-input",
				});
			if (rates.length > 0 && paths.length === 0)
				command.error("--rate is for the tables of --vibration, and there is none; leave it out", {
					exitCode: USAGE,
					code: "no-input",
				});
			await simulate(options, sounds, assignRates(paths, rates));
		});
}

async function simulate(options: Options, sounds: string[], vibration: VibrationInput[]): Promise<void> {
	const board = readBoard(options.board);
	const { audio, acceleration } = await openSensors(board, sounds, vibration);
	const flash = options.config === undefined ? undefined : await configured(board, options.config);
	const seconds = (opened: Opened | undefined) =>
		opened === undefined ? 0 : opened.signal.length / opened.signal.rate;
	const until = milliseconds(options.for ?? Math.max(seconds(audio), seconds(acceleration)) + TAIL);

	const progress = new Progress();
	const counts = new Map<string, number>();
	const [{ Twin }, { loadImage }] = await Promise.all([import("../host-sim/twin.ts"), import("./build/image.ts")]);
	const twin = await Twin.create({
		image: await loadImage(board.name, (done, total, source) => progress.update(done / total, `building ${source}`)),
		sensors: { ...(audio && { audio: audio.signal }), ...(acceleration && { acceleration: acceleration.signal }) },
		...(flash && { flash }),
		timing: options.timing === true,
		onEvent(event: Event) {
			progress.clear();
			counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
			process.stdout.write(`${options.json ? jsonLine(event) : humanLine(event, process.stdout)}\n`);
		},
		onLog(text: string) {
			if (!options.log) return;
			progress.clear();
			process.stderr.write(`${paint(process.stderr, "dim", `log: ${text}`)}\n`);
		},
	});

	const started = performance.now();
	try {
		await play(twin, until, options.speed, () =>
			progress.update(twin.now / until, `${twin.now.toFixed(1)} of ${until.toFixed(1)} s`),
		);
	} finally {
		progress.clear();
	}
	const took = (performance.now() - started) / 1000;
	if (options.timing) {
		if (options.json) process.stdout.write(`${JSON.stringify(timingEvent(twin.timing, twin.now))}\n`);
		else process.stdout.write(`\n${timingTable(twin.timing, twin.now)}\n`);
	}
	if (!options.json) say(summary(twin.now, took, counts));
}

/**
 * Runs the twin in slices, so that Ctrl-C, a closed pipe and the progress line get their turn. Slices are the same in every
 * run, in whole milliseconds of device time.
 */
async function play(
	twin: { run(until: number): void; readonly now: number },
	until: number,
	speed: number,
	onSlice: () => void,
): Promise<void> {
	const started = performance.now();
	const paced = Number.isFinite(speed);
	const slice = paced ? Math.max(1e-3, SLICE * speed) : 1;
	for (let n = 1, next = 0; next < until; n++) {
		next = Math.min(until, milliseconds(n * slice));
		twin.run(next);
		onSlice();
		await (paced ? sleep((next / speed) * 1000 - (performance.now() - started)) : immediate());
	}
}

const milliseconds = (seconds: number) => Math.ceil(seconds * 1000 - 1e-6) / 1000;

async function openSensors(
	board: Board,
	sounds: readonly string[],
	vibration: readonly VibrationInput[],
): Promise<{ audio?: Opened; acceleration?: Opened }> {
	const missing = (option: string, sensor: string) =>
		new Failure("no-sensor", `board ${board.name} has no ${sensor}; leave out ${option} or choose another --board`);
	const opened: { audio?: Opened; acceleration?: Opened } = {};
	if (sounds.length > 0) {
		if (board.sensors.audio === undefined) throw missing("--audio", "microphone");
		opened.audio = await openAudio(sounds, board.sensors.audio.rate);
	}
	if (vibration.length > 0) {
		if (board.sensors.acceleration === undefined) throw missing("--vibration", "accelerometer");
		opened.acceleration = await openVibration(vibration, board.sensors.acceleration);
	}
	for (const { notes } of Object.values(opened)) for (const note of notes) warn(note);
	return opened;
}

/** The data area of the flash with the configuration in its partition, and else erased. */
async function configured(board: Board, path: string): Promise<Uint8Array> {
	const { encodeConfiguration } = await import("../firmware/agent/configuration.ts");
	let value: unknown;
	const text = await readFile(path, "utf8");
	try {
		value = JSON.parse(text.replace(/^\ufeff/, ""));
	} catch (error) {
		throw new Failure("config-not-json", `${path}: not JSON: ${(error as Error).message}; correct it`);
	}
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw new Failure("config-not-object", `${path}: must be an object, such as {"keyword": {"threshold": 0.8}}`);
	const record = encodeConfiguration(JSON.stringify(value));
	const { offset, bytes } = partitionOf(board, "config");
	if (record.length > bytes)
		throw new Failure(
			"config-too-large",
			`${path}: takes ${record.length} bytes, the board's config partition has ${bytes}; shorten it`,
		);
	const flash = new Uint8Array(board.flash.bytes).fill(0xff);
	flash.set(record, offset);
	return flash;
}

function summary(device: number, took: number, counts: ReadonlyMap<string, number>): string {
	const events = [...counts].map(([type, count]) => `${count} ${type}`).join(", ");
	const factor = device / Math.max(took, 1e-6);
	const times = factor >= 10 ? factor.toFixed(0) : factor.toFixed(1);
	return `${device.toFixed(1)} s of device time in ${took.toFixed(2)} s (${times} times real time); events: ${events || "none"}`;
}
