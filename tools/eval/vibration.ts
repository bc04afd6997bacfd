/* `cricket eval vibration`: recordings of machines through the device's vibration pipeline. */
import { basename, join, resolve } from "node:path";
import { type Bearing, parseConfiguration, vibrationDecision } from "../../firmware/agent/configuration.ts";
import type { FaultName } from "../../firmware/agent/telemetry/event.ts";
import type { Image } from "../../host-sim/twin.ts";
import { openSound } from "../../host-sim/world/files.ts";
import { resample } from "../../host-sim/world/resample.ts";
import { amplified, concat, type Signal, slice } from "../../host-sim/world/signal.ts";
import { root } from "../build/clang.ts";
import { Failure } from "../failure.ts";
import { Progress, say, warn } from "../terminal.ts";
import { configuredFlash, type Json, loadDevice, packagesByKind, readCard, withSection } from "./device.ts";
import { feel, learn } from "./feeler.ts";
import { BEARING_6205, type Machine, readIndex } from "./machines.ts";
import { areaUnderRoc, type RocPoint, rocCurve } from "./roc.ts";
import { confusion, type FileResult, judge, type Tally, tallies } from "./vibration-score.ts";

export interface VibrationOptions {
	/** Folders of model packages (kinds vibration, fault) that are judged instead of the repository's. */
	readonly models?: readonly string[];
	readonly configuration: Json;
	/** Recordings of the sound machine to learn it from. */
	readonly baseline: readonly string[];
	/** Of recordings whose bearing the index does not tell. */
	readonly bearing?: Bearing;
}

type Fractions = Readonly<Partial<Record<FaultName, number | null>>>;

/** What --json prints. `auc` is of windows; null where there is nothing to compute it from. */
export interface VibrationReport {
	readonly auc: number | null;
	/** By the median score of each recording. */
	readonly auc_recordings: number | null;
	/** Fractions named right, by fault. */
	readonly recordings: Fractions;
	readonly windows: Fractions;
	/** Fractions that the classifier alone names right, over all windows of a recording. */
	readonly classifier: Fractions;
	readonly counts: { readonly recordings: Tallies; readonly windows: Tallies; readonly alarms: Tallies };
	/** Fractions of recordings in which the device gave an alarm. */
	readonly alarms: Fractions;
	readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
	readonly roc: readonly RocPoint[];
	readonly model: { readonly name: string; readonly version: string };
	/** Scores from which the device warns and gives an alarm. */
	readonly limits: { readonly warning: number; readonly alarm: number };
	readonly baselines: readonly { readonly name: string; readonly seconds: number }[];
	readonly files: readonly FileResult[];
}

type Tallies = Readonly<Record<string, Tally>>;

/** A baseline that has been learned. */
interface Baseline {
	readonly name: string;
	readonly load?: number | undefined;
	readonly flash: Uint8Array;
	readonly seconds: number;
}

/** A recording to be judged, with the baseline to judge it by. */
interface Trial {
	readonly machine: Machine;
	readonly signal: Signal;
	readonly baseline: Baseline;
}

/** Reads recordings as the accelerometer would feel them. */
class Reader {
	readonly #sensor: { rate: number; fullScale: number };
	readonly #told = new Set<string>();

	constructor(image: Image) {
		this.#sensor = image.board.sensors.acceleration!;
	}

