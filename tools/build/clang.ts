/*
 * The C toolchain: clang and lld, compiled to wasm, from the npm package @yowasp/clang. One pinned compiler on every
 * machine, so the same sources give the same bytes.
 *
 * Every object is cached under the hash of all that went into it: compiler version, flags, and the contents of the source
 * and of every header that it could include. The headers are found by following #include lines without evaluating #if:
 * that names a few too many, never too few, and needs no compiler run to know whether an object is still good. The files
 * so found are also all that the compiler is shown: it works in a virtual file system with project-relative paths.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { BuildError } from "./error.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const cache = join(root, "build/cache");
const manifest = join(root, "node_modules/@yowasp/clang/package.json");
const version: string = JSON.parse(readFileSync(manifest, "utf8")).version;

export interface CompileOptions {
	/** Compiler flags, without -c, -o and -I. */
	flags: readonly string[];
	/** Folders that are searched for headers, from the project's root. */
	include?: readonly string[];
	/** The same for other people's headers, which are not warned about. */
	system?: readonly string[];
	/** Headers that are included by a macro or by -include, which following #include lines cannot find. */
	headers?: readonly string[];
	/** Files that do not lie in the project as they are compiled: their text by path. */
	overlay?: ReadonlyMap<string, string>;
	/** Called after each object that had to be made. */
	onProgress?: (done: number, total: number, source: string) => void;
}

/** Text of a file of the project or of the overlay, undefined when there is none. */
function text(path: string, overlay?: ReadonlyMap<string, string>): string | undefined {
	const over = overlay?.get(path);
	if (over !== undefined) return over;
	const file = join(root, path);
	return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The source and every project header that it could include, by path. */
function closure(source: string, options: CompileOptions, seen: Map<string, string | undefined>): Map<string, string> {
	const found = new Map<string, string>();
	const lookUp = (path: string) => {
		if (!seen.has(path)) seen.set(path, text(path, options.overlay));
		return seen.get(path);
	};
	const visit = (path: string, content: string) => {
		if (found.has(path)) return;
		found.set(path, content);
		for (const [, name] of content.matchAll(/^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]/gm)) {
			for (const folder of [posix.dirname(path), ...(options.include ?? []), ...(options.system ?? [])]) {
				const candidate = posix.normalize(posix.join(folder, name as string));
				const header = lookUp(candidate);
				if (header !== undefined) {
					visit(candidate, header);
					break;
				}
			}
		}
	};
	for (const path of [source, ...(options.headers ?? [])]) {
		const content = lookUp(path);
		if (content === undefined) throw new BuildError("no-source", `no such source file: ${path}`);
		visit(path, content);
	}
	return found;
}

function digest(parts: Iterable<string | Uint8Array>): string {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(`${part.length}:`).update(part);
	return hash.digest("hex").slice(0, 40);
}

type Tree = { [name: string]: Tree | string | Uint8Array };

function tree(files: Iterable<[string, string | Uint8Array]>): Tree {
	const top: Tree = {};
	for (const [path, content] of files) {
		const names = path.split("/");
		const last = names.pop() as string;
		let folder = top;
		for (const name of names) {
			folder[name] ??= {};
			folder = folder[name] as Tree;
		}
		folder[last] = content;
	}
	return top;
}

interface Job {
	args: string[];
	files: Tree;
	/** files that it makes */
	outputs: string[];
}

/** Compilers that wait for work. Starting one takes seconds, so they are kept until the process ends. */
const idle: Worker[] = [];

interface Answer {
	results?: Uint8Array[];
	messages: string;
}

/** Runs a job on an idle compiler, or on a new one. */
async function runOne(job: Job): Promise<Uint8Array[]> {
	const worker = idle.pop() ?? new Worker(new URL("./clang-worker.js", import.meta.url));
	worker.ref();
	const answer = await new Promise<Answer>((resolve, reject) => {
		worker.once("message", resolve);
		worker.once("error", reject);
		worker.once("exit", () => reject(new BuildError("compiler-ended", "the compiler ended without an answer")));
		worker.postMessage(job);
	});
	worker.removeAllListeners("error").removeAllListeners("exit");
	worker.unref();
	idle.push(worker);
	if (!answer.results) throw new BuildError("compile-failed", answer.messages.trim());
	if (answer.messages) process.stderr.write(answer.messages);
	return answer.results;
}

