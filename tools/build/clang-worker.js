// One compiler in a thread of its own: takes {args, files, outputs}, answers {results, messages}.
// Plain JavaScript, because worker threads start without the loader that runs TypeScript.
import { parentPort } from "node:worker_threads";
import { runClang } from "@yowasp/clang";

// Loading the compiler without arguments keeps its progress lines off stdout.
const loaded = runClang(null, {}, { fetchProgress: () => {} });

parentPort.on("message", async ({ args, files, outputs }) => {
	let messages = "";
	const decoder = new TextDecoder();
	const collect = (bytes) => {
		if (bytes) messages += decoder.decode(bytes, { stream: true });
	};
	try {
		await loaded;
		const result = await runClang(args, files, {
			stdout: collect,
			stderr: collect,
			decodeASCII: false,
		});
		parentPort.postMessage({ results: outputs.map((output) => result[output]), messages });
	} catch (error) {
		parentPort.postMessage({ messages: `${messages}\n${messages ? "" : (error?.stack ?? error)}` });
	}
});
