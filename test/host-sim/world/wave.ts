/* Makes WAV files for tests, right ones and wrong ones. */

export interface WaveFields {
	tag?: number;
	channels?: number;
	rate?: number;
	bits?: number;
	/** bytes of the data chunk, in the form that `tag` and `bits` say */
	data: Uint8Array;
	/** what the data chunk claims */
	dataSize?: number;
	riffSize?: number;
	/** whole chunks between format and data */
	before?: Uint8Array;
	after?: Uint8Array;
	extensible?: boolean;
	frame?: number;
}

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const le16 = (value: number) => [value & 255, (value >> 8) & 255];
const le32 = (value: number) => [...le16(value & 0xffff), ...le16((value >>> 16) & 0xffff)];
const guidTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/** A chunk; `padded` false leaves out the byte that makes an odd one even. */
export function chunk(
	id: string,
	body: Iterable<number>,
	{ size, padded = true }: { size?: number; padded?: boolean } = {},
) {
	const bytes = [...body];
	const padding = padded && bytes.length % 2 === 1 ? [0] : [];
	return Uint8Array.from([...ascii(id), ...le32(size ?? bytes.length), ...bytes, ...padding]);
}

export function wave(fields: WaveFields): Uint8Array {
	const { tag = 1, channels = 1, rate = 16000, bits = 16, data, extensible = false } = fields;
	const frame = fields.frame ?? (channels * bits) / 8;
	const format = [
		...le16(extensible ? 0xfffe : tag),
		...le16(channels),
		...le32(rate),
		...le32(rate * frame),
		...le16(frame),
		...le16(bits),
	];
	if (extensible) format.push(...le16(22), ...le16(bits), ...le32(0), ...le16(tag), ...guidTail);
	const body = Buffer.concat([
		Buffer.from(ascii("WAVE")),
		chunk("fmt ", format),
		fields.before ?? new Uint8Array(),
		chunk("data", data, fields.dataSize === undefined ? {} : { size: fields.dataSize }),
		fields.after ?? new Uint8Array(),
	]);
	return Buffer.concat([Buffer.from([...ascii("RIFF"), ...le32(fields.riffSize ?? body.length)]), body]);
}

/** 16-bit samples as bytes. */
export function pcm16(samples: ArrayLike<number>): Uint8Array {
	return new Uint8Array(Int16Array.from(samples).buffer);
}
