/** A build step that could not be done: what, where, and what to do about it. */
export class BuildError extends Error {
	override readonly name = "BuildError";
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}
