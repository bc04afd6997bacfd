/* capture_pump against a port made of JavaScript. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { compile, link } from "../../../tools/build/clang.ts";

let module: WebAssembly.Module;
beforeAll(async () => {
	const sources = ["firmware/native/dsp/capture.c", "firmware/native/dsp/ring.c"];
	const flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-DAUDIO_RING=256", "-DACCEL_RING=128"];
	const include = ["firmware/ports"];
	const exports = ["capture_audio", "capture_accel", "capture_pump", "ring_read", "__heap_base"];
	const path = await link(await compile(sources, { flags, include }), "build/dsp/capture.wasm", [
		...["-nostartfiles", "-Wl,--no-entry", "-Wl,--allow-undefined"],
		...exports.map((name) => `-Wl,--export=${name}`),
	]);
	module = new WebAssembly.Module(readFileSync(path));
});

/** A device whose drivers give what is put into `sound` and `shaking`. */
function device() {
	const sound: number[] = [];
	const shaking: number[] = [];
	const reader = (from: number[]) => (to: number, count: number) => {
		const given = from.splice(0, count);
		new Int16Array(memory.buffer, to, given.length).set(given);
		return given.length;
	};
	const env = { port_audio_read: reader(sound), port_accel_read: reader(shaking) };
	const exports = new WebAssembly.Instance(module, { env }).exports as Record<string, (...args: number[]) => number>;
	const memory = exports.memory as unknown as WebAssembly.Memory;
	const scratch = (exports.__heap_base as unknown as WebAssembly.Global).value as number;
	memory.grow(1);
	return {
		sound,
		shaking,
		pump: () => exports.capture_pump!(),
		read: (name: "audio" | "accel") => {
			const count = exports.ring_read!(exports[`capture_${name}`]!(), scratch + 8, 1000, scratch);
			const lost = new Uint32Array(memory.buffer, scratch, 1)[0];
			return { samples: Array.from(new Int16Array(memory.buffer, scratch + 8, count)), lost };
		},
	};
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

it("moves all that the drivers hold, each into its own ring", () => {
	const { sound, shaking, pump, read } = device();
	sound.push(...numbers(0, 200));
	shaking.push(...numbers(-100, -50));
	pump();
	expect(sound).toHaveLength(0);
	expect(read("audio")).toEqual({ samples: numbers(0, 200), lost: 0 });
	expect(read("accel")).toEqual({ samples: numbers(-100, -50), lost: 0 });
	pump();
	expect(read("audio")).toEqual({ samples: [], lost: 0 });
});

it("keeps the newest samples when nobody reads", () => {
	const { sound, shaking, pump, read } = device();
	sound.push(...numbers(0, 1000));
	shaking.push(...numbers(0, 129));
	pump();
	expect(read("audio")).toEqual({ samples: numbers(1000 - 256, 1000), lost: 1000 - 256 });
	expect(read("accel")).toEqual({ samples: numbers(1, 129), lost: 1 });
});
