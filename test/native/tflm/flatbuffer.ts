/* Finds the fields of a model file, for tests that change some. */
/** A FlatBuffer in place: positions are byte offsets, see firmware/native/tflm/reader.h. */
export class Model {
	readonly bytes: Uint8Array;
	readonly view: DataView;

	/** A copy of a file. */
	constructor(file: Uint8Array) {
		this.bytes = Uint8Array.from(file);
		this.view = new DataView(this.bytes.buffer);
	}

	u32 = (at: number) => this.view.getUint32(at, true);
	set32 = (at: number, value: number) => this.view.setUint32(at, value, true);
	/** Position of a table's field. */
	field(table: number, number: number): number {
		const vtable = table - this.view.getInt32(table, true);
		const inside = 4 + 2 * number < this.view.getUint16(vtable, true);
		const offset = inside ? this.view.getUint16(vtable + 4 + 2 * number, true) : 0;
		if (!offset) throw new Error(`the table at ${table} has no field ${number}`);
		return table + offset;
	}
	/** Position of what an offset field points at. */
	target = (table: number, number: number) => this.follow(this.field(table, number));
	follow = (at: number) => at + this.u32(at);
	/** Position of the table that a vector of tables has at an index. */
	entry = (vector: number, index: number) => this.follow(vector + 4 + 4 * index);

	get root() {
		return this.u32(0);
	}
	get graph() {
		return this.entry(this.target(this.root, 2), 0);
	}
	tensor = (index: number) => this.entry(this.target(this.graph, 0), index);
	operator = (index: number) => this.entry(this.target(this.graph, 3), index);
	quantization = (tensor: number) => this.target(this.tensor(tensor), 4);
	buffer = (index: number) => this.entry(this.target(this.root, 4), index);
}
