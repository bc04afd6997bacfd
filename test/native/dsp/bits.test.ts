/*
 * The same bits everywhere: wasm without optimization, and the machine's own compiler where there is one, give what the
 * simulator's wasm gives.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { LogMel, type LogMelRecipe, Spectrum, type SpectrumRecipe } from "../../../host-sim/dsp.ts";
import { root } from "../../../tools/build/clang.ts";
import { buildDsp } from "../../../tools/build/dsp.ts";
import { bearing, signals } from "./signals.ts";

const sound: LogMelRecipe = {
	...{ kind: "logmel", rate: 16000, window: 480, hop: 320, bins: 40, low: 60, high: 7600 },
	...{ frames: 1, emphasis: 0.97, scale: 5.5, offset: -120.5 },
};
const vibration: SpectrumRecipe = {
	...{ kind: "spectrum", rate: 12000, window: 2048, hop: 1024, bands: 64, low: 20, high: 6000 },
	...{ spacing: "mel", level: "relative", scale: 8, offset: 0.25 },
	envelope: { bands: 32, low: 2000, high: 5000, top: 700, scale: 8, offset: 64 },
};

const heard = Int16Array.from(Object.values(signals).flatMap((signal) => [...signal(1500)]));
const felt = Int16Array.from([
	...bearing(6000, 12000, { passes: 162, resonance: 3200, amplitude: 20000, sigma: 900 }),
	...Object.values(signals).flatMap((signal) => [...signal(2048)]),
]);

/** All features of a recording, as features.c prints them. */
function ofWasm(module: WebAssembly.Module): { sound: Buffer; vibration: Buffer } {
	const mel = new LogMel(sound, 4096, module);
	const spectrum = new Spectrum(vibration, undefined, 4096, module);
	const soundBytes: Int8Array[] = [];
	const vibrationBytes: Uint8Array[] = [];
	for (let at = 0; at < heard.length; at += 100)
		if (mel.push(heard.subarray(at, at + 100))) soundBytes.push(mel.features());
	for (let at = 0; at < felt.length; at += 100) {
		if (!spectrum.push(felt.subarray(at, at + 100))) continue;
		const moments = [spectrum.rms() * 4096, spectrum.kurtosis() * 65536, spectrum.crest() * 65536];
		vibrationBytes.push(new Uint8Array(spectrum.features()), new Uint8Array(Uint32Array.from(moments).buffer));
	}
	return {
		sound: Buffer.concat(soundBytes.map((bytes) => new Uint8Array(bytes))),
		vibration: Buffer.concat(vibrationBytes),
	};
}

let simulator: ReturnType<typeof ofWasm>;
let slow: ReturnType<typeof ofWasm>;
beforeAll(async () => {
	simulator = ofWasm(new WebAssembly.Module(readFileSync(await buildDsp())));
	slow = ofWasm(new WebAssembly.Module(readFileSync(await buildDsp("-O0"))));
});

it("without optimization", () => {
	expect(slow).toEqual(simulator);
	expect(simulator.sound.length).toBe(40 * (Math.floor((heard.length - 480) / 320) + 1));
});

const folder = fileURLToPath(new URL(".", import.meta.url));
const hasCompiler = spawnSync("cc", ["--version"]).status === 0;
if (!hasCompiler)
	process.stderr.write("bits.test.ts: skipped the native compiler's part, there is no cc on this machine\n");

describe.skipIf(!hasCompiler)("by the machine's own compiler", () => {
	const build = (source: string, name: string, ...flags: string[]) => {
		mkdirSync(`${root}/build/dsp`, { recursive: true });
		const dsp = `${root}/firmware/native/dsp`;
		const needsMore = ["dsp.c", "capture.c", "tap.c"];
		const sources = readdirSync(dsp).filter((file) => file.endsWith(".c") && !needsMore.includes(file));
		const output = `${root}/build/dsp/${name}`;
		const all = [`${folder}${source}`, ...sources.map((file) => `${dsp}/${file}`)];
		execFileSync("cc", ["-std=c99", "-Wall", "-Wextra", "-Werror", ...flags, "-o", output, ...all]);
		return output;
	};
	const numbers = {
		logmel: [16000, 480, 320, 40, 60, 7600, 1, Math.round(0.97 * 32768), 5.5 * 65536, -120.5 * 65536],
		spectrum: [
			...[12000, 2048, 1024, 64, 20, 6000, 2, 1, 8 * 65536, 0.25 * 65536],
			...[32, 2000, 5000, 700, 8 * 65536, 64 * 65536],
		],
	};

	for (const flags of [["-O0", "-fsanitize=undefined", "-fno-sanitize-recover"], ["-O2"], ["-O3"]]) {
		it(flags.join(" "), () => {
			const program = build("features.c", `features${flags[0]}`, ...flags);
			const run = (kind: keyof typeof numbers, samples: Int16Array) =>
				execFileSync(program, [kind, ...numbers[kind].map(String)], { input: new Uint8Array(samples.buffer) });
			expect(run("logmel", heard).equals(simulator.sound)).toBe(true);
			expect(run("spectrum", felt).equals(simulator.vibration)).toBe(true);
		});
	}

	it("the ring tells of every sample while another thread writes as fast as it can", () => {
		const program = build("race.c", "race", "-O2", "-pthread");
		const { status, stdout } = spawnSync(program, { encoding: "utf8" });
		expect(stdout).toMatch(/^\d+ read, \d+ lost$/m);
		expect(status).toBe(0);
	});
});
