/*
 * `make bench`: measures what the project promises and writes docs/figures.md. Bytes are exact; times are of the machine
 * that it ran on, so each comes with what it was measured beside.
 */
import { cpus } from "node:os";
import { join } from "node:path";
import { Twin } from "../../host-sim/twin.ts";
import { openAudio, openVibration } from "../../host-sim/world/files.ts";
import { root, writeWhole } from "./clang.ts";
import { loadImage } from "./image.ts";
import { measure } from "./size.ts";

const RUNS = 5;
const board = "wasm";

const grouped = (value: number) => Math.round(value).toLocaleString("en-US");
const table = (head: string[], rows: (string | number)[][]) =>
	[head, head.map((_, column) => (column ? "---:" : "---")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

/** Both pipelines on the demo recordings: times real time, and host microseconds per second of device time by stage. */
async function speed() {
	const image = await loadImage(board);
	const { audio, acceleration } = image.board.sensors;
	const demo = (name: string) => join(root, "models/demo", name);
	const sensors = {
		audio: (await openAudio([demo("words.wav"), demo("words.wav")], audio!.rate)).signal,
		acceleration: (await openVibration([{ path: demo("machine.wav") }], acceleration!)).signal,
	};
	const times: number[] = [];
	let stages = { features: 0, inference: 0, script: 0 };
	const seconds = sensors.acceleration.length / sensors.acceleration.rate;
	for (let run = 0; run <= RUNS; run++) {
		const twin = await Twin.create({ image, sensors, timing: true });
		const started = performance.now();
		twin.run(seconds);
		if (run > 0) times.push(seconds / ((performance.now() - started) / 1000)); // the first warms the host up
		const { features, inference, script } = twin.timing;
		stages = { features: features.us / seconds, inference: inference.us / seconds, script: script.us / seconds };
	}
	return { factor: median(times), least: Math.min(...times), stages, seconds };
}

const size = await measure(board);
const run = await speed();
const share = (part: number, budget: number) => `${((100 * part) / budget).toFixed(1)} %`;
const parts = (memory: "flash" | "ram") =>
	Object.entries(size[memory]).map(([name, bytes]) => [
		name,
		grouped(bytes),
		share(bytes, size.budget[memory]),
		...(memory === "ram" ? [name in size.peak ? grouped(size.peak[name]!) : ""] : []),
	]);

writeWhole(
	join(root, "docs/figures.md"),
	`# Figures

Written by \`make bench\`, on ${cpus()[0]?.model ?? "an unknown processor"} (${cpus().length} cores), Node ${process.versions.node}.

## Flash of the twin's image, bytes (\`cricket size --board wasm\`)

${table(["part", "bytes", "of the budget"], parts("flash"))}

## RAM of the twin, bytes: reserved, and the most that was used on the demo recordings

${table(["part", "reserved", "of the budget", "used"], parts("ram"))}

## Speed of the simulator, both pipelines

${RUNS} runs of ${run.seconds.toFixed(0)} s: median ${run.factor.toFixed(0)} times real time, slowest ${run.least.toFixed(0)}.

${table(
	["stage", "host us per second of device time"],
	Object.entries(run.stages).map(([name, us]) => [name, grouped(us)]),
)}
`,
);
process.stderr.write("wrote docs/figures.md\n");
