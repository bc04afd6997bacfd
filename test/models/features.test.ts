/* Training and the device hear the same: the features that the Python package computes with its native library, and those
   of the twin's wasm, of the shipped recipes, byte for byte on 100 clips. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { LogMel, type LogMelRecipe, Spectrum, type SpectrumRecipe } from "../../host-sim/dsp.ts";
import { openSound } from "../../host-sim/world/files.ts";
import { toInt16 } from "../../host-sim/world/signal.ts";
import { root } from "../../tools/build/clang.ts";
import { buildDsp } from "../../tools/build/dsp.ts";
import { shared } from "../acceptance/shared.ts";
import { bearing, noise, quantized, signals, sine } from "../native/dsp/signals.ts";

const CLIPS = 100;
/** Of real recordings, when there are any. */
const REAL = 40;
/** Samples of a clip: three windows of the spectrum, and one second and a half of sound. */
const LENGTH = 24000;

interface Clip {
	readonly name: string;
	readonly samples: Int16Array;
}

const recipeOf = <Recipe>(model: string) =>
	JSON.parse(readFileSync(join(root, "models", model, "model.json"), "utf8")).recipe as Recipe;

const python = [process.env.PYTHON, join(root, ".venv/bin/python"), "python3"].find(
	(path) => path && (!path.includes("/") || existsSync(path)),
) as string;

/** Why Python cannot compute features here, or nothing. */
function missing(): string | undefined {
	try {
		execFileSync(python, ["-c", "import numpy"], { stdio: "pipe" });
		execFileSync(process.env.CC ?? "cc", ["--version"], { stdio: "pipe" });
		return undefined;
	} catch (thrown) {
		return `${python} with numpy, and cc, are needed: ${(thrown as Error).message.trim().split("\n").at(-1)}`;
	}
}

/** Loud and quiet, tonal and broad, sudden and steady; each at several levels and lengths. */
function made(count: number): Clip[] {
	const kinds = Object.entries(signals);
	return Array.from({ length: count }, (_, i) => {
		const [name, signal] = kinds[i % kinds.length] as (typeof kinds)[number];
		const round = Math.floor(i / kinds.length);
		if (round === 0) return { name, samples: signal(LENGTH) };
		if (round === 1)
			return { name: `${name}, in a hum`, samples: mixed(signal(LENGTH), sine(LENGTH, 50 / 16000, 400)) };
		const length = LENGTH - 997 * i;
		const fault = bearing(Math.max(2048, length), 12000, {
			...{ passes: 30 + 7 * i, resonance: 1500 + 40 * i, amplitude: 60 * i, sigma: 5 * i },
		});
		const faint = noise(fault.length, 2 ** (i % 13), i);
		return { name: `bearing ${i}`, samples: mixed(fault, faint) };
	});
}

const mixed = (one: Int16Array, other: Int16Array) => quantized(one.length, (i) => one[i]! + other[i]!);

/** Recordings of people, noise and machines, as many of each kind. */
async function real(count: number): Promise<Clip[]> {
	const kinds = ["words", "digits", "noise", "vibration"].map((kind) => {
		const folder = shared(`data/${kind}`);
		const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(wav|flac)$/.test(name)) : [];
		return names.sort().map((name) => join(folder, name));
	});
	const paths = kinds.flatMap((files) => {
		const step = Math.max(1, Math.floor(files.length / (count / kinds.length)));
		return files.filter((_, i) => i % step === 0).slice(0, count / kinds.length);
	});
	return Promise.all(
		paths.map(async (path) => {
			const recording = await openSound(path, "first");
			const values = new Float64Array(Math.min(LENGTH, recording.length));
			recording.read(0, values);
			return { name: path, samples: Int16Array.from(values, toInt16) };
		}),
	);
}

/** What the features of clips are in Python: of each clip those of both recipes. */
function trained(clips: readonly Clip[], recipes: object): Promise<Int8Array[]> {
	return new Promise((resolve, reject) => {
		const options = {
			env: { ...process.env, PYTHONPATH: join(root, "models/training") },
			encoding: "buffer" as const,
			maxBuffer: 2 ** 28,
		};
		const child = execFile(python, [join(root, "test/models/features.py")], options, (error, out, said) => {
			if (error) return reject(new Error(`${error.message}${said}`));
			const found: Int8Array[] = [];
			for (let at = 0; at < out.length; ) {
				const bytes = out.readUInt32LE(at);
				found.push(new Int8Array(out.subarray(at + 4, at + 4 + bytes)));
				at += 4 + bytes;
			}
			resolve(found);
		});
		child.stdin?.on("error", () => {}); // a child that fails closes its end; its own message says why
		child.stdin?.write(`${JSON.stringify(recipes)}\n`);
		for (const { samples } of clips) {
			const length = Buffer.alloc(4);
			length.writeUInt32LE(samples.length);
			child.stdin?.write(length);
			child.stdin?.write(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
		}
		child.stdin?.end();
	});
}

/** All frames or windows of a clip as the device's C gives them, one by one. */
function heard(extractor: LogMel | Spectrum, samples: Int16Array, window: number, hop: number): Int8Array {
	const rows: Int8Array[] = [];
	for (let at = 0, take = window; at + take <= samples.length; at += take, take = hop) {
		extractor.push(samples.subarray(at, at + take));
		rows.push(extractor.features());
	}
	return Int8Array.from(rows.flatMap((row) => [...row]));
}

describe("features of training and device", () => {
	const why = missing();
	if (why !== undefined && !process.env.CI) {
		it.skip(`skipped: ${why}`, () => {});
		return;
	}
	const logmel = recipeOf<LogMelRecipe>("keyword");
	const spectrum = recipeOf<SpectrumRecipe>("vibration");
	let clips: Clip[];
	let both: Int8Array[];
	beforeAll(async () => {
		if (why !== undefined) throw new Error(why);
		await buildDsp();
		const recorded = await real(REAL);
		if (recorded.length === 0) console.warn("no ../shared/data: all clips are generated");
		clips = [...recorded, ...made(CLIPS - recorded.length)];
		both = await trained(clips, { logmel, spectrum });
	});

	it("are of 100 clips, none silent throughout but the ones that are meant to be", () => {
		expect(clips).toHaveLength(CLIPS);
		expect(both).toHaveLength(2 * CLIPS);
		const silent = clips.filter(({ samples }) => samples.every((value) => value === 0));
		expect(silent.map(({ name }) => name)).toEqual(["silence"]);
	});

	it("log-mel frames are the same bytes", () => {
		clips.forEach(({ name, samples }, i) => {
			const device = heard(new LogMel({ ...logmel, frames: 1 }), samples, logmel.window, logmel.hop);
			expect(device.length, name).toBeGreaterThan(0);
			expect(Buffer.from(device).equals(Buffer.from(both[2 * i]!)), name).toBe(true);
		});
	});

	it("spectra are the same bytes", () => {
		const windows = clips.map(({ name, samples }, i) => {
			const device = heard(new Spectrum(spectrum), samples, spectrum.window, spectrum.hop);
			expect(Buffer.from(device).equals(Buffer.from(both[2 * i + 1]!)), name).toBe(true);
			return device.length;
		});
		expect(windows.filter((length) => length > 0).length).toBeGreaterThan(CLIPS / 2);
	});
});
