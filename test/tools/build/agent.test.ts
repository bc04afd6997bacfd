/* From TypeScript to ROM: what cannot be built says what and where; what is built twice is the same. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleAgent } from "../../../tools/build/bundle.ts";
import { buildImage } from "../../../tools/build/image.ts";
import { linkRom } from "../../../tools/build/rom.ts";
import { Fixture } from "./fixture.ts";

let files: Fixture;
beforeAll(() => {
	files = new Fixture();
});
afterAll(() => files.remove());

const progress = () => {};

describe("a bundle", () => {
	it("keeps native names and binds the SDK's modules", async () => {
		const entry = files.write("main.ts", 'import Timer from "timer";\nTimer.set(() => trace("done"), 5);\n');
		const bundle = await bundleAgent(entry);
		expect(bundle).toContain('native("xs_timer_set")');
		expect(bundle).toMatch(/\btrace\("done"\)/);
		expect(bundle).not.toMatch(/\bimport\b/);
		expect(await bundleAgent(entry)).toBe(bundle);
	});

	it.each([
		["syntax.ts", "let = ;\n", /syntax\.ts:1:\d+: ERROR: /],
		["missing.ts", 'import "./nowhere.ts";\n', /missing\.ts:1:7: ERROR: Could not resolve ".\/nowhere.ts"/],
		["node.ts", 'import fs from "node:fs";\ntrace(typeof fs);\n', /node\.ts:1:15: ERROR: .*"node:fs"/],
		["sdk.ts", 'import x from "embedded:io/audio/in";\ntrace(x);\n', /ERROR: .*no module "embedded:io\/audio\/in"/],
	])("of %s is refused", async (name, text, message) => {
		await expect(bundleAgent(files.write(name, text))).rejects.toMatchObject({
			code: "bundle-failed",
			message: expect.stringMatching(message),
		});
	});
});

describe("the ROM", () => {
	it("has the names that C asks for, in the numbers that it says", async () => {
		const { header, source } = await linkRom('trace("a text to find");', ["rate", "toString"], progress);
		expect(header).toMatch(/^#define xsID_rate \d+\n#define xsID_toString \d+\n$/);
		expect(source).toContain("rom_preparation");
		expect(source).toContain('(txString)"rate"');
	});

	it("names the native functions that the bundle calls", async () => {
		const { source } = await linkRom('native("xs_one").call(0);Native("xs_two_destructor");', [], progress);
		expect(source).toContain("extern void xs_one(void *);");
		expect(source).toContain("extern void xs_two_destructor(void *);");
	});

	it.each([
		["a syntax that XS does not have", "let a = /x/v;"],
		["half a bundle", "function a() {"],
	])("refuses %s", async (_, bundle) => {
		await expect(linkRom(bundle, [], progress)).rejects.toMatchObject({
			code: "link-failed",
			message: expect.stringMatching(/^cannot link the agent: main: .*error/),
		});
	});
});

describe("an image", () => {
	it("that calls a C function that there is none of is refused, by name", async () => {
		const entry = files.write("lacking.ts", 'native("xs_not_written").call(undefined);\n');
		await expect(buildImage("wasm", progress, entry)).rejects.toMatchObject({
			code: "compile-failed",
			message: expect.stringMatching(/undefined symbol: xs_not_written/),
		});
	});

	it("with nothing changed is only looked for: the same bytes, within 2 s", async () => {
		const before = readFileSync(await buildImage("wasm"));
		const started = performance.now();
		const path = await buildImage("wasm", (_, __, source) => {
			throw new Error(`${source} was made again`);
		});
		expect(performance.now() - started).toBeLessThan(2000);
		expect(readFileSync(path).equals(before)).toBe(true);
	});
});
