/* Carries what waits in the outbox over the link, oldest first, whenever there is one. An event leaves the outbox when the
   link has taken its last byte; one that a lost link cut short is sent again from its start on the next. */
import Timer, { type TimerHandle } from "timer";
import type { Outbox } from "./outbox.ts";

/** What the uplink uses of the native `Link`. */
export interface Stream {
	write(bytes: Uint8Array): number;
	close(): void;
}

/** Milliseconds until it is tried again: when the link is congested, and when there is none (doubling up to the last). */
const CONGESTED = 50;
const FIRST_BACKOFF = 1000;
const LAST_BACKOFF = 60_000;

export class Uplink {
	readonly #outbox: Outbox;
	readonly #connect: () => Stream;
	#stream: Stream | undefined;
	#timer: TimerHandle | undefined;
	#backoff = FIRST_BACKOFF;
	#losses = 0;
	/** The event that is being sent, and how many of its bytes are. */
	#event: Uint8Array | undefined;
	#sent = 0;

	/** @param connect opens the link, or throws while there is none */
	constructor(outbox: Outbox, connect: () => Stream) {
		this.#outbox = outbox;
		this.#connect = connect;
	}

	get up(): boolean {
		return this.#stream !== undefined;
	}

	/** How often an open link was lost. */
	get losses(): number {
		return this.#losses;
	}

	/** Sends what can be sent now, and sees to the rest later by itself. Never throws. */
	drain(): void {
		if (this.#timer !== undefined) return;
		let wait = 0;
		try {
			if (!this.#stream) {
				this.#stream = this.#connect();
				this.#backoff = FIRST_BACKOFF;
			}
			if (!this.#send(this.#stream)) wait = CONGESTED;
		} catch {
			this.#lose();
			wait = this.#backoff;
			this.#backoff = Math.min(2 * wait, LAST_BACKOFF);
		}
		if (wait)
			this.#timer = Timer.set(() => {
				this.#timer = undefined;
				this.drain();
			}, wait);
	}

	/** True when the outbox is empty, false when the link took no more. */
	#send(stream: Stream): boolean {
		for (;;) {
			this.#event ??= this.#outbox.peek();
			if (!this.#event) return true;
			while (this.#sent < this.#event.length) {
				const taken = stream.write(this.#event.subarray(this.#sent));
				if (taken === 0) return false;
				this.#sent += taken;
			}
			this.#event = undefined;
			this.#sent = 0;
			this.#outbox.shift();
		}
	}

	#lose(): void {
		const stream = this.#stream;
		this.#stream = undefined;
		this.#event = undefined;
		this.#sent = 0;
		if (!stream) return;
		this.#losses++;
		try {
			stream.close();
		} catch {
			// It is gone already.
		}
	}
}
