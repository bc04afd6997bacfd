/* Recordings through a device, and what it reports. */
import type { Event } from "../../firmware/agent/telemetry/event.ts";
import { type Image, Twin } from "../../host-sim/twin.ts";
import { openAudio, openVibration } from "../../host-sim/world/files.ts";
import { resample } from "../../host-sim/world/resample.ts";
import type { Signal } from "../../host-sim/world/signal.ts";

/** Seconds that the device runs on after the recordings, as `cricket sim` does. */
const TAIL = 1;

/** Plays signals to a new device from its start on; its events. */
export async function events(
	image: Image,
	sensors: { audio?: Signal; acceleration?: Signal },
	seconds = 0,
): Promise<Event[]> {
	const list: Event[] = [];
	const twin = await Twin.create({ image, sensors, onEvent: (event) => list.push(event) });
	const lengths = Object.values(sensors).map((signal) => signal.length / signal.rate);
	twin.run(Math.max(seconds, ...lengths) + TAIL);
	return list;
}

/** The words that the device heard. */
export const words = (list: readonly Event[]): string[] =>
	list.flatMap((event) => (event.type === "keyword" ? [event.label] : []));

/** Changes of the machine's state, with their times. */
export const states = (list: readonly Event[]): { t: number; state: string }[] =>
	list.flatMap((event) => (event.type === "vibration" ? [{ t: event.t, state: event.state }] : []));

export const sound = async (image: Image, ...paths: string[]): Promise<Signal> =>
	(await openAudio(paths, image.board.sensors.audio!.rate)).signal;

export const vibration = async (image: Image, ...paths: string[]): Promise<Signal> =>
	(
		await openVibration(
			paths.map((path) => ({ path })),
			image.board.sensors.acceleration!,
		)
	).signal;

/** A signal of computed samples; `value` gives steps of the 16-bit converter. */
export function computed(rate: number, seconds: number, value: (sample: number) => number): Signal {
	const length = Math.round(rate * seconds);
	return resample(
		{
			rate,
			length,
			read(start, to) {
				for (let i = 0; i < to.length; i++) {
					const at = start + i;
					to[i] = at >= 0 && at < length ? value(at) : 0;
				}
			},
		},
		rate,
	);
}

/** All samples of a signal. */
export function samplesOf(signal: Signal): Int16Array {
	const samples = new Int16Array(signal.length);
	signal.read(0, samples);
	return samples;
}
