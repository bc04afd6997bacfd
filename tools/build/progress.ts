/** Told after each object that had to be made: how many of how many are done, and which it was. */
export type Progress = (done: number, total: number, source: string) => void;
