/** The SDK's `timer` module, for our own ports. */
import type { TimerHandle } from "timer";

export default class Timer {
	static set(callback: () => void, ms?: number, repeat?: number): TimerHandle {
		return native("xs_timer_set").call(this, callback, ms, repeat);
	}
	static repeat(callback: () => void, ms: number): TimerHandle {
		return Timer.set(callback, ms, ms);
	}
	static clear(timer: TimerHandle): void {
		return native("xs_timer_clear").call(this, timer);
	}
}
