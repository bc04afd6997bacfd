/** Something that was given to the simulator and cannot be used: the message says what, where, and what to do. */
export class InputError extends Error {
	override readonly name = "InputError";
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}
