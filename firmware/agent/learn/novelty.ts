/* How far a window is from what is usual for this machine. Four kinds of evidence, each the mean square of deviations so that
   many small ones count as one large one does: the bands of the spectrum, the bands of the envelope's spectrum, what the
   autoencoder missed of both, and the time signal (level, kurtosis, crest factor). Their root mean square is the score:
   about 1 or less for what has been learned. */
import type { Baseline } from "./baseline.ts";

/** One value counts as at most this many deviations: a single one cannot make an alarm. */
const MOST = 8;

/** The last values of a window: log2 of RMS, kurtosis and crest factor. */
export const TIME_VALUES = 3;

/**
 * The root mean square of the evidence, 0 to MOST.
 * @param values features, what the model missed of them, TIME_VALUES
 * @param bands of the features, those of the spectrum; the others are the envelope's
 */
export function novelty(values: Float32Array, baseline: Baseline, bands: number): number {
	const features = (values.length - TIME_VALUES) / 2;
	const time = 2 * features;
	let sum = meanSquare(values, baseline, 0, bands, -MOST);
	let kinds = 3;
	if (features > bands) {
		sum += meanSquare(values, baseline, bands, features, -MOST);
		kinds++;
	}
	sum += meanSquare(values, baseline, features, time, -MOST);
	// Fewer peaks than usual are no fault.
	const level = meanSquare(values, baseline, time, time + 1, -MOST);
	const peaks = meanSquare(values, baseline, time + 1, time + TIME_VALUES, 0);
	sum += (level + (TIME_VALUES - 1) * peaks) / TIME_VALUES;
	return Math.sqrt(sum / kinds);
}

/** The mean square of how many deviations the values from..to-1 are away, each held within least..MOST. */
function meanSquare(values: Float32Array, baseline: Baseline, from: number, to: number, least: number): number {
	const { mean, deviation } = baseline;
	let sum = 0;
	for (let i = from; i < to; i++) {
		let away = (values[i]! - mean[i]!) / deviation[i]!;
		if (away > MOST) away = MOST;
		else if (away < least) away = least;
		sum += away * away;
	}
	return sum / (to - from);
}
