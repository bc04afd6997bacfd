/** An error with a code in kebab case, which the error event carries on. The message says what, where and what to do. */
export class Fault extends Error {
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}

/** The code of whatever was thrown: its own, or the one before a colon with which native code begins, or `otherwise`. */
export function codeOf(thrown: unknown, otherwise: string): string {
	if (!(thrown instanceof Error)) return otherwise;
	const { code } = thrown as Partial<Fault>;
	if (typeof code === "string") return code;
	const start = thrown.message.slice(0, Math.max(thrown.message.indexOf(": "), 0));
	return isCode(start) ? start : otherwise;
}

/** At least two words in kebab case. */
function isCode(text: string): boolean {
	for (const character of text) if ((character < "a" || character > "z") && character !== "-") return false;
	return text.indexOf("-") > 0;
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}
