/* The package as its user gets it: npm pack, npm install of the tarball in an empty folder, and each way to import it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tflite-micro-wasm-"));
const installed = join(folder, "node_modules/tflite-micro-wasm");
const model = join(root, "models/vibration/model.tflite");

function run(file: string, source: string): string {
	writeFileSync(join(folder, file), source);
	return execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
}

/** Without the settings of this project that an outer npx hands on. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

beforeAll(() => {
	const pack = ["pack", "--silent", "--pack-destination", folder];
	execFileSync("npm", pack, {
		cwd: join(root, "host-sim/tflite-micro-wasm"),
		stdio: ["ignore", "ignore", "inherit"],
		env: environment,
	});
	const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
	writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
	const install = ["install", "--silent", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball];
	execFileSync("npm", install, { cwd: folder, stdio: ["ignore", "ignore", "inherit"], env: environment });
});

afterAll(() => {
	rmSync(folder, { recursive: true });
});

/** A program that prints what the vibration model makes of fives. */
const program = (specifier: string, before = "") => `${before}
import { readFile } from "node:fs/promises";
const { Interpreter } = await import(${JSON.stringify(specifier)});
const interpreter = await Interpreter.create(await readFile(${JSON.stringify(model)}));
const [input] = interpreter.inputs;
const [output] = interpreter.outputs;
input.data.fill(5);
interpreter.invoke();
console.log(interpreter.arenaBytes, output.data.join(" "));
`;

describe("the package", () => {
	it("holds bundles, kernels, types, a licence and nothing else", () => {
		const files = readdirSync(installed, { recursive: true, withFileTypes: true });
		expect(
			files
				.filter((entry) => entry.isFile())
				.map((entry) => entry.name)
				.sort(),
		).toEqual([
			...["LICENSE", "README.md", "browser.js", "error.d.ts", "index.d.ts", "inline.js"],
			...["kernel-scalar.wasm", "kernel.d.ts", "kernel.wasm", "node.js", "package.json"],
		]);
	});

	it("has kernels of at most 120 KB", () => {
		for (const name of ["kernel.wasm", "kernel-scalar.wasm"]) {
			expect(statSync(join(installed, "dist", name)).size, name).toBeLessThanOrEqual(120 * 1024);
		}
	});

	it("runs in Node, from the script itself, and by fetch, with one answer", () => {
		const node = run("node.js", program("tflite-micro-wasm"));
		expect(node).toMatch(/^\d+ -?\d+( -?\d+)+\n$/);
		expect(run("inline.js", program("tflite-micro-wasm/inline"))).toBe(node);
		// Node's fetch does not take file: URLs, which is all that this gives it.
		const fetchFile = `import { readFileSync } from "node:fs";
globalThis.fetch = async (url) => new Response(readFileSync(url));`;
		expect(run("browser.js", program("./node_modules/tflite-micro-wasm/dist/browser.js", fetchFile))).toBe(node);
	});

	it("runs without SIMD, with the same answer", () => {
		const simd = run("simd.js", program("tflite-micro-wasm"));
		expect(run("scalar.js", program("tflite-micro-wasm", "WebAssembly.validate = () => false;"))).toBe(simd);
	});

	it("says what is wrong with a model, and where", () => {
		const source = `import { Interpreter, ModelError } from "tflite-micro-wasm";
const error = await Interpreter.create(new Uint8Array(64)).catch((thrown) => thrown);
console.log(error instanceof ModelError, error.code, JSON.stringify(error.place));`;
		expect(run("error.js", source)).toBe('true not-a-model {"offset":4}\n');
	});

	it("has types that a strict project compiles with", () => {
		const source = `import { describe, Interpreter, type ModelError, type Tensor } from "tflite-micro-wasm";
import { Interpreter as Inline } from "tflite-micro-wasm/inline";
const it: Interpreter = await Interpreter.create(new Uint8Array(8), { rounding: "single" });
const shapes: (readonly number[])[] = it.inputs.map((tensor: Tensor) => tensor.shape);
const problem: ModelError | undefined = (await describe(new Uint8Array(8))).problem;
console.log(shapes, problem?.code, Inline.create);
`;
		writeFileSync(join(folder, "types.ts"), source);
		const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
		const language = ["--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom", "--types", ""];
		execFileSync(
			process.execPath,
			[join(root, "node_modules/typescript/bin/tsc"), ...options, ...language, "types.ts"],
			{
				cwd: folder,
				stdio: "pipe",
			},
		);
	});

	it("has the example of its README work as it stands", () => {
		const readme = readFileSync(join(installed, "README.md"), "utf8");
		const [, example] = /```js\n(.*?)```/s.exec(readme)!;
		const printed = run("readme.js", example!.replace("model.tflite", model));
		expect(printed).toContain("Int8Array");
	});
});
