/* A device on a machine: it learns the machine from a recording, and feels others with what it has learned, switched off and
   on again between them, so that each finds it as the baseline left it. */
import type { Event, VibrationEvent } from "../../firmware/agent/telemetry/event.ts";
import { type Image, Twin } from "../../host-sim/twin.ts";
import type { Signal } from "../../host-sim/world/signal.ts";
import { Failure } from "../failure.ts";

/** Seconds in which a device has learned any machine that runs. */
const LONGEST = 120;
/** Seconds over which the end of a recording goes over into its beginning when it is played again. */
const SEAM = 0.05;

/**
 * A recording played again and again, without end. Its end is faded into its beginning, both at equal power: a jump would be
 * an impact that the machine never made.
 */
export function looped(signal: Signal): Signal {
	const seam = Math.min(Math.round(SEAM * signal.rate), signal.length >> 1);
	const period = signal.length - seam;
	const whole = new Int16Array(signal.length);
	signal.read(0, whole);
	for (let i = 0; i < seam; i++) {
		const at = (Math.PI / 2) * ((i + 0.5) / seam);
		const mixed = Math.sin(at) * whole[i]! + Math.cos(at) * whole[period + i]!;
		whole[i] = Math.max(-32768, Math.min(32767, Math.round(mixed)));
	}
	return {
		rate: signal.rate,
		length: Number.MAX_SAFE_INTEGER,
		read(start, to) {
			for (let i = 0; i < to.length; i++) to[i] = whole[(start + i) % period]!;
		},
	};
}

function checked(events: readonly Event[], name: string): VibrationEvent[] {
	const error = events.find((event) => event.type === "error");
	if (error) throw new Failure("device-error", `${name}: the device reports: ${error.message} [${error.code}]`);
	return events.filter((event) => event.type === "vibration");
}

/**
 * Lets a device learn a machine.
 * @param flash with its configuration
 * @returns its flash, in which the baseline is, and the seconds that it took
 * @throws Failure device-error; not-learned
 */
export async function learn(
	image: Image,
	flash: Uint8Array,
	signal: Signal,
	name: string,
): Promise<{ flash: Uint8Array; seconds: number }> {
	const events: Event[] = [];
	const sensors = { acceleration: looped(signal) };
	const twin = await Twin.create({ image, flash, sensors, onEvent: (event) => events.push(event) });
	while (twin.now < LONGEST) {
		twin.run(twin.now + 0.25);
		const known = checked(events, name).find(({ state }) => state !== "learning");
		if (known) return { flash: twin.flash.bytes.slice(), seconds: known.t };
	}
	throw new Failure(
		"not-learned",
		`${name}: the device has not learned the machine within ${LONGEST} s of this recording; it may stand ` +
			"still, or change all the time: give another recording with --baseline",
	);
}

/**
 * Plays a recording to a device that has learned the machine; what it reports of every window.
 * @param flash that `learn` returned, with the configuration for this recording
 * @throws Failure device-error
 */
export async function feel(image: Image, flash: Uint8Array, signal: Signal, name: string): Promise<VibrationEvent[]> {
	const events: Event[] = [];
	const sensors = { acceleration: signal };
	const twin = await Twin.create({ image, flash, sensors, onEvent: (event) => events.push(event) });
	twin.run(signal.length / signal.rate + 1);
	const felt = checked(events, name);
	if (felt.some(({ state }) => state === "learning"))
		throw new Failure("device-error", `${name}: the device has lost what it had learned of the machine`);
	return felt;
}
