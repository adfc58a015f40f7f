/** A column of a table. */
export interface Column<T> {
    /** By which the `cell` snippet knows it. */
    readonly name: string;
    readonly title: string;
    /** Numbers and amounts stand at the right. */
    readonly end?: boolean;
    /** What is in a cell, where text is enough. */
    readonly text?: (row: T) => string;
    /** Its title is for screen readers only. */
    readonly quiet?: boolean;
}

/** How many rows beyond what is seen are made at each end, so that scrolling finds them there. */
const MARGIN = 40;
/** Windows begin and end at multiples, so that not each row that scrolls by changes something. */
const STEP = 20;

/** Which rows of a long table are made: those in the viewport and some around it. `top` is where the first one would be. */
export function windowOf(seen: { top: number; viewport: number; height: number; rows: number }): {
    first: number;
    last: number;
} {
    const [before, after] = [-seen.top / seen.height, (seen.viewport - seen.top) / seen.height];
    const inside = (row: number) => Math.max(0, Math.min(seen.rows, row));
    return {
        first: inside(Math.floor((before - MARGIN) / STEP) * STEP),
        last: inside(Math.ceil((after + MARGIN) / STEP) * STEP),
    };
}
