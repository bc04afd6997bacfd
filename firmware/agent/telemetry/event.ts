/* What the agent tells the world. Times are seconds of device time: since its last start, rounded to milliseconds.
   An event is flat but for groups of figures, so that each leaf becomes one SenML record. */

/** A word was heard. `t` is the end of the window that decided; `score` is the smoothed posterior, 0 to 1. */
export type KeywordEvent = { t: number; type: "keyword"; label: string; score: number };

/** What the model made of one window, when the configuration asks for it. `t` is the window's end; `posteriors` has two
    hexadecimal digits for each label of the card, in its order: steps of 1/256. */
export type PosteriorsEvent = { t: number; type: "posteriors"; posteriors: string };

export type VibrationState = "learning" | "normal" | "warning" | "alarm";

/** What a machine can have, as the vibration model's labels say it. */
export type FaultName = "normal" | "inner" | "outer" | "ball" | "imbalance" | "misalignment" | "looseness";

/** The machine's state or the name of its fault changed, or, with `report: "windows"`, a window was judged. `score`: about 1 is
    healthy; `fault` and `confidence` (0 to 1) where state is warning or alarm and shaft and bearing are known; `rms` in g,
    `kurtosis` and `crest` are plain ratios. */
export type VibrationEvent = {
	t: number;
	type: "vibration";
	state: VibrationState;
	score: number;
	fault?: FaultName;
	confidence?: number;
	/** With `report: "windows"`, once for each window of the classifier: what it made of that window alone. */
	faults?: Partial<Record<FaultName, number>>;
	features: { rms: number; kurtosis: number; crest: number };
};

/** The first event after a start. `agent` is its version, `reason` why the device started. */
export type BootEvent = { t: number; type: "boot"; agent: string; board: string; reason: string };

/** What a pipeline has done: windows decided, samples that came too fast and were dropped, and how often that happened. */
export type PipelineHealth = { windows: number; lost: number; overruns: number };

/** How the device is. Memory in bytes; timing in cycles of the board's counter
    since the last health event; the outbox in events. */
export type HealthEvent = {
	t: number;
	type: "health";
	uptime: number;
	memory: { heap: number; heapPeak: number; pool: number; poolPeak: number; stackPeak: number };
	timing: { features: number; inference: number; script: number };
	keyword?: PipelineHealth;
	vibration?: PipelineHealth;
	outbox: { size: number; dropped: number };
	link: { up: boolean; losses: number };
};

/** Something is wrong. `code` is in kebab case; `message` says what, where and what to do. */
export type ErrorEvent = { t: number; type: "error"; code: string; message: string };

export type Event = KeywordEvent | PosteriorsEvent | VibrationEvent | BootEvent | HealthEvent | ErrorEvent;

/** Takes an event and returns at once; never throws. */
export type Emit = (event: Event) => void;
