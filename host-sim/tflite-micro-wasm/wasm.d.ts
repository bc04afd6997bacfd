/* What the bundler makes of an imported .wasm file. */
declare module "*.wasm" {
	const bytes: Uint8Array<ArrayBuffer>;
	export default bytes;
}
