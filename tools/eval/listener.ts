/* A device that listens to one recording after the other, each as if it were the first: it is switched on once, hears a
   moment of silence, and is taken back to that moment before each. */
import type { Event } from "../../firmware/agent/telemetry/event.ts";
import { type Image, type Snapshot, Twin } from "../../host-sim/twin.ts";
import type { Signal } from "../../host-sim/world/signal.ts";
import { Failure } from "../failure.ts";

/** Seconds of silence before a recording: as long as the longest window of a model, so that it holds nothing else. */
export const LEAD = 1;

/** A keyword event, `t` in seconds from the start of the recording. */
export interface Word {
	readonly t: number;
	readonly label: string;
	readonly score: number;
}

/** A run of the model: when, and its output as the device's `posteriors` event gives it. */
export interface Window {
	readonly t: number;
	readonly posteriors: string;
}

export interface Heard {
	/** Seconds that the recording lasts. */
	readonly seconds: number;
	readonly words: readonly Word[];
	/** All runs of the model since the device was switched on, those before the recording included. */
	readonly windows: readonly Window[];
	/** How many of them were before it. */
	readonly before: number;
}

/** A microphone whose sound is put before it. What was before, and what comes after, is silence. */
class Microphone implements Signal {
	readonly rate: number;
	readonly length = Number.POSITIVE_INFINITY;
	#signal: Signal | undefined;
	readonly #at: number;

	/** @param at sample of the device's time at which sounds begin */
	constructor(rate: number, at: number) {
		this.rate = rate;
		this.#at = at;
	}

	hear(signal: Signal): void {
		this.#signal = signal;
	}

	read(start: number, to: Int16Array): void {
		if (this.#signal === undefined) to.fill(0);
		else this.#signal.read(start - this.#at, to);
	}
}

export class Listener {
	readonly #twin: Twin;
	readonly #microphone: Microphone;
	readonly #ready: Snapshot;
	readonly #events: Event[];
	readonly #before: readonly Window[];
	readonly #tail: number;

	private constructor(twin: Twin, microphone: Microphone, events: Event[], tail: number) {
		this.#twin = twin;
		this.#microphone = microphone;
		this.#events = events;
		this.#tail = tail;
		twin.run(LEAD);
		this.#check("a moment of silence");
		this.#before = windowsOf(events);
		this.#ready = twin.snapshot();
	}

	/**
	 * Switches a device on.
	 * @param tail seconds that it listens on after a recording's end
	 * @throws Failure device-error when it reports that something is wrong
	 */
	static async create(image: Image, flash: Uint8Array, tail: number): Promise<Listener> {
		const rate = image.board.sensors.audio!.rate;
		const microphone = new Microphone(rate, LEAD * rate);
		const events: Event[] = [];
		const sensors = { audio: microphone };
		const twin = await Twin.create({ image, flash, sensors, onEvent: (event) => events.push(event) });
		return new Listener(twin, microphone, events, tail);
	}

	/** Plays a recording at the microphone's rate. @throws Failure device-error */
	listen(signal: Signal, name: string): Heard {
		this.#events.length = 0;
		this.#twin.restore(this.#ready);
		this.#microphone.hear(signal);
		const seconds = signal.length / signal.rate;
		this.#twin.run(LEAD + seconds + this.#tail);
		this.#check(name);
		return {
			seconds,
			words: this.#events.flatMap((event) =>
				event.type === "keyword" ? [{ t: since(event.t), label: event.label, score: event.score }] : [],
			),
			windows: [...this.#before, ...windowsOf(this.#events)],
			before: this.#before.length,
		};
	}

	#check(name: string): void {
		const error = this.#events.find((event) => event.type === "error");
		if (error) throw new Failure("device-error", `${name}: the device reports: ${error.message} [${error.code}]`);
	}
}

const since = (t: number) => Math.round((t - LEAD) * 1000) / 1000;

const windowsOf = (events: readonly Event[]): Window[] =>
	events.flatMap((event) => (event.type === "posteriors" ? [{ t: since(event.t), posteriors: event.posteriors }] : []));
