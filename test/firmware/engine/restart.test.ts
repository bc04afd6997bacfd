/* What ends an agent, and that the device starts again and knows why. */
import { beforeAll, describe, expect, it } from "vitest";
import { type Image, TwinError } from "../../../host-sim/twin.ts";
import { lifeOf, scriptImage } from "./device.ts";

let image: Image;
beforeAll(async () => {
	image = await scriptImage("life");
}, 300_000);

describe("a device restarts, with the reason in its log and for the next start", () => {
	it.each([
		["throw", "exception", "restart: RangeError: the agent's own mistake"],
		["throw nonsense", "exception", "restart: unhandled exception"],
		["reject", "exception", "restart: Error: nobody listens"],
		["loop", "stuck", "restart: script does not stop"],
		["loop in promises", "stuck", "restart: script does not stop"],
		["loop in timers", "stuck", "restart: script does not stop"],
		["loop in try", "stuck", "restart: script does not stop"],
		["recurse", "stack", "restart: stack overflow"],
		["recurse in native", "stack", "restart: stack overflow"],
		["recurse in sort", "stack", "restart: stack overflow"],
		["objects", "memory", "restart: script memory is full"],
		["strings", "memory", "restart: script memory is full"],
		["buffers", "memory", "restart: script memory is full"],
		["timers", "memory", "restart: script memory is full"],
	])("%s -> %s", async (name, reason, line) => {
		const { twin, lines } = await lifeOf(image, name, 2);
		expect(lines).toEqual([line, `start ${name}: ${reason}`, "alive at 500"]);
		expect(twin.restarts).toBe(1);
	});
});

it("garbage is no reason: memory that script lets go of is used again", async () => {
	const { twin, lines } = await lifeOf(image, "garbage", 1);
	expect(lines).toEqual(["garbage: true"]);
	expect(twin.memory.heap.peak).toBeLessThanOrEqual(image.board.memory.heap);
});

it("an agent that cannot start is given up after some attempts", async () => {
	const dead = lifeOf(image, "throw in main", 1);
	await expect(dead).rejects.toThrow(TwinError);
	await expect(dead).rejects.toMatchObject({
		code: "restart-loop",
		message: expect.stringContaining("TypeError: at the very start"),
	});
});
