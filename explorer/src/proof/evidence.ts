import type { AuthoritiesView, Decimal, DecimalInput, Hex, Ledger } from "@citynet/ledger";
import { canonical, type Json } from "./canonical";
import type { ArchivedReading } from "./archive";
import { ProofError, type Question } from "./outcome";
import type { Verifier } from "./verifier";

/** How many records to ask for at once. Terms of grants can have several kilobytes. */
const PAGE = 250;

/** The most records of a document that a browser puts together: that is some hundred megabytes of memory. */
export const MOST_RECORDS = 200_000;

/** How far it is. */
export type Fetched = (lists: number, records: number) => void;

/** The text of an evidence bundle for one record. */
export async function recordEvidence(ledger: Ledger, index: DecimalInput): Promise<string> {
    const { authorities, genesisHash, header, justification, records } = await ledger.proof({ indices: [index] });
    const [record] = records;
    if (record === undefined) throw new ProofError("no_proof", "the node's proof has no record");
    return canonical({
        authorities: sets(authorities, authorities.genesis.proof),
        finality: { header, justification },
        format: "citynet.evidence/1",
        genesisHash,
        record: proven(record),
    });
}

/** The text of an evidence bundle for a reading of an archive. */
export async function readingEvidence(ledger: Ledger, reading: ArchivedReading): Promise<string> {
    const { device, epoch } = reading;
    const key = (await ledger.device({ device })).keyRecords.find((begun) => begun.epoch === epoch);
    if (key === undefined) {
        throw new ProofError("no_key", `the node knows no record for the key of epoch ${epoch} of device ${device}`);
    }
    const proof = await ledger.proof({ indices: [reading.record, key.record] });
    const { authorities, genesisHash, header, justification, records } = proof;
    ofChain(reading, genesisHash);
    const [record, deviceKey] = records;
    if (record === undefined || deviceKey === undefined) {
        throw new ProofError("no_proof", `the node's proof has ${records.length} records instead of two`);
    }
    return canonical({
        authorities: sets(authorities, authorities.genesis.proof),
        deviceKey: proven(deviceKey),
        finality: { header, justification },
        format: "citynet.evidence/1",
        genesisHash,
        reading: part(reading),
        record: proven(record),
    });
}

/** A list's text, and of what it is. */
export interface ListEvidence {
    text: string;
    /** The block up to which it goes. */
    block: number;
    genesis: Hex;
    records: number;
}

/**
 * The text of the list of all records about a subject. `at` is the block up to which it goes, by default the newest of which
 * the node has a proof. Nothing is checked that the verification checks.
 */
export async function listEvidence(ledger: Ledger, subject: string, fetched: Fetched, at?: number): Promise<ListEvidence> {
    const first = await ledger.completeness({ subject, limit: PAGE, at });
    const { anchor, proof } = first;
    if (proof === null) throw new ProofError("no_proof", "the node's first page has no proof");
    const count = BigInt(proof.head.count);
    if (count > BigInt(MOST_RECORDS)) throw tooMany(`there are ${count} records about ${subject}`);
    const records = first.items.map(listed);
    let cursor = first.next;
    while (cursor !== null) {
        fetched(1, records.length);
        const page = await ledger.completeness({ subject, cursor, limit: PAGE, at });
        if (page.anchor.hash !== anchor.hash) throw otherBlock(anchor.number, page.anchor.number);
        for (const item of page.items) records.push(listed(item));
        if (BigInt(records.length) > count) {
            throw new ProofError("no_proof", `the node gives more than the ${count} records about ${subject} that it counts`);
        }
        cursor = page.next;
    }
    const { authorities, genesisHash, header, justification, state } = proof;
    const text = canonical({
        authorities: sets(authorities, ascending(authorities.genesis.proof)),
        finality: { header, justification },
        format: "citynet.list/1",
        genesisHash,
        head: ascending(state),
        records,
        subject,
    });
    return { text, block: anchor.number, genesis: genesisHash, records: records.length };
}

/**
 * The text of the dossier with all lists that a question needs, at the newest block of which the node has a proof. Which
 * lists these are, the verifier says, and so it does when it verifies them.
 */
export async function dossierEvidence(
    ledger: Ledger,
    verifier: Verifier,
    question: Question,
    fetched: Fetched,
    reading?: ArchivedReading,
): Promise<string> {
    const least = reading?.block ?? 0;
    let lists = 0;
    let anchor: number | undefined;
    return verifier.dossier(question, reading && canonical(part(reading)), async (missing, add) => {
        let { records } = missing;
        for (const subject of missing.subjects) {
            const list = await listEvidence(ledger, subject, (_, more) => fetched(lists, records + more), anchor);
            anchor ??= list.block;
            if (list.block !== anchor) throw otherBlock(anchor, list.block);
            if (reading !== undefined) ofChain(reading, list.genesis);
            if (anchor < least) {
                const message = `the node has a proof up to block ${anchor} only, and block ${least} is needed`;
                throw new ProofError("too_early", message);
            }
            ({ records } = await add(list.text));
            if (records > MOST_RECORDS) throw tooMany("the dossier would have them");
            lists += 1;
            fetched(lists, records);
        }
    });
}

/** The question for a reading of an archive. */
export function questionOf({ device, sequence }: ArchivedReading): Question {
    return { reading: { device, sequence } };
}

function sets({ changes, genesis }: AuthoritiesView, proof: Hex[]): Json {
    return {
        changes: changes.map(({ header, justification }) => ({ header, justification })),
        genesis: { proof, stateRoot: genesis.stateRoot },
    };
}

function proven({ path, record }: { path: Hex[]; record: Hex }): Json {
    return { path, record };
}

function listed({ encoded }: { encoded: Hex }): { record: Hex } {
    return { record: encoded };
}

/** The reading as a document has it. */
function part({ leaf, path, raw }: ArchivedReading): Json {
    return { leaf: JSON.parse(leaf) as Json, path, raw };
}

/** The format prescribes an order of trie nodes, which the node's answer need not have. That of their hex is theirs. */
function ascending(nodes: Hex[]): Hex[] {
    return nodes.toSorted();
}

function ofChain({ genesis }: ArchivedReading, found: Hex): void {
    if (genesis !== found) {
        const message = `the archive is of the chain with genesis ${genesis}, the node of the one with genesis ${found}`;
        throw new ProofError("other_chain", message);
    }
}

function otherBlock(first: Decimal | number, other: number): ProofError {
    return new ProofError("other_block", `the node's pages are of different blocks, ${first} and ${other}`);
}

function tooMany(reason: string): ProofError {
    return new ProofError("too_many", `${reason}, and at most ${MOST_RECORDS} records are taken`);
}
