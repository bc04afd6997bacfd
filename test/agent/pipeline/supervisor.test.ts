import { beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../../firmware/agent/fault.ts";
import type { Pipeline } from "../../../firmware/agent/pipeline/stage.ts";
import { Supervisor } from "../../../firmware/agent/pipeline/supervisor.ts";
import type { Event } from "../../../firmware/agent/telemetry/event.ts";
import { advance, powerOn } from "../../bindings/timer.ts";

let faults: Fault[];
let events: Event[];
let built: number;
let closed: number;

beforeEach(() => {
	powerOn();
	faults = [];
	events = [];
	built = 0;
	closed = 0;
});

/** A supervisor of pipelines that are polled every 100 ms with `poll`. */
function supervise(poll: Pipeline["poll"], close = () => {}): Supervisor {
	const build = (): Pipeline => {
		built++;
		return {
			name: "keyword",
			period: 100,
			poll,
			health: () => ({ windows: 1, lost: 0, overruns: 0 }),
			close: () => {
				closed++;
				close();
			},
		};
	};
	return new Supervisor(
		"keyword",
		build,
		(event) => events.push(event),
		(fault) => faults.push(fault),
	);
}

const codes = () => faults.map((fault) => fault.code);

describe("supervisor", () => {
	test("polls at the pipeline's period and passes its events on", () => {
		supervise((emit) => emit({ t: 0, type: "error", code: "x", message: "" }));
		advance(350);
		expect(events).toHaveLength(3);
	});

	test("builds a pipeline that fails anew, once", () => {
		let polls = 0;
		const supervisor = supervise(() => {
			if (++polls === 2) throw new Error("arena is torn");
		});
		advance(1000);
		expect(codes()).toEqual(["keyword-failed"]);
		expect(faults[0]!.message).toContain("arena is torn");
		expect({ built, closed, polls }).toEqual({ built: 2, closed: 1, polls: 10 });
		expect(supervisor.health()).toBeDefined();
	});

	test("stops a pipeline that fails again, says so, and leaves nothing open", () => {
		let polls = 0;
		const supervisor = supervise(() => {
			polls++;
			throw new Error("still torn");
		});
		advance(5000);
		expect(codes()).toEqual(["keyword-failed", "keyword-failed", "keyword-stopped"]);
		expect({ built, closed, polls }).toEqual({ built: 2, closed: 2, polls: 2 });
		expect(supervisor.health()).toBeUndefined();
	});

	test("a failure long after another is a first one", () => {
		let polls = 0;
		supervise(() => {
			if (++polls % 10_000 === 0) throw new Error("once in a while");
		});
		advance(3_000_000);
		expect(codes()).toEqual(["keyword-failed", "keyword-failed", "keyword-failed"]);
		expect({ built, closed }).toEqual({ built: 4, closed: 3 });
	});

	test("a pipeline that cannot be built is reported under its own code, and is not tried again", () => {
		const build = () => {
			built++;
			throw new Fault("model-missing", "keyword.tflite is not in flash");
		};
		const supervisor = new Supervisor(
			"keyword",
			build,
			() => {},
			(fault) => faults.push(fault),
		);
		advance(5000);
		expect(faults).toMatchObject([{ code: "model-missing", message: expect.stringContaining("is not in flash") }]);
		expect(built).toBe(1);
		expect(supervisor.health()).toBeUndefined();
	});

	test.each([
		["an error without a code", "window: 3 samples is too short", "vibration-unavailable"],
		["an error of native code, which begins with its code,", "arena-too-small: 12 bytes", "arena-too-small"],
	])("%s is reported under the right one", (_, message, code) => {
		const build = () => {
			throw new RangeError(message);
		};
		new Supervisor(
			"vibration",
			build,
			() => {},
			(fault) => faults.push(fault),
		);
		expect(faults).toMatchObject([{ code, message: `vibration pipeline: ${message}: it does not run` }]);
	});

	test("a pipeline that cannot even be closed is still built anew", () => {
		let polls = 0;
		supervise(
			() => {
				if (++polls === 1) throw new Error("torn");
			},
			() => {
				throw new Error("cannot close");
			},
		);
		advance(500);
		expect(codes()).toEqual(["keyword-failed", "keyword-failed"]);
		expect(built).toBe(2);
		expect(polls).toBe(5);
	});
});
