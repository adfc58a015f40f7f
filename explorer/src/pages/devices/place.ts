import type { Location } from "@citynet/ledger";

/** Where a device stands, for other programs. */
export function placeText(location: Location): string {
    return "geohash" in location ? `geohash:${location.geohash}` : location.text;
}
