/* How well a score parts two kinds, over all thresholds. */

/**
 * The area under the ROC curve: the chance that a score of the second kind is above one of the first, ties counting half
 * (Mann and Whitney 1947). NaN when there are none of a kind.
 */
export function areaUnderRoc(negatives: readonly number[], positives: readonly number[]): number {
	const all = [
		...negatives.map((score) => ({ score, positive: false })),
		...positives.map((score) => ({ score, positive: true })),
	].sort((a, b) => a.score - b.score);
	let below = 0;
	let wins = 0;
	for (let i = 0; i < all.length; ) {
		let end = i;
		let [negative, positive] = [0, 0];
		for (; end < all.length && all[end]!.score === all[i]!.score; end++) {
			if (all[end]!.positive) positive++;
			else negative++;
		}
		wins += positive * (below + negative / 2);
		below += negative;
		i = end;
	}
	return wins / (negatives.length * positives.length);
}

/** A point of the curve: false positives, true positives (fractions), and the least score that counts as positive. */
export type RocPoint = [fpr: number, tpr: number, threshold: number];

/** The corners of the curve, from the highest threshold to the lowest. */
export function rocCurve(negatives: readonly number[], positives: readonly number[]): RocPoint[] {
	const thresholds = [...new Set([...negatives, ...positives])].sort((a, b) => b - a);
	const [low, high] = [negatives, positives].map((scores) => [...scores].sort((a, b) => b - a));
	const points: RocPoint[] = [];
	let [fp, tp] = [0, 0];
	for (const threshold of thresholds) {
		while (fp < low!.length && low![fp]! >= threshold) fp++;
		while (tp < high!.length && high![tp]! >= threshold) tp++;
		const point: RocPoint = [fp / low!.length, tp / high!.length, threshold];
		const [before, last] = points.slice(-2);
		// A point between two on a vertical or horizontal line tells nothing.
		const straight = (k: 0 | 1) => before !== undefined && before[k] === last![k] && last![k] === point[k];
		if (points.length >= 2 && (straight(0) || straight(1))) points.pop();
		points.push(point);
	}
	return points;
}
