import type { Question } from "./outcome";

/** Of what evidence is wanted: one record, all records about a subject, or all records that a question needs. */
export type Wanted =
    | { readonly record: string }
    | { readonly subject: string }
    | { readonly question: Exclude<Question, { reading: unknown }> };
