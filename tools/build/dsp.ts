/*
 * The signal processing for hosts: the C proper of firmware/native/dsp, without its glue, as a wasm module of its own.
 * Tests of the agent in Node and the tools use it through host-sim/dsp.ts.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, link, root } from "./clang.ts";

const folder = "firmware/native/dsp";

/** dsp.c needs XS, capture.c a port. */
const ofTheDevice = ["dsp.c", "capture.c"];

/** What the module exports: the C functions that host-sim/dsp.ts and the tests call. */
const exported = [
	...["fft_complex", "fft_real", "fft_window", "log2_q16", "root_u64", "sine_q30", "moments_of"],
	...["ring_init", "ring_write", "ring_read", "envelope_log2", "envelope_of", "recipe_code", "recipe_text"],
	...["logmel_check", "logmel_bytes", "logmel_init"],
	...["spectrum_check", "spectrum_bytes", "spectrum_init"],
	...["spectrum_logs", "spectrum_moments", "orders_check", "orders_bytes", "orders_init", "orders_skip"],
	...["orders_push", "orders_ready", "orders_measure", "orders_read", "band_pass_of", "band_pass_energy"],
	...["tap_init", "tap_pull", "tap_push", "tap_size", "tap_read", "tap_position", "tap_read_orders"],
];

/**
 * Builds build/dsp/dsp.wasm; its full path.
 * @param optimize the compiler's level; the bits that come out must not depend on it
 * @throws BuildError compile-failed with the compiler's messages
 */
export async function buildDsp(optimize: "-O0" | "-O2" = "-O2"): Promise<string> {
	const sources = readdirSync(join(root, folder))
		.filter((file) => file.endsWith(".c") && !ofTheDevice.includes(file))
		.sort()
		.map((file) => `${folder}/${file}`);
	const flags = ["-std=c99", optimize, "-Wall", "-Wextra", "-Werror"];
	const objects = await compile(sources, { flags });
	const output = optimize === "-O2" ? "build/dsp/dsp.wasm" : `build/dsp/dsp${optimize}.wasm`;
	const exports = ["__heap_base", ...exported].map((name) => `-Wl,--export=${name}`);
	return link(objects, output, [
		"-nostartfiles",
		"-Wl,--no-entry",
		"-Wl,--strip-all",
		"-Wl,-z,stack-size=16384",
		...exports,
	]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.stdout.write(`${await buildDsp()}\n`);
