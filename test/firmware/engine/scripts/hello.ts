/* For the tests of the engine: says hello, then ticks. */
import Time from "time";
import Timer from "timer";

trace(`hello at ${Time.ticks}`);
let count = 0;
const timer = Timer.repeat(() => {
	trace(`tick ${++count} at ${Time.ticks}`);
	if (count === 3) Timer.clear(timer);
}, 100);
Promise.resolve().then(() => trace("a promise"));
