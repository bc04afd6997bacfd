/* From scores to a state that does not flutter: a state is raised when that many windows in a row reach its limit, and
   lowered when that many in a row stay below it. */

export type Condition = "normal" | "warning" | "alarm";

export type HysteresisOptions = {
	/** Scores; warning is below alarm. */
	warning: number;
	alarm: number;
	/** Windows in a row that raise the state, 1 or more. */
	raise: number;
	/** Windows in a row that lower it, 1 or more. */
	clear: number;
};

/** Windows in a row on one side of a limit. */
class Streak {
	above = 0;
	below = 0;

	count(isAbove: boolean): void {
		this.above = isAbove ? this.above + 1 : 0;
		this.below = isAbove ? 0 : this.below + 1;
	}
}

export class Hysteresis {
	readonly #options: HysteresisOptions;
	readonly #warning = new Streak();
	readonly #alarm = new Streak();
	#state: Condition = "normal";

	constructor(options: HysteresisOptions) {
		this.#options = options;
	}

	get state(): Condition {
		return this.#state;
	}

	/** Takes a window's score; the state after it. */
	decide(score: number): Condition {
		const { warning, alarm, raise, clear } = this.#options;
		this.#warning.count(score >= warning);
		this.#alarm.count(score >= alarm);
		if (this.#alarm.above >= raise) this.#state = "alarm";
		else if (this.#state === "normal") {
			if (this.#warning.above >= raise) this.#state = "warning";
		} else if (this.#warning.below >= clear) this.#state = "normal";
		else if (this.#state === "alarm" && this.#alarm.below >= clear) this.#state = "warning";
		return this.#state;
	}

	/** The windows to come do not follow on those before: rows start anew, the state stays. */
	interrupt(): void {
		this.#warning.above = this.#warning.below = 0;
		this.#alarm.above = this.#alarm.below = 0;
	}
}
