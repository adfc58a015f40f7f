import type { GraphEdge } from "./graph";

/** Where a node stands. `x` and `y` are of its middle. */
export interface Spot {
    readonly id: string;
    /** How many steps it is at least from the left: more than all that it was made of. */
    readonly layer: number;
    /** Its position in its layer, from above. */
    readonly order: number;
    readonly x: number;
    readonly y: number;
}

/** An edge as the points that it runs through, from left to right. */
export interface Course {
    readonly from: string;
    readonly to: string;
    readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Layout {
    readonly spots: ReadonlyMap<string, Spot>;
    readonly courses: readonly Course[];
    /** The ids of each layer, from above. */
    readonly layers: readonly (readonly string[])[];
    readonly width: number;
    readonly height: number;
    /** How many edges were left out since they would lead back: a graph of what was made from what has none. */
    readonly cyclic: number;
}

/** The room that a layer and a node take. */
export const LAYER_WIDTH = 250;
export const ROW_HEIGHT = 58;
/** What an edge that passes by takes. */
const PASSAGE_HEIGHT = 18;

/** Edges over several layers pass between the nodes of those; beyond so many such passages they go straight. */
const MOST_PASSAGES = 20_000;
const SWEEPS = 6;

/** A node, or the passage of an edge through a layer. */
interface Stand {
    readonly node: string | null;
    readonly layer: number;
    readonly left: number[];
    readonly right: number[];
    order: number;
    y: number;
}

/**
 * Layers a graph from left to right (Sugiyama): each node stands right of all that lead to it; the order in a layer comes
 * from sweeps by the mean of the neighbours, which keeps the crossings of edges few; then each node moves as near to its
 * neighbours as the order lets it. Edges from or to unknown nodes, and from a node to itself, are left out.
 */
export function layout(ids: readonly string[], edges: readonly GraphEdge[]): Layout {
    const known = new Set(ids);
    const kept = edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
    const { layerOf, forward } = layersOf([...known], kept);

    const stands: Stand[] = [];
    const standOf = new Map<string, number>();
    const add = (node: string | null, layer: number) =>
        stands.push({ node, layer, left: [], right: [], order: 0, y: 0 }) - 1;
    for (const id of known) standOf.set(id, add(id, layerOf.get(id) ?? 0));

    const passages = forward.reduce((sum, { from, to }) => sum + (layerOf.get(to) ?? 0) - (layerOf.get(from) ?? 0) - 1, 0);
    const chains = forward.map(({ from, to }) => {
        const chain = [standOf.get(from) ?? 0];
        if (passages <= MOST_PASSAGES) {
            for (let layer = (layerOf.get(from) ?? 0) + 1; layer < (layerOf.get(to) ?? 0); layer++) chain.push(add(null, layer));
        }
        chain.push(standOf.get(to) ?? 0);
        for (let at = 1; at < chain.length; at++) {
            const [before, after] = [chain[at - 1] ?? 0, chain[at] ?? 0];
            stands[before]?.right.push(after);
            stands[after]?.left.push(before);
        }
        return { from, to, chain };
    });

    const layers: number[][] = [];
    stands.forEach(({ layer }, index) => (layers[layer] ??= []).push(index));
    order(stands, layers);
    const height = place(stands, layers);

    const xOf = (layer: number) => (layer + 0.5) * LAYER_WIDTH;
    const named = layers.map((layer) =>
        layer.map((index) => stands[index]?.node ?? null).filter((node): node is string => node !== null),
    );
    const spots = new Map<string, Spot>();
    named.forEach((layer, number) =>
        layer.forEach((id, position) => {
            const y = stands[standOf.get(id) ?? 0]?.y ?? 0;
            spots.set(id, { id, layer: number, order: position, x: xOf(number), y });
        }),
    );
    return {
        spots,
        courses: chains.map(({ from, to, chain }) => ({
            from,
            to,
            points: chain.map((index) => {
                const stand = stands[index];
                return [xOf(stand?.layer ?? 0), stand?.y ?? 0] as const;
            }),
        })),
        layers: named,
        width: layers.length * LAYER_WIDTH,
        height,
        cyclic: kept.length - forward.length,
    };
}

/** Each node's layer, one more than the rightmost that leads to it, and the edges but for those that lead back. */
function layersOf(ids: readonly string[], edges: readonly GraphEdge[]) {
    const out = new Map<string, string[]>();
    const waiting = new Map<string, number>(ids.map((id) => [id, 0]));
    for (const { from, to } of edges) {
        const list = out.get(from);
        if (list === undefined) out.set(from, [to]);
        else list.push(to);
        waiting.set(to, (waiting.get(to) ?? 0) + 1);
    }
    const layerOf = new Map<string, number>();
    const ready = ids.filter((id) => waiting.get(id) === 0);
    for (const id of ready) layerOf.set(id, 0);
    const done = new Set<string>();
    const pending = new Set(ids);
    for (let at = 0; done.size < ids.length; at++) {
        if (at >= ready.length) {
            // Only circles are left: one of their nodes goes first, and the edges to it lead back.
            const [next] = pending;
            if (next === undefined) break;
            layerOf.set(next, layerOf.get(next) ?? 0);
            ready.push(next);
        }
        const id = ready[at] ?? "";
        if (done.has(id)) continue;
        done.add(id);
        pending.delete(id);
        for (const to of out.get(id) ?? []) {
            if (done.has(to)) continue;
            layerOf.set(to, Math.max(layerOf.get(to) ?? 0, (layerOf.get(id) ?? 0) + 1));
            const left = (waiting.get(to) ?? 0) - 1;
            waiting.set(to, left);
            if (left === 0) ready.push(to);
        }
    }
    const forward = edges.filter(({ from, to }) => (layerOf.get(from) ?? 0) < (layerOf.get(to) ?? 0));
    return { layerOf, forward };
}

/** Orders each layer by the mean order of the neighbours, to the right and back, several times. */
function order(stands: readonly Stand[], layers: number[][]): void {
    const number = (layer: readonly number[]) =>
        layer.forEach((index, position) => {
            const stand = stands[index];
            // As a share of the layer, so that layers of different sizes compare.
            if (stand !== undefined) stand.order = (position + 0.5) / layer.length;
        });
    layers.forEach(number);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
        const rightwards = sweep % 2 === 0;
        for (const layer of rightwards ? layers : layers.toReversed()) {
            const wish = new Map(
                layer.map((index) => {
                    const stand = stands[index];
                    const neighbours = (rightwards ? stand?.left : stand?.right) ?? [];
                    return [index, mean(neighbours.map((each) => stands[each]?.order ?? 0)) ?? stand?.order ?? 0];
                }),
            );
            layer.sort((one, other) => (wish.get(one) ?? 0) - (wish.get(other) ?? 0));
            number(layer);
        }
    }
}

