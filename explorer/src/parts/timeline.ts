/** One thing that happened, on a `<Timeline>`. */
export interface Happening {
    /** What tells it from the others. */
    readonly id: string;
    /** When, in milliseconds since 1970. */
    readonly time: string;
    readonly title: string;
    /** More about it. */
    readonly note?: string | undefined;
    readonly tone?: "neutral" | "good" | "warning" | "bad" | "info" | undefined;
    /** Where it leads. */
    readonly link?: string | null | undefined;
}
