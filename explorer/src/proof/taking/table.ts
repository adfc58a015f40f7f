import { csv } from "../../parts/save";
import { sha256 } from "./hash";

/** Rows of a table as they are taken away. */
export interface TakenRows {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
    /** Whether these are all rows of the query. */
    readonly complete: boolean;
    /** The block that the rows are true for, as the answer said it. */
    readonly anchor: { readonly number: number; readonly hash: string };
}

/** Of when and of what an answer is. */
export interface AsOf {
    readonly genesis: string;
    readonly block: { readonly number: number; readonly hash: string };
    /** The block's time in milliseconds since 1970. Null where its header does not tell. */
    readonly time: number | null;
}

/** A table and what says what it is. */
export interface Tabled {
    readonly file: string;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly manifestFile: string;
    readonly manifest: Manifest;
}

/** What `citynet audit … --csv` writes beside its tables too. */
export interface Manifest {
    readonly format: "citynet.table/1";
    readonly file: string;
    readonly sha256: string;
    readonly bytes: string;
    readonly columns: readonly string[];
    readonly rows: string;
    readonly query: object;
    readonly complete: boolean;
    readonly genesisHash: string;
    readonly block: { readonly number: number; readonly hash: string };
    readonly time: string | null;
}

/** A table as CSV in UTF-8 with its manifest. `query` is what was asked. */
export async function tabled(file: string, rows: TakenRows, query: object, asOf: AsOf): Promise<Tabled> {
    const uneven = rows.rows.find((row) => row.length !== rows.columns.length);
    if (uneven !== undefined) throw new Error(`a row has ${uneven.length} cells, and there are ${rows.columns.length} columns`);
    const bytes = new TextEncoder().encode(csv([rows.columns, ...rows.rows]));
    const manifest: Manifest = {
        format: "citynet.table/1",
        file,
        sha256: await sha256(bytes),
        bytes: String(bytes.length),
        columns: rows.columns,
        rows: String(rows.rows.length),
        query,
        complete: rows.complete,
        genesisHash: asOf.genesis,
        block: asOf.block,
        time: asOf.time === null ? null : String(asOf.time),
    };
    return { file, bytes, manifestFile: `${file}.manifest.json`, manifest };
}
