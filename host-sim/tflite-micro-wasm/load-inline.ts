/* The kernel's module inside the script itself, for where no file can be fetched. */

import simd from "./kernel.wasm";
import scalar from "./kernel-scalar.wasm";
import { kernelFile } from "./simd.ts";

export async function loadModule(): Promise<WebAssembly.Module> {
	return WebAssembly.compile(kernelFile() === "kernel.wasm" ? simd : scalar);
}
