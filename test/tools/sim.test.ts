import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildImage } from "../../tools/build/image.ts";
import { pcm16, wave } from "../host-sim/world/wave.ts";
import { cricket } from "./run.ts";

let folder = "";
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "cricket-sim-"));
	const hum = Array.from({ length: 44100 }, (_, i) => 3000 * Math.sin(i / 20));
	writeFileSync(join(folder, "hum.wav"), wave({ rate: 44100, channels: 2, data: pcm16(hum.flatMap((v) => [v, v])) }));
	const shake = Array.from({ length: 12000 }, (_, i) => `${Math.sin(i / 5).toFixed(4)}\n`);
	writeFileSync(join(folder, "shake.csv"), `x\n${shake.join("")}`);
	await buildImage("wasm");
});
afterAll(() => rmSync(folder, { recursive: true }));

const both = ["--audio", "hum.wav", "--vibration", "shake.csv", "--rate", "12000"];

describe("events", () => {
	test("are lines of JSON, the first a boot, the same in every run", async () => {
		const once = await cricket(["sim", ...both, "--json"], { cwd: folder });
		expect(once.status).toBe(0);
		expect(once.stderr).toBe("warning: hum.wav: the mean of its 2 channels is played\n");
		const events = once.stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(events[0]).toMatchObject({ t: 0, type: "boot", board: "wasm", reason: "power" });
		expect(events.filter(({ type }) => type === "boot" || type === "error")).toHaveLength(1);
		expect((await cricket(["sim", ...both, "--json"], { cwd: folder })).stdout).toBe(once.stdout);
	});

	test("are lines for people otherwise, with a summary on stderr", async () => {
		const { status, stdout, stderr } = await cricket(["sim", "--for", "1500ms", "--timing"]);
		expect(status).toBe(0);
		expect(stdout).toMatch(/^ {3}0\.000 s {2}boot/);
		expect(stdout).toMatch(/^stage +us\/s +us each +times +share$/m);
		expect(stderr).toMatch(/^1\.5 s of device time in .* times real time\); events: 1 boot/);
	});
});

test("a key of the configuration that the device does not know is an event of it", async () => {
	writeFileSync(join(folder, "config.json"), '{ "keyword": { "treshold": 0.9 } }');
	const { status, stdout } = await cricket(["sim", "--for", "1s", "--config", "config.json", "--json"], {
		cwd: folder,
	});
	expect(status).toBe(0);
	const events = stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	expect(events.filter(({ type }) => type === "error")).toEqual([
		expect.objectContaining({ message: expect.stringContaining("treshold") }),
	]);
});

test.each([
	["{ name: 1 }", "config-not-json"],
	["[1]", "config-not-object"],
	[JSON.stringify({ name: "x".repeat(9000) }), "config-too-large"],
])("a configuration that is none is refused (%#)", async (text, code) => {
	writeFileSync(join(folder, "bad.json"), text);
	const { status, stdout, stderr } = await cricket(["sim", "--for", "1s", "--config", "bad.json"], { cwd: folder });
	expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
	expect(stderr).toMatch(new RegExp(`^error: bad\\.json: .*  \\[${code}\\]\n$`));
});

describe("in real time", () => {
	test("Ctrl-C ends it with status 130 and nothing more", async () => {
		const ran = await cricket(["sim", "--for", "1h", "--speed", "1", "--json"], {
			onOutput: (_, kill) => kill("SIGINT"),
		});
		expect(ran).toMatchObject({ status: 130, stderr: "" });
	});

	test("a reader that goes away ends it quietly", async () => {
		const ran = await cricket(["sim", "--for", "1h", "--speed", "1"], { deaf: true });
		expect(ran).toMatchObject({ status: 0, stderr: "" });
	});
});
