/** The SDK's `time` module, for our own ports. */
export default {
	get ticks(): number {
		return native("xs_time_ticks").call(this);
	},
};
