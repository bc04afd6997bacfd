/* An event as a line: of JSON for programs, of aligned words for people. */
import type { Event } from "../firmware/agent/telemetry/event.ts";
import { grouped, paint, type Stream } from "./terminal.ts";

/** Keys in the order that docs/architecture.md shows; others follow as they come. */
const order = [
	"t",
	"type",
	"label",
	"posteriors",
	"state",
	"score",
	"fault",
	"confidence",
	"faults",
	"features",
	"agent",
	"board",
	"reason",
	"code",
	"message",
];

/** One line of JSON without its newline. */
export function jsonLine(event: Event): string {
	const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
	return JSON.stringify(Object.fromEntries(Object.entries(event).sort(([a], [b]) => place(a) - place(b))));
}

const states = { learning: "dim", normal: "green", warning: "yellow", alarm: "red" } as const;
const fixed = (value: number, digits: number) => value.toFixed(digits);
const memory = (bytes: number) => `${fixed(bytes / 1024, 1)} KB`;

/** `   1.240 s  keyword    yes       0.98`, coloured for the stream. */
export function humanLine(event: Event, stream: Stream): string {
	const head = `${fixed(event.t, 3).padStart(8)} s  ${event.type.padEnd(9)}  `;
	switch (event.type) {
		case "keyword":
			return `${head}${paint(stream, "bold", event.label.padEnd(8))}  ${fixed(event.score, 2)}`;
		case "posteriors":
			return head + paint(stream, "dim", event.posteriors);
		case "vibration": {
			const { rms, kurtosis, crest } = event.features;
			const figures = `rms ${fixed(rms, 3)} g  kurtosis ${fixed(kurtosis, 1)}  crest ${fixed(crest, 1)}`;
			const state = paint(stream, states[event.state] ?? "bold", event.state.padEnd(8));
			const named = event.fault === undefined ? "" : `${event.fault} ${fixed(event.confidence ?? 0, 2)}  `;
			return `${head}${state}  ${fixed(event.score, 2)}  ${paint(stream, "bold", named)}${paint(stream, "dim", figures)}`;
		}
		case "boot":
			return `${head}agent ${event.agent} on ${event.board}, after ${event.reason}`;
		case "health": {
			const { heap, heapPeak, pool, stackPeak } = event.memory;
			const lost = (event.keyword?.lost ?? 0) + (event.vibration?.lost ?? 0);
			return (
				`${head}heap ${memory(heap)} (peak ${memory(heapPeak)})  pool ${memory(pool)}  stack ${memory(stackPeak)}  ` +
				`lost ${grouped(lost)}  outbox ${event.outbox.size}`
			);
		}
		case "error":
			return `${head}${paint(stream, "red", event.code)}  ${event.message}`;
	}
}
