/* The rate of a table from its column of times. */
import { InputError } from "./error.ts";
import type { Layout } from "./layout.ts";
import { number, quote } from "./table.ts";
import { rates } from "./wav.ts";

/**
 * Follows the column of times: it must go up evenly, or samples are missing. The rate is the slope of the line of least
 * squares through the times, which averages out that they are printed to so many digits.
 */
export class Clock {
	readonly #where: string;
	readonly #layout: Layout;
	#first = 0;
	#last = 0;
	#count = 0;
	/** Sums over i of t and of i * t, with t from the first time. */
	#sum = 0;
	#moment = 0;
	#widest = 0;
	#widestLine = 0;
	/** Decimal places: the most of a plain number, the fewest of one with an exponent. */
	#plainPlaces = -1;
	#exponentPlaces = 99;

	constructor(where: string, layout: Layout) {
		this.#where = where;
		this.#layout = layout;
	}

	tick(fields: string[], line: number): void {
		const field = fields[this.#layout.time!];
		const time = number(field, this.#layout.separator);
		if (!Number.isFinite(time))
			throw new InputError(
				"csv-bad-time",
				`${this.#where}:${line}: ${quote(field)} is not a time in seconds; correct it, or give --rate`,
			);
		if (this.#count === 0) this.#first = time;
		else {
			const step = time - this.#last;
			if (step < 0)
				throw new InputError(
					"csv-bad-time",
					`${this.#where}:${line}: the time steps back, from ${this.#last} to ${time}; correct it, or give --rate`,
				);
			if (step > this.#widest) {
				this.#widest = step;
				this.#widestLine = line;
			}
		}
		const { places, exponent } = precision(field!);
		if (exponent && time !== 0) this.#exponentPlaces = Math.min(this.#exponentPlaces, places);
		else if (time !== 0) this.#plainPlaces = Math.max(this.#plainPlaces, places);
		this.#sum += time - this.#first;
		this.#moment += (time - this.#first) * this.#count;
		this.#last = time;
		this.#count++;
	}

	rate(): number {
		const n = this.#count;
		const span = this.#last - this.#first;
		if (!(n >= 2 && span > 0 && Number.isFinite(this.#moment)))
			throw new InputError("csv-no-rate", `${this.#where}: the times do not tell the rate; give it with --rate HZ`);
		const resolution = 10 ** -(this.#plainPlaces >= 0 ? this.#plainPlaces : this.#exponentPlaces);
		const mean = span / (n - 1);
		if (this.#widest > 1.5 * mean + resolution)
			throw new InputError(
				"csv-bad-time",
				`${this.#where}:${this.#widestLine}: a step of ${short(this.#widest)} where ${short(mean)} is usual: ` +
					"samples are missing; cut the file there, or give --rate to play it as it is",
			);
		const slope = (this.#moment - (this.#sum * (n - 1)) / 2) / ((n * (n * n - 1)) / 12);
		// Three standard deviations of the slope when each time is off by up to half its last digit.
		const uncertainty = Math.max(1e-7, (3 * resolution) / (Math.sqrt(n) * span));
		const rate = roundest(1 / (slope * this.#layout.secondsPerUnit), uncertainty);
		if (!(rate >= rates.lowest && rate <= rates.highest))
			throw new InputError(
				"csv-bad-rate",
				`${this.#where}: the times say ${short(rate)} Hz, ${rates.lowest} to ${rates.highest} Hz can be used; ` +
					"name the unit in the header, as in time_ms, or give --rate",
			);
		return rate;
	}
}

/** The roundest rate that differs from the measured one by no more than the part `uncertainty` of it. */
function roundest(measured: number, uncertainty: number): number {
	for (const unit of [1000, 100, 50, 25, 10, 5, 1]) {
		const round = Math.round(measured / unit) * unit;
		if (Math.abs(round - measured) <= Math.min(uncertainty, 0.01) * measured) return round;
	}
	return measured;
}

/** Decimal places of a number as it is written. */
function precision(field: string): { places: number; exponent: boolean } {
	const [, fraction = "", exponent] = /^[^.,e]*(?:[.,](\d*))?(?:e([-+]?\d+))?/i.exec(field.trim()) ?? [];
	return { places: fraction.length - Number(exponent ?? 0), exponent: exponent !== undefined };
}

const short = (value: number) => Number(value.toPrecision(4));
