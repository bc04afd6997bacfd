/* What `cricket eval` runs: the image with the packages to be judged, and the flash of a device that is configured for it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeConfiguration } from "../../firmware/agent/configuration.ts";
import { type Board, partitionOf } from "../../host-sim/board.ts";
import type { Image } from "../../host-sim/twin.ts";
import { Failure } from "../failure.ts";
import type { Progress } from "../terminal.ts";

/** JSON of a card or a configuration. */
export type Json = Readonly<Record<string, unknown>>;

export interface Card {
	readonly name: string;
	readonly version: string;
	readonly kind: string;
	readonly labels: readonly string[];
	readonly recipe: Json;
	readonly decision: Json;
}

const isObject = (value: unknown): value is Json =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads an object from a JSON file. @throws Failure with that code; file-not-found */
export function readJson(path: string, code: string): Json {
	if (!existsSync(path)) throw new Failure("file-not-found", `${path}: no such file; check the path`);
	let value: unknown;
	try {
		value = JSON.parse(readFileSync(path, "utf8").replace(/^\ufeff/, ""));
	} catch (error) {
		throw new Failure(code, `${path}: not JSON: ${(error as Error).message}; correct it`);
	}
	if (!isObject(value)) throw new Failure(code, `${path}: must be a JSON object; correct it`);
	return value;
}

/** The card of a model package. @throws Failure bad-card, file-not-found */
export function readCard(folder: string): Card {
	const path = join(folder, "model.json");
	const { name, version, kind, labels, recipe, decision } = readJson(path, "bad-card");
	const listed = Array.isArray(labels) && labels.every((label) => typeof label === "string");
	if (!listed || !isObject(recipe) || !isObject(decision))
		throw new Failure("bad-card", `${path}: labels, recipe or decision are missing; take a model package's card`);
	return { name: String(name), version: String(version), kind: String(kind), labels, recipe, decision };
}

/**
 * Packages by what they are for.
 * @param kinds that the evaluation has a use for
 * @throws Failure wrong-kind; what readCard throws
 */
export function packagesByKind(folders: readonly string[], kinds: readonly string[]): Record<string, string> {
	const packages: Record<string, string> = {};
	for (const folder of folders) {
		const { kind } = readCard(folder);
		if (!kinds.includes(kind))
			throw new Failure(
				"wrong-kind",
				`${folder}: this is a model of kind ${kind}; give one of kind ${kinds.join(" or ")}`,
			);
		packages[kind] = folder;
	}
	return packages;
}

/** Builds what is missing of the image, with other model packages than the repository's where folders are given. */
export async function loadDevice(instead: Readonly<Record<string, string>>, progress: Progress): Promise<Image> {
	const { loadImage } = await import("../build/image.ts");
	try {
		return await loadImage(
			"wasm",
			(done, total, source) => progress.update(done / total, `building ${source}`),
			undefined,
			instead,
		);
	} finally {
		progress.clear();
	}
}

/**
 * What the data area of a device's flash holds at first: the configuration, and whatever `flash` has besides.
 * @throws Failure config-too-large
 */
export function configuredFlash(board: Board, configuration: Json, flash?: Uint8Array): Uint8Array {
	const { offset, bytes } = partitionOf(board, "config");
	const record = encodeConfiguration(JSON.stringify(configuration));
	if (record.length > bytes)
		throw new Failure(
			"config-too-large",
			`the configuration takes ${record.length} bytes, the board's config partition has ${bytes}; shorten it`,
		);
	const filled = flash?.slice() ?? new Uint8Array(board.flash.bytes).fill(0xff);
	filled.fill(0xff, offset, offset + bytes);
	filled.set(record, offset);
	return filled;
}

/** A configuration with `more` in one of its sections. */
export function withSection(configuration: Json, section: string, more: Json): Json {
	const given = configuration[section];
	return { ...configuration, [section]: { ...(isObject(given) ? given : {}), ...more } };
}
