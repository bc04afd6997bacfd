/** What the device knows of itself. Memory in bytes; times are the port's cycles since start and wrap at 2^32. */
export interface Vitals {
	/** script heap: held now and at most so far */
	heap: number;
	heapPeak: number;
	/** pool of native objects and of the engine's own C heap */
	pool: number;
	poolPeak: number;
	stackPeak: number;
	features: number;
	inference: number;
	script: number;
	/** of the accelerometer, in g: what the largest sample stands for */
	fullScale: number;
	board: string;
	/** why the device started: "power", "request", "memory", "stack", "exception", "stuck" or "fault" */
	reset: string;
}

function number(this: unknown, index: number): number {
	return native("xs_vitals_number").call(this, index);
}
function text(this: unknown, index: number): string {
	return native("xs_vitals_text").call(this, index);
}

/** The order of xs_vitals_number in vitals.c. */
const numbers = [
	"heap",
	"heapPeak",
	"pool",
	"poolPeak",
	"stackPeak",
	"features",
	"inference",
	"script",
	"fullScale",
] as const;

export function vitals(): Vitals {
	const result = { board: text(0), reset: text(1) } as Vitals;
	numbers.forEach((name, index) => {
		result[name] = number(index);
	});
	return result;
}
