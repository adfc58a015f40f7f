import { sha256 } from "./hash";
import type { AsOf } from "./table";
import { utc } from "./time";
import { zip } from "./zip";

/** A file of a crate. */
export interface Part {
    readonly name: string;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly mediaType: string;
    /** What it is. */
    readonly description: string;
}

/** What a crate says about itself. */
export interface About {
    readonly name: string;
    readonly description: string;
}

const METADATA = "ro-crate-metadata.json";

/** Packs files as an RO-Crate 1.1, as `citynet audit crate` does: the same files give the same bytes. */
export async function pack(about: About, asOf: AsOf, parts: readonly Part[]): Promise<Uint8Array<ArrayBuffer>> {
    const names = new Set([METADATA]);
    for (const { name } of parts) {
        if (names.has(name)) throw new Error(`there is more than one file ${name}`);
        names.add(name);
    }
    const sorted = parts.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const text = `${JSON.stringify(await metadata(about, asOf, sorted), null, 2)}\n`;
    return zip([...sorted, { name: METADATA, bytes: new TextEncoder().encode(text) }]);
}

async function metadata(about: About, asOf: AsOf, parts: readonly Part[]): Promise<object> {
    const files = parts.map(async ({ name, bytes, mediaType, description }) => ({
        "@id": name,
        "@type": "File",
        name,
        description,
        encodingFormat: mediaType,
        contentSize: String(bytes.length),
        sha256: await sha256(bytes),
    }));
    return {
        // The context of version 1.1 has no word for the hash.
        "@context": ["https://w3id.org/ro/crate/1.1/context", { sha256: "https://schema.org/sha256" }],
        "@graph": [
            {
                "@id": METADATA,
                "@type": "CreativeWork",
                conformsTo: { "@id": "https://w3id.org/ro/crate/1.1" },
                about: { "@id": "./" },
            },
            {
                "@id": "./",
                "@type": "Dataset",
                ...about,
                // The format demands one. Where the block does not tell its time, it is that of the packing.
                datePublished: utc(asOf.time ?? Date.now()),
                license: { "@id": "#licence" },
                isBasedOn: { "@id": "#ledger" },
                hasPart: parts.map(({ name }) => ({ "@id": name })),
            },
            {
                "@id": "#licence",
                "@type": "CreativeWork",
                name: "No licence is stated",
                description: "Ask the consortium whose ledger it is.",
            },
            {
                "@id": "#ledger",
                "@type": "CreativeWork",
                name: "CityNet Ledger",
                identifier: `urn:citynet:${asOf.genesis.replace(/^0x/, "")}`,
                version: `block ${asOf.block.number}, ${asOf.block.hash}`,
            },
            ...(await Promise.all(files)),
        ],
    };
}
