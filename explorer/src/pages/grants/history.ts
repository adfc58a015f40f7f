import type { GrantView, RecordView } from "@citynet/ledger";

import type en from "../../i18n/en/grants";
import type { Happening } from "../../parts/timeline";
import { href } from "../../route/routes";
import { toneOfState } from "./standing";

/** How the timeline says what only words know. */
export interface Wording {
    readonly timeline: (typeof en)["timeline"];
    readonly usage: (typeof en)["usage"];
    organisation(id: number): string;
    reason(reason: Extract<RecordView["body"], { kind: "grant_state_changed" }>["reason"]): string;
    kind(kind: string): string;
    quoted(text: string): string;
}

/** What a provider reports may be a lot, and has a table of its own. */
const LISTED: readonly string[] = ["access_reported"];

/** Which records the timeline shows. */
export function onTimeline(records: readonly RecordView[]): RecordView[] {
    return records.filter(({ body }) => !LISTED.includes(body.kind));
}

/** What became of a grant, from the records about it in their order. */
export function history(records: readonly RecordView[], words: Wording): Happening[] {
    let terms: string | null = null;
    let state: GrantView["state"] | null = null;
    return onTimeline(records).map((record) => {
        const { body } = record;
        const notes = [words.timeline.by(words.organisation(record.organisation))];
        const { title, tone = "neutral" } = ((): { title: string; tone?: Happening["tone"] } => {
            switch (body.kind) {
                case "grant_requested":
                case "grant_offered": {
                    if (body.kind === "grant_offered" && body.parent !== null) {
                        notes.push(words.timeline.standingOn(body.parent));
                    }
                    if (body.supersedes !== null) notes.push(words.timeline.inPlaceOf(body.supersedes));
                    const said = JSON.stringify(body.terms);
                    if (terms !== null && said !== terms) notes.push(words.timeline.otherTerms);
                    terms = said;
                    state = body.kind === "grant_offered" ? "offered" : "requested";
                    const title =
                        body.kind === "grant_requested"
                            ? words.timeline.requested
                            : body.binding
                              ? words.timeline.offeredBindingly
                              : words.timeline.offered;
                    return { title, tone: "info" };
                }
                case "grant_advanced":
                    state = body.state;
                    return { title: words.timeline.became[body.state], tone: toneOfState(body.state) };
                case "grant_state_changed": {
                    notes.push(words.reason(body.reason));
                    if (body.note !== "") notes.push(words.quoted(body.note));
                    const resumed = state === "suspended" && body.state === "active";
                    state = body.state;
                    return {
                        title: resumed ? words.timeline.resumed : words.timeline.became[body.state],
                        tone: toneOfState(body.state),
                    };
                }
                case "access_contested":
                    notes.push(words.timeline.consumerCounts(words.usage(body.usage)), words.quoted(body.reason));
                    return { title: words.timeline.contested(body.counter), tone: "warning" };
                case "price_held":
                    return { title: words.timeline.held };
                case "price_released":
                    return { title: words.timeline.released };
                case "price_paid":
                    return { title: words.timeline.paid };
                case "usage_stated":
                    notes.push(words.usage(body.usage));
                    return { title: words.timeline.stated(body.statement) };
                case "usage_disputed":
                    notes.push(words.timeline.consumerCounts(words.usage(body.usage)), words.quoted(body.reason));
                    return { title: words.timeline.disputed(body.statement), tone: "warning" };
                case "usage_ruled":
                    notes.push(words.usage(body.usage), words.quoted(body.reason));
                    return { title: words.timeline.ruled(body.statement) };
                case "obligation_created":
                    return { title: words.timeline.owed(body.obligation) };
                case "obligation_reversed":
                    notes.push(words.quoted(body.reason));
                    return { title: words.timeline.reversed(body.obligation) };
                default:
                    return { title: words.kind(body.kind) };
            }
        })();
        return {
            id: record.index,
            time: record.time,
            title,
            note: notes.join(" · "),
            tone,
            link: href("record", { index: record.index }),
        };
    });
}
