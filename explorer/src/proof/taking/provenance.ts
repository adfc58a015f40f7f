import { type Attested, batchName, lastSequence, type Lineage, type Made } from "./lineage";
import { utc } from "./time";

/** The namespace of our own attributes and types. */
const VOCABULARY = "urn:citynet:prov:";
/** What has a number or a name of its own on the ledger. */
const KINDS = ["version", "batch", "making", "attestation", "organisation", "grant", "device", "dataset"];

type Attributes = Record<string, unknown>;

/**
 * What a version was made from as W3C PROV-JSON, with the same words as `citynet prov export`, whose documentation says
 * what stands for what; `citynet prov check` checks it.
 */
export function provenance(lineage: Lineage, root: string, genesis: string): string {
    const writer = new Writer(lineage);
    for (const [name, made] of sorted(lineage.versions)) writer.version(name, made, name === root);
    for (const [, attested] of sorted(lineage.batches)) writer.batch(attested);
    return `${JSON.stringify(writer.finish(genesis), null, 2)}\n`;
}

/** By the numbers in their names, such as `7@3` or `12-4000`. */
function sorted<T>(named: ReadonlyMap<string, T>): Array<[string, T]> {
    const numbers = (name: string) => name.split(/[@-]/).map(BigInt) as [bigint, bigint];
    return [...named].sort(([one], [other]) => {
        const [[first, second], [third, fourth]] = [numbers(one), numbers(other)];
        return first === third ? Number(second - fourth) : Number(first - third);
    });
}

class Writer {
    readonly #lineage: Lineage;
    readonly #sections = new Map<string, Map<string, Attributes>>();
    #relations = 0;

    constructor(lineage: Lineage) {
        this.#lineage = lineage;
    }

