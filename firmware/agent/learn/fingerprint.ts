import { crc32 } from "../storage/crc32.ts";

/** Of a recipe and of what a model makes of a given input: what was learned with them is worth nothing to others. */
export function fingerprintOf(recipe: object, input: Int8Array, output: Int8Array, invoke: () => void): number {
	for (let i = 0; i < input.length; i++) input[i] = (i * 37) & 0xff;
	invoke();
	const text = JSON.stringify(recipe);
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return crc32(bytes, crc32(new Uint8Array(output.buffer, output.byteOffset, output.length)));
}
