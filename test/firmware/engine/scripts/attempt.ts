/** Says what came of it: `name: ` and the result as JSON, or the error. */
export function attempt(name: string, work: () => unknown): void {
	let result: string;
	try {
		result = JSON.stringify(work()) ?? "undefined";
	} catch (error) {
		result = `${error}`;
	}
	trace(`${name}: ${result}`);
}