/** Gives each stand its height, and returns the whole one. */
function place(stands: readonly Stand[], layers: readonly (readonly number[])[]): number {
    const room = (index: number) => (stands[index]?.node === null ? PASSAGE_HEIGHT : ROW_HEIGHT);
    for (const layer of layers) {
        let y = 0;
        for (const index of layer) {
            const stand = stands[index];
            if (stand !== undefined) stand.y = y + room(index) / 2;
            y += room(index);
        }
    }
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
        for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
            const wishes = layer.map((index) => {
                const stand = stands[index];
                const neighbours = sweep === SWEEPS - 1 ? [...(stand?.left ?? []), ...(stand?.right ?? [])] : ((sweep % 2 === 0 ? stand?.left : stand?.right) ?? []);
                return mean(neighbours.map((each) => stands[each]?.y ?? 0)) ?? stand?.y ?? 0;
            });
            const found = nearest(wishes, layer.map(room));
            layer.forEach((index, position) => {
                const stand = stands[index];
                if (stand !== undefined) stand.y = found[position] ?? 0;
            });
        }
    }
    let [lowest, highest] = [Infinity, -Infinity];
    stands.forEach((stand, index) => {
        lowest = Math.min(lowest, stand.y - room(index) / 2);
        highest = Math.max(highest, stand.y + room(index) / 2);
    });
    if (stands.length === 0) return 0;
    for (const stand of stands) stand.y -= lowest;
    return highest - lowest;
}

/**
 * The places nearest to those wished for (least squares) that keep the order and the room that each takes. Without the room
 * they have to rise, which is isotonic regression: neighbours that would fall are pooled at their mean.
 */
export function nearest(wishes: readonly number[], rooms: readonly number[]): number[] {
    const offsets: number[] = [];
    let offset = 0;
    rooms.forEach((room, position) => {
        offset += position === 0 ? 0 : ((rooms[position - 1] ?? 0) + room) / 2;
        offsets.push(offset);
    });
    const pools: { sum: number; count: number }[] = [];
    wishes.forEach((wish, position) => {
        let pool = { sum: wish - (offsets[position] ?? 0), count: 1 };
        for (let last = pools.at(-1); last !== undefined && last.sum / last.count >= pool.sum / pool.count; last = pools.at(-1)) {
            pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
            pools.pop();
        }
        pools.push(pool);
    });
    return pools.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count)).map((base, position) => base + (offsets[position] ?? 0));
}

function mean(values: readonly number[]): number | undefined {
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
