/* The kernel's module in Node: a file beside this one. */
import { readFile } from "node:fs/promises";
import { ModelError } from "./error.ts";
import { kernelFile } from "./simd.ts";

/** @throws ModelError no-kernel */
export async function loadModule(): Promise<WebAssembly.Module> {
	const url = new URL(`./${kernelFile()}`, import.meta.url);
	try {
		return await WebAssembly.compile(await readFile(url));
	} catch (error) {
		const why = (error as Error).message;
		throw new ModelError("no-kernel", `cannot load ${url.pathname} (${why}): install the package again`);
	}
}
