/** What an interpreter is made of. */
export interface InterpreterOptions {
	/** A .tflite file as a host buffer, which stays where it is (flash); it is used in place. */
	model: ArrayBuffer;
	/** Bytes to take for the arena: at least what the model needs, which its card says. */
	arena: number;
}

/**
 * Runs a quantized model. The constructor throws TypeError when `model` is no host buffer, RangeError when the arena is
 * too small for the model or the pool has no such block left, and Error when the model cannot be run; messages start with
 * the kernel's code (tflm.h) and name the numbers.
 */
export class Interpreter extends Native("xs_tflm_destructor") {
	constructor(options: InterpreterOptions) {
		super();
		native("xs_tflm_constructor").call(this, options);
	}
	/** The values of an input, in place; detached by `close`. Write them before each `invoke`, which uses the memory again. */
	input(index: number): ArrayBuffer {
		return native("xs_tflm_input").call(this, index);
	}
	/** The values of an output, in place; detached by `close`. */
	output(index: number): ArrayBuffer {
		return native("xs_tflm_output").call(this, index);
	}
	invoke(): void {
		native("xs_tflm_invoke").call(this);
	}
	/** Forgets everything: as just made. */
	reset(): void {
		native("xs_tflm_reset").call(this);
	}
	/** Bytes of the arena that the model needs. */
	needed(): number {
		return native("xs_tflm_needed").call(this);
	}
	/** Gives the arena back. Closing twice is harmless; any other use throws. */
	close(): void {
		native("xs_tflm_close").call(this);
	}
}
