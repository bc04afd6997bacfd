/* What is timed: a model that is loaded into one of the runtimes, ours or another, in the same words for all of them. */

/** A model, ready to run. */
export interface Runner {
	/** The memory of its inputs. Views are good until the next run: that may use the memory again, or let it grow. */
	inputs(): Uint8Array[];
	/** One inference. */
	invoke(): void;
	/** Frees what the runs since the last call left behind. Outputs are gone afterwards. */
	settle(): void;
	/** Copies of what the last run gave. */
	outputs(): Uint8Array[];
}

export interface Runtime {
	readonly name: string;
	readonly version: string;
	/**
	 * Loads a model, and runs it once on zeros. It gets an instance of its own: one that a bad model has spoilt is not
	 * used again. @throws Refusal
	 */
	load(model: Uint8Array): Promise<Runner>;
}

/** A runtime that cannot run a model. The message is the runtime's own reason. */
export class Refusal extends Error {
	override readonly name = "Refusal";
}
