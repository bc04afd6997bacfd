/*
 * Loads into Node what Emscripten made for browsers: a classic script that leaves a factory in a global variable, and a
 * .wasm beside it. The script is run as the body of a function that returns that variable, and is handed the module
 * already compiled, so it neither fetches nor touches a document.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction } from "node:vm";
import { Refusal } from "./runtime.ts";

/** What every such module has. */
export interface EmscriptenModule {
	readonly HEAPU8: Uint8Array;
	_malloc(bytes: number): number;
}

interface Settings {
	print(line: string): void;
	printErr(line: string): void;
	instantiateWasm(
		imports: WebAssembly.Imports,
		done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
	): WebAssembly.Exports;
}

/** Makes a new instance; what it prints goes to `log`. */
export type Factory<Module> = (log: string[]) => Promise<Module>;

/**
 * @param path of script and module, without their endings
 * @param variable where the script leaves its factory
 * @throws when the files are not there, or the engine lacks what the module uses
 */
export function emscriptenFactory<Module extends EmscriptenModule>(path: string, variable: string): Factory<Module> {
	const script = `${path}.js`;
	const names = ["require", "__filename", "__dirname"];
	const run = compileFunction(`${readFileSync(script, "utf8")}\nreturn ${variable};`, names, { filename: script });
	const make: (settings: Settings) => Promise<Module> = run(createRequire(script), script, dirname(script));
	const module = new WebAssembly.Module(readFileSync(`${path}.wasm`));
	return (log) =>
		make({
			print: (line) => log.push(line),
			printErr: (line) => log.push(line),
			instantiateWasm(imports, done) {
				const instance = new WebAssembly.Instance(module, imports);
				done(instance, module);
				return instance.exports;
			},
		});
}

/** Copies a model into the instance's memory, where it stays. */
export function place(module: EmscriptenModule, model: Uint8Array): number {
	const address = module._malloc(model.length);
	module.HEAPU8.set(model, address);
	return address;
}

/** Runs what a model may make fail, and says why in the runtime's words: the first error that it printed, or threw. */
export async function refusing<T>(log: readonly string[], work: () => T | Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const printed = log.find((line) => line.startsWith("ERROR: "));
		const thrown = error instanceof Error ? error.message : `C++ exception ${error}`;
		// Drop LiteRT's "[file.cc:12] " in front of the reason, unless it is all there is.
		const reason = (printed ?? thrown).split("\n")[0]!.replace(/^ERROR: (\[[^\]]*\] (?=.))?/, "");
		throw new Refusal(reason);
	}
}
