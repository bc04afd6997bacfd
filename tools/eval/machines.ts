/* DIR/index.json: what is known of each recording of a machine, and the bearing where it is not told. */
import { join } from "node:path";
import type { Bearing } from "../../firmware/agent/configuration.ts";
import type { FaultName } from "../../firmware/agent/telemetry/event.ts";
import { Failure } from "../failure.ts";
import { type Json, readJson } from "./device.ts";

/** What a recording is of. */
export interface Machine {
	/** Path below the folder. */
	readonly file: string;
	readonly fault: FaultName;
	/** Hz, where the file's own header is not to be believed. */
	readonly rate?: number;
	/** g at the largest sample. */
	readonly fullScale: number;
	/** Turns of the shaft per minute, nominal. */
	readonly rpm?: number;
	/** Of the motor, hp. */
	readonly load?: number;
	readonly bearing?: Bearing;
}

export interface Index {
	readonly machines: readonly Machine[];
	/** Recordings for which neither they nor the whole index name a bearing. */
	readonly withoutBearing: number;
}

export const FAULTS: readonly FaultName[] = [
	"normal",
	"inner",
	"outer",
	"ball",
	"imbalance",
	"misalignment",
	"looseness",
];

/** Of the 6205-2RS, on the motor of the Case Western Reserve University's recordings: orders of the shaft. */
export const BEARING_6205: Bearing = { bpfo: 3.585, bpfi: 5.415, bsf: 2.357, ftf: 0.398 };

const orders = ["bpfo", "bpfi", "bsf", "ftf"] as const;

/**
 * Reads DIR/index.json: an object with an entry for each recording, `{"fault", "rate", "full_scale_g", "nominal_rpm",
 * "load_hp", "bearing": {"bpfo", "bpfi", "bsf", "ftf"}}`, of which all but `fault` may be left out, and `bearing` for all.
 * @throws Failure no-index, bad-index
 */
export function readIndex(folder: string, fullScale: number): Index {
	const path = join(folder, "index.json");
	let entries: Json;
	try {
		entries = readJson(path, "bad-index");
	} catch (error) {
		if (!(error instanceof Failure) || error.code !== "file-not-found") throw error;
		throw new Failure(
			"no-index",
			`${path}: no such file; write one that says of each recording {"FILE.wav": {"fault": "inner", "nominal_rpm": 1797}}`,
		);
	}
	const { bearing, ...files } = entries;
	const common = bearing === undefined ? undefined : bearingOf(bearing, `${path}: bearing`);
	const machines = Object.entries(files).map(([file, entry]) => machineOf(file, entry, path, fullScale, common));
	if (machines.length === 0) throw new Failure("bad-index", `${path}: it names no recording; add one`);
	return { machines, withoutBearing: machines.filter((machine) => machine.bearing === undefined).length };
}

function machineOf(file: string, entry: unknown, path: string, fullScale: number, common?: Bearing): Machine {
	const where = `${path}: ${file}`;
	if (typeof entry !== "object" || entry === null || Array.isArray(entry))
		throw new Failure("bad-index", `${where}: must be an object, such as {"fault": "inner", "nominal_rpm": 1797}`);
	const given = entry as Json;
	const number = (key: string, least: number): number | undefined => {
		const value = given[key];
		if (value === undefined || value === null) return undefined;
		if (typeof value === "number" && value >= least && value < 1e9) return value;
		throw new Failure("bad-index", `${where}: ${key} is ${JSON.stringify(value)}, must be a number from ${least} on`);
	};
	const fault = FAULTS.find((name) => name === given.fault);
	if (fault === undefined)
		throw new Failure(
			"bad-index",
			`${where}: fault is ${JSON.stringify(given.fault)}, must be one of ${FAULTS.join(", ")}`,
		);
	const bearing = given.bearing === undefined ? common : bearingOf(given.bearing, `${where}: bearing`);
	const [rate, rpm, load] = [number("rate", 10), number("nominal_rpm", 1), number("load_hp", 0)];
	return {
		file,
		fault,
		fullScale: number("full_scale_g", 0.001) ?? fullScale,
		...(rate !== undefined && { rate }),
		...(rpm !== undefined && { rpm }),
		...(load !== undefined && { load }),
		...(bearing !== undefined && { bearing }),
	};
}

function bearingOf(value: unknown, where: string): Bearing {
	const given = (value ?? {}) as Json;
	if (!orders.every((order) => typeof given[order] === "number" && (given[order] as number) > 0))
		throw new Failure("bad-index", `${where}: must be ${JSON.stringify(BEARING_6205)}, orders of the shaft above 0`);
	return Object.fromEntries(orders.map((order) => [order, given[order]])) as Bearing;
}

/** A bearing from "BPFO,BPFI,BSF,FTF"; undefined when it is none. */
export function parseBearing(text: string): Bearing | undefined {
	const numbers = text.split(",").map(Number);
	if (numbers.length !== 4 || !numbers.every((order) => order > 0 && order < 100)) return undefined;
	return Object.fromEntries(orders.map((order, i) => [order, numbers[i]!])) as Bearing;
}
