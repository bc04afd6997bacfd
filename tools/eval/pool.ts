/* Recordings shared out to threads, each with a device of its own. What is heard in one does not depend on the others, so
   neither on how many threads there are. */
import { Worker } from "node:worker_threads";
import type { Image } from "../../host-sim/twin.ts";
import { Failure } from "../failure.ts";
import type { Heard } from "./listener.ts";

export interface Playing {
	readonly image: Image;
	readonly flash: Uint8Array;
	/** Seconds to listen on after each recording. */
	readonly tail: number;
	/** Factor on every sample. */
	readonly gain: number;
	readonly jobs: number;
}

interface Answer {
	index: number;
	heard?: Heard;
	error?: { code?: string; message: string; stack?: string };
}

/** What a thread threw. Only errors that the user can do something about have a code. */
function failure({ code, message, stack }: NonNullable<Answer["error"]>): Error {
	return code === undefined ? Object.assign(new Error(message), { stack }) : new Failure(code, message);
}

/**
 * Plays every recording; what was heard in each, in their order.
 * @param onDone called with how many have been played
 * @throws Failure with the code of what went wrong first
 */
export async function play(
	paths: readonly string[],
	{ jobs, ...workerData }: Playing,
	onDone: (done: number) => void,
): Promise<Heard[]> {
	const heard: Heard[] = [];
	let next = 0;
	let done = 0;
	const run = (worker: Worker) =>
		new Promise<void>((resolve, reject) => {
			const give = () => {
				if (next === paths.length) return resolve();
				const index = next++;
				worker.postMessage({ index, path: paths[index] });
			};
			worker.on("message", ({ index, heard: result, error }: Answer) => {
				if (result === undefined) return reject(failure(error!));
				heard[index] = result;
				onDone(++done);
				give();
			});
			worker.on("error", reject);
			give();
		});
	const workers = Array.from(
		{ length: Math.min(jobs, paths.length) },
		() => new Worker(new URL("./worker.js", import.meta.url), { workerData }),
	);
	try {
		await Promise.all(workers.map(run));
	} finally {
		await Promise.all(workers.map((worker) => worker.terminate()));
	}
	return heard;
}
