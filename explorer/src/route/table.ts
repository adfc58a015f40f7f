import type { Component } from "svelte";

import type { PageProperties, RouteName } from "./routes";

/** The room of each page. The pages of a room come in one piece, when the first of them is asked for. */
export const ROOM_OF = {
    overview: "overview",
    search: "search",
    records: "records",
    record: "records",
    organisations: "organisations",
    organisation: "organisations",
    validators: "organisations",
    votes: "organisations",
    datasets: "datasets",
    dataset: "datasets",
    version: "datasets",
    lineage: "datasets",
    deviceLineage: "datasets",
    access: "access",
    grants: "grants",
    grant: "grants",
    devices: "devices",
    device: "devices",
    batch: "devices",
    settlements: "settlements",
    cycle: "settlements",
    obligation: "settlements",
    statement: "settlements",
    blocks: "blocks",
    block: "blocks",
    extrinsic: "blocks",
    account: "blocks",
    verify: "verify",
    settings: "settings",
} as const satisfies Record<RouteName, string>;

export type Room = (typeof ROOM_OF)[RouteName];

/** The pages that a room's `index.ts` exports, each by the name of its route. Some need to know nothing of where they are. */
type PagesOf<R extends Room> = {
    [N in RouteName as (typeof ROOM_OF)[N] extends R ? N : never]: Component<PageProperties<N>> | Component<Record<string, never>>;
};

const ROOMS: { readonly [R in Room]: () => Promise<PagesOf<R>> } = {
    overview: () => import("../pages/overview"),
    search: () => import("../pages/search"),
    records: () => import("../pages/records"),
    organisations: () => import("../pages/organisations"),
    datasets: () => import("../pages/datasets"),
    access: () => import("../pages/access"),
    grants: () => import("../pages/grants"),
    devices: () => import("../pages/devices"),
    settlements: () => import("../pages/settlements"),
    blocks: () => import("../pages/blocks"),
    verify: () => import("../pages/verify"),
    settings: () => import("../pages/settings"),
};

/** A page, as the shell shows any of them. */
export type AnyPage = Component<{ parameters: Readonly<Record<string, string>>; query: Readonly<Record<string, string>> }>;

/** The page of a route, fetched with the others of its room. */
export async function pageOf(name: RouteName): Promise<AnyPage> {
    const pages: Readonly<Record<string, unknown>> = await ROOMS[ROOM_OF[name]]();
    // The type of ROOMS says that a room has the page of each of its routes.
    return pages[name] as AnyPage;
}
