/* Builds the kernel of the package tflite-micro-wasm: firmware/native/tflm without the glue to XS, as one wasm module. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { compile, link, root } from "./clang.ts";
import type { Progress } from "./progress.ts";

const folder = "firmware/native/tflm";
const entry = "host-sim/tflite-micro-wasm/kernel.c";
const output = "build/tflite-micro-wasm/kernel.wasm";

/** Sources of the interpreter, from the project's root: all of its folder but the glue to XS, which bears its name. */
export function kernelSources(): string[] {
	return [folder, `${folder}/ops`].flatMap((path) =>
		readdirSync(join(root, path))
			.filter((name) => name.endsWith(".c") && name !== "tflm.c")
			.sort()
			.map((name) => `${path}/${name}`),
	);
}

const flags = "--target=wasm32-wasip1 -std=c99 -O3 -msimd128 -mbulk-memory -fno-exceptions -Wall -Wextra -Werror".split(
	" ",
);
const linkFlags = [
	...["--target=wasm32-wasip1", "-mexec-model=reactor", "-nostartfiles", "-Wl,--no-entry", "-Wl,--gc-sections"],
	...["-Wl,--stack-first", "-Wl,-z,stack-size=65536", "-Wl,--strip-all"],
];

/**
 * Compiles and links what has changed since the last time; the module's full path.
 * @throws BuildError compile-failed with the compiler's messages
 */
export async function buildKernel(onProgress: Progress = () => {}): Promise<string> {
	const objects = await compile([...kernelSources(), entry], { flags, include: [folder], onProgress });
	return link(objects, output, linkFlags);
}
