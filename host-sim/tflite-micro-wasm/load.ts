/* Where the kernel's module comes from in the project's own tree: the build. The package has load-node.ts,
   load-browser.ts or load-inline.ts in this file's place (tools/build/package.ts). */
import { readFile } from "node:fs/promises";
import { ModelError } from "./error.ts";
import { kernelFile } from "./simd.ts";

/** @throws ModelError no-kernel */
export async function loadModule(): Promise<WebAssembly.Module> {
	const url = new URL(`../../build/tflite-micro-wasm/${kernelFile()}`, import.meta.url);
	try {
		return await WebAssembly.compile(await readFile(url));
	} catch (error) {
		throw new ModelError("no-kernel", `cannot load ${url.pathname} (${(error as Error).message}): build it first`);
	}
}
