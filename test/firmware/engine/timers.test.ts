/* When script's timers and promise jobs run. Each test is a device of its own, with the script that its flash names. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Image } from "../../../host-sim/twin.ts";
import { lifeOf, scriptImage } from "./device.ts";

let image: Image;
beforeAll(async () => {
	image = await scriptImage("life");
}, 300_000);

const linesOf = async (name: string, seconds = 2) => (await lifeOf(image, name, seconds)).lines;

describe("timers", () => {
	it("run by time, and at equal times in the order they were set", async () => {
		expect(await linesOf("order")).toEqual([
			...["main at 0", "0 at 0", "no time at 0"],
			...["100 first at 100", "100 second at 100", "200 at 200", "300 at 300"],
		]);
	});

	it("set in a timer's callback run after those that were due already", async () => {
		expect(await linesOf("nested")).toEqual(["outer at 100", "equal at 100", "inner at 100"]);
	});

	it("repeat until they are cleared, in their own callback too", async () => {
		expect(await linesOf("repeat")).toEqual(["repeat at 50", "repeat at 250", "repeat at 450"]);
	});

	it("do not run once they are cleared; clearing again is harmless", async () => {
		expect(await linesOf("clear")).toEqual(["sibling at 200", "last at 300"]);
	});

	it("keep to their rhythm", async () => {
		const lines = await linesOf("every", 60);
		const ticks = Array.from({ length: 600 }, (_, i) => `tick at ${100 * (i + 1)}`);
		ticks.splice(10, 0, "once at 1050");
		expect(lines).toEqual(ticks);
	});

	it("that repeat run once after a stall, then at their times again", async () => {
		const { twin, lines } = await lifeOf(image, "every", 0.25);
		expect(lines.splice(0)).toEqual(["tick at 100", "tick at 200"]);
		twin.stall(10);
		twin.run(10.55);
		expect(lines).toEqual(["tick at 10250", "once at 10250", "tick at 10300", "tick at 10400", "tick at 10500"]);
	});

	it("refuse times that are none, and what is no function", async () => {
		expect(await linesOf("refuse")).toEqual([
			expect.stringMatching(/^negative: RangeError: timer: -1 ms/),
			expect.stringMatching(/^not a number: RangeError: timer: /),
			expect.stringMatching(/^endless: RangeError: timer: /),
			expect.stringMatching(/^negative repeat: RangeError: timer: repeat of -1 ms/),
			expect.stringMatching(/^no function: TypeError: timer: /),
			"clear nothing: taken",
		]);
	});

	it("all run when there are many, and give their memory back", async () => {
		const before = (await lifeOf(image, "sleep", 0)).twin.memory.pool.peak;
		const { twin, lines } = await lifeOf(image, "many", 2);
		expect(lines).toEqual(["many: 100"]);
		expect(twin.memory.pool.peak - before).toBeGreaterThan(100 * 48);
		expect(twin.memory.pool.peak - before).toBeLessThan(16_384);
	});
});

describe("promise jobs", () => {
	it("run before the next timer, at the same time", async () => {
		expect(await linesOf("promises")).toEqual([
			...["before at 0", "main at 0", "after at 0"],
			...["first at 100", "its promise at 100", "and the next at 100", "second at 100"],
		]);
	});

	it("hear of rejections that are caught later in the same job", async () => {
		expect(await linesOf("catch rejection")).toEqual(["caught: heard"]);
	});
});
