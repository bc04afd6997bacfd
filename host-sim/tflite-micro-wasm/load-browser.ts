/* The kernel's module in browsers and other runtimes with fetch. Bundlers find the files by these two expressions. */
import { ModelError } from "./error.ts";
import { kernelFile } from "./simd.ts";

/** @throws ModelError no-kernel */
export async function loadModule(): Promise<WebAssembly.Module> {
	const url =
		kernelFile() === "kernel.wasm"
			? new URL("./kernel.wasm", import.meta.url)
			: new URL("./kernel-scalar.wasm", import.meta.url);
	try {
		const response = await fetch(url);
		if (!response.ok) throw new Error(`status ${response.status}`);
		// Not compileStreaming: some servers do not send the type that it insists on.
		return await WebAssembly.compile(await response.arrayBuffer());
	} catch (error) {
		const why = (error as Error).message;
		throw new ModelError("no-kernel", `cannot load ${url} (${why}): serve the package's .wasm files beside its .js`);
	}
}
