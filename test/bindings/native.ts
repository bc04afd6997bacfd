/// <reference path="../../firmware/engine/globals.d.ts" />
/* `native`, `Native` and `trace` in Node: what stands for the C functions is bound by name when a test begins. Import this
   before any native face. */
type NativeFunction = (this: never, ...args: never[]) => unknown;

const functions = new Map<string, NativeFunction>();

/** What the device wrote to the developer's log. */
export const traces: string[] = [];

/** Binds C functions by their names, in place of earlier ones. */
export function bindNatives(bindings: Record<string, NativeFunction>): void {
	for (const name in bindings) functions.set(name, bindings[name]!);
}

Object.assign(globalThis, {
	native(name: string) {
		return function (this: unknown, ...args: unknown[]) {
			const bound = functions.get(name);
			if (!bound) throw new Error(`no binding for ${name}`);
			return bound.apply(this as never, args as never[]);
		};
	},
	Native: (_destructor: string) => class {},
	trace: (...text: string[]) => traces.push(text.join("")),
});
