import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../../../host-sim/world/error.ts";
import { openAudio, openVibration } from "../../../host-sim/world/files.ts";
import type { Signal } from "../../../host-sim/world/signal.ts";
import { pcm16, wave } from "./wave.ts";

const sensor = { rate: 12000, fullScale: 16 };
let folder = "";
const path = (name: string) => join(folder, name);

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "cricket-files-"));
	writeFileSync(path("a.wav"), wave({ data: pcm16([1, 2, 3]) }));
	writeFileSync(path("b.wav"), wave({ data: pcm16([4, 5]) }));
	writeFileSync(path("axes.wav"), wave({ rate: 12000, channels: 3, data: pcm16([7, 0, 0, 8, 0, 0]) }));
	writeFileSync(path("v.csv"), "x\n16\n-8\n");
	writeFileSync(path("v.txt"), "0.000,8\n0.001,8\n0.002,8\n");
	writeFileSync(path("named.wav"), "x\n1\n");
	writeFileSync(path("sound.csv"), Buffer.from("fLaC\0\0\0\x22"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function all(signal: Signal): number[] {
	const values = new Int16Array(signal.length);
	signal.read(0, values);
	return [...values];
}

async function failure(opening: Promise<unknown>): Promise<string> {
	const error = await opening.catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(InputError);
	return `${(error as InputError).code} ${(error as InputError).message}`;
}

describe("sound", () => {
	test("files are played in turn", async () => {
		const { signal, notes } = await openAudio([path("a.wav"), path("b.wav"), path("a.wav")], 16000);
		expect(all(signal)).toEqual([1, 2, 3, 4, 5, 1, 2, 3]);
		expect(notes).toEqual([]);
	});

	test("files of another rate are converted", async () => {
		const { signal } = await openAudio([path("a.wav"), path("axes.wav")], 16000);
		expect(signal.rate).toBe(16000);
		expect(signal.length).toBe(3 + 3);
	});
});

describe("vibration", () => {
	test("of several axes the first is felt", async () => {
		const { signal, notes } = await openVibration([{ path: path("axes.wav") }], sensor);
		expect(all(signal)).toEqual([7, 8]);
		expect(notes).toEqual([`${path("axes.wav")}: the first of its 3 channels is played`]);
	});

	test("a table is in g, full scale is the sensor's", async () => {
		const { signal } = await openVibration([{ path: path("v.csv"), rate: 12000 }], sensor);
		expect(all(signal)).toEqual([32767, -16384]);
	});

	test("a table tells its own rate, and follows a WAV file", async () => {
		const { signal } = await openVibration([{ path: path("axes.wav") }, { path: path("v.txt") }], sensor);
		expect(signal.length).toBe(2 + 36);
	});

	test("a rate that a WAV file contradicts is not used, and that is said", async () => {
		const { signal, notes } = await openVibration([{ path: path("axes.wav"), rate: 48000 }], sensor);
		expect(signal.length).toBe(2);
		expect(notes[1]).toContain("its own rate of 12000 Hz");
	});
});

describe("what cannot be opened", () => {
	test("a file that is not there", async () => {
		expect(await failure(openAudio([path("none.wav")], 16000))).toMatch(/^file-not-found .*none\.wav: no such file; /);
		expect(await failure(openAudio([path("a.wav/x.wav")], 16000))).toMatch(/^file-not-found /);
	});

	test("a folder", async () => {
		expect(await failure(openAudio([folder], 16000))).toMatch(/^file-not-readable .*folder/);
	});

	test.skipIf(process.platform === "win32")("a device that never ends", async () => {
		expect(await failure(openAudio(["/dev/zero"], 16000))).toMatch(/^file-not-readable .*device/);
	});

	test.skipIf(process.platform === "win32")("a named pipe that nobody writes to", async () => {
		spawnSync("mkfifo", [path("pipe.wav")]);
		expect(await failure(openAudio([path("pipe.wav")], 16000))).toMatch(/^wav-not-wav .*empty/);
	});

	test("a table where sound is meant", async () => {
		expect(await failure(openAudio([path("v.csv")], 16000))).toMatch(/^wav-not-wav /);
	});

	test("a table that calls itself WAV, and sound that calls itself a table", async () => {
		expect(await failure(openVibration([{ path: path("named.wav"), rate: 1000 }], sensor))).toMatch(/^wav-not-wav /);
		expect(await failure(openVibration([{ path: path("sound.csv"), rate: 1000 }], sensor))).toMatch(
			/^flac-damaged .*header/,
		);
	});
});
