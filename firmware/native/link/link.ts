/** The network link: an ordered stream of bytes to the host. There is one at a time. */
export class Link extends Native("xs_link_destructor") {
	/** Opens it; throws while there is no network. */
	constructor() {
		super();
		native("xs_link_constructor").call(this);
	}
	/** How many of the bytes the link took, from the first on: 0 when it takes none now. Throws when the link is gone. */
	write(bytes: Uint8Array): number {
		return native("xs_link_write").call(this, bytes);
	}
	/** How many bytes came into the buffer: 0 when there are none now. Throws when the link is gone. */
	read(into: Uint8Array): number {
		return native("xs_link_read").call(this, into);
	}
	close(): void {
		native("xs_link_close").call(this);
	}
}
