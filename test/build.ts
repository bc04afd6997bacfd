/* Before any test: what tests run is built once, here, so that no test waits for a compiler. */
import { buildDsp } from "../tools/build/dsp.ts";
import { buildImage } from "../tools/build/image.ts";
import { buildKernel, buildReferenceKernel } from "../tools/build/kernel.ts";

export async function setup(): Promise<void> {
	await buildKernel();
	await buildReferenceKernel();
	await buildDsp();
	await buildImage("wasm");
}
