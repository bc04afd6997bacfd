/** The SDK's `Resource` module, for our own ports: a file in flash as a read-only buffer in place. */
export default class Resource extends Native("xs_resource_destructor") {
	constructor(path: string) {
		super();
		native("xs_resource_constructor").call(this, path);
	}
	get byteLength(): number {
		return native("xs_resource_length").call(this);
	}
	static exists(path: string): boolean {
		return native("xs_resource_exists").call(this, path);
	}
}
