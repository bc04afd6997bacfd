/* CRC-32 (IEEE 802.3, reflected, as in zlib), a nibble at a time: sixteen entries of table instead of 256. */

const NIBBLES = [
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
	0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
];

/** The CRC of the bytes, 0 to 2^32 - 1. `crc` is that of the bytes before them. */
export function crc32(bytes: Uint8Array, crc = 0): number {
	let state = ~crc;
	for (let i = 0; i < bytes.length; i++) {
		state ^= bytes[i]!;
		state = NIBBLES[state & 15]! ^ (state >>> 4);
		state = NIBBLES[state & 15]! ^ (state >>> 4);
	}
	return ~state >>> 0;
}
