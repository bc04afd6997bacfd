/*
 * What a board's image holds besides code, as C: the table of flash partitions, and the files in flash (models and cards).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Board } from "../../host-sim/board.ts";
import { root } from "./clang.ts";
import { BuildError } from "./error.ts";

const models = ["keyword", "vibration", "fault"];

/** What of a card the device needs at every start; golden vectors and the card's prose stay with the package. */
const cardKeys = ["schema", "name", "version", "kind", "labels", "recipe", "decision", "arena", "operators", "agent"];

/** Folders of model packages that are built in instead of those of the repository, by kind. */
export type Models = Readonly<Record<string, string>>;

function read(folder: string, file: string): Uint8Array {
	const path = join(folder, file);
	if (!existsSync(path))
		throw new BuildError("no-model", `${path} is missing; make it with: make models (or take it from the repository)`);
	return readFileSync(path);
}

/** The files in flash, by the name that the agent gives Resource. */
export function resources(instead: Models = {}): Map<string, Uint8Array> {
	const files = new Map<string, Uint8Array>();
	for (const model of models) {
		const folder = instead[model] ?? join(root, "models", model);
		files.set(`${model}.tflite`, read(folder, "model.tflite"));
		const card: Record<string, unknown> = JSON.parse(new TextDecoder().decode(read(folder, "model.json")));
		const kept = Object.fromEntries(cardKeys.filter((key) => key in card).map((key) => [key, card[key]]));
		files.set(`${model}.json`, new TextEncoder().encode(JSON.stringify(kept)));
	}
	return files;
}

export function boardSource(board: Board, instead: Models = {}): string {
	const files = [...resources(instead)];
	return [
		'#include "engine.h"',
		`const char board_name[] = ${JSON.stringify(board.name)};`,
		`const size_t accel_full_scale = ${board.sensors.acceleration?.fullScale ?? 0};`,
		"const flash_partition flash_partitions[] = {",
		...board.flash.partitions.map(({ name, offset, bytes }) => `\t{ ${JSON.stringify(name)}, ${offset}, ${bytes} },`),
		"\t{ 0, 0, 0 }\n};",
		...files.map(([, bytes], index) => `static const _Alignas(16) uint8_t file${index}[] = {${bytes.join(",")}};`),
		"const flash_resource flash_resources[] = {",
		...files.map(([name, bytes], index) => `\t{ ${JSON.stringify(name)}, file${index}, ${bytes.length} },`),
		"\t{ 0, 0, 0 }\n};\n",
	].join("\n");
}
