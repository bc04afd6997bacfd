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

/** Where time goes in each of the modules; the rest is made small. */
const vectorLoops = /(product|sum|image|depthwise_conv_2d)_simd128|(average_pool_2d|dot|signal_fft|svdf)\.c/;
/** Of builds without packed weights, on any target. */
export const scalarLoops = /_scalar|_fast|(average_pool_2d|dot|requantize|signal_fft|svdf)\.c/;

async function build(name: string, variant: readonly string[], loops: RegExp, onProgress: Progress): Promise<string> {
	const sources = [...kernelSources(), entry];
	const make = (level: string, isFast: boolean) =>
		compile(
			sources.filter((source) => loops.test(source) === isFast),
			{ flags: [...flags, level, ...variant], include: [folder], onProgress },
		);
	const objects = [...(await make("-O2", true)), ...(await make("-Oz", false))];
	return link(objects, `build/tflite-micro-wasm/${name}.wasm`, linkFlags);
}

/**
 * Compiles and links what has changed since the last time: kernel.wasm, and kernel-scalar.wasm beside it; the former's
 * full path.
 * @throws BuildError compile-failed with the compiler's messages
 */
export async function buildKernel(onProgress: Progress = () => {}): Promise<string> {
	await build("kernel-scalar", [], scalarLoops, onProgress);
	return build("kernel", ["-msimd128", "-DTFLM_WITH_SIMD128"], vectorLoops, onProgress);
}

/** For tests: kernel-reference.wasm, with the plain version of each operator alone; its full path. */
export function buildReferenceKernel(onProgress: Progress = () => {}): Promise<string> {
	return build("kernel-reference", ["-DTFLM_REFERENCE"], /./, onProgress);
}