/** Runs the jobs on as many compilers as there are cores. */
async function run(jobs: readonly Job[], onDone: (index: number, results: Uint8Array[]) => void): Promise<void> {
	let next = 0;
	const work = async () => {
		while (next < jobs.length) {
			const index = next++;
			try {
				onDone(index, await runOne(jobs[index]!));
			} catch (error) {
				next = jobs.length;
				throw error;
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(jobs.length, availableParallelism()) }, work));
}

/** Writes whole or not at all, so that two builds at once do not see half a file. */
export function writeWhole(path: string, bytes: Uint8Array | string): void {
	mkdirSync(dirname(path), { recursive: true });
	const temporary = `${path}.${process.pid}`;
	writeFileSync(temporary, bytes);
	renameSync(temporary, path);
}

/**
 * Compiles C sources (paths from the project's root) to wasm32 objects; their paths, in the sources' order.
 * @throws BuildError compile-failed with the compiler's messages; no-source
 */
export async function compile(sources: readonly string[], options: CompileOptions): Promise<string[]> {
	const seen = new Map<string, string | undefined>();
	const objects: string[] = [];
	const missing: { job: Job; object: string; source: string }[] = [];
	for (const source of sources) {
		const files = closure(source, options, seen);
		const folders = [
			...(options.include ?? []).map((folder) => `-I${folder}`),
			...(options.system ?? []).map((folder) => `-isystem${folder}`),
		];
		const parts = [version, ...options.flags, ...folders, ...[...files].flat()];
		const object = join(cache, "objects", `${posix.basename(source, ".c")}-${digest(parts)}.o`);
		objects.push(object);
		if (existsSync(object)) continue;
		const args = ["clang", ...options.flags, ...folders, "-c", source, "-o", "object.o"];
		missing.push({ job: { args, files: tree(files), outputs: ["object.o"] }, object, source });
	}
	let done = 0;
	await run(
		missing.map((item) => item.job),
		(index, [bytes]) => {
			const item = missing[index]!;
			writeWhole(item.object, bytes!);
			options.onProgress?.(++done, missing.length, item.source);
		},
	);
	return objects;
}

/** A text that is made once for each digest of what it is made from. */
export async function cachedText(parts: Iterable<string | Uint8Array>, make: () => Promise<string>): Promise<string> {
	const path = join(cache, "texts", digest(parts));
	if (!existsSync(path)) writeWhole(path, await make());
	return readFileSync(path, "utf8");
}

/**
 * Links objects into a wasm module and writes it to `output` (path from the project's root), and the linker's map beside
 * it with the ending .map; the module's full path.
 * @throws BuildError compile-failed with the linker's messages; same-name
 */
export async function link(objects: readonly string[], output: string, flags: readonly string[]): Promise<string> {
	// Named as their sources: base names are unique in the project.
	const inputs = objects.map((path): [string, Uint8Array] => [
		basename(path).replace(/-[0-9a-f]{40}\.o$/, ".o"),
		readFileSync(path),
	]);
	const twice = inputs.find(([name], i) => inputs.findIndex(([other]) => other === name) !== i);
	if (twice)
		throw new BuildError("same-name", `two sources are named ${twice[0]}, of which one would be lost; rename one`);
	const key = join(cache, "modules", digest([version, ...flags, ...inputs.flat()]));
	const [module, map] = [`${key}.wasm`, `${key}.map`];
	if (!existsSync(module) || !existsSync(map)) {
		const args = ["clang", ...inputs.map(([name]) => name), ...flags, "-o", "module.wasm", "-Wl,-Map=module.map"];
		await run([{ args, files: tree(inputs), outputs: ["module.wasm", "module.map"] }], (_, [wasm, text]) => {
			writeWhole(map, text!);
			writeWhole(module, wasm!);
		});
	}
	const path = join(root, output);
	place(map, path.replace(/\.wasm$/, ".map"));
	place(module, path);
	return path;
}

/** Copies a cached file to where it is used, unless it is there. */
function place(cached: string, path: string): void {
	const bytes = readFileSync(cached);
	if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeWhole(path, bytes);
}
