/* Which .tflite files a path means, and what is said when one of them is no model. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ModelError } from "../host-sim/tflite-micro-wasm/index.ts";
import { Failure } from "./failure.ts";

/** The .tflite file that a path means: itself, or that of a model package (a folder). */
export function modelFile(path: string): string {
	return statSync(path).isDirectory() ? join(path, "model.tflite") : path;
}

/** All that a path means: as `modelFile`, or of a folder that is no model package all .tflite files in it. */
export function modelFiles(path: string): string[] {
	if (!statSync(path).isDirectory()) return [path];
	const names = readdirSync(path).filter((name) => name.endsWith(".tflite"));
	if (!names.length) throw new Failure("file-not-found", `${path}: there is no .tflite file in this folder`);
	return names.includes("model.tflite") ? [path] : names.sort().map((name) => join(path, name));
}

/** @throws Failure not-a-model */
export function readModel(path: string): Uint8Array {
	const file = modelFile(path);
	const bytes = readFileSync(file);
	if (!bytes.length) throw new Failure("not-a-model", `${file}: the file is empty`);
	return bytes;
}

/** Runs what may find something wrong with a model, and says in which file it was. */
export async function about<T>(path: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof ModelError) throw new Failure(error.code, `${path}: ${error.message}`);
		throw error;
	}
}
