// Writes the table: node firmware/native/dsp/make_sine.js > firmware/native/dsp/sine_table.h
// It is committed, so that no build depends on a host's libm.
const quarter = 1024;
const values = Array.from({ length: quarter + 1 }, (_, i) =>
	Math.round(Math.sin((Math.PI / 2) * (i / quarter)) * 2 ** 30),
);
const rows = [];
for (let i = 0; i < values.length; i += 9) rows.push(`\t${values.slice(i, i + 9).join(", ")},`);
process.stdout.write(`/* Written by make_sine.js; included by sine.c alone. */\n${rows.join("\n")}\n`);
