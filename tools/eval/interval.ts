/* How far a measured rate can be from the true one. */

export type Interval = [low: number, high: number];

/** Standard normal quantile of a two-sided 95 % interval. */
const Z = 1.959963984540054;

/** The Wilson score interval at 95 % of `hits` out of `trials` (Wilson 1927); 0 to 1 when nothing was tried. */
export function wilson(hits: number, trials: number): Interval {
	if (trials === 0) return [0, 1];
	const share = hits / trials;
	const scale = 1 + (Z * Z) / trials;
	const centre = (share + (Z * Z) / (2 * trials)) / scale;
	const half = (Z / scale) * Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials));
	return [hits === 0 ? 0 : Math.max(0, centre - half), hits === trials ? 1 : Math.min(1, centre + half)];
}

/** The chance of at most `count` events of a Poisson process that gives `mean` on average. */
function poissonUpTo(count: number, mean: number): number {
	let term = Math.exp(-mean);
	let sum = term;
	for (let k = 1; k <= count; k++) {
		term *= mean / k;
		sum += term;
	}
	return sum;
}

/**
 * The one-sided 95 % upper bound of a Poisson mean of which `count` events were seen: the mean at which so few would be
 * seen in one case of twenty (Garwood 1936). For none it is 3.0, the rule of three.
 */
export function poissonUpper(count: number): number {
	let low = count;
	let high = count + 5 + 4 * Math.sqrt(count + 1);
	for (let step = 0; step < 60; step++) {
		const middle = (low + high) / 2;
		if (poissonUpTo(count, middle) > 0.05) low = middle;
		else high = middle;
	}
	return high;
}
