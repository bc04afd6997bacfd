/* A device in Node: main.ts as it is, over fakes of what is native. Sound and vibration are scripts that say what the
   model hears at a time; the host at the other end of the link reads events. */
import type { Event } from "../../firmware/agent/telemetry/event.ts";
import { EventStream } from "../../host-sim/events.ts";
import { Flash, partitions } from "../bindings/flash.ts";
import { bindNatives, traces } from "../bindings/native.ts";
import { resources } from "../bindings/resource.ts";
import { advance, now, powerOn } from "../bindings/timer.ts";

export const keywordCard = {
	schema: 1,
	kind: "keyword",
	labels: ["silence", "unknown", "yes", "no"],
	recipe: { kind: "logmel", rate: 16000, hop: 320, frames: 4, bins: 2 },
	decision: { stride: 5, smoothing: 1, threshold: 0.8, refractory: 1 },
	arena: 1000,
	agent: "0.1.0",
};

let starts = 0;

export class Device {
	readonly config = new Flash(8192, 4096);
	readonly baseline = new Flash(8192, 4096);
	readonly outbox = new Flash(16384, 4096);
	/** What the host has received, over all connections. */
	readonly events: Event[] = [];
	/** Whether there is a network. */
	online = true;
	reset = "power";
	/** The label that the model hears at a time in seconds, -1 for none. May throw, as a broken model does. */
	hears: (t: number) => number = () => -1;
	/** C functions to be bound in place of the fakes. */
	natives: Parameters<typeof bindNatives>[0] = {};
	/** Interpreters and feature extractors that are open. */
	open = 0;
	#stream: EventStream | undefined;

	constructor() {
		partitions.clear();
		partitions.set("config", this.config).set("baseline", this.baseline).set("outbox", this.outbox);
		resources.clear();
		this.install("keyword", keywordCard);
	}

	/** Puts a model package into flash. */
	install(kind: string, card: object, model = new TextEncoder().encode(kind)): void {
		resources.set(`${kind}.json`, new TextEncoder().encode(JSON.stringify(card)));
		resources.set(`${kind}.tflite`, model);
	}

	/** Power on: runs main.ts anew. */
	async start(): Promise<void> {
		powerOn();
		this.#bind();
		bindNatives(this.natives);
		const main = `../../firmware/agent/main.ts?start=${++starts}`;
		await import(/* @vite-ignore */ main);
	}

	/** Lets seconds pass. */
	run(seconds: number): void {
		advance(seconds * 1000);
	}

	of<Type extends Event["type"]>(type: Type): Extract<Event, { type: Type }>[] {
		return this.events.filter((event) => event.type === type) as Extract<Event, { type: Type }>[];
	}

	#bind(): void {
		const device = this;
		type Extractor = { hop: number; rate: number; steps: number };
		type Model = { tensors: [input: Int8Array, output: Int8Array] };
		traces.length = 0;
		function listen(this: Extractor, { rate, hop }: Extractor): void {
			device.open++;
			Object.assign(this, { rate, hop, steps: Math.floor((now / 1000) * (rate / hop)) });
		}
		bindNatives({
			xs_vitals_number: (index: number) => (index === 8 ? 16 : index * 100),
			xs_vitals_text: (index: number) => (index === 0 ? "node" : device.reset),
			xs_link_constructor: () => {
				if (!device.online) throw new Error("link: there is no network now");
				device.#stream = new EventStream((event) => device.events.push(event));
			},
			xs_link_write: (bytes: Uint8Array) => {
				if (!device.online) throw new Error("link: the network is gone");
				device.#stream!.push(bytes);
				return bytes.length;
			},
			xs_link_close: () => {},
			xs_logmel_constructor: listen,
			xs_spectrum_constructor: listen,
			xs_dsp_pull(this: Extractor, max = Infinity) {
				const steps = Math.min(max, Math.floor((now / 1000) * (this.rate / this.hop)) - this.steps);
				this.steps += steps;
				return steps;
			},
			xs_dsp_read: () => {},
			xs_dsp_lost: () => 0,
			xs_dsp_position(this: Extractor) {
				return this.steps * this.hop;
			},
			xs_dsp_close: () => {
				device.open--;
			},
			xs_tflm_constructor(this: Model) {
				device.open++;
				this.tensors = [new Int8Array(8), new Int8Array(4).fill(-128)];
			},
			xs_tflm_input(this: Model) {
				return this.tensors[0].buffer;
			},
			xs_tflm_output(this: Model) {
				return this.tensors[1].buffer;
			},
			xs_tflm_invoke(this: Model) {
				const output = this.tensors[1].fill(-128);
				const label = device.hears(now / 1000);
				if (label >= 0) output[label] = 127;
			},
			xs_tflm_close: () => {
				device.open--;
			},
		});
	}
}
