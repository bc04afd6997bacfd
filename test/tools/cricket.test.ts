import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cricket } from "./run.ts";

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "cricket-command-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("help", () => {
	test("names the commands, on stdout", async () => {
		const { status, stdout, stderr } = await cricket(["--help"]);
		expect(status).toBe(0);
		expect(stderr).toBe("");
		const commands = [...stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
		expect(commands).toEqual(["sim", "eval", "model", "build", "size", "doctor", "help"]);
	});

	test("fits a terminal of 40 columns", async () => {
		const { status, stdout } = await cricket(["help", "sim"], { env: { COLUMNS: "40" } });
		expect(status).toBe(0);
		const lines = stdout.split("\n");
		expect(lines.filter((line) => line.length > 40)).toEqual([]);
		expect(lines.join(" ")).toContain("--vibration");
	});

	test("without a command is on stderr, with status 2", async () => {
		const { status, stdout, stderr } = await cricket([]);
		expect(status).toBe(2);
		expect(stdout).toBe("");
		expect(stderr).toContain("Usage: cricket");
	});
});

describe("wrong use has status 2, one line, and a way on", () => {
	test.each<[words: string[], line: string]>([
		[["smi"], "error: unknown command 'smi' (Did you mean sim?); see: cricket --help  [unknown-command]\n"],
		[
			["sim", "--fro", "1"],
			"error: unknown option '--fro' (Did you mean --for?); see: cricket sim --help  [unknown-option]\n",
		],
		[
			["sim", "--audio"],
			"error: option '--audio <file>' argument missing; see: cricket sim --help  [option-missing-argument]\n",
		],
		[
			["sim", "--for", "soon"],
			"error: option '--for <time>' argument 'soon' is invalid. Give a time above 0 such as 30s, 500ms or 2m; " +
				"see: cricket sim --help  [invalid-argument]\n",
		],
		[
			["sim"],
			"error: there is nothing to sense: give --audio FILE, --vibration FILE, or a time with --for; " +
				"see: cricket sim --help  [no-input]\n",
		],
	])("%j", async (words, line) => {
		expect(await cricket(words)).toEqual({ status: 2, signal: null, stdout: "", stderr: line });
	});
});

describe("what fails has status 1, one line, and a code", () => {
	test("a file that is not there", async () => {
		const { status, stdout, stderr } = await cricket(["sim", "--audio", "none.wav", "--json"], { cwd: folder });
		expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
		expect(stderr).toBe("error: none.wav: no such file; check the path  [file-not-found]\n");
	});

	test("the stack, when it is asked for", async () => {
		const { status, stderr } = await cricket(["sim", "--audio", "none.wav"], {
			cwd: folder,
			env: { CRICKET_DEBUG: "1" },
		});
		expect(status).toBe(1);
		expect(stderr).toMatch(/^ {4}at .*files\.ts/m);
	});

	test("an error is wrapped in a terminal of 40 columns", async () => {
		writeFileSync(join(folder, "text.wav"), "this is no sound");
		const { status, stderr } = await cricket(["sim", "--audio", "text.wav"], { cwd: folder, env: { COLUMNS: "40" } });
		expect(status).toBe(1);
		expect(stderr.split("\n").filter((line) => line.length > 40)).toEqual([]);
		expect(stderr.replaceAll("\n ", "")).toMatch(/not a WAV file.*sox text\.wav -b 16 out\.wav.*\[wav-not-wav\]/);
	});

	test("a board that does not exist", async () => {
		const { status, stderr } = await cricket(["sim", "--board", "toaster", "--for", "1s"]);
		expect(status).toBe(1);
		expect(stderr).toMatch(/^error: no board is named "toaster"; there is: .*wasm.* {2}\[no-board\]\n$/);
	});

	test("a table without a rate", async () => {
		writeFileSync(join(folder, "v.csv"), "x\n1\n2\n");
		const { status, stderr } = await cricket(["sim", "--vibration", "v.csv"], { cwd: folder });
		expect(status).toBe(1);
		expect(stderr).toMatch(/^error: v\.csv: .*--rate HZ {2}\[csv-no-rate\]\n$/);
	});
});

describe("surroundings", () => {
	test("a reader that goes away is no error", async () => {
		expect(await cricket(["--help"], { deaf: true })).toMatchObject({ status: 0, stderr: "" });
	});

	test("any folder will do, whatever it holds", async () => {
		const strange = join(folder, "strange");
		mkdirSync(strange, { recursive: true });
		writeFileSync(join(strange, "tsconfig.json"), "{ not json");
		writeFileSync(join(strange, "package.json"), '{ "type": "commonjs" }');
		const { status, stdout } = await cricket(["--version"], { cwd: strange });
		expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
	});

	test("doctor finds what the tests themselves run on", async () => {
		const { status, stdout, stderr } = await cricket(["doctor", "--json"]);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		const findings: { name: string; state: string; found: string; advice: string }[] = JSON.parse(stdout);
		expect(findings).toContainEqual({ name: "node", state: "ok", found: process.versions.node, advice: "" });
		expect(findings.find(({ name }) => name === "npm packages")?.state).toBe("ok");
		for (const { state, advice } of findings) expect(advice === "").toBe(state === "ok");
	});
});
