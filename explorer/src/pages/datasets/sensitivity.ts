import type { Sensitivity } from "@citynet/ledger";

/** The colour of a sensitivity. The word says the same. */
export function toneOf(sensitivity: Sensitivity): "good" | "info" | "warning" {
    switch (sensitivity) {
        case "open":
            return "good";
        case "internal":
            return "info";
        default:
            return "warning";
    }
}
