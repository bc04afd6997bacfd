/* `cricket doctor`: whether this machine has what Cricket needs, and what each missing thing would be for. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { boardNames } from "../host-sim/board.ts";
import { Failure } from "./failure.ts";
import { columns, paint, wrap } from "./terminal.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

export interface Finding {
	readonly name: string;
	/** `missing` only says what cannot be done; `broken` is what nothing works without. */
	readonly state: "ok" | "missing" | "broken";
	/** What was found: a version, a folder. */
	readonly found: string;
	/** What it is for, and how to get it. Empty when it is there. */
	readonly advice: string;
}

const tools = [
	{
		name: "arm-none-eabi-gcc",
		purpose: "builds for Cortex-M boards",
		advice: "apt-get install gcc-arm-none-eabi picolibc-arm-none-eabi",
	},
	{
		name: "riscv64-unknown-elf-gcc",
		purpose: "builds for RISC-V boards",
		advice: "apt-get install gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf",
	},
	{ name: "qemu-system-arm", purpose: "runs Cortex-M images", advice: "apt-get install qemu-system-arm" },
	{ name: "qemu-system-riscv32", purpose: "runs RISC-V images", advice: "apt-get install qemu-system-misc" },
] as const;

function node(): Finding {
	const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
	const fresh = major > 20 || (major === 20 && minor >= 9);
	const advice = fresh ? "" : "runs everything; install Node 20.9 or newer from https://nodejs.org";
	return { name: "node", state: fresh ? "ok" : "broken", found: process.versions.node, advice };
}

/** Whether the npm packages are those that package.json names. */
function packages(): Finding {
	const require = createRequire(join(root, "package.json"));
	const wanted: Record<string, string> = require("./package.json").devDependencies;
	const wrong = Object.entries(wanted).flatMap(([name, version]) => {
		const manifest = join(root, "node_modules", name, "package.json");
		const installed = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : "missing";
		return installed === version ? [] : [`${name} ${installed}, needs ${version}`];
	});
	if (wrong.length === 0)
		return { name: "npm packages", state: "ok", found: `${Object.keys(wanted).length} as locked`, advice: "" };
	return {
		name: "npm packages",
		state: "broken",
		found: wrong.join("; "),
		advice: "the engine, the compiler and the tools; run: npm ci",
	};
}

/** The latest change in a folder, ms since 1970. */
function newest(folder: string): number {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

/** Whether the image of the board is newer than all sources. */
function image(board: string): Finding {
	const name = `image of ${board}`;
	const output = join(root, "build", board, "cricket.wasm");
	const advice = `runs in the simulator; it is built when needed, or run: npx cricket build --board ${board}`;
	if (!existsSync(output)) return { name, state: "missing", found: "not built", advice };
	const built = statSync(output).mtimeMs;
	const sources = Math.max(
		...["firmware", "manifests", "models", "tools/build"].map((folder) => newest(join(root, folder))),
	);
	if (sources > built) return { name, state: "missing", found: "older than the newest source", advice };
	return {
		name,
		state: "ok",
		found: `built ${new Date(built).toISOString().slice(0, 16).replace("T", " ")}`,
		advice: "",
	};
}

function toolchain({ name, purpose, advice }: (typeof tools)[number]): Finding {
	const { stdout, error, status } = spawnSync(name, ["--version"], { encoding: "utf8", timeout: 10_000 });
	if (error !== undefined || status !== 0)
		return { name, state: "missing", found: "not found", advice: `${purpose}; on Debian: ${advice}` };
	const [first = ""] = stdout.split("\n");
	return { name, state: "ok", found: /\d+\.\d+(\.\d+)?/.exec(first)?.[0] ?? first, advice: "" };
}

function recordings(): Finding {
	const folder = join(root, "../shared/conformance");
	if (existsSync(folder)) return { name: "../shared", state: "ok", found: "conformance vectors", advice: "" };
	return {
		name: "../shared",
		state: "missing",
		found: "not found",
		advice: "conformance vectors and real recordings; without them the tests that need them are skipped",
	};
}

/** All that is looked at, in the order in which it is needed. */
export function examine(): Finding[] {
	return [node(), packages(), ...boardNames().map(image), ...tools.map(toolchain), recordings()];
}

const marks = { ok: "green", missing: "yellow", broken: "red" } as const;

/** The `doctor` subcommand. */
export function doctorCommand(): Command {
	return new Command("doctor")
		.description("Checks what this machine has to build, run and test Cricket. Fails only when nothing would work.")
		.option("--json", "print the findings as JSON")
		.action((options: { json?: true }) => {
			const findings = examine();
			if (options.json) process.stdout.write(`${JSON.stringify(findings)}\n`);
			else {
				const width = columns(process.stdout);
				const nameWidth = Math.max(...findings.map(({ name }) => name.length));
				for (const { name, state, found, advice } of findings) {
					const mark = paint(process.stdout, marks[state], state.padEnd(7));
					process.stdout.write(`${mark}  ${name.padEnd(nameWidth)}  ${found}\n`);
					if (advice !== "") process.stdout.write(`${wrap(`         ${advice}`, width, "         ")}\n`);
				}
			}
			const broken = findings.filter(({ state }) => state === "broken").map(({ name }) => name);
			if (broken.length > 0)
				throw new Failure("not-ready", `${broken.join(" and ")}: not as needed; see the advice above`);
		});
}
