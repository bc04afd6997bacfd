/*
 * The image of a board: agent, models, native modules and engine in one wasm file, whose memory and imports are a device.
 *
 *     bundle (esbuild) -> ROM (linker) -> C -> objects (clang) -> image (lld)
 *
 * Each step's result is kept by the content of what went in, so a build with nothing changed only looks.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readBoard } from "../../host-sim/board.ts";
import type { Image } from "../../host-sim/twin.ts";
import { boardSource, type Models } from "./board-source.ts";
import { bundleAgent } from "./bundle.ts";
import { compile, link, root } from "./clang.ts";
import { BuildError } from "./error.ts";
import { scalarLoops } from "./kernel.ts";
import type { Progress } from "./progress.ts";
import { linkRom, namesIn } from "./rom.ts";
import { engineSources, strict, xsOptions } from "./xs.ts";

/** Folders of C that every image is made of; `port` is the board's own. */
const sourceFolders = (port: string) => [
	"firmware/engine",
	...readdirSync(join(root, "firmware/native"), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map((entry) => `firmware/native/${entry.name}`),
	"firmware/native/tflm/ops",
	`firmware/ports/${port}`,
];

const filesIn = (folder: string, ending: string) =>
	readdirSync(join(root, folder))
		.filter((file) => file.endsWith(ending))
		.map((file) => `${folder}/${file}`);

const textOf = (path: string) => readFileSync(join(root, path), "utf8");

/** Arithmetic on signals and the inner loops on tensors are worth every optimization; the rest wants to be small. */
const isArithmetic = (source: string) =>
	(source.startsWith("firmware/native/dsp/") && !isSized(source)) ||
	(source.startsWith("firmware/native/tflm/") && scalarLoops.test(source));
/** Hold the memory whose sizes board.json gives. */
const isSized = (source: string) => /\/(heap|memory|capture)\.c$/.test(source);
const isPlain = (source: string) => !isArithmetic(source) && !isSized(source);

const agent = "firmware/agent/main.ts";

/**
 * Builds what is missing of a board's image; the path of the wasm file.
 * @param entry the main module, another than the agent's in tests of the engine
 * @param instead model packages that take the place of the repository's
 * @throws BuildError with the messages of the step that failed
 */
export async function buildImage(
	name: string,
	onProgress: Progress = () => {},
	entry = agent,
	instead: Models = {},
): Promise<string> {
	const board = readBoard(name);
	if (board.cpu !== "wasm32")
		throw new BuildError("no-port", `board ${name}: there is no port for ${board.cpu} yet; use --board wasm`);
	const folders = sourceFolders("wasm");
	const sources = folders.flatMap((folder) => filesIn(folder, ".c"));
	const bundle = await bundleAgent(entry);
	const rom = await linkRom(bundle, namesIn(sources.map(textOf)), onProgress);

	const xs = xsOptions();
	const generated = "build/wasm";
	const overlay = new Map([
		...xs.overlay,
		[`${generated}/rom.c`, rom.source],
		[`${generated}/board.c`, boardSource(board, instead)],
		[`${generated}/mc.xs.h`, rom.header],
	]);
	const options = { ...xs, overlay, onProgress };
	const sizes = [
		`-DHEAP_BYTES=${board.memory.heap}`,
		`-DPOOL_BYTES=${board.memory.pool}`,
		`-DAUDIO_RING=${board.sensors.audio?.ring ?? 2}`,
		`-DACCEL_RING=${board.sensors.acceleration?.ring ?? 2}`,
	];
	const own = {
		...options,
		include: [...(xs.include ?? []), ...folders, generated],
		headers: [...(xs.headers ?? []), "firmware/ports/wasm/imports.h"],
		flags: [...xs.flags, ...strict, "-include", "firmware/ports/wasm/imports.h"],
	};
	const data = { ...options, include: [...(xs.include ?? []), ...folders], flags: [...xs.flags, "-w"] };
	const objects = [
		...(await compile(engineSources(), { ...options, overlay: xs.overlay, flags: [...xs.flags, "-w"] })),
		...(await compile(sources.filter(isPlain), own)),
		...(await compile(sources.filter(isSized), { ...own, flags: [...own.flags, ...sizes] })),
		...(await compile(sources.filter(isArithmetic), { ...own, flags: [...own.flags, "-O3", "-msimd128"] })),
		...(await compile([`${generated}/rom.c`, `${generated}/board.c`], data)),
	];
	const module = entry === agent ? "cricket" : basename(entry, ".ts");
	const variant = Object.keys(instead).length ? `-${objects.at(-1)!.slice(-10, -2)}` : "";
	return link(objects, `build/wasm/${module}${variant}.wasm`, [
		"-nostartfiles",
		"-mllvm",
		"-wasm-enable-sjlj",
		"-lsetjmp",
		"-lm",
		`-Wl,--no-entry,--no-merge-data-segments,--gc-sections,--no-growable-memory,-z,stack-size=${board.memory.stack}`,
		"-Wl,--export=__heap_base,--export=__data_end,--export=__stack_low,--export=__stack_high",
	]);
}

/** The image of a board, ready to make devices of; builds what is missing. */
export async function loadImage(name: string, onProgress?: Progress, entry?: string, instead?: Models): Promise<Image> {
	const path = await buildImage(name, onProgress, entry, instead);
	return { board: readBoard(name), module: await WebAssembly.compile(readFileSync(path) as BufferSource) };
}
