/*
 * The runtimes that a JavaScript developer has today. They are 80 MB, for this benchmark alone, so they are no
 * dependencies of the project but of this folder: its package.json and lock say which, and they are installed here when
 * they are first wanted.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { litert } from "./litert.ts";
import type { Runtime } from "./runtime.ts";
import { tfjsTflite } from "./tfjs-tflite.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const packages = {
	"@tensorflow/tfjs-tflite": tfjsTflite,
	"@litertjs/core": litert,
} as const;

function installedVersion(name: string): string | undefined {
	const file = join(here, "node_modules", name, "package.json");
	return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).version : undefined;
}

function wanted(): Record<string, string> {
	return JSON.parse(readFileSync(join(here, "package.json"), "utf8")).dependencies;
}

/** @throws Error with npm's own words */
function install(): Promise<void> {
	return new Promise((resolve, reject) => {
		const words = ["ci", "--no-progress", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"];
		const npm = spawn("npm", words, { cwd: here, stdio: ["ignore", "ignore", "pipe"] });
		let said = "";
		npm.stderr.on("data", (bytes) => {
			said += bytes;
		});
		npm.on("error", reject);
		npm.on("close", (status) => {
			if (status === 0) resolve();
			else reject(new Error(said.match(/npm (?:error|ERR!) (?!code|errno|syscall)(.*)/)?.[1] ?? `npm: ${status}`));
		});
	});
}

/**
 * Installs the others if they are not there, and makes them ready.
 * @param say is told what takes long, and which of them cannot be had, and why
 */
export async function loadOthers(say: (text: string) => void): Promise<Runtime[]> {
	// npm writes .package-lock.json last: without it an installation was interrupted.
	const whole = existsSync(join(here, "node_modules/.package-lock.json"));
	if (!whole || Object.entries(wanted()).some(([name, version]) => installedVersion(name) !== version)) {
		say("installing tfjs-tflite and LiteRT.js to measure beside (80 MB, once; --alone goes without) ...");
		try {
			await install();
		} catch (error) {
			say(`skipped tfjs-tflite and LiteRT.js: cannot install them: ${(error as Error).message}`);
			return [];
		}
	}
	return Object.entries(packages).flatMap(([name, make]) => {
		try {
			return [make(join(here, "node_modules", name), installedVersion(name) ?? "")];
		} catch (error) {
			say(`skipped ${name}: it does not load: ${(error as Error).message}`);
			return [];
		}
	});
}
