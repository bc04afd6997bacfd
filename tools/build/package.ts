/*
 * What `npm pack` puts into the package tflite-micro-wasm: host-sim/tflite-micro-wasm/dist, with one bundle for Node, one for
 * browsers (both with the .wasm files beside them) and one that needs no other file, and the types.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { root } from "./clang.ts";
import { buildKernel } from "./kernel.ts";

const folder = join(root, "host-sim/tflite-micro-wasm");
const dist = join(folder, "dist");
const kernels = join(root, "build/tflite-micro-wasm");
const wasmFiles = ["kernel.wasm", "kernel-scalar.wasm"];

/** Puts one of the loaders in the place of load.ts. */
const loader = (name: string): Plugin => ({
	name: "loader",
	setup({ onResolve }) {
		onResolve({ filter: /^\.\/load\.ts$/ }, () => ({ path: join(folder, `${name}.ts`) }));
		onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: join(kernels, path) }));
	},
});

async function bundle(name: string): Promise<void> {
	await build({
		entryPoints: [join(folder, "index.ts")],
		outfile: join(dist, `${name}.js`),
		bundle: true,
		format: "esm",
		target: "es2022",
		platform: name === "node" ? "node" : "browser",
		loader: { ".wasm": "binary" },
		plugins: [loader(`load-${name}`)],
		minifySyntax: true,
		logLevel: "warning",
	});
}

/** Types of the sources that index.ts exports from, naming each other as the published files are called. */
function writeTypes(): void {
	const tsc = createRequire(import.meta.url)
		.resolve("typescript/package.json")
		.replace("package.json", "bin/tsc");
	const options = ["--declaration", "--emitDeclarationOnly", "--noEmit", "false", "--outDir", dist, "--types", "node"];
	const language = [
		"--target",
		"es2023",
		"--lib",
		"es2023,dom",
		"--module",
		"nodenext",
		"--allowImportingTsExtensions",
	];
	const strict = ["--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "--ignoreConfig"];
	execFileSync(process.execPath, [tsc, ...options, ...language, ...strict, join(folder, "index.ts")], {
		stdio: ["ignore", "inherit", "inherit"],
	});
	for (const file of readdirSync(dist).filter((name) => name.endsWith(".d.ts"))) {
		if (!/^(index|error|kernel)\./.test(file)) {
			rmSync(join(dist, file));
			continue;
		}
		const path = join(dist, file);
		writeFileSync(path, readFileSync(path, "utf8").replaceAll(/(from "\.\/\w+)\.ts"/g, '$1.js"'));
	}
}

/** Builds the folder dist anew. @throws BuildError compile-failed */
export async function buildPackage(): Promise<void> {
	await buildKernel();
	rmSync(dist, { recursive: true, force: true });
	mkdirSync(dist, { recursive: true });
	for (const file of wasmFiles) copyFileSync(join(kernels, file), join(dist, file));
	for (const name of ["node", "browser", "inline"]) await bundle(name);
	writeTypes();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildPackage();
