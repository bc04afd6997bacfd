/** The SDK's `timer` module, for our own ports. */
import type { TimerHandle } from "timer";

const Timer = {
	set(callback: () => void, ms?: number, repeat?: number): TimerHandle {
		return native("xs_timer_set").call(this, callback, ms, repeat);
	},
	repeat(callback: () => void, ms: number): TimerHandle {
		return Timer.set(callback, ms, ms);
	},
	clear(timer: TimerHandle): void {
		native("xs_timer_clear").call(this, timer);
	},
};

export default Timer;
