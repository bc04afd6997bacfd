/* How the device is: once soon after the start, when everything runs, and then at a period. */
import Timer from "timer";
import { vitals } from "../native/vitals/vitals.ts";
import type { Supervisor } from "./pipeline/supervisor.ts";
import type { HealthEvent } from "./telemetry/event.ts";
import type { Outbox } from "./telemetry/outbox.ts";
import type { Uplink } from "./telemetry/uplink.ts";

/** Seconds after the start of the first health event. */
const FIRST = 10;

type Sources = {
	/** Undefined when it is not enabled. */
	keyword: Supervisor | undefined;
	vibration: Supervisor | undefined;
	outbox: Outbox;
	uplink: Uplink;
};

export class Health {
	readonly #sources: Sources;
	#features = 0;
	#inference = 0;
	#script = 0;

	constructor(sources: Sources) {
		this.#sources = sources;
	}

	/** Calls back once 10 s from now and then every `period` seconds. */
	every(period: number, callback: () => void): void {
		if (period > FIRST) Timer.set(callback, FIRST * 1000);
		Timer.repeat(callback, period * 1000);
	}

	/** The event at device time `t` in seconds. Stage times are those since the event before. */
	event(t: number): HealthEvent {
		const { keyword, vibration, outbox, uplink } = this.#sources;
		const { heap, heapPeak, pool, poolPeak, stackPeak, features, inference, script } = vitals();
		const timing = {
			// The counters wrap at 2^32.
			features: (features - this.#features) >>> 0,
			inference: (inference - this.#inference) >>> 0,
			script: (script - this.#script) >>> 0,
		};
		this.#features = features;
		this.#inference = inference;
		this.#script = script;
		const heard = keyword?.health();
		const felt = vibration?.health();
		return {
			t,
			type: "health",
			uptime: Math.floor(t),
			memory: { heap, heapPeak, pool, poolPeak, stackPeak },
			timing,
			...(heard && { keyword: heard }),
			...(felt && { vibration: felt }),
			outbox: { size: outbox.size, dropped: outbox.dropped },
			link: { up: uplink.up, losses: uplink.losses },
		};
	}
}
