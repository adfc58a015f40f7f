import { href, type LooseQuery, parse, type Place } from "./routes";

/** Where the reader is, as the address says. */
class Router {
    /** Null where the address names no page. */
    place: Place | null = $state.raw(parse(location.hash));
    /** How often the reader went to another page: not 0 means that the focus has to follow. */
    moves = $state(0);

    constructor() {
        addEventListener("hashchange", () => this.#read());
    }

    #read(): void {
        const place = parse(location.hash);
        if (pathOf(place) !== pathOf(this.place)) this.moves++;
        this.place = place;
    }

    /** Goes to an address that `href` made. */
    go(address: string): void {
        location.hash = address;
    }

    /** Changes what stands behind the `?`; the page stays. A key that is undefined or empty is left out. */
    setQuery(query: LooseQuery, options: { replace?: boolean } = {}): void {
        if (this.place === null) return;
        // The parameters fit the name: both are of one place.
        const address = (href as (name: string, parameters: object, query: LooseQuery) => string)(
            this.place.name,
            this.place.parameters,
            query,
        );
        if (options.replace === true) {
            history.replaceState(null, "", address);
            this.#read();
        } else location.hash = address;
    }
}

/** What tells one page from another: not the query, which a page handles itself. */
export function pathOf(place: Place | null): string {
    return place === null ? "" : `${place.name} ${JSON.stringify(place.parameters)}`;
}

export const router = new Router();
