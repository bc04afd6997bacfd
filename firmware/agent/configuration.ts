/* What a device is told about itself: JSON in the flash partition "config". Every key may be left out. A key that is
   unknown or whose value will not do is reported and has no effect; the others hold.

       {"name": "press-7", "keyword": {"threshold": 0.85, "thresholds": {"stop": 0.7}}, "health": {"period": 300},
        "vibration": {"shaft": 29.95, "bearing": {"bpfo": 3.585, "bpfi": 5.415, "bsf": 2.357, "ftf": 0.398}}}

   Settings of a decision come from three places, each before the next: this agent's defaults, the model's card, the device.
   No device module is imported here: the simulator makes the partition with `encodeConfiguration`. */
import type { FlashPartition } from "embedded:storage/flash";
import { Fault, messageOf } from "./fault.ts";
import type { KeywordDecision } from "./pipeline/keyword.ts";
import type { Detail } from "./pipeline/stage.ts";
import { encodeRecord, readRecord } from "./storage/record.ts";
import { decodeText, encodeText, textBytes } from "./storage/utf8.ts";

/** What a value must be, as a test and in words. */
type Rule<T> = { allows(value: unknown): value is T; allowed: string };
type Rules<T> = { readonly [Key in keyof T]-?: Rule<T[Key]> };

export type KeywordSettings = Partial<Omit<KeywordDecision, "stride">> & { enabled: boolean; report?: Detail };
/** Events per turn of the shaft: a ball over the outer ring's fault, over the inner ring's, a spin of a ball, a turn of the cage. */
export type Bearing = { bpfo: number; bpfi: number; bsf: number; ftf: number };
export type VibrationSettings = {
	enabled: boolean;
	warning?: number;
	alarm?: number;
	fullScale?: number;
	/** Turns of the shaft per second, nominal. Faults are named only where shaft and bearing are known. */
	shaft?: number;
	bearing?: Bearing;
	/** "windows": an event for every window, for those who measure the device. */
	report?: Detail;
};
export type Configuration = {
	/** The device's name in its SenML base name. */
	name: string;
	keyword: KeywordSettings;
	vibration: VibrationSettings;
	/** Seconds between health events. */
	health: { period: number };
};

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function number(least: number, most: number, unit: string): Rule<number> {
	return {
		allows: (value): value is number => typeof value === "number" && value >= least && value <= most,
		allowed: `a number from ${least} to ${most}${unit}`,
	};
}

function whole(least: number, most: number, unit: string): Rule<number> {
	return {
		allows: (value): value is number =>
			typeof value === "number" && value >= least && value <= most && Math.floor(value) === value,
		allowed: `a whole number from ${least} to ${most}${unit}`,
	};
}

const posterior = number(0.01, 1, "");
const score = number(1, 100, ", where about 1 is healthy");
const flag: Rule<boolean> = {
	allows: (value): value is boolean => typeof value === "boolean",
	allowed: "true or false",
};

const detail: Rule<Detail> = {
	allows: (value): value is Detail => value === "windows",
	allowed: '"windows", or left out',
};

/** Orders of the shaft, and how they lie in every bearing whose inner ring turns: the inner ring's is above the outer ring's. */
const orders: { readonly [Key in keyof Bearing]: Rule<number> } = {
	bpfo: number(1, 30, ""),
	bpfi: number(1, 30, ""),
	bsf: number(0.5, 15, ""),
	ftf: number(0.1, 0.9, ""),
};
const bearing: Rule<Bearing> = {
	allows: (value): value is Bearing =>
		isRecord(value) &&
		Object.keys(value).every((key) => Object.hasOwn(orders, key)) &&
		Object.keys(orders).every((key) => orders[key as keyof Bearing].allows(value[key])) &&
		Number(value.bpfi) > Number(value.bpfo),
	allowed: "orders of the shaft: bpfo and bpfi (1 to 30, bpfi the larger), bsf (0.5 to 15), ftf (0.1 to 0.9)",
};

/** Characters of SenML names (RFC 8428 section 4.5.1) but for "/", which parts the base name. */
const NAME_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-:._";
const deviceName: Rule<string> = {
	allows: (value): value is string => {
		if (typeof value !== "string" || value.length < 1 || value.length > 32) return false;
		for (const character of value) if (!NAME_ALPHABET.includes(character)) return false;
		return NAME_ALPHABET.indexOf(value[0]!) < 62;
	},
	allowed: "1 to 32 letters, digits, - : . or _, a letter or digit first",
};

const posteriorOfLabels: Rule<Record<string, number>> = {
	allows: (value): value is Record<string, number> =>
		isRecord(value) && Object.keys(value).every((label) => posterior.allows(value[label])),
	allowed: `labels, each with ${posterior.allowed}`,
};

const keywordRules = {
	threshold: posterior,
	thresholds: posteriorOfLabels,
	smoothing: whole(1, 32, " runs of the model"),
	refractory: number(0, 60, " s"),
	pause: whole(0, 100, " runs of the model"),
	quiet: posterior,
};
const keywordDecisionRules = { stride: whole(1, 100, " frames"), ...keywordRules };
const keywordDefaults = { stride: 10, threshold: 0.8, smoothing: 3, refractory: 1, pause: 0, quiet: 0.5 };

