import type { Hex, Ledger } from "@citynet/ledger";

import type { Proof, ProveOptions } from "./prove";
import type { Wanted } from "./wanted";

/** Fetches the evidence of something and verifies it. The verifier comes when this is asked for the first time. */
export async function proveWanted(ledger: Ledger, wanted: Wanted, trust: Hex, options: ProveOptions): Promise<Proof> {
    const { proveDossier, proveList, proveRecord } = await import(".");
    if ("record" in wanted) return proveRecord(ledger, wanted.record, trust, options);
    if ("subject" in wanted) return proveList(ledger, wanted.subject, trust, options);
    return proveDossier(ledger, wanted.question, trust, options);
}
