/* The whole agent in Node over the real C and the real models, on recordings of real words and a real machine. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { openAudio, openVibration } from "../../host-sim/world/files.ts";
import type { Signal } from "../../host-sim/world/signal.ts";
import board from "../../manifests/wasm/board.json" with { type: "json" };
import { buildSignal, signalNatives } from "../bindings/signal.ts";
import { Device } from "./device.ts";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const shared = path("../shared");
const missing = !existsSync(shared);
if (missing) {
	const message = `no ${shared}: the agent is not tried on real recordings`;
	if (process.env.CI) throw new Error(message);
	console.warn(`skipped: ${message}`);
}

const models = ["keyword", "vibration"].map((kind) => ({
	kind,
	card: JSON.parse(readFileSync(path(`models/${kind}/model.json`), "utf8")) as object,
	bytes: new Uint8Array(readFileSync(path(`models/${kind}/model.tflite`))),
}));

beforeAll(buildSignal);

/** What a device says that hears and feels these signals, for that many seconds. */
async function play(seconds: number, sensors: { audio?: Signal; acceleration?: Signal }): Promise<Device> {
	const device = new Device();
	for (const { kind, card, bytes } of models) device.install(kind, card, bytes);
	device.natives = await signalNatives(
		models.map(({ bytes }) => bytes),
		sensors,
	);
	await device.start();
	device.run(seconds);
	expect(device.of("error")).toEqual([]);
	return device;
}

async function felt(...names: string[]): Promise<Signal> {
	const files = names.map((name) => ({ path: `${shared}/data/vibration/${name}.wav` }));
	return (await openVibration(files, board.sensors.acceleration)).signal;
}

describe.skipIf(missing)("agent on recordings", () => {
	test.each([
		["yes", ["yes"]],
		["no", ["no"]],
		["noise", []],
		["silence", []],
	])("%s gives %j", async (name, labels) => {
		const { signal } = await openAudio([`${shared}/conformance/audio/${name}_1000ms.wav`], board.sensors.audio.rate);
		const device = await play(4, { audio: signal });
		expect(device.of("keyword").map((event) => event.label)).toEqual(labels);
	});

	const normal = new Array<string>(4).fill("load0_normal_a");

	test("a healthy machine is learned and found normal", async () => {
		const acceleration = await felt(...normal);
		const device = await play(acceleration.length / acceleration.rate, { acceleration });
		expect(device.of("vibration").map((event) => event.state)).toEqual(["learning", "normal"]);
		expect(device.of("health")[0]).toMatchObject({ keyword: { lost: 0 }, vibration: { lost: 0 } });
	});

	test("a fault gives an alarm within 2 s of its beginning, and none before", async () => {
		const { length: begin, rate } = await felt(...normal);
		const acceleration = await felt(...normal, "load0_inner_07mil");
		const device = await play(begin / rate + 2, { acceleration });
		const states = device.of("vibration").filter(({ state }) => state === "warning" || state === "alarm");
		expect(states.at(-1)?.state).toBe("alarm");
		expect(states[0]!.t).toBeGreaterThan(begin / rate);
	});
});
