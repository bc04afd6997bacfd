/** The SDK's `embedded:storage/flash` module, for our own ports. */
class Partition extends Native("xs_flash_destructor") {
	constructor(path: string) {
		super();
		native("xs_flash_constructor").call(this, path);
	}
	status(): { size: number; blockLength: number } {
		return { size: native("xs_flash_size").call(this), blockLength: native("xs_flash_block").call(this) };
	}
	read(buffer: Uint8Array, offset: number): void {
		native("xs_flash_read").call(this, buffer, offset);
	}
	write(buffer: Uint8Array, offset: number): void {
		native("xs_flash_write").call(this, buffer, offset);
	}
	eraseBlock(block: number): void {
		native("xs_flash_erase").call(this, block);
	}
	close(): void {
		native("xs_flash_close").call(this);
	}
}

export default {
	open: ({ path }: { path: string }): Partition => new Partition(path),
};
