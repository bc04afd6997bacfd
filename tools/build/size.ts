/*
 * What the image of a board takes of flash and RAM, part by part, from the linker's map; and the most of its reserved
 * memory that the agent used while both pipelines ran on the demo recordings.
 *
 * On wasm the code is wasm's, which is about as large as a microcontroller's; data and RAM are byte for byte those of any
 * 32-bit target.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readBoard } from "../../host-sim/board.ts";
import { Twin } from "../../host-sim/twin.ts";
import { openAudio, openVibration } from "../../host-sim/world/files.ts";
import { configuredFlash } from "../eval/device.ts";
import type { Parts, SizeReport } from "../size.ts";
import { root } from "./clang.ts";
import { loadImage } from "./image.ts";

/** A piece of the image: where it goes, its bytes, and the source that it comes from (without folder and ending). */
interface Piece {
	section: "code" | "rodata" | "data" | "bss";
	bytes: number;
	source: string;
}

/** The pieces that lld's map of a wasm module lists. */
export function piecesOf(map: string): Piece[] {
	const pieces: Piece[] = [];
	for (const line of map.split("\n")) {
		const match = /^ +\S+ +[0-9a-f]+ +([0-9a-f]+) {9}(\S+):\((.*)\)$/.exec(line);
		if (!match) continue;
		const [, bytes, file, name] = match as unknown as [string, string, string, string];
		const section = /^\.(rodata|data|bss)/.exec(name)?.[1] as Piece["section"] | undefined;
		const member = /\((.+?)(?:\.c)?\.(?:o|obj)\)$/.exec(file);
		const source = member ? "libc" : file.replace(/^.*\//, "").replace(/\.o$/, "");
		pieces.push({ section: section ?? "code", bytes: Number.parseInt(bytes, 16), source });
	}
	return pieces;
}

const sourcesIn = (folder: string) =>
	readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".c"))
		.map((file) => file.replace(/^.*[\\/]/, "").slice(0, -2));

/** Which part of the image a source belongs to. */
function partOf(): (source: string) => string {
	const parts = new Map<string, string>([
		["rom", "script"],
		["board", "models"],
		["libc", "library"],
	]);
	for (const source of sourcesIn("firmware/native/tflm")) parts.set(source, "kernel");
	for (const source of sourcesIn("firmware/native/dsp")) parts.set(source, "signal");
	return (source) => parts.get(source) ?? "engine";
}

function sum(pieces: readonly Piece[], sections: readonly string[], name: (source: string) => string): Parts {
	const parts: Record<string, number> = {};
	let total = 0;
	for (const { section, bytes, source } of pieces) {
		if (!sections.includes(section)) continue;
		const part = name(source);
		parts[part] = (parts[part] ?? 0) + bytes;
		total += bytes;
	}
	return { total, ...parts };
}

/** Runs the demo recordings, faults being named as the demo's configuration lets them be; the most that was used of heap, pool and stack. */
async function peaks(board: string): Promise<Record<"heap" | "pool" | "stack", number>> {
	const image = await loadImage(board);
	const { audio, acceleration } = image.board.sensors;
	const demo = (name: string) => join(root, "models/demo", name);
	const twin = await Twin.create({
		image,
		sensors: {
			...(audio && { audio: (await openAudio([demo("words.wav")], audio.rate)).signal }),
			...(acceleration && {
				acceleration: (await openVibration([{ path: demo("machine.wav") }], acceleration)).signal,
			}),
		},
		...(acceleration && { flash: configuredFlash(image.board, JSON.parse(readFileSync(demo("config.json"), "utf8"))) }),
	});
	twin.run(65); // past the first health event
	const { heap, pool, stack } = twin.memory;
	return { heap: heap.peak, pool: pool.peak, stack: stack.peak };
}

/** @throws BuildError when the image cannot be built */
export async function measure(name: string): Promise<SizeReport> {
	const board = readBoard(name);
	const peak = await peaks(name);
	const pieces = piecesOf(readFileSync(join(root, "build", name, "cricket.map"), "utf8"));
	const flash = sum(pieces, ["code", "rodata", "data"], partOf());
	const inRam = (source: string) => ({ heap: "heap", memory: "pool", capture: "rings" })[source] ?? "static";
	const ram = sum(pieces, ["data", "bss"], inRam);
	return {
		board: name,
		flash,
		ram: { ...ram, stack: board.memory.stack, total: ram.total + board.memory.stack },
		peak,
		budget: board.budget,
	};
}
