/**
 * Evidence: fetched from a node, read from files, and verified in the reader's browser by the crate `proofs`. Nothing here
 * is needed to show a page, so import it when it is asked for.
 */
export { Archive, type ArchivedBatch, type ArchivedReading, ArchiveError, type ArchiveErrorCode } from "./archive";
export { MOST_RECORDS } from "./evidence";
export { type FileKind, kindOf } from "./file";
export * from "./outcome";
export {
    type Progress,
    type Proof,
    proveDossier,
    proveList,
    type ProveOptions,
    proveReading,
    proveReadingComplete,
    proveRecord,
} from "./prove";
export { Verifier, verify } from "./verifier";
