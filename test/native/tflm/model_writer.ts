/*
 * Writes small .tflite files for tests: as much of FlatBuffers as the schema needs. Objects are laid out one after the
 * other, each followed by what it points to, so all offsets point forward.
 */
export interface TensorSpec {
	shape: readonly number[];
	/** Element type, the schema's number; int8 when left out. */
	type?: number;
	scales?: readonly number[];
	zeroPoint?: number;
	/** The dimension that several scales are along. */
	dimension?: number;
	/** Makes it a constant. */
	data?: ArrayBufferView;
}

export interface OperatorSpec {
	/** Number of the schema's BuiltinOperator. */
	code: number;
	/** Number of the schema's BuiltinOptions, and its fields in order: bytes or 32-bit integers, undefined left out. */
	optionsType: number;
	options: readonly (Field | undefined)[];
	inputs: readonly number[];
	outputs: readonly number[];
}

export interface ModelSpec {
	tensors: readonly TensorSpec[];
	operators: readonly OperatorSpec[];
	inputs: readonly number[];
	outputs: readonly number[];
}

type Scalar = { bytes: 1 | 4; value: number };
type Vector = { elements: readonly Table[] } | { data: Uint8Array; count: number; align: number };
type Field = Scalar | Table | Vector;
interface Table {
	fields: readonly (Field | undefined)[];
}

export const byte = (value: number): Scalar => ({ bytes: 1, value });
export const int = (value: number): Scalar => ({ bytes: 4, value });
const table = (...fields: readonly (Field | undefined)[]): Table => ({ fields });
const tables = (elements: readonly Table[]): Vector => ({ elements });
const bytesOf = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const vector = (view: ArrayBufferView, count: number, align: number): Vector => ({ data: bytesOf(view), count, align });
const ints = (values: readonly number[]) => vector(Int32Array.from(values), values.length, 4);
const text = (value: string) => vector(new TextEncoder().encode(`${value}\0`), value.length, 4);

class Writer {
	private bytes = new Uint8Array(1024);
	private end = 0;

	/** So many bytes at a multiple of `align`, `header` bytes behind the start of what is returned. */
	private reserve(count: number, align: number, header = 0): number {
		const start = Math.ceil((this.end + header) / align) * align - header;
		this.end = start + header + count;
		if (this.end > this.bytes.length) {
			const larger = new Uint8Array(2 * this.end);
			larger.set(this.bytes);
			this.bytes = larger;
		}
		return start;
	}

	private set(at: number, size: 1 | 2 | 4, value: number): void {
		const view = new DataView(this.bytes.buffer);
		if (size === 1) view.setInt8(at, value);
		else if (size === 2) view.setUint16(at, value, true);
		else view.setInt32(at, value, true);
	}

	private vector(content: Vector): number {
		if ("data" in content) {
			const at = this.reserve(content.data.length, content.align, 4);
			this.set(at, 4, content.count);
			this.bytes.set(content.data, at + 4);
			return at;
		}
		const at = this.reserve(4 * content.elements.length, 4, 4);
		this.set(at, 4, content.elements.length);
		content.elements.forEach((element, i) => {
			const place = at + 4 + 4 * i;
			this.set(place, 4, this.table(element) - place);
		});
		return at;
	}

	/** The table's own vtable lies in front of it. */
	private table({ fields }: Table): number {
		const vtable = this.reserve(4 + 2 * fields.length, 4);
		const at = this.reserve(4 + 4 * fields.length, 4);
		this.set(vtable, 2, 4 + 2 * fields.length);
		this.set(vtable + 2, 2, 4 + 4 * fields.length);
		this.set(at, 4, at - vtable);
		fields.forEach((field, i) => {
			if (!field) return;
			const place = at + 4 + 4 * i;
			this.set(vtable + 4 + 2 * i, 2, place - at);
			if ("value" in field) this.set(place, field.bytes, field.value);
			else this.set(place, 4, ("fields" in field ? this.table(field) : this.vector(field)) - place);
		});
		return at;
	}

	file(root: Table): Uint8Array {
		this.reserve(8, 4);
		this.bytes.set(new TextEncoder().encode("TFL3"), 4);
		this.set(0, 4, this.table(root));
		return this.bytes.slice(0, this.end);
	}
}

export function writeModel(model: ModelSpec): Uint8Array {
	const buffers = [table()];
	const tensors = model.tensors.map((tensor, i) => {
		if (tensor.data) buffers.push(table(vector(tensor.data, tensor.data.byteLength, 16)));
		const { scales } = tensor;
		const quantization =
			scales &&
			table(
				...[undefined, undefined, vector(Float32Array.from(scales), scales.length, 4)],
				vector(
					BigInt64Array.from(scales, () => BigInt(tensor.zeroPoint ?? 0)),
					scales.length,
					8,
				),
				...[undefined, undefined, int(tensor.dimension ?? 0)],
			);
		const buffer = tensor.data ? buffers.length - 1 : 0;
		return table(ints(tensor.shape), byte(tensor.type ?? 9), int(buffer), text(`t${i}`), quantization);
	});
	const codes = model.operators.map(({ code }) => table(byte(Math.min(code, 127)), undefined, int(1), int(code)));
	const operators = model.operators.map((operator, i) =>
		table(
			...[int(i), ints(operator.inputs), ints(operator.outputs)],
			...[byte(operator.optionsType), table(...operator.options)],
		),
	);
	const graph = table(tables(tensors), ints(model.inputs), ints(model.outputs), tables(operators), text("main"));
	return new Writer().file(table(int(3), tables(codes), tables([graph]), text("test"), tables(buffers)));
}
