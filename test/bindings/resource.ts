/* The module `Resource` in Node: the files that a test puts into the device's flash. */
export const resources = new Map<string, Uint8Array>();

export default class Resource extends ArrayBuffer {
	constructor(path: string) {
		const bytes = resources.get(path);
		if (!bytes) throw new Error(`Resource: there is no ${path}`);
		super(bytes.length);
		new Uint8Array(this).set(bytes);
	}

	static exists(path: string): boolean {
		return resources.has(path);
	}
}
