/* For timers.test.ts and restart.test.ts: does the one thing that the partition "config" names, and says so in the log. */
import flash from "embedded:storage/flash";
import Time from "time";
import Timer, { type TimerHandle } from "timer";
import { vitals } from "../../../../firmware/native/vitals/vitals.ts";

function wanted(): string {
	const bytes = new Uint8Array(32);
	flash.open({ path: "config" }).read(bytes, 0);
	let name = "";
	for (const byte of bytes) if (byte < 0x80) name += String.fromCharCode(byte);
	return name;
}

const say = (what: string) => () => trace(`${what} at ${Time.ticks}`);

function recurse(depth: number): number {
	return depth + recurse(depth + 1);
}

class Cell {
	readonly next: Cell | undefined;
	constructor(next: Cell | undefined) {
		this.next = next;
	}
}

const things: Record<string, () => void> = {
	order() {
		Timer.set(say("300"), 300);
		Timer.set(say("100 first"), 100);
		Timer.set(say("200"), 200);
		Timer.set(say("100 second"), 100);
		Timer.set(say("0"), 0);
		Timer.set(say("no time"));
		say("main")();
	},
	promises() {
		Timer.set(() => {
			say("first")();
			Promise.resolve().then(say("its promise")).then(say("and the next"));
		}, 100);
		Timer.set(say("second"), 100);
		(async () => {
			say("before")();
			await undefined;
			say("after")();
		})();
		say("main")();
	},
	repeat() {
		let left = 3;
		const timer = Timer.set(
			() => {
				say("repeat")();
				if (--left === 0) Timer.clear(timer);
			},
			50,
			200,
		);
	},
	clear() {
		const never = Timer.set(say("never"), 100);
		const sibling: TimerHandle = Timer.set(() => {
			say("sibling")();
			Timer.clear(doomed);
			Timer.clear(doomed);
			Timer.clear(sibling);
		}, 200);
		const doomed = Timer.set(say("doomed"), 200);
		Timer.set(say("last"), 300);
		Timer.clear(never);
	},
	nested() {
		Timer.set(() => {
			Timer.set(say("inner"), 0);
			say("outer")();
		}, 100);
		Timer.set(say("equal"), 100);
	},
	every() {
		Timer.repeat(say("tick"), 100);
		Timer.set(say("once"), 1050);
	},
	refuse() {
		const attempt = (name: string, set: () => unknown) => {
			try {
				set();
				trace(`${name}: taken`);
			} catch (error) {
				trace(`${name}: ${error}`);
			}
		};
		attempt("negative", () => Timer.set(say("never"), -1));
		attempt("not a number", () => Timer.set(say("never"), Number.NaN));
		attempt("endless", () => Timer.set(say("never"), Number.POSITIVE_INFINITY));
		attempt("negative repeat", () => Timer.set(say("never"), 1, -1));
		attempt("no function", () => Timer.set("never" as never, 1));
		attempt("clear nothing", () => Timer.clear(undefined as never));
	},
	many() {
		let count = 0;
		for (let i = 0; i < 100; i++) Timer.set(() => count++, 1000 - i);
		Timer.set(() => trace(`many: ${count}`), 1001);
	},
	sleep() {},

	throw() {
		Timer.set(() => {
			throw new RangeError("the agent's own mistake");
		}, 100);
	},
	"throw in main"() {
		throw new TypeError("at the very start");
	},
	"throw nonsense"() {
		Timer.set(() => {
			throw {
				toString() {
					throw new Error("not even that");
				},
			};
		}, 100);
	},
	reject() {
		Timer.set(() => {
			Promise.reject(new Error("nobody listens"));
		}, 100);
	},
	"catch rejection"() {
		Promise.reject(new Error("heard")).catch((error: Error) => trace(`caught: ${error.message}`));
	},
	loop() {
		Timer.set(() => {
			for (;;) Math.sqrt(2);
		}, 100);
	},
	"loop in promises"() {
		const again = (): void => {
			Promise.resolve().then(again);
		};
		Timer.set(again, 100);
	},
	"loop in timers"() {
		const again = (): void => {
			Timer.set(again, 0);
		};
		Timer.set(again, 100);
	},
	"loop in try"() {
		Timer.set(() => {
			for (;;)
				try {
					JSON.parse("{");
				} catch {}
		}, 100);
	},
	recurse() {
		Timer.set(() => trace(`${recurse(0)}`), 100);
	},
	"recurse in native"() {
		Timer.set(() => {
			const deep: unknown[] = [];
			let at = deep;
			for (let i = 0; i < 500; i++) {
				const next: unknown[] = [];
				at.push(next);
				at = next;
			}
			trace(`${JSON.stringify(deep).length}`);
		}, 100);
	},
	"recurse in sort"() {
		const sort = (): number => [2, 1].sort(sort)[0]!;
		Timer.set(sort, 100);
	},
	objects() {
		Timer.set(() => {
			let list: Cell | undefined;
			for (;;) list = new Cell(list);
		}, 100);
	},
	strings() {
		Timer.set(() => {
			let text = "x";
			for (;;) text += text;
		}, 100);
	},
	buffers() {
		Timer.set(() => {
			const held: Uint8Array[] = [];
			for (;;) held.push(new Uint8Array(1000));
		}, 100);
	},
	timers() {
		Timer.set(() => {
			for (;;) Timer.set(say("never"), 1e6);
		}, 100);
	},
	garbage() {
		Timer.set(() => {
			let sum = 0;
			for (let i = 0; i < 3000; i++)
				sum += new Uint8Array(1000).length + `${i} of many`.length + Object.keys(new Cell(undefined)).length;
			trace(`garbage: ${sum > 3_000_000}`);
		}, 100);
	},
};

const name = wanted();
trace(`start ${name}: ${vitals().reset}`);
const reset = vitals().reset;
// What restarts the device is done once; then it is seen to live on.
if (reset === "power" || name === "throw in main") things[name]!();
else Timer.set(say("alive"), 500);
