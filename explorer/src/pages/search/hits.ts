import type { HitView } from "@citynet/ledger";

/** The text by which the explorer links to what was found. */
export function subjectOf(hit: HitView): string {
    switch (hit.kind) {
        case "block":
            return `block:${hit.block}`;
        case "extrinsic":
            return `extrinsic:${hit.hash}`;
        case "record":
            return `record:${hit.record}`;
        case "batch":
            return `batch:${hit.device}/${hit.firstSequence}`;
        case "version":
            return `version:${hit.dataset}@${hit.version}`;
        case "account":
            return `account:${hit.account}`;
        case "organisation":
            return `organisation:${hit.organisation}`;
        case "dataset":
            return `dataset:${hit.dataset}`;
        case "device":
            return `device:${hit.device}`;
        case "grant":
            return `grant:${hit.grant}`;
        case "cycle":
            return `cycle:${hit.currency}-${hit.number}`;
        case "currency":
            return `currency:${hit.currency}`;
        case "obligation":
            return `obligation:${hit.obligation}`;
        case "withdrawal":
            return `withdrawal:${hit.withdrawal}`;
        case "payment":
            return `payment:${hit.uetr}`;
        case "motion":
            return `motion:${hit.motion}`;
        case "peer":
            return `peer:${hit.peer}`;
    }
}
