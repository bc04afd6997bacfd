/** The SDK's `time` module, for our own ports. */
export default class Time {
	static get ticks(): number {
		return native("xs_time_ticks").call(this);
	}
}
