/** Where in a model something is wrong. */
export interface Place {
	/** Number of the operator. */
	operator?: number;
	/** Number of the tensor. */
	tensor?: number;
	/** Byte offset in the file. */
	offset?: number;
}

/** A model that cannot be used, or used so. The message says what, where and what to do. */
export class ModelError extends Error {
	override readonly name = "ModelError";
	/** In kebab case: the kernel's codes (firmware/native/tflm/tflm.h), and no-kernel, out-of-memory and closed. */
	readonly code: string;
	readonly place: Place;

	constructor(code: string, message: string, place: Place = {}) {
		super(message);
		this.code = code;
		this.place = place;
	}
}
