/** An error with a code in kebab case, which the error event carries on. The message says what, where and what to do. */
export class Fault extends Error {
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}

/** The code of whatever was thrown: its own, or `otherwise`. */
export function codeOf(thrown: unknown, otherwise: string): string {
	const code = thrown instanceof Error ? (thrown as Partial<Fault>).code : undefined;
	return typeof code === "string" ? code : otherwise;
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}
