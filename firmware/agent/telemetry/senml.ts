/* An event as a SenML pack (RFC 8428) in CBOR: an array of maps, one record for each leaf of the event.

       [{bn: "press-7/vibration/", bt: 6, n: "state", vs: "alarm"}, {n: "score", v: 4.2}, {n: "features/rms", v: 0.31}, ...]

   The base name says which device and what type of event; names of grouped leaves are joined by "/". A device has no
   calendar: base time is seconds since its last start, and whoever receives the pack knows what time that was. */
import { CborWriter } from "./cbor.ts";
import type { Event } from "./event.ts";

/** Labels of RFC 8428, table 4. */
const BASE_NAME = -2;
const BASE_TIME = -3;
const NAME = 0;
const VALUE = 2;
const STRING_VALUE = 3;
const BOOLEAN_VALUE = 4;

type Group = { readonly [key: string]: number | string | boolean | Group | undefined };

/** True for the two entries that the base fields carry. */
function isBase(name: string): boolean {
	return name === "t" || name === "type";
}

function leaves(group: Group): number {
	let count = 0;
	for (const name in group) {
		const value = group[name];
		if (typeof value === "object") count += leaves(value);
		else if (value !== undefined) count++;
	}
	return count;
}

/**
 * The event's pack, as bytes of its own.
 * @param device name of the device: characters that SenML allows in names, see RFC 8428 section 4.5.1
 */
export function encodeEvent(device: string, event: Event): Uint8Array {
	const writer = new CborWriter();
	let first = true;

	function record(name: string, value: number | string | boolean): void {
		writer.map(first ? 4 : 2);
		if (first) {
			writer.number(BASE_NAME);
			writer.text(`${device}/${event.type}/`);
			writer.number(BASE_TIME);
			writer.number(event.t);
			first = false;
		}
		writer.number(NAME);
		writer.text(name);
		if (typeof value === "number") {
			writer.number(VALUE);
			writer.number(value);
		} else if (typeof value === "string") {
			writer.number(STRING_VALUE);
			writer.text(value);
		} else {
			writer.number(BOOLEAN_VALUE);
			writer.boolean(value);
		}
	}

	function records(group: Group, prefix: string): void {
		for (const name in group) {
			const value = group[name];
			if (value === undefined || (prefix === "" && isBase(name))) continue;
			if (typeof value === "object") records(value, `${prefix}${name}/`);
			else record(prefix + name, value);
		}
	}

	writer.array(leaves(event) - 2);
	records(event, "");
	return writer.bytes;
}
