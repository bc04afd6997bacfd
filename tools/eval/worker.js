// A thread that plays recordings to a device of its own. Plain JavaScript, so that it can load the rest, which is not.
import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register({ tsconfig: false });
const { Listener } = await import("./listener.ts");
const { openSound } = await import("../../host-sim/world/files.ts");
const { resample } = await import("../../host-sim/world/resample.ts");
const { amplified } = await import("../../host-sim/world/signal.ts");

const { image, flash, tail, gain } = workerData;
let listener;

parentPort.on("message", async ({ index, path }) => {
	try {
		listener ??= await Listener.create(image, flash, tail);
		const recording = amplified(await openSound(path, "mean"), gain);
		const signal = resample(recording, image.board.sensors.audio.rate);
		parentPort.postMessage({ index, heard: listener.listen(signal, path) });
	} catch (error) {
		parentPort.postMessage({ index, error: { code: error.code, message: error.message, stack: error.stack } });
	}
});
