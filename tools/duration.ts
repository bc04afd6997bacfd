/* Times and speeds as people type them. */
import { InvalidArgumentError } from "commander";

const seconds: Record<string, number> = { ms: 1e-3, s: 1, m: 60, h: 3600 };
/** A month: nobody means more. */
const LONGEST = 31 * 24 * 3600;

/** Seconds in `30s`, `500ms`, `2m`, `1.5h` or a bare number of seconds. */
export function parseDuration(text: string): number {
	const [, number, unit = "s"] = /^(\d+\.?\d*|\.\d+) ?(ms|s|m|h)?$/.exec(text.trim()) ?? [];
	const duration = Number(number) * seconds[unit]!;
	if (!(duration > 0)) throw new InvalidArgumentError("Give a time above 0 such as 30s, 500ms or 2m.");
	if (duration > LONGEST) throw new InvalidArgumentError("At most 31 days (744h) can be simulated.");
	return duration;
}

/** Device seconds per second: Infinity for `max`. */
export function parseSpeed(text: string): number {
	const speed =
		text === "max" ? Number.POSITIVE_INFINITY : /^\d+\.?\d*$|^\.\d+$/.test(text) ? Number(text) : Number.NaN;
	if (!(speed >= 0.01)) throw new InvalidArgumentError('Give "max", or how many times real time (1 is real time).');
	return speed;
}

/** A sample rate in Hz. */
export function parseRate(text: string): number {
	const rate = /^\d+\.?\d*(e\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
	if (!(rate >= 10 && rate <= 1e6)) throw new InvalidArgumentError("Give 10 to 1000000 Hz, such as 12000.");
	return rate;
}
