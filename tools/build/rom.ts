/*
 * Links the agent's bundle and XS's built-ins into constant C, with the ROM linker of firmware/engine/rom. The linker is
 * the engine itself with its parser, built once; it runs here as wasm.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cachedText, compile, link, root } from "./clang.ts";
import { BuildError } from "./error.ts";
import { functionNames } from "./names.ts";
import type { Progress } from "./progress.ts";
import { compilerSources, linkerSources, sharedSources, strict, xsOptions } from "./xs.ts";

export interface Rom {
	/** rom.c: heap, names and bytecode as constants */
	source: string;
	/** mc.xs.h: the number of each name that C code uses */
	header: string;
}

interface Linker {
	memory: WebAssembly.Memory;
	__indirect_function_table: WebAssembly.Table;
	_initialize(): void;
	rom_alloc(bytes: number): number;
	rom_begin(): void;
	rom_name(name: number): number;
	rom_native(name: number): void;
	rom_module(name: number, source: number, bytes: number): void;
	rom_end(): void;
	rom_text(): number;
	rom_length(): number;
}

async function buildLinker(onProgress: Progress): Promise<Uint8Array> {
	const options = { ...xsOptions(), onProgress };
	const rom = readdirSync(join(root, "firmware/engine/rom"))
		.filter((file) => file.endsWith(".c"))
		.map((file) => `firmware/engine/rom/${file}`);
	const include = ["firmware/engine/rom", ...(options.include ?? [])];
	const objects = [
		...(await compile([...sharedSources(), ...compilerSources()], { ...options, flags: [...options.flags, "-w"] })),
		...(await compile(linkerSources(), { ...options, flags: [...options.flags, "-w", "-DmxLink=1"] })),
		...(await compile(rom, { ...options, include, flags: [...options.flags, ...strict, "-DmxLink=1"] })),
	];
	const path = await link(objects, "build/engine/linker.wasm", [
		"-mexec-model=reactor",
		"-mllvm",
		"-wasm-enable-sjlj",
		"-lsetjmp",
		"-lm",
		"-Wl,--export-table,-z,stack-size=1048576,--import-undefined",
	]);
	return readFileSync(path);
}

/** Names that C code uses as xsID_name. */
export function namesIn(sources: readonly string[]): string[] {
	const names = new Set<string>();
	for (const source of sources) for (const [, name] of source.matchAll(/\bxsID_(\w+)/g)) names.add(name!);
	return [...names].sort();
}

/** C functions that the bundle calls by native("...") or Native("..."). */
export function nativesIn(bundle: string): string[] {
	const names = new Set<string>();
	for (const [, name] of bundle.matchAll(/\b[nN]ative\(\s*["'](\w+)["']\s*\)/g)) names.add(name!);
	return [...names].sort();
}

/**
 * @param bundle the agent as one ES module
 * @param names names that C code uses
 * @throws BuildError link-failed with the engine's message: a syntax error, say
 */
export async function linkRom(bundle: string, names: readonly string[], onProgress: Progress): Promise<Rom> {
	const wasm = await buildLinker(onProgress);
	const parts = [wasm, bundle, names.join()];
	return JSON.parse(await cachedText(parts, async () => JSON.stringify(await runLinker(wasm, bundle, names))));
}

async function runLinker(wasm: Uint8Array, bundle: string, names: readonly string[]): Promise<Rom> {
	const module = await WebAssembly.compile(wasm as BufferSource);
	let message = "";
	const text = (at: number, length: number) =>
		new TextDecoder().decode(new Uint8Array(linker.memory.buffer, at, length));
	// The C library asks for files and clocks that the linker does not have: the answer to each is an error number.
	const absent = Object.fromEntries(
		WebAssembly.Module.imports(module)
			.filter((item) => item.module !== "linker")
			.map((item) => [item.name, () => 8]),
	);
	const instance = await WebAssembly.instantiate(module, {
		linker: {
			report: (at: number, length: number) => {
				message = text(at, length);
			},
		},
		wasi_snapshot_preview1: absent,
		env: absent,
	});
	const linker = instance.exports as unknown as Linker;
	const put = (bytes: Uint8Array) => {
		const at = linker.rom_alloc(bytes.length + 1);
		new Uint8Array(linker.memory.buffer, at, bytes.length + 1).set([...bytes, 0]);
		return at;
	};
	const string = (value: string) => put(new TextEncoder().encode(value));
	const ids = new Map<string, number>();
	try {
		linker._initialize();
		linker.rom_begin();
		for (const name of names) ids.set(name, linker.rom_name(string(name)));
		for (const name of nativesIn(bundle)) linker.rom_native(string(name));
		const source = new TextEncoder().encode(bundle);
		linker.rom_module(string("main"), put(source), source.length);
		linker.rom_end();
	} catch (error) {
		throw new BuildError("link-failed", `cannot link the agent: ${message || error}`);
	}
	const functions = functionNames(wasm);
	const used = new Set<string>();
	const body = text(linker.rom_text(), linker.rom_length()).replace(/FN\((\d+)\)/g, (_, index) => {
		const callback = linker.__indirect_function_table.get(Number(index));
		const name = callback && functions.get(Number(callback.name));
		if (!name) throw new BuildError("link-failed", `no function at ${index} in the linker's table`);
		used.add(name);
		return name;
	});
	const declarations = [...used].sort().map((name) => `extern void ${name}(txMachine *);\n`);
	const at = body.indexOf("#define HEAP_COUNT");
	return {
		source: body.slice(0, at) + declarations.join("") + body.slice(at),
		header: [...ids].map(([name, id]) => `#define xsID_${name} ${id}\n`).join(""),
	};
}
