// Says how a node is, and lists the records about something:
//
//     npm run build && node examples/records.mjs --url http://127.0.0.1:9944 --subject device:1 --kind batch_attested
//
// It ends with exit code 1 when the node is behind, says no, or does not answer.

import { parseArgs } from "node:util";
import { items, Ledger, LedgerError, TransportError } from "@citynet/ledger";

const { values } = parseArgs({
    options: {
        url: { type: "string", default: "http://127.0.0.1:9944" },
        subject: { type: "string", default: "organisation:1" },
        kind: { type: "string" },
    },
});

const ledger = Ledger.connect(values.url, { timeout: 10_000 });
try {
    // Only a node that keeps the index knows the past, and only one that is synced says all of it.
    const { chain, best, finalized, index } = await ledger.status();
    console.log(`${chain}: block ${best.number}, final up to ${finalized.number}`);
    console.log(index === null ? "there is no index" : `the index is ${index.behind} blocks behind`);
    if (index === null || !index.synced) process.exitCode = 1;

    // All pages of the list are of one finalised block, however many blocks come meanwhile.
    const filter = { subject: values.subject, ...(values.kind === undefined ? {} : { kind: values.kind }) };
    for await (const record of items((cursor) => ledger.records({ filter, cursor }))) {
        // 64-bit numbers are decimal strings; a time fits a number of JavaScript for the next 280 000 years.
        const time = new Date(Number(record.time)).toISOString();
        console.log(`${time}  record ${record.index}  ${record.body.kind}  by organisation ${record.organisation}`);
    }
} catch (error) {
    process.exitCode = 1;
    // A code of the ledger is meant for programs and stays; the message is for people.
    if (error instanceof LedgerError) console.error(`the node says ${error.code}: ${error.message}`);
    else if (error instanceof TransportError) console.error(`no answer: ${error.message}`);
    else throw error;
} finally {
    ledger.close();
}
