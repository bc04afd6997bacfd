/* Boards: what manifests/<board>/board.json says of memory, flash and sensors. Nothing about a board is written elsewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { InputError } from "./world/error.ts";

export interface Partition {
	readonly name: string;
	/** Bytes from the start of the data area. */
	readonly offset: number;
	readonly bytes: number;
}

export interface Board {
	readonly name: string;
	/** Of what instruction set the image is: wasm32, cortex-m4f, rv32imc. */
	readonly cpu: string;
	/** Bytes: script's heap, the pool of native memory, the stack. */
	readonly memory: { readonly heap: number; readonly pool: number; readonly stack: number };
	/** The data area: bytes of an erase block, bytes of the whole, and its partitions in the order they lie. */
	readonly flash: { readonly sector: number; readonly bytes: number; readonly partitions: readonly Partition[] };
	/** Rates in Hz, rings in samples, full scale in g. */
	readonly sensors: {
		readonly audio?: { readonly rate: number; readonly ring: number };
		readonly acceleration?: { readonly rate: number; readonly fullScale: number; readonly ring: number };
	};
	/** What the firmware may take, in bytes. */
	readonly budget: { readonly flash: number; readonly ram: number };
}

const folder = new URL("../manifests/", import.meta.url);

/** The boards there are, in alphabetical order. */
export function boardNames(): string[] {
	return readdirSync(folder)
		.filter((name) => existsSync(new URL(`${name}/board.json`, folder)))
		.sort();
}

/**
 * Reads a board by its name.
 * @throws InputError no-board, bad-board
 */
export function readBoard(name: string): Board {
	if (!boardNames().includes(name))
		throw new InputError("no-board", `no board is named ${JSON.stringify(name)}; there is: ${boardNames().join(", ")}`);
	const where = `manifests/${name}/board.json`;
	const text = readFileSync(new URL(`${name}/board.json`, folder), "utf8");
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new InputError("bad-board", `${where}: not JSON: ${(error as Error).message}; correct it`);
	}
	const board = parseBoard(value, where);
	if (board.name !== name) throw new InputError("bad-board", `${where}: name: is "${board.name}", must be "${name}"`);
	return board;
}

/**
 * Checks what a board.json holds.
 * @param where names the file in messages
 * @throws InputError bad-board, naming the key and what it must be
 */
export function parseBoard(value: unknown, where: string): Board {
	const fail = (key: string, must: string): never => {
		throw new InputError("bad-board", `${where}: ${key}: must be ${must}`);
	};
	const group = <Key extends string>(of: unknown, at: string, keys: readonly Key[]): Partial<Record<Key, unknown>> => {
		if (typeof of !== "object" || of === null || Array.isArray(of)) return fail(at, "an object");
		const stranger = Object.keys(of).find((key) => !(keys as readonly string[]).includes(key));
		if (stranger !== undefined) fail(at === "board" ? stranger : `${at}.${stranger}`, `one of ${keys.join(", ")}`);
		return of as Partial<Record<Key, unknown>>;
	};
	const whole = (of: unknown, at: string, unit: string): number =>
		Number.isInteger(of) && (of as number) > 0 ? (of as number) : fail(at, `a whole number of ${unit} above 0`);
	const word = (of: unknown, at: string): string =>
		typeof of === "string" && /^[a-z0-9][a-z0-9-]*$/.test(of) ? of : fail(at, "a word of a-z, 0-9 and -");

	const board = group(value, "board", ["name", "cpu", "memory", "flash", "sensors", "budget"]);
	const memory = group(board.memory, "memory", ["heap", "pool", "stack"]);
	const flash = group(board.flash, "flash", ["sector", "partitions"]);
	const sensors = group(board.sensors, "sensors", ["audio", "acceleration"]);
	const budget = group(board.budget, "budget", ["flash", "ram"]);

	const sector = whole(flash.sector, "flash.sector", "bytes");
	const listed: readonly unknown[] = Array.isArray(flash.partitions)
		? flash.partitions
		: fail("flash.partitions", "a list");
	let offset = 0;
	const partitions = listed.map((item, i): Partition => {
		const at = `flash.partitions[${i}]`;
		const entry = group(item, at, ["name", "bytes"]);
		const partition = {
			name: word(entry.name, `${at}.name`),
			offset,
			bytes: whole(entry.bytes, `${at}.bytes`, "bytes"),
		};
		if (partition.bytes % sector !== 0) fail(`${at}.bytes`, `a multiple of the sector's ${sector} bytes`);
		offset += partition.bytes;
		return partition;
	});
	const twice = partitions.find(({ name }, i) => partitions.findIndex((other) => other.name === name) !== i);
	if (twice !== undefined) fail("flash.partitions", `of different names; "${twice.name}" occurs twice`);

	const audio = sensors.audio === undefined ? undefined : group(sensors.audio, "sensors.audio", ["rate", "ring"]);
	const acceleration =
		sensors.acceleration === undefined
			? undefined
			: group(sensors.acceleration, "sensors.acceleration", ["rate", "fullScale", "ring"]);
	return {
		name: word(board.name, "name"),
		cpu: word(board.cpu, "cpu"),
		memory: {
			heap: whole(memory.heap, "memory.heap", "bytes"),
			pool: whole(memory.pool, "memory.pool", "bytes"),
			stack: whole(memory.stack, "memory.stack", "bytes"),
		},
		flash: { sector, bytes: offset, partitions },
		sensors: {
			...(audio && {
				audio: {
					rate: whole(audio.rate, "sensors.audio.rate", "Hz"),
					ring: whole(audio.ring, "sensors.audio.ring", "samples"),
				},
			}),
			...(acceleration && {
				acceleration: {
					rate: whole(acceleration.rate, "sensors.acceleration.rate", "Hz"),
					fullScale: whole(acceleration.fullScale, "sensors.acceleration.fullScale", "g"),
					ring: whole(acceleration.ring, "sensors.acceleration.ring", "samples"),
				},
			}),
		},
		budget: {
			flash: whole(budget.flash, "budget.flash", "bytes"),
			ram: whole(budget.ram, "budget.ram", "bytes"),
		},
	};
}

/** The partition of that name. */
export function partitionOf(board: Board, name: string): Partition {
	const found = board.flash.partitions.find((partition) => partition.name === name);
	if (found === undefined)
		throw new InputError(
			"no-partition",
			`board ${board.name}: no flash partition is named "${name}"; add it to its board.json`,
		);
	return found;
}
