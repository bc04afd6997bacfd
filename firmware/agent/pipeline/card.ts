/* The model package in flash: NAME.tflite and NAME.json, its card without the parts that only a developer needs. */
import Resource from "Resource";
import { Fault, messageOf } from "../fault.ts";
import { decodeText } from "../storage/utf8.ts";

/** What the agent reads of a card; docs/architecture.md has all of it. */
export type Card<Recipe> = {
	schema: number;
	kind: string;
	labels: string[];
	/** How features are made; the native LogMel and Spectrum check it. */
	recipe: Recipe;
	/** Defaults of the decision, for the pipeline to check. */
	decision: Record<string, unknown>;
	/** Bytes of the tensor arena. */
	arena: number;
	/** The oldest agent that knows what this card asks for, "major.minor.patch". */
	agent: string;
};

export type ModelPackage<Recipe> = { card: Card<Recipe>; model: ArrayBuffer };

/** True when version `a` comes after version `b`, both "major.minor.patch". */
export function isNewer(a: string, b: string): boolean {
	const left = a.split(".");
	const right = b.split(".");
	for (let i = 0; i < 3; i++) {
		const difference = Number(left[i]) - Number(right[i]);
		if (difference !== 0) return difference > 0;
	}
	return false;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Opens the package of that kind, the model in place in flash.
 * @param kind "keyword", "vibration" or "fault", also the name of its files
 * @param agent version of this agent
 * @throws Fault `model-missing`, `card-invalid` or `model-too-new`
 */
export function openPackage<Recipe>(kind: string, agent: string): ModelPackage<Recipe> {
	const file = `${kind}.json`;
	if (!Resource.exists(file) || !Resource.exists(`${kind}.tflite`))
		throw new Fault("model-missing", `${file} or ${kind}.tflite is not in flash: build with models/${kind}`);
	const invalid = (what: string) => new Fault("card-invalid", `${file}: ${what}`);
	let card: unknown;
	try {
		card = JSON.parse(decodeText(new Uint8Array(new Resource(file))));
	} catch (thrown) {
		throw invalid(`not JSON (${messageOf(thrown)})`);
	}
	if (!isRecord(card)) throw invalid("not an object");
	if (card.schema !== 1) throw invalid(`schema is ${card.schema}, this agent reads 1`);
	if (card.kind !== kind) throw invalid(`kind is ${card.kind}, should be ${kind}`);
	if (!isRecord(card.recipe)) throw invalid("recipe is missing");
	if (!isRecord(card.decision)) throw invalid("decision is missing");
	if (!Array.isArray(card.labels)) throw invalid("labels are missing");
	if (typeof card.arena !== "number" || !(card.arena > 0)) throw invalid("arena should be bytes, above 0");
	if (typeof card.agent === "string" && isNewer(card.agent, agent))
		throw new Fault("model-too-new", `${file} asks for agent ${card.agent}, this is ${agent}: update the agent first`);
	return { card: card as Card<Recipe>, model: new Resource(`${kind}.tflite`) };
}