	async read(path: string, machine: Pick<Machine, "fullScale" | "rate">): Promise<Signal> {
		const recording = await openSound(path, "first");
		for (const note of recording.notes) if (!this.#told.has(note)) warn(note);
		for (const note of recording.notes) this.#told.add(note);
		const rate = machine.rate ?? recording.rate;
		if (rate !== recording.rate)
			warn(`${path}: its header says ${recording.rate} Hz; the ${rate} Hz of the index are used`);
		const gain = machine.fullScale / this.#sensor.fullScale;
		return resample({ ...amplified(recording, gain), rate }, this.#sensor.rate);
	}
}

/**
 * Judges the recordings that DIR/index.json names.
 * @throws Failure, InputError, BuildError
 */
export async function evaluateVibration(folder: string, options: VibrationOptions): Promise<VibrationReport> {
	const progress = new Progress();
	const instead = packagesByKind(options.models ?? [], ["vibration", "fault"]);
	const card = readCard(instead.vibration ?? join(root, "models/vibration"));
	const configuration = withSection(withSection(options.configuration, "keyword", { enabled: false }), "vibration", {
		report: "windows",
		enabled: true,
	});
	const settings = parseConfiguration(JSON.stringify(configuration), () => {}).vibration;
	const { warning, alarm } = vibrationDecision(card, settings, () => {}) as { warning: number; alarm: number };
	const index = readIndex(folder, 16);
	const bearing = options.bearing ?? BEARING_6205;
	const own = settings.bearing !== undefined;
	if (index.withoutBearing > 0 && options.bearing === undefined && !own)
		say(
			`the index tells no bearing of ${index.withoutBearing} of its recordings: taken for a 6205-2RS (orders ` +
				`${Object.values(BEARING_6205).join(", ")}); others with --bearing BPFO,BPFI,BSF,FTF`,
		);
	const image = await loadDevice(instead, progress);
	/** The configuration of a device on that machine. */
	const configured = ({ rpm, bearing: known }: Partial<Machine>): Json =>
		withSection(configuration, "vibration", {
			...(rpm !== undefined && { shaft: rpm / 60 }),
			...(!own || known !== undefined ? { bearing: known ?? bearing } : {}),
		});

	const reader = new Reader(image);
	const learned: Baseline[] = [];
	const learnFrom = async (signal: Signal, name: string, machine: Partial<Machine>) => {
		progress.update(0, `learning from ${name}`);
		const { flash, seconds } = await learn(image, configuredFlash(image.board, configured(machine)), signal, name);
		const baseline = { name, load: machine.load, flash, seconds };
		learned.push(baseline);
		return baseline;
	};
	try {
		const trials =
			options.baseline.length > 0
				? await againstFiles(folder, index.machines, options.baseline, reader, learnFrom)
				: await againstHalves(folder, index.machines, reader, learnFrom);
		const files: FileResult[] = [];
		for (const [i, { machine, signal, baseline }] of trials.entries()) {
			progress.update(i / trials.length, machine.file);
			const flash = configuredFlash(image.board, configured(machine), baseline.flash);
			const events = await feel(image, flash, signal, machine.file);
			if (events.length === 0)
				throw new Failure(
					"nothing-felt",
					`${machine.file}: the device judged no window of it; it is too short, or the machine stands still in it`,
				);
			files.push(judge(machine, baseline.name, events, warning));
			await new Promise(setImmediate);
		}
		return report(files, { name: card.name, version: card.version }, { warning, alarm }, learned);
	} finally {
		progress.clear();
	}
}

type LearnFrom = (signal: Signal, name: string, machine: Partial<Machine>) => Promise<Baseline>;

/** One baseline of all the files that were named; they are not judged. */
async function againstFiles(
	folder: string,
	machines: readonly Machine[],
	paths: readonly string[],
	reader: Reader,
	learnFrom: LearnFrom,
): Promise<Trial[]> {
	const entryOf = (path: string) => machines.find(({ file }) => resolve(folder, file) === resolve(path));
	const signals: Signal[] = [];
	for (const path of paths) {
		const entry = entryOf(path);
		if (entry && entry.fault !== "normal")
			warn(`${path}: the index says that this is a machine with a fault (${entry.fault}); it is learned as sound`);
		signals.push(await reader.read(path, entry ?? { fullScale: 16 }));
	}
	const used = paths.map(entryOf).filter((entry) => entry !== undefined);
	const baseline = await learnFrom(concat(signals), paths.map((path) => basename(path)).join(" + "), used[0] ?? {});
	const trials: Trial[] = [];
	for (const machine of machines)
		if (!used.includes(machine))
			trials.push({ machine, signal: await reader.read(join(folder, machine.file), machine), baseline });
	if (trials.length === 0)
		throw new Failure("nothing-to-judge", `${folder}: the index names no recording but those of --baseline; add some`);
	return trials;
}

/**
 * A baseline of the first half of each normal recording, by which its second half is judged, and the faults at the same or
 * the nearest load.
 */
async function againstHalves(
	folder: string,
	machines: readonly Machine[],
	reader: Reader,
	learnFrom: LearnFrom,
): Promise<Trial[]> {
	const normals = machines.filter(({ fault }) => fault === "normal");
	if (normals.length === 0)
		throw new Failure(
			"no-baseline",
			`${folder}: the index names no normal recording to learn the machine from; give one with --baseline`,
		);
	const trials: Trial[] = [];
	const baselines: Baseline[] = [];
	for (const machine of normals) {
		const signal = await reader.read(join(folder, machine.file), machine);
		const half = signal.length >> 1;
		const baseline = await learnFrom(slice(signal, 0, half), `${machine.file} (first half)`, machine);
		baselines.push(baseline);
		trials.push({ machine, signal: slice(signal, half, signal.length), baseline });
	}
	for (const machine of machines) {
		if (machine.fault === "normal") continue;
		const distance = ({ load }: Baseline) =>
			load === undefined || machine.load === undefined ? 0 : Math.abs(load - machine.load);
		const nearest = baselines.reduce((best, one) => (distance(one) < distance(best) ? one : best));
		trials.push({ machine, signal: await reader.read(join(folder, machine.file), machine), baseline: nearest });
	}
	return trials;
}

/** These four are always there, null when there is no such recording. */
const always = { normal: null, inner: null, outer: null, ball: null };

const fractions = (counts: ReadonlyMap<FaultName, Tally>): Fractions => ({
	...always,
	...Object.fromEntries([...counts].map(([fault, { right, of }]) => [fault, right / of])),
});

const orNull = (value: number) => (Number.isNaN(value) ? null : value);

function report(
	files: FileResult[],
	model: VibrationReport["model"],
	limits: VibrationReport["limits"],
	learned: readonly Baseline[],
): VibrationReport {
	const sound = files.filter(({ fault }) => fault === "normal");
	const faulty = files.filter(({ fault }) => fault !== "normal");
	const scores = (of: readonly FileResult[]) => of.flatMap(({ windows }) => windows.map(([, score]) => score));
	const medians = (of: readonly FileResult[]) => of.map(({ median }) => median);
	const named = files.flatMap(({ fault, windows }) =>
		windows.flatMap(([, , , name]) => (name === null ? [] : [{ fault, name }])),
	);
	const recordings = tallies(files, ({ right }) => right);
	const windows = tallies(named, ({ fault, name }) => name === fault);
	const alarms = tallies(files, ({ alarm }) => alarm !== null);
	return {
		auc: orNull(areaUnderRoc(scores(sound), scores(faulty))),
		auc_recordings: orNull(areaUnderRoc(medians(sound), medians(faulty))),
		recordings: fractions(recordings),
		windows: fractions(windows),
		classifier: fractions(
			tallies(
				files.filter(({ classifier }) => classifier !== null),
				({ fault, classifier }) => classifier === fault,
			),
		),
		counts: {
			recordings: Object.fromEntries(recordings),
			windows: Object.fromEntries(windows),
			alarms: Object.fromEntries(alarms),
		},
		alarms: fractions(alarms),
		confusion: confusion(files),
		roc: sound.length > 0 && faulty.length > 0 ? rocCurve(scores(sound), scores(faulty)) : [],
		model,
		limits,
		baselines: learned.map(({ name, seconds }) => ({ name, seconds })),
		files,
	};
}
