import { describe, expect, test } from "vitest";

import type { GraphEdge } from "./graph";
import { layout, nearest, ROW_HEIGHT } from "./graph-layout";

const edge = (text: string): GraphEdge => {
    const [from = "", to = ""] = text.split(">");
    return { from, to };
};
const of = (ids: string, edges: string) => layout([...ids], edges === "" ? [] : edges.split(" ").map(edge));

/** How many pairs of edges between neighbouring layers cross. */
function crossings({ courses }: ReturnType<typeof layout>): number {
    const pieces = courses.flatMap(({ points }) => points.slice(1).map((point, at) => [points[at] ?? point, point] as const));
    let count = 0;
    pieces.forEach(([a, b], at) =>
        pieces.slice(at + 1).forEach(([c, d]) => {
            if (a[0] === c[0] && b[0] === d[0] && (a[1] - c[1]) * (b[1] - d[1]) < 0) count++;
        }),
    );
    return count;
}

describe("the layers of a graph", () => {
    test("each node stands right of all that it was made of", () => {
        const { spots } = of("abcd", "a>b b>c a>c c>d a>d");
        expect([..."abcd"].map((id) => spots.get(id)?.layer)).toEqual([0, 1, 2, 3]);
    });

    test("nothing overlaps", () => {
        const { layers, spots, height } = of("abcdefgh", "a>d b>d c>e d>f e>f a>g b>g c>h a>f");
        for (const layer of layers) {
            layer.forEach((id, at) => {
                const [here, before] = [spots.get(id)?.y ?? 0, spots.get(layer[at - 1] ?? "")?.y];
                expect(here).toBeGreaterThanOrEqual(ROW_HEIGHT / 2 - 1e-6);
                expect(here).toBeLessThanOrEqual(height - ROW_HEIGHT / 2 + 1e-6);
                if (before !== undefined) expect(here - before).toBeGreaterThanOrEqual(ROW_HEIGHT - 1e-6);
            });
        }
    });

    test("what need not cross does not", () => {
        expect(crossings(of("abcdef", "a>f b>e c>d"))).toBe(0);
        // Two trees whose leaves are named in turns.
        expect(crossings(of("abuvwxyz", "a>u b>v a>w b>x a>y b>z"))).toBe(0);
    });

    test("an edge over several layers passes between their nodes", () => {
        const { courses, spots } = of("abcd", "a>b b>c c>d a>d");
        const long = courses.find(({ from, to }) => from === "a" && to === "d");
        expect(long?.points).toHaveLength(4);
        expect(Math.abs((long?.points[1]?.[1] ?? 0) - (spots.get("b")?.y ?? 0))).toBeGreaterThan(ROW_HEIGHT / 2);
    });

    test("circles, unknown ends and empty graphs do no harm", () => {
        const circle = of("abc", "a>b b>c c>a a>a a>x");
        expect(circle.cyclic).toBe(1);
        expect([...circle.spots.values()].map(({ layer }) => layer).sort()).toEqual([0, 1, 2]);
        expect(of("", "").layers).toEqual([]);
        expect(of("", "").height).toBe(0);
    });

    test("5,000 nodes are laid out in time", () => {
        const ids = Array.from({ length: 5_000 }, (_, index) => String(index));
        // Each made of up to three of the 60 before it.
        const edges = ids.slice(1).flatMap((to, at) =>
            [at, Math.max(0, at - 7), Math.max(0, at - (at % 60))].map((from) => ({ from: String(from % 4_999), to })),
        );
        const begun = performance.now();
        const chain = layout(ids, edges);
        expect(chain.spots.size).toBe(5_000);
        const star = layout(ids, ids.slice(1).map((to) => ({ from: "0", to })));
        expect(star.layers.map((layer) => layer.length)).toEqual([1, 4_999]);
        // It takes half a second; what grows with the square of the nodes would take minutes, on whatever machine.
        expect(performance.now() - begun).toBeLessThan(30_000);
    }, 60_000);
});

describe("the nearest places", () => {
    test("are the wishes where there is room", () => expect(nearest([0, 10, 30], [4, 4, 4])).toEqual([0, 10, 30]));
    test("share the way where there is none", () => expect(nearest([5, 5], [4, 4])).toEqual([3, 7]));
    test("never change the order", () => {
        const places = nearest([9, 1, 5, 2], [2, 4, 2, 6]);
        expect((places[1] ?? 0) - (places[0] ?? 0)).toBeGreaterThanOrEqual(3 - 1e-9);
        expect((places[2] ?? 0) - (places[1] ?? 0)).toBeGreaterThanOrEqual(3 - 1e-9);
        expect((places[3] ?? 0) - (places[2] ?? 0)).toBeGreaterThanOrEqual(4 - 1e-9);
    });
});
