/* A device whose main module is one of the scripts beside this file, and what it said. */
import { type Image, Twin, type TwinOptions } from "../../../host-sim/twin.ts";
import { loadImage } from "../../../tools/build/image.ts";

/** An image of the engine with that script. */
export const scriptImage = (name: string): Promise<Image> =>
	loadImage("wasm", undefined, `test/firmware/engine/scripts/${name}.ts`);

/** Runs a script's one thing, which the flash names, for some seconds of device time; the lines of its log, to which later runs add. */
export async function lifeOf(
	image: Image,
	name: string,
	seconds: number,
	options: Omit<TwinOptions, "image" | "flash"> = {},
): Promise<{ twin: Twin; lines: string[] }> {
	const lines: string[] = [];
	const flash = new Uint8Array(image.board.flash.bytes).fill(0xff);
	flash.set(new TextEncoder().encode(name));
	const twin = await Twin.create({ image, flash, ...options, onLog: (line) => lines.push(line) });
	const first = lines.shift();
	if (first !== `start ${name}: power`) throw new Error(`the script did not start: ${first}`);
	twin.run(seconds);
	return { twin, lines };
}

/** Runs a script that says "name: result" lines; the results by name. */
export async function saidBy(name: string): Promise<Map<string, string>> {
	const said = new Map<string, string>();
	const onLog = (line: string) => {
		const [name, ...rest] = line.split(": ");
		said.set(name!, rest.join(": "));
	};
	const twin = await Twin.create({ image: await scriptImage(name), onLog });
	twin.run(1);
	return said;
}
