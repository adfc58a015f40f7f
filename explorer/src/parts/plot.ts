/** One line, or one colour of bars. */
export interface Series {
    readonly name: string;
    readonly points: readonly Point[];
}

export interface Point {
    readonly x: number;
    readonly y: number;
}

/** What an axis is, and how a value on it is written. */
export interface Axis {
    readonly title: string;
    readonly format: (value: number) => string;
    /** Whether there are whole numbers only, as of things that are counted. */
    readonly whole?: boolean;
}

/** Round values from at most the lowest to at least the highest, about as many as wanted. */
export function ticks(lowest: number, highest: number, wanted: number, whole = false): number[] {
    const span = highest - lowest;
    if (!(span > 0)) return [lowest];
    const rough = span / wanted;
    const power = 10 ** Math.floor(Math.log10(rough));
    const found = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
    const step = whole ? Math.max(1, found) : found;
    const first = Math.floor(lowest / step);
    const last = Math.ceil(highest / step);
    // Multiples rather than sums, which would gather errors of rounding.
    return Array.from({ length: last - first + 1 }, (_, position) => Number(((first + position) * step).toPrecision(12)));
}

/** Some of many values, the first and the last among them: what there is room for on an axis. */
export function spread<T>(values: readonly T[], most: number): T[] {
    if (values.length <= most) return [...values];
    return Array.from({ length: most }, (_, position) => {
        const value = values[Math.round((position * (values.length - 1)) / (most - 1))];
        return value as T;
    });
}
