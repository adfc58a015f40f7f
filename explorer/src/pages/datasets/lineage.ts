import type { DependentView, Source, SourceView } from "@citynet/ledger";

import type { GraphEdge } from "../../parts/graph";

/** Something of which data was made, or that was made of it. */
export type LineageNode = {
    /** `version:7@3`, `device:12`, `readings:12:0-999` or `external:0x…`. */
    readonly id: string;
    /** How many steps it takes at least: below 0 for what was made from, above for what was made into, 0 for the root. */
    readonly depth: number;
    /** The id of what comes next on the shortest way to the root; null of the root. */
    readonly via: string | null;
    /** The grant by which it was used there, if one was needed. */
    readonly grant: string | null;
} & (
    | { readonly kind: "version"; readonly dataset: string; readonly version: number }
    | { readonly kind: "device"; readonly device: string }
    | { readonly kind: "readings"; readonly device: string; readonly first: string; readonly last: string }
    | { readonly kind: "external"; readonly content: string; readonly uri: string }
);

export interface Lineage {
    readonly root: string;
    readonly nodes: ReadonlyMap<string, LineageNode>;
    /** From what to what was made of it. */
    readonly edges: readonly GraphEdge[];
}

/** What was answered about one version or device. */
export interface Answered {
    /** Such as `version:7@3` or `device:12`. */
    readonly of: string;
    readonly sources: readonly SourceView[];
    readonly dependents: readonly DependentView[];
}

/** The id of a version such as `7@3`, and of what `citynet_dependents` names. */
export function idOf(text: string): string {
    return text.includes(":") ? text : `version:${text}`;
}

/**
 * A lineage from what was answered about its root, and about further versions in it that were asked about too. An answer has
 * the shortest way to each thing only.
 */
export function lineageOf(root: string, answers: readonly Answered[]): Lineage {
    const nodes = new Map<string, LineageNode>();
    const edges = new Map<string, GraphEdge>();
    const add = (node: LineageNode) => {
        if (!nodes.has(node.id)) nodes.set(node.id, node);
    };
    const connect = (from: string, to: string) => edges.set(`${from} ${to}`, { from, to });
    add(rootOf(root));
    for (const { of, sources, dependents } of answers) {
        const start = nodes.get(of)?.depth ?? 0;
        for (const source of sources) {
            const to = idOf(source.of);
            const depth = start - source.depth;
            const node = originOf(source, depth, to);
            add(node);
            connect(node.id, to);
            if (node.kind === "readings") {
                const device = `device:${node.device}`;
                add({ kind: "device", id: device, device: node.device, depth: depth - 1, via: node.id, grant: null });
                connect(device, node.id);
            }
        }
        for (const { dataset, version, depth, via } of dependents) {
            const id = `version:${dataset}@${version}`;
            add({ kind: "version", id, dataset, version, depth: start + depth, via: idOf(via), grant: null });
            connect(idOf(via), id);
        }
    }
    return { root, nodes, edges: [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to)) };
}

function rootOf(id: string): LineageNode {
    const [, dataset, version] = /^version:(\d+)@(\d+)$/.exec(id) ?? [];
    const own = { id, depth: 0, via: null, grant: null };
    return dataset !== undefined && version !== undefined
        ? { ...own, kind: "version", dataset, version: Number(version) }
        : { ...own, kind: "device", device: id.slice("device:".length) };
}

function originOf(source: SourceView, depth: number, via: string): LineageNode {
    switch (source.source) {
        case "version": {
            const { dataset, version, grant } = source;
            return { kind: "version", id: `version:${dataset}@${version}`, dataset, version, grant, depth, via };
        }
        case "readings": {
            const { device, firstSequence: first, lastSequence: last, grant } = source;
            return { kind: "readings", id: `readings:${device}:${first}-${last}`, device, first, last, grant, depth, via };
        }
        case "device":
            return { kind: "device", id: `device:${source.device}`, device: source.device, grant: null, depth, via };
        case "external": {
            const { content, uri } = source;
            return { kind: "external", id: `external:${content}`, content, uri, grant: null, depth, via };
        }
    }
}

/** The id that a source of a version has in a lineage. */
export function sourceId(source: Source): string {
    switch (source.source) {
        case "version":
            return `version:${source.dataset}@${source.version}`;
        case "batches":
            return `readings:${source.device}:${source.firstSequence}-${source.lastSequence}`;
        case "external":
            return `external:${source.content}`;
    }
}

/** A lineage with every way between the things in it, as far as the sources of its versions are known. */
export function withAllWays(lineage: Lineage, sources: ReadonlyMap<string, readonly Source[]>): Lineage {
    const edges = new Map(lineage.edges.map((edge) => [`${edge.from} ${edge.to}`, edge]));
    for (const [to, list] of sources) {
        if (!lineage.nodes.has(to)) continue;
        for (const source of list) {
            const from = sourceId(source);
            if (lineage.nodes.has(from)) edges.set(`${from} ${to}`, { from, to });
        }
    }
    return { ...lineage, edges: [...edges.values()] };
}

/** Everything that was made, directly or not, from some of the things in a lineage, and these themselves. */
export function downstream(edges: readonly GraphEdge[], from: Iterable<string>): Set<string> {
    const next = new Map<string, string[]>();
    for (const { from, to } of edges) {
        const list = next.get(from);
        if (list === undefined) next.set(from, [to]);
        else list.push(to);
    }
    const reached = new Set(from);
    const waiting = [...reached];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        for (const to of next.get(id) ?? []) {
            if (reached.has(to)) continue;
            reached.add(to);
            waiting.push(to);
        }
    }
    return reached;
}

/** The things of a lineage that are at most so many steps up and down from its root, and how many are not. */
export function within(lineage: Lineage, up: number, down: number): { lineage: Lineage; hidden: number } {
    const near = [...lineage.nodes.values()].filter(({ depth, kind, via }) => {
        if (depth >= 0) return depth <= down;
        // Whose readings they are takes no further step.
        if (kind === "device" && via !== null && via.startsWith("readings:")) return -depth - 1 <= up;
        return -depth <= up;
    });
    const nodes = new Map(near.map((node) => [node.id, node]));
    return {
        lineage: {
            root: lineage.root,
            nodes,
            edges: lineage.edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to)),
        },
        hidden: lineage.nodes.size - nodes.size,
    };
}

/** Nodes in the order of a table: what is nearest first, what it was made from before what was made from it. */
export function inOrder(lineage: Lineage): LineageNode[] {
    return [...lineage.nodes.values()]
        .filter(({ depth }) => depth !== 0)
        .sort((one, other) => {
            const up = Number(one.depth > 0) - Number(other.depth > 0);
            return up !== 0 ? up : Math.abs(one.depth) - Math.abs(other.depth);
        });
}
