import { type Course, LAYER_WIDTH, type Layout, type Spot } from "./graph-layout";

/** What of a graph is seen: its point at the upper left corner, and how many pixels its unit takes. */
export interface View {
    readonly x: number;
    readonly y: number;
    readonly scale: number;
}

export interface Size {
    readonly width: number;
    readonly height: number;
}

export const LARGEST = 2;
/** Below this no text can be read, and nodes are drawn as plain rectangles. */
export const READABLE = 0.42;

/** The view that has all of a graph in its middle. */
export function whole(layout: Size, frame: Size): View {
    const scale = Math.min(1.1, frame.width / Math.max(1, layout.width), frame.height / Math.max(1, layout.height));
    return {
        scale,
        x: (layout.width - frame.width / scale) / 2,
        y: (layout.height - frame.height / scale) / 2,
    };
}

/** A view by another factor, in which the point at a place of the frame stays where it is. */
export function zoomed(view: View, factor: number, at: { x: number; y: number }, smallest: number): View {
    const scale = Math.min(LARGEST, Math.max(smallest, view.scale * factor));
    return {
        scale,
        x: view.x + at.x / view.scale - at.x / scale,
        y: view.y + at.y / view.scale - at.y / scale,
    };
}

/** A view with a spot in its middle, or the same view where the spot is seen well already. */
export function showing(view: View, spot: { x: number; y: number }, frame: Size): View {
    const scale = Math.max(view.scale, 0.8);
    const [across, down] = [(spot.x - view.x) * view.scale, (spot.y - view.y) * view.scale];
    const seen = across > 100 && across < frame.width - 100 && down > 40 && down < frame.height - 40;
    if (seen && scale === view.scale) return view;
    return { scale, x: spot.x - frame.width / scale / 2, y: spot.y - frame.height / scale / 2 };
}

/** The part of a graph that is drawn: what is seen and as much again around it, so that small moves need nothing new. */
export interface Region {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
}

/** The region of a view, in steps of half a frame, so that it stays the same for small moves. */
export function regionOf(view: View, frame: Size): Region {
    const [width, height] = [frame.width / view.scale, frame.height / view.scale];
    const [stepX, stepY] = [width / 2, height / 2];
    const left = Math.floor(view.x / stepX) * stepX - stepX;
    const top = Math.floor(view.y / stepY) * stepY - stepY;
    return { left, right: left + width + 3 * stepX, top, bottom: top + height + 3 * stepY };
}

export function spotsIn(layout: Layout, region: Region): Spot[] {
    const found: Spot[] = [];
    const first = Math.max(0, Math.floor(region.left / LAYER_WIDTH));
    const last = Math.min(layout.layers.length - 1, Math.floor(region.right / LAYER_WIDTH));
    for (let number = first; number <= last; number++) {
        for (const id of layout.layers[number] ?? []) {
            const spot = layout.spots.get(id);
            if (spot !== undefined && spot.y >= region.top && spot.y <= region.bottom) found.push(spot);
        }
    }
    return found;
}

/** The edges that pass through a region, as one path. */
export function pathIn(courses: readonly Course[], region: Region, half: number): string {
    const pieces: string[] = [];
    for (const { points } of courses) {
        for (let at = 1; at < points.length; at++) {
            const [from, to] = [points[at - 1], points[at]];
            if (from === undefined || to === undefined) continue;
            if (to[0] < region.left || from[0] > region.right) continue;
            if (Math.max(from[1], to[1]) < region.top || Math.min(from[1], to[1]) > region.bottom) continue;
            // Edges begin and end at the sides of nodes; passages are run through.
            const start = from[0] + (at === 1 ? half : 0);
            const end = to[0] - (at === points.length - 1 ? half : 0);
            const middle = (start + end) / 2;
            const [y, finish] = [from[1].toFixed(0), to[1].toFixed(0)];
            pieces.push(`M${start.toFixed(0)} ${y}C${middle.toFixed(0)} ${y} ${middle.toFixed(0)} ${finish} ${end.toFixed(0)} ${finish}`);
        }
    }
    return pieces.join("");
}

/** The node nearest to a point, if the point is on it. */
export function spotAt(layout: Layout, x: number, y: number, half: Size): Spot | null {
    for (const id of layout.layers[Math.floor(x / LAYER_WIDTH)] ?? []) {
        const spot = layout.spots.get(id);
        if (spot !== undefined && Math.abs(spot.x - x) <= half.width && Math.abs(spot.y - y) <= half.height) return spot;
    }
    return null;
}
