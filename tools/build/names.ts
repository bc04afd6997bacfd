/**
 * The names of a wasm module's functions, by index, from its "name" section.
 * @see https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 */
export function functionNames(wasm: Uint8Array): Map<number, string> {
	const names = new Map<number, string>();
	const decoder = new TextDecoder();
	let at = 8;
	const number = () => {
		let value = 0;
		for (let shift = 0; ; shift += 7) {
			const byte = wasm[at++]!;
			value += (byte & 0x7f) * 2 ** shift;
			if (byte < 0x80) return value;
		}
	};
	const text = () => {
		const length = number();
		at += length;
		return decoder.decode(wasm.subarray(at - length, at));
	};
	while (at < wasm.length) {
		const id = wasm[at++]!;
		const end = number() + at;
		if (id === 0 && text() === "name") {
			while (at < end) {
				const subsection = wasm[at++]!;
				const subsectionEnd = number() + at;
				if (subsection === 1) {
					for (let count = number(); count > 0; count--) {
						const index = number();
						names.set(index, text());
					}
				}
				at = subsectionEnd;
			}
		}
		at = end;
	}
	return names;
}
