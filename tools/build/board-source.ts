/*
 * What a board's image holds besides code, as C: the table of flash partitions, and the files in flash (models and cards).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Board } from "../../host-sim/board.ts";
import { root } from "./clang.ts";
import { BuildError } from "./error.ts";

const models = ["keyword", "vibration"];

/** What of a card the device needs at every start; golden vectors and the card's prose stay with the package. */
const cardKeys = ["schema", "name", "version", "kind", "labels", "recipe", "decision", "arena", "operators", "agent"];

function read(path: string): Uint8Array {
	if (!existsSync(join(root, path)))
		throw new BuildError("no-model", `${path} is missing; make it with: make models (or take it from the repository)`);
	return readFileSync(join(root, path));
}

/** The files in flash, by the name that the agent gives Resource. */
export function resources(): Map<string, Uint8Array> {
	const files = new Map<string, Uint8Array>();
	for (const model of models) {
		files.set(`${model}.tflite`, read(`models/${model}/model.tflite`));
		const card: Record<string, unknown> = JSON.parse(new TextDecoder().decode(read(`models/${model}/model.json`)));
		const kept = Object.fromEntries(cardKeys.filter((key) => key in card).map((key) => [key, card[key]]));
		files.set(`${model}.json`, new TextEncoder().encode(JSON.stringify(kept)));
	}
	return files;
}

export function boardSource(board: Board): string {
	const files = [...resources()];
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
