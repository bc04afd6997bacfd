/*
 * Builds the kernel of the package tflite-micro-wasm: firmware/native/tflm without the glue to XS, as wasm modules. One
 * has vectors of 128 bits, one is for engines without; tests also make the plain version of every operator.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { compile, link, root } from "./clang.ts";
import type { Progress } from "./progress.ts";

const folder = "firmware/native/tflm";
const entry = "host-sim/tflite-micro-wasm/kernel.c";

/** Sources of the interpreter, from the project's root: all of its folder but the glue to XS, which bears its name. */
export function kernelSources(): string[] {
	return [folder, `${folder}/ops`].flatMap((path) =>
		readdirSync(join(root, path))
			.filter((name) => name.endsWith(".c") && name !== "tflm.c")
			.sort()
			.map((name) => `${path}/${name}`),
	);
}

const flags = "--target=wasm32-wasip1 -std=c99 -mbulk-memory -fno-exceptions -Wall -Wextra -Werror".split(" ");
const linkFlags = [
	...["--target=wasm32-wasip1", "-mexec-model=reactor", "-nostartfiles", "-Wl,--no-entry", "-Wl,--gc-sections"],
	...["-Wl,--stack-first", "-Wl,-z,stack-size=65536", "-Wl,--strip-all"],
];

/** Where time goes; the rest is made small. */
const isFast = (source: string) => /(_simd128|_scalar|dot|average_pool_2d|add|softmax)\.c$/.test(source);

async function build(name: string, variant: readonly string[], onProgress: Progress): Promise<string> {
	const sources = [...kernelSources(), entry];
	const make = (level: string, some: string[]) =>
		compile(some, { flags: [...flags, level, ...variant], include: [folder], onProgress });
	const fast = await make("-O3", sources.filter(isFast));
	const small = await make(
		"-Os",
		sources.filter((source) => !isFast(source)),
	);
	return link([...fast, ...small], `build/tflite-micro-wasm/${name}.wasm`, linkFlags);
}

/**
 * Compiles and links what has changed since the last time: kernel.wasm, and kernel-scalar.wasm beside it; the former's
 * full path.
 * @throws BuildError compile-failed with the compiler's messages
 */
export async function buildKernel(onProgress: Progress = () => {}): Promise<string> {
	await build("kernel-scalar", [], onProgress);
	return build("kernel", ["-msimd128", "-DTFLM_WITH_SIMD128"], onProgress);
}

/** For tests: kernel-reference.wasm, with the plain version of each operator alone; its full path. */
export function buildReferenceKernel(onProgress: Progress = () => {}): Promise<string> {
	return build("kernel-reference", ["-DTFLM_REFERENCE"], onProgress);
}
