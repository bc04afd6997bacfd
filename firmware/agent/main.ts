/* The agent of one device, from top to bottom: configuration -> outbox and link -> pipelines -> health.
   It runs once at the start; from then on only timers call. Whatever goes wrong becomes an error event. */
import flash, { type FlashPartition } from "embedded:storage/flash";
import Time from "time";
import {
	LogMel,
	type LogMelRecipe,
	type OrdersRecipe,
	Spectrum,
	type SpectrumRecipe,
	type Turning,
} from "../native/dsp/dsp.ts";
import { Link } from "../native/link/link.ts";
import { Interpreter } from "../native/tflm/tflm.ts";
import { vitals } from "../native/vitals/vitals.ts";
import { keywordDecision, readConfiguration, vibrationDecision } from "./configuration.ts";
import { codeOf, Fault, messageOf } from "./fault.ts";
import { Health } from "./health.ts";
import { type ModelPackage, openPackage } from "./pipeline/card.ts";
import { FaultClassifier } from "./pipeline/classifier.ts";
import { KeywordPipeline } from "./pipeline/keyword.ts";
import type { Pipeline } from "./pipeline/stage.ts";
import { Supervisor } from "./pipeline/supervisor.ts";
import { VibrationPipeline } from "./pipeline/vibration.ts";
import { readRecord, writeRecord } from "./storage/record.ts";
import type { Event } from "./telemetry/event.ts";
import { Outbox } from "./telemetry/outbox.ts";
import { encodeEvent } from "./telemetry/senml.ts";
import { Uplink } from "./telemetry/uplink.ts";

const VERSION = "0.1.0";

// Configuration. What is wrong with it is reported when the outbox is there.
const faults: Fault[] = [];
const configuration = readConfiguration(flash.open({ path: "config" }), (fault) => faults.push(fault));

// Events -> outbox -> link.
const outbox = new Outbox(flash.open({ path: "outbox" }));
const uplink = new Uplink(outbox, () => new Link());

function emit(event: Event): void {
	try {
		outbox.push(encodeEvent(configuration.name, event));
	} catch (thrown) {
		trace(`${event.type} event not stored: ${messageOf(thrown)}\n`);
	}
	uplink.drain();
}

function now(): number {
	return Time.ticks / 1000;
}

function report(thrown: unknown): void {
	emit({ t: now(), type: "error", code: codeOf(thrown, "agent-failed"), message: messageOf(thrown) });
}

const { board, reset, fullScale } = vitals();
emit({ t: now(), type: "boot", agent: VERSION, board, reason: reset });
for (const fault of faults) report(fault);

// Microphone -> keywords.
function listen(): Pipeline {
	const { card, model } = openPackage<LogMelRecipe>("keyword", VERSION);
	const decision = keywordDecision(card, configuration.keyword, report);
	const interpreter = new Interpreter({ model, arena: card.arena });
	const mel = makeOrClose(interpreter, () => new LogMel(card.recipe));
	const detail = configuration.keyword.report;
	return new KeywordPipeline({ labels: card.labels, recipe: card.recipe, decision, mel, interpreter, detail });
}

// Accelerometer -> state of the machine, against a baseline that the device has learned from it.
function feel(): Pipeline {
	const { card, model } = openPackage<SpectrumRecipe>("vibration", VERSION);
	const naming = openNaming();
	const partition = flash.open({ path: "baseline" });
	const baseline = readBaseline(partition);
	const interpreter = new Interpreter({ model, arena: card.arena });
	const spectrum = makeOrClose(interpreter, () => new Spectrum(card.recipe, naming?.orders));
	const classifier =
		naming && makeOrClose(spectrum, () => makeOrClose(interpreter, () => nameFaults(naming, spectrum)));
	return new VibrationPipeline({
		recipe: card.recipe,
		classifier,
		detail: configuration.vibration.report,
		decision: vibrationDecision(card, configuration.vibration, report),
		spectrum,
		interpreter,
		fullScale: configuration.vibration.fullScale ?? fullScale,
		...(baseline && { baseline }),
		onLearned: (learned) => writeRecord(partition, learned),
	});
}

type Naming = ModelPackage<OrdersRecipe> & { orders: OrdersRecipe & Turning };

/** What is needed to name faults, for a machine whose shaft and bearing are known. */
function openNaming(): Naming | undefined {
	const { shaft, bearing } = configuration.vibration;
	if (shaft === undefined || bearing === undefined) return undefined;
	const { card, model } = openPackage<OrdersRecipe>("fault", VERSION);
	return { card, model, orders: { ...card.recipe, shaft, ...bearing } };
}

function nameFaults({ card, model, orders }: Naming, spectrum: Spectrum): FaultClassifier {
	const { labels, decision, arena } = card;
	const interpreter = new Interpreter({ model, arena });
	// Orders of the shaft stay what they are when its speed is set anew.
	const recipe = { ...orders, shaft: 0 };
	return new FaultClassifier({ labels, decision, recipe, spectrum, interpreter });
}

function readBaseline(partition: FlashPartition): Uint8Array | undefined {
	try {
		return readRecord(partition);
	} catch (thrown) {
		report(new Fault("baseline-corrupt", `partition baseline: ${messageOf(thrown)}: the machine is learned anew`));
		return undefined;
	}
}

/** Makes what comes after `made`, which is closed when that fails: native memory does not wait for the collector. */
function makeOrClose<T>(made: { close(): void }, make: () => T): T {
	try {
		return make();
	} catch (thrown) {
		made.close();
		throw thrown;
	}
}

const keyword = configuration.keyword.enabled ? new Supervisor("keyword", listen, emit, report) : undefined;
const vibration = configuration.vibration.enabled ? new Supervisor("vibration", feel, emit, report) : undefined;

// Health.
const health = new Health({ keyword, vibration, outbox, uplink });
health.every(configuration.health.period, () => emit(health.event(now())));
