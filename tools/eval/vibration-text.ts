/* The report on machines as text for people. */
import { paint } from "../terminal.ts";
import { percent, tabulate } from "./keyword-text.ts";
import type { VibrationReport } from "./vibration.ts";

const bold = (text: string) => paint(process.stdout, "bold", text);
const dim = (text: string) => paint(process.stdout, "dim", text);
const share = (value: number | null | undefined) => (value === null || value === undefined ? "-" : percent(value));

export function vibrationText(report: VibrationReport): string {
	const { auc, auc_recordings, files, limits, counts } = report;
	const area = (value: number | null) => (value === null ? "none" : value.toFixed(4));
	const rows = Object.entries(counts.recordings).map(
		([
			fault,
			{
				right,
				of,
				interval: [low, high],
			},
		]) => {
			const windows = counts.windows[fault];
			return [
				fault,
				`${right} of ${of}`,
				percent(right / of),
				`${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)} %`,
				windows === undefined ? "-" : `${windows.right} of ${windows.of}`,
				share(report.windows[fault as keyof typeof report.windows]),
				share(report.classifier[fault as keyof typeof report.classifier]),
				share(report.alarms[fault as keyof typeof report.alarms]),
			];
		},
	);
	return [
		`${bold(area(auc))} area under the ROC curve over windows  ${area(auc_recordings)} over recordings`,
		dim(
			`model ${report.model.name} ${report.model.version}, warning from ${limits.warning}, alarm from ${limits.alarm}; ` +
				"learned from " +
				report.baselines.map(({ name, seconds }) => `${name} in ${seconds.toFixed(1)} s`).join(", "),
		),
		"",
		bold("Named right"),
		tabulate([["", "recordings", "", "95 %", "windows", "", "classifier alone", "alarm"], ...rows]),
		"",
		bold("Recordings"),
		tabulate([
			["file", "is", "named", "", "alarm after", "score", "highest", "windows right", "learned from"],
			...files.map((of) => {
				const named = of.windows.filter(([, , , name]) => name !== null);
				const right = named.filter(([, , , name]) => name === of.fault).length;
				return [
					of.file,
					of.fault,
					of.named,
					of.right ? "" : "x",
					of.alarm === null ? "none" : `${of.alarm.toFixed(1)} s`,
					of.median.toFixed(2),
					of.highest.toFixed(2),
					`${right} of ${named.length}`,
					of.baseline,
				];
			}),
		]),
	].join("\n");
}
