/*
 * Bare images for microcontrollers: the C of the firmware with the cross compilers that the system has, and the emulator
 * that runs them. Unlike the twin's, these compilers are not pinned, so what they make is for measuring, not for shipping.
 */
import { type ExecFileException, execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { root, writeWhole } from "./clang.ts";
import { BuildError } from "./error.ts";

const execute = promisify(execFile);

export interface BareBoard {
	/** Prefix of the cross tools' names. */
	readonly tools: string;
	/** What selects the processor. */
	readonly flags: readonly string[];
	/** Folder of the family's start-up code and of the linker scripts, one a board. */
	readonly port: string;
	readonly emulator: string;
	readonly machine: readonly string[];
	/** Debian packages that hold all of it. */
	readonly packages: string;
}

export const bareBoards: Readonly<Record<string, BareBoard>> = {
	"mps2-an386": {
		tools: "arm-none-eabi-",
		flags: ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
		port: "firmware/ports/cortex-m",
		emulator: "qemu-system-arm",
		machine: ["-M", "mps2-an386"],
		packages: "gcc-arm-none-eabi picolibc-arm-none-eabi qemu-system-arm",
	},
	"riscv-virt": {
		tools: "riscv64-unknown-elf-",
		flags: ["-march=rv32imc", "-mabi=ilp32"],
		port: "firmware/ports/riscv",
		emulator: "qemu-system-riscv32",
		machine: ["-M", "virt", "-m", "16M", "-bios", "none"],
		packages: "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc",
	},
};

/** Warnings are errors, but for one that GCC bases on how far it has optimized. Fused multiply-add would give other bits. */
const common =
	"-std=gnu99 --specs=picolibc.specs -ffunction-sections -fdata-sections -Wall -Wextra -Werror -Wno-maybe-uninitialized -ffp-contract=off".split(
		" ",
	);

/** Runs a tool to its end. @throws BuildError `code`, with what it wrote, when it fails */
async function run(tool: string, args: readonly string[], code: string): Promise<string> {
	try {
		return (await execute(tool, args, { cwd: root, maxBuffer: 1 << 26 })).stdout;
	} catch (thrown) {
		const { stderr } = thrown as ExecFileException;
		throw new BuildError(code, `${tool}: ${stderr?.trim() || (thrown as Error).message}`);
	}
}

/** What is missing to build for and emulate the board; empty when all is there. */
export async function missingTools(board: BareBoard): Promise<string[]> {
	const tools = [`${board.tools}gcc`, board.emulator];
	const present = await Promise.all(
		tools.map((tool) =>
			execute(tool, ["--version"]).then(
				() => true,
				() => false,
			),
		),
	);
	return tools.filter((_, i) => !present[i]);
}

export interface BareSources {
	/** C files, from the project's root. */
	readonly sources: readonly string[];
	/** Folders that are searched for headers. */
	readonly include: readonly string[];
	/** Folders whose headers any source may include: a change of one compiles all anew, which takes seconds. */
	readonly headers: readonly string[];
	/** -O2, -Os, -D... */
	readonly flags: readonly string[];
}

/**
 * Compiles what has changed since the last time; the objects' full paths.
 * @throws BuildError compile-failed with the compiler's messages
 */
export async function compileBare(board: BareBoard, options: BareSources): Promise<string[]> {
	const flags = [...board.flags, ...common, ...options.flags, ...options.include.map((folder) => `-I${folder}`)];
	const version = await run(`${board.tools}gcc`, ["-v", "-dumpfullversion"], "no-compiler");
	const text = (path: string) => readFileSync(join(root, path));
	const shared = createHash("sha256").update(`${version}${flags.join(" ")}`);
	for (const folder of options.headers) {
		const names = readdirSync(join(root, folder)).filter((name) => /\.(h|def)$/.test(name));
		for (const name of names.sort()) shared.update(name).update(text(`${folder}/${name}`));
	}
	const cache = join(root, "build/cache/bare");
	mkdirSync(cache, { recursive: true });
	const queue = [...options.sources.entries()];
	const objects: string[] = [];
	const work = async () => {
		for (let next = queue.shift(); next; next = queue.shift()) {
			const [index, source] = next;
			const key = shared.copy().update(source).update(text(source)).digest("hex").slice(0, 40);
			const object = join(cache, `${basename(source, ".c")}-${key}.o`);
			objects[index] = object;
			if (existsSync(object)) continue;
			const fresh = `${object}.${process.pid}`;
			await run(`${board.tools}gcc`, [...flags, "-c", source, "-o", fresh], "compile-failed");
			renameSync(fresh, object);
		}
	};
	await Promise.all(Array.from({ length: availableParallelism() }, work));
	return objects;
}

/**
 * Links objects with the C library's and the compiler's own functions, dropping what nothing needs.
 * @throws BuildError link-failed with the linker's messages
 */
export async function linkBare(
	board: BareBoard,
	objects: readonly string[],
	output: string,
	flags: readonly string[],
): Promise<void> {
	const args = [...board.flags, ...common, "-nostartfiles", "-Wl,--gc-sections", ...flags, ...objects, "-o", output];
	await run(`${board.tools}gcc`, args, "link-failed");
}

/**
 * An object with the given bytes in a section of its own in flash, each under its symbol, and with the lines of assembly
 * behind them.
 * @throws BuildError compile-failed
 */
export async function blobObject(
	board: BareBoard,
	blobs: Readonly<Record<string, Uint8Array>>,
	path: string,
	assembly: readonly string[] = [],
): Promise<string> {
	const lines = ['.section .blob, "a"'];
	let at = 0;
	for (const [symbol, bytes] of Object.entries(blobs)) {
		lines.push(".balign 16", `.global ${symbol}`, `${symbol}: .incbin "${path}.blob", ${at}, ${bytes.length}`);
		at += bytes.length;
	}
	writeWhole(`${path}.blob`, Buffer.concat(Object.values(blobs)));
	writeWhole(`${path}.s`, `${[...lines, ".balign 16", ...assembly].join("\n")}\n`);
	await run(`${board.tools}gcc`, [...board.flags, "-c", `${path}.s`, "-o", `${path}.o`], "compile-failed");
	return `${path}.o`;
}

/**
 * Runs an image until it ends itself; what it wrote to the console. Each instruction takes a nanosecond, and no time passes
 * otherwise (sleep=off), so that a run is the same whatever the host is doing.
 * @throws BuildError run-failed when it ends with a status other than 0
 */
export async function emulate(board: BareBoard, image: string, seconds = 600): Promise<string> {
	const console = ["-chardev", "stdio,id=console", "-semihosting-config", "enable=on,target=native,chardev=console"];
	const time = ["-icount", "shift=0,sleep=off"];
	const args = [...board.machine, ...time, "-display", "none", "-serial", "none", "-monitor", "none"];
	try {
		const running = execute(board.emulator, [...args, ...console, "-kernel", image], { timeout: seconds * 1000 });
		running.child.stdin?.end();
		return (await running).stdout;
	} catch (thrown) {
		const { stderr, stdout, code } = thrown as ExecFileException;
		const said = `${stdout ?? ""}${stderr ?? ""}`.trim();
		throw new BuildError("run-failed", `${basename(image)} ended with ${code} under ${board.emulator}: ${said}`);
	}
}

/** Bytes of code, constants and initialized data of an image or object. */
export async function flashBytes(board: BareBoard, image: string): Promise<number> {
	const [, line = ""] = (await run(`${board.tools}size`, [image], "size-failed")).split("\n");
	const [text = Number.NaN, data = Number.NaN] = line.trim().split(/\s+/).map(Number);
	return text + data;
}
