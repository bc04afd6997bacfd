/* What a device sends, back into events: a CBOR sequence (RFC 8742) of SenML packs (RFC 8428), as the agent's
   telemetry/senml.ts writes it. Bytes come in pieces of any size; a pack that is not complete waits for the next piece. */
import { Decoder } from "cbor-x";
import type { Event } from "../firmware/agent/telemetry/event.ts";

/** Bytes that no agent of ours sends. `offset` counts from the first byte of the stream. */
export class EventStreamError extends Error {
	readonly code = "event-stream-garbled";
	readonly offset: number;

	constructor(offset: number, what: string) {
		super(`the device's stream, at byte ${offset}: ${what}; reconnect to begin a new stream`);
		this.offset = offset;
	}
}

/** More than an outbox sector of any board holds: a pack that is longer will never be complete. */
const LARGEST_PACK = 65_536;

/** Labels of RFC 8428, table 4; of v, vs and vb also the type that the value must have. */
const BASE_NAME = -2;
const BASE_TIME = -3;
const NAME = 0;
const VALUES = [
	{ label: 2, type: "number" },
	{ label: 3, type: "string" },
	{ label: 4, type: "boolean" },
];

const TYPES: ReadonlySet<string> = new Set<Event["type"]>([
	"keyword",
	"posteriors",
	"vibration",
	"boot",
	"health",
	"error",
]);

const cbor = new Decoder({ mapsAsObjects: false, useRecords: false });

type Group = { [name: string]: unknown };

export class EventStream {
	readonly #onEvent: (event: Event, device: string) => void;
	#tail = new Uint8Array(0);
	/** Offset of the tail in the stream. */
	#offset = 0;
	#failure: EventStreamError | undefined;

	/** @param onEvent is called for each event, with the name of the device that sent it */
	constructor(onEvent: (event: Event, device: string) => void) {
		this.#onEvent = onEvent;
	}

	/** Bytes of a pack that is not complete yet. */
	get pending(): number {
		return this.#tail.length;
	}

	/**
	 * Takes the next bytes of the stream and hands on the events that they complete.
	 * @throws EventStreamError when they are none of ours, after the events before them; then also on every later call
	 */
	push(bytes: Uint8Array): void {
		if (this.#failure) throw this.#failure;
		const stream = new Uint8Array(this.#tail.length + bytes.length);
		stream.set(this.#tail);
		stream.set(bytes, this.#tail.length);
		const packs: unknown[] = [];
		let rest = stream.length;
		let garbled: string | undefined;
		try {
			if (rest) cbor.decodeMultiple(stream, (pack) => packs.push(pack));
		} catch (thrown) {
			const { incomplete, lastPosition, message } = thrown as Error & { incomplete?: boolean; lastPosition?: number };
			rest = lastPosition ?? 0;
			if (!incomplete) garbled = `not CBOR (${message})`;
			else if (stream.length - rest > LARGEST_PACK) garbled = `no pack has more than ${LARGEST_PACK} bytes`;
		}
		for (const pack of packs) {
			const { event, device } = this.#read(pack);
			this.#onEvent(event, device);
		}
		if (garbled) this.#fail(garbled, rest);
		this.#tail = stream.slice(rest);
		this.#offset += rest;
	}

	#fail(what: string, at = 0): never {
		this.#failure = new EventStreamError(this.#offset + at, what);
		throw this.#failure;
	}

	#read(pack: unknown): { event: Event; device: string } {
		const first: unknown = Array.isArray(pack) ? pack[0] : undefined;
		if (!Array.isArray(pack) || !(first instanceof Map)) this.#fail("not a SenML pack, which is an array of maps");
		const base: unknown = first.get(BASE_NAME);
		const [device, type, end] = typeof base === "string" ? base.split("/") : [];
		if (!device || type === undefined || !TYPES.has(type) || end !== "")
			this.#fail(`base name is ${String(base)}, should be DEVICE/TYPE/ with one of ${[...TYPES].join(", ")}`);
		const t: unknown = first.get(BASE_TIME);
		if (typeof t !== "number") this.#fail("the base time is missing");
		const event: Group = { t, type };
		for (const record of pack) this.#place(event, record);
		return { event: event as Event, device };
	}

	/** Puts the value of a record where its name says. */
	#place(event: Group, record: unknown): void {
		const name: unknown = record instanceof Map ? record.get(NAME) : undefined;
		if (!(record instanceof Map) || typeof name !== "string") this.#fail("a SenML record without a name");
		const value = VALUES.find(({ label, type }) => typeof record.get(label) === type);
		if (!value) this.#fail(`SenML record ${name} has no value`);
		const parts = name.split("/");
		// SenML's names begin with a letter or digit: nothing here can touch an object's prototype.
		if (!parts.every((part) => /^[A-Za-z0-9]/.test(part))) this.#fail(`${JSON.stringify(name)} is no SenML name`);
		const leaf = parts.pop()!;
		let group = event;
		for (const part of parts) {
			if (!Object.hasOwn(group, part)) group[part] = {};
			const inner = group[part];
			if (typeof inner !== "object" || inner === null) this.#fail(`SenML record ${name} goes through a value`);
			group = inner as Group;
		}
		if (Object.hasOwn(group, leaf)) this.#fail(`SenML record ${name} comes twice`);
		group[leaf] = record.get(value.label);
	}
}