    finish(genesis: string): object {
        const chain = `urn:citynet:${genesis.replace(/^0x/, "")}`;
        const prefix = {
            prov: "http://www.w3.org/ns/prov#",
            xsd: "http://www.w3.org/2001/XMLSchema#",
            dct: "http://purl.org/dc/terms/",
            cn: VOCABULARY,
            sha256: "urn:citynet:sha256:",
            ...Object.fromEntries(KINDS.map((kind) => [kind, `${chain}:${kind}:`])),
        };
        const sections = [...this.#sections].map(([name, records]) => [name, Object.fromEntries(records)]);
        return ordered({ prefix, ...Object.fromEntries(sections) });
    }

    version(version: string, made: Made, isRoot: boolean): void {
        const [entity, activity] = [`version:${version}`, `making:${version}`];
        const { content, dataset } = made;
        const named = this.#lineage.datasets.get(dataset);
        const title = named?.title ?? `dataset ${dataset}`;
        const is = name("cn:Version");
        this.#set("entity", entity, {
            "prov:type": named === undefined ? is : [is, name(`cn:${capital(named.kind)}`)],
            "prov:label": `${title}, version ${made.version}`,
            "cn:dataset": name(`dataset:${dataset}`),
            "cn:sha256": bare(content.content),
            "cn:bytes": number(content.bytes),
            "cn:records": number(content.records),
            "cn:observedFrom": time(content.from),
            "cn:observedTo": time(content.to),
            "cn:record": number(made.record),
            "dct:format": content.mediaType,
            ...(named === undefined ? {} : { "dct:license": named.licence }),
            ...(made.faultySince === null ? {} : { "cn:faultySince": time(made.faultySince) }),
            ...(isRoot ? { "cn:lineageComplete": this.#lineage.leftOut.size === 0 } : {}),
        });
        const sources = this.#sources(made);
        const since = [...sources.values()].filter((moment) => moment !== null).map(BigInt);
        const begin = since.reduce<bigint | null>((last, moment) => (last === null || moment > last ? moment : last), null);
        this.#set("activity", activity, {
            "prov:type": name(`cn:${capital(content.activity)}`),
            ...(begin === null ? {} : { "prov:startTime": utc(begin) }),
            "prov:endTime": utc(made.time),
            ...(content.code === "" ? {} : { "cn:code": content.code }),
            ...(content.parameters === null ? {} : { "cn:parametersSha256": bare(content.parameters) }),
            ...(content.activity === "training" ? { "prov:label": `training of ${title}, version ${made.version}` } : {}),
        });
        this.#generated(entity, activity, made.time);
        for (const source of [...sources.keys()].sort()) {
            this.#relate("used", { "prov:activity": activity, "prov:entity": source });
            this.#relate("wasDerivedFrom", {
                "prov:generatedEntity": entity,
                "prov:usedEntity": source,
                "prov:activity": activity,
            });
        }
        this.#did(entity, activity, made.publisher, grantsOf(made));
    }

    batch({ batch, record, time: attested, organisation }: Attested): void {
        const id = batchName(batch);
        const [entity, activity] = [`batch:${id}`, `attestation:${id}`];
        const since = this.#lineage.devices.get(batch.device)?.distrustedSince ?? null;
        const distrusted = since !== null && BigInt(since) <= BigInt(batch.windowEnd);
        this.#set("entity", entity, {
            "prov:type": name("cn:Batch"),
            "cn:device": name(`device:${batch.device}`),
            "cn:keyEpoch": number(batch.epoch),
            "cn:firstSequence": number(batch.firstSequence),
            "cn:readings": number(batch.count),
            "cn:observedFrom": time(batch.windowStart),
            "cn:observedTo": time(batch.windowEnd),
            "cn:root": bare(batch.root),
            "cn:record": number(record),
            ...(distrusted ? { "cn:distrustedSince": time(since) } : {}),
        });
        // Clocks may differ: a batch can be recorded some minutes before its observations, by the ledger's time.
        const begin = BigInt(batch.windowStart) < BigInt(attested) ? batch.windowStart : attested;
        this.#set("activity", activity, {
            "prov:type": name("cn:Attestation"),
            "prov:startTime": utc(begin),
            "prov:endTime": utc(attested),
        });
        this.#generated(entity, activity, attested);
        this.#did(entity, activity, organisation, []);
    }

    /** The entities that a version was made from, each with the time since which it is on the ledger. */
    #sources({ content }: Made): Map<string, string | null> {
        const sources = new Map<string, string | null>();
        for (const source of content.sources) {
            if (source.source === "version") {
                const id = `${source.dataset}@${source.version}`;
                const entity = `version:${id}`;
                const since = this.#lineage.versions.get(id)?.time ?? null;
                if (since === null && this.#sections.get("entity")?.has(entity) !== true) {
                    // It was not gone to. Whoever reads on must know that there is more.
                    this.#set("entity", entity, { "prov:type": name("cn:Version"), "cn:followed": false });
                }
                sources.set(entity, since);
            } else if (source.source === "batches") {
                for (const [id, { batch, time: since }] of this.#lineage.batches) {
                    const overlaps =
                        batch.device === source.device &&
                        BigInt(batch.firstSequence) <= BigInt(source.lastSequence) &&
                        BigInt(source.firstSequence) <= lastSequence(batch);
                    if (overlaps) sources.set(`batch:${id}`, since);
                }
            } else {
                const entity = `sha256:${bare(source.content)}`;
                this.#set("entity", entity, {
                    "prov:type": name("cn:External"),
                    "cn:sha256": bare(source.content),
                    ...(source.uri === "" ? {} : { "prov:location": source.uri }),
                });
                sources.set(entity, null);
            }
        }
        return sources;
    }

    #generated(entity: string, activity: string, at: string): void {
        this.#relate("wasGeneratedBy", { "prov:entity": entity, "prov:activity": activity, "prov:time": utc(at) });
    }

    /** Who did it, and by which grants. */
    #did(entity: string, activity: string, who: number, grants: readonly string[]): void {
        const agent = `organisation:${who}`;
        const label = this.#lineage.organisations.get(who)?.name ?? `organisation ${who}`;
        this.#set("agent", agent, { "prov:type": name("prov:Organization"), "prov:label": label });
        this.#relate("wasAttributedTo", { "prov:entity": entity, "prov:agent": agent });
        const associated = { "prov:activity": activity, "prov:agent": agent };
        if (grants.length === 0) this.#relate("wasAssociatedWith", associated);
        for (const grant of grants) this.#relate("wasAssociatedWith", { ...associated, "prov:plan": this.#grant(grant) });
    }

    #grant(grant: string): string {
        const view = this.#lineage.grants.get(grant);
        this.#set("entity", `grant:${grant}`, {
            "prov:type": [name("prov:Plan"), name("cn:Grant")],
            "prov:label": `grant ${grant}`,
            ...(view === undefined
                ? {}
                : {
                      "cn:terms": bare(view.termsHash),
                      "cn:provider": name(`organisation:${view.terms.provider}`),
                      "cn:consumer": name(`organisation:${view.terms.consumer}`),
                  }),
        });
        return `grant:${grant}`;
    }

    #relate(relation: string, attributes: Attributes): void {
        this.#relations += 1;
        this.#set(relation, `_:r${this.#relations}`, attributes);
    }

    #set(section: string, key: string, attributes: Attributes): void {
        let records = this.#sections.get(section);
        if (records === undefined) this.#sections.set(section, (records = new Map()));
        records.set(key, attributes);
    }
}

/** The grants by which a version used its sources, ascending. */
function grantsOf({ content }: Made): string[] {
    const grants = content.sources.flatMap((source) =>
        source.source === "external" || source.grant === null ? [] : [source.grant],
    );
    return [...new Set(grants)].sort((one, other) => Number(BigInt(one) - BigInt(other)));
}

function name(qualified: string): object {
    return { $: qualified, type: "prov:QUALIFIED_NAME" };
}

function number(value: string | number): object {
    return { $: String(value), type: "xsd:unsignedLong" };
}

function time(moment: string): object {
    return { $: utc(moment), type: "xsd:dateTime" };
}

/** Hex without its `0x`. */
function bare(hex: string): string {
    return hex.replace(/^0x/, "");
}

/** `training` as `Training`. */
function capital(word: string): string {
    return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The same with sorted members, so that the same lineage gives the same text. */
function ordered(value: unknown): object {
    const within = (inner: unknown): unknown => {
        if (Array.isArray(inner)) return inner.map(within);
        if (typeof inner !== "object" || inner === null) return inner;
        return Object.fromEntries(
            Object.entries(inner)
                .sort(([one], [other]) => (one < other ? -1 : 1))
                .map(([key, member]) => [key, within(member)]),
        );
    };
    return within(value) as object;
}
