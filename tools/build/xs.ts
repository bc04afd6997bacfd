/*
 * XS's C sources: taken from the npm package as they are, with the patches of firmware/engine/patches laid over them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch, parsePatch } from "diff";
import { type CompileOptions, root } from "./clang.ts";
import { BuildError } from "./error.ts";

const xs = "node_modules/@agoric/xsnap/moddable/xs";
const patches = "firmware/engine/patches";

/** The compiler of JavaScript: needed by the ROM linker, not on a device. */
const parserSources = ["Code", "Lexical", "Syntaxical", "Scope", "Tree", "SourceMap", "Script"];
/** Snapshots, profiling and lockdown are not used. */
const unused = ["Snapshot", "Profile", "Lockdown"];
/** Ask the linker, when they are compiled for it, for what they do themselves on a device. */
const linkedSources = ["API", "Module"];

const path = (name: string) => `${xs}/sources/xs${name}.c`;
const names = () =>
	readdirSync(join(root, xs, "sources"))
		.filter((file) => /^xs.*\.c$/.test(file))
		.map((file) => file.slice(2, -2))
		.filter((name) => !unused.includes(name));

/** The engine as it runs on a device. */
export const engineSources = (): string[] =>
	names()
		.filter((name) => !parserSources.includes(name))
		.map(path);
/** What the ROM linker shares with the device, object for object. */
export const sharedSources = (): string[] => engineSources().filter((source) => !linkerSources().includes(source));
/** What the ROM linker compiles for itself, with mxLink defined. */
export const linkerSources = (): string[] => linkedSources.map(path);
export const compilerSources = (): string[] => parserSources.map(path);

/** The sources that the patches change, with their new text. */
function patched(): Map<string, string> {
	const changed = new Map<string, string>();
	for (const file of readdirSync(join(root, patches)).sort()) {
		for (const patch of parsePatch(readFileSync(join(root, patches, file), "utf8"))) {
			const source = `${xs}/${patch.newFileName?.replace(/^b\//, "")}`;
			const before = changed.get(source) ?? readFileSync(join(root, source), "utf8");
			const after = applyPatch(before, patch, { autoConvertLineEndings: false });
			if (after === false) throw new BuildError("patch-failed", `${patches}/${file} does not fit ${source}`);
			changed.set(source, after);
		}
	}
	return changed;
}

/** How our own C is compiled. */
export const strict = ["-std=gnu99", "-Wall", "-Wextra", "-Werror"];

let overlay: Map<string, string> | undefined;

/** How everything that includes XS's headers is compiled. */
export function xsOptions(): CompileOptions & { overlay: Map<string, string> } {
	overlay ??= patched();
	return {
		flags: [
			"-Os",
			// XS asks whether a number is an integer by converting it there and back; LLVM otherwise takes it that this never
			// overflows, and then every whole number beyond 2^31 is one.
			"-fno-strict-float-cast-overflow",
			"-mllvm",
			"-wasm-enable-sjlj",
			"-ffunction-sections",
			"-fdata-sections",
			"-DINCLUDE_XSPLATFORM",
			'-DXSPLATFORM="xs_platform.h"',
			...["mxRun", "mxNoConsole", "mxMinusZero", "mxBoundsCheck", "mxCESU8", "mxMetering"].map((name) => `-D${name}=1`),
		],
		include: ["firmware/engine", "firmware/native", "firmware/ports"],
		system: [`${xs}/includes`, `${xs}/platforms`, `${xs}/sources`],
		headers: ["firmware/engine/xs_platform.h"],
		overlay,
	};
}