const sections = {
	keyword: { enabled: flag, report: detail, ...keywordRules },
	vibration: {
		enabled: flag,
		warning: score,
		alarm: score,
		fullScale: number(1, 1000, " g"),
		shaft: number(5, 100, " Hz"),
		bearing,
		report: detail,
	},
	health: { period: whole(1, 86_400, " s") },
};

export function defaults(): Configuration {
	return {
		name: "cricket",
		keyword: { enabled: true },
		vibration: { enabled: true },
		health: { period: 60 },
	};
}

/** Reports something that is wrong and goes on. */
export type Report = (fault: Fault) => void;

/** Takes over into `settings` those keys of `given` that the rules allow, and reports the others. */
function apply<T>(
	settings: Partial<T>,
	rules: Rules<T>,
	given: Record<string, unknown>,
	where: string,
	report: Report,
) {
	for (const key in given) {
		const rule = (rules as Record<string, Rule<unknown> | undefined>)[key];
		const value = given[key];
		if (!Object.hasOwn(rules, key) || !rule)
			report(
				new Fault(
					"configuration-unknown-key",
					`${where}${key} is not a key; there are ${Object.keys(rules).join(", ")}: it has no effect`,
				),
			);
		else if (!rule.allows(value))
			report(
				new Fault(
					"configuration-value",
					`${where}${key} is ${JSON.stringify(value).slice(0, 40)}, should be ${rule.allowed}: the default is used`,
				),
			);
		else settings[key as keyof T] = value as T[keyof T];
	}
}

/** The defaults, with whatever of the JSON will do. */
export function parseConfiguration(json: string, report: Report): Configuration {
	const configuration = defaults();
	let given: unknown;
	try {
		given = JSON.parse(json);
	} catch (thrown) {
		report(new Fault("configuration-not-json", `configuration: ${messageOf(thrown)}: the defaults are used`));
		return configuration;
	}
	if (!isRecord(given)) {
		report(new Fault("configuration-value", "configuration should be a JSON object: the defaults are used"));
		return configuration;
	}
	const section: Rule<Record<string, unknown>> = { allows: isRecord, allowed: "an object" };
	const outline = { name: deviceName, keyword: section, vibration: section, health: section };
	const accepted: Partial<{ name: string } & Record<keyof typeof sections, Record<string, unknown>>> = {};
	apply(accepted, outline, given, "configuration: ", report);
	if (accepted.name !== undefined) configuration.name = accepted.name;
	for (const key of ["keyword", "vibration", "health"] as const) {
		const settings: Record<string, unknown> = configuration[key];
		apply(
			settings,
			sections[key] as Rules<Record<string, unknown>>,
			accepted[key] ?? {},
			`configuration: ${key}.`,
			report,
		);
	}
	return configuration;
}

/** The configuration in a partition; what is wrong with it is reported and replaced by defaults. */
export function readConfiguration(partition: FlashPartition, report: Report): Configuration {
	try {
		const record = readRecord(partition);
		return record ? parseConfiguration(decodeText(record), report) : defaults();
	} catch (thrown) {
		report(
			new Fault(
				"configuration-corrupt",
				`partition config: ${messageOf(thrown)}: the defaults are used; write the configuration again`,
			),
		);
		return defaults();
	}
}

/**
 * The bytes of partition "config" for a configuration, to be written from its start.
 * @param json checked here only for being JSON; the device checks its keys, and reports them as error events
 */
export function encodeConfiguration(json: string): Uint8Array {
	try {
		JSON.parse(json);
	} catch (thrown) {
		throw new Fault("configuration-not-json", `configuration: ${messageOf(thrown)}: correct it`);
	}
	const text = new Uint8Array(textBytes(json));
	encodeText(json, text, 0);
	return encodeRecord(text);
}

/**
 * How the keyword pipeline decides: defaults, the card's `decision` over them, the device's settings over both.
 * The device's `threshold` stands above the card's thresholds of single labels.
 */
export function keywordDecision(
	card: { labels: readonly string[]; decision: Record<string, unknown> },
	device: KeywordSettings,
	report: Report,
): KeywordDecision {
	const decision: KeywordDecision = { ...keywordDefaults };
	apply<KeywordDecision>(decision, keywordDecisionRules, card.decision, "keyword.json: decision.", report);
	const { enabled: _, report: __, thresholds, ...settings } = device;
	if (settings.threshold !== undefined) decision.thresholds = {};
	Object.assign(decision, settings);
	decision.thresholds = { ...decision.thresholds, ...thresholds };
	for (const label in decision.thresholds)
		if (!card.labels.includes(label))
			report(
				new Fault(
					"configuration-unknown-key",
					`configuration: keyword.thresholds.${label} is no label of the model; there are ${card.labels.join(", ")}`,
				),
			);
	return decision;
}

/**
 * How the vibration pipeline decides: the card's `decision`, with the device's scores of warning and alarm in it. An alarm
 * below the warning is reported, and then the card's hold. The pipeline checks the card's.
 */
export function vibrationDecision(
	card: { decision: Readonly<Record<string, unknown>> },
	device: VibrationSettings,
	report: Report,
): Readonly<Record<string, unknown>> {
	const { warning = card.decision.warning, alarm = card.decision.alarm } = device;
	if (device.warning === undefined && device.alarm === undefined) return card.decision;
	if (Number(alarm) >= Number(warning)) return { ...card.decision, warning, alarm };
	report(
		new Fault(
			"configuration-value",
			`configuration: vibration.alarm is ${alarm}, should be at least the warning, ${warning}: the card's are used`,
		),
	);
	return card.decision;
}
