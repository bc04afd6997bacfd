/* The module `time` in Node, on the clock of `timer`. */
import { now } from "./timer.ts";

export default {
	get ticks(): number {
		return now;
	},
};
