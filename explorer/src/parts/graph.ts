/** A node of a `<Graph>`. */
export interface GraphNode {
    readonly id: string;
    readonly title: string;
    /** A second, smaller line. */
    readonly note?: string | undefined;
    readonly tone?: "neutral" | "good" | "warning" | "bad" | "info" | undefined;
}

/** From what to what was made of it: edges run from left to right. */
export interface GraphEdge {
    readonly from: string;
    readonly to: string;
}
