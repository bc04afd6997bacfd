/* The module `timer` in Node, on a clock that moves when the test says so. */
import type { TimerHandle } from "timer";

type Entry = { due: number; repeat: number; callback: () => void };

let entries: Entry[] = [];

/** Milliseconds since the device's power on. */
export let now = 0;

/** Back to the time of power on, without timers. */
export function powerOn(): void {
	entries = [];
	now = 0;
}

/** Lets that many milliseconds pass and calls what is due, in its order. */
export function advance(ms: number): void {
	const end = now + ms;
	for (;;) {
		let next: Entry | undefined;
		for (const entry of entries) if (entry.due <= end && (!next || entry.due < next.due)) next = entry;
		if (!next) break;
		now = Math.max(now, next.due);
		if (next.repeat) next.due += next.repeat;
		else clear(next);
		next.callback();
	}
	now = end;
}

function set(callback: () => void, ms = 0, repeat = 0): TimerHandle {
	const entry = { due: now + ms, repeat, callback };
	entries.push(entry);
	return entry;
}

function clear(timer: TimerHandle): void {
	entries = entries.filter((entry) => entry !== timer);
}

export default { set, repeat: (callback: () => void, ms: number) => set(callback, ms, ms), clear };
