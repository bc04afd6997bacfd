/* Keeps one pipeline running: builds it, polls it at its period, and when it throws says so, closes it and builds it anew,
   once. A pipeline that fails again soon after stays closed, and says that too. The other pipeline does not notice. */
import Time from "time";
import Timer, { type TimerHandle } from "timer";
import { codeOf, Fault, messageOf } from "../fault.ts";
import type { Emit, PipelineHealth } from "../telemetry/event.ts";
import type { Pipeline } from "./stage.ts";

/** A failure this many milliseconds after the one before it is a new one, and the pipeline is built anew again. */
const SOON = 600_000;

export class Supervisor {
	readonly #name: string;
	readonly #build: () => Pipeline;
	readonly #emit: Emit;
	readonly #report: (fault: Fault) => void;
	#pipeline: Pipeline | undefined;
	#timer: TimerHandle | undefined;
	#failedAt = Number.NEGATIVE_INFINITY;

	/**
	 * Starts the pipeline.
	 * @param name of the pipeline, in the codes of its faults: `<name>-unavailable`, `<name>-failed`, `<name>-stopped`
	 * @param build makes the pipeline, or throws and leaves nothing open
	 */
	constructor(name: string, build: () => Pipeline, emit: Emit, report: (fault: Fault) => void) {
		this.#name = name;
		this.#build = build;
		this.#emit = emit;
		this.#report = report;
		this.#start();
	}

	/** What the pipeline has done; undefined while it does not run. */
	health(): PipelineHealth | undefined {
		return this.#pipeline?.health();
	}

	#start(): void {
		try {
			const pipeline = this.#build();
			this.#pipeline = pipeline;
			this.#timer = Timer.repeat(() => this.#poll(pipeline), pipeline.period);
		} catch (thrown) {
			this.#say("unavailable", thrown, "it does not run");
			this.#stop();
		}
	}

	#poll(pipeline: Pipeline): void {
		try {
			pipeline.poll(this.#emit);
		} catch (thrown) {
			this.#say("failed", thrown, "it is closed");
			this.#stop();
			const since = Time.ticks - this.#failedAt;
			this.#failedAt = Time.ticks;
			if (since > SOON) this.#start();
			else this.#say("stopped", undefined, "restart the device, or install another model");
		}
	}

	#stop(): void {
		if (this.#timer !== undefined) Timer.clear(this.#timer);
		this.#timer = undefined;
		const pipeline = this.#pipeline;
		this.#pipeline = undefined;
		try {
			pipeline?.close();
		} catch (thrown) {
			this.#say("failed", thrown, "closing it");
		}
	}

	#say(what: string, thrown: unknown, consequence: string): void {
		const reason = thrown === undefined ? "failed again soon after it was built anew" : messageOf(thrown);
		this.#report(
			new Fault(codeOf(thrown, `${this.#name}-${what}`), `${this.#name} pipeline: ${reason}: ${consequence}`),
		);
	}
}
