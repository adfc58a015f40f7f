import { type EnumVar, getDynamicBuilder, getLookupFn, type LookupEntry, type Var } from "@polkadot-api/metadata-builders";
import {
    AccountId,
    Blake2256,
    Bytes,
    compactNumber,
    decAnyMetadata,
    extrinsicFormat,
    getSs58AddressInfo,
    Tuple,
    u8,
    unifyMetadata,
} from "@polkadot-api/substrate-bindings";

import { bytesOf, hexOf } from "./reader";
import type { Call, Event, Extrinsic, Value } from "./value";

/** The prefix of the ledger's addresses, which is the one that every client knows. */
const PREFIX = 42;

/** All that is left. */
const rest = Bytes(Infinity);

/** How deep values are looked into. Nothing that a runtime writes comes near. */
const DEEPEST = 64;

/** The account's address as people write it. */
export function addressOf(account: string): string {
    return AccountId(PREFIX).dec(bytesOf(account));
}

/** The account of an address: SS58 with whatever prefix, or `0x` and 64 hex digits; null where it is none. */
export function accountOf(address: string): string | null {
    if (/^0x[0-9a-fA-F]{64}$/.test(address)) return address.toLowerCase();
    const info = getSs58AddressInfo(address);
    return info.isValid && info.publicKey.length === 32 ? hexOf(info.publicKey) : null;
}

/** The hash of an extrinsic: BLAKE2b-256 of all of its bytes. */
export function extrinsicHash(bytes: string): string {
    return hexOf(Blake2256(bytesOf(bytes)));
}

type Codec = { dec(bytes: Uint8Array): unknown };
type Definition = LookupEntry | Var;

/** Decodes what one version of the runtime encodes, by nothing but its metadata. */
export class Decoder {
    readonly #lookup: ReturnType<typeof getLookupFn>;
    readonly #builder: ReturnType<typeof getDynamicBuilder>;

    /** Throws where the metadata cannot be read. */
    constructor(metadata: string) {
        this.#lookup = getLookupFn(unifyMetadata(read(metadata)));
        this.#builder = getDynamicBuilder(this.#lookup);
    }

    /** An extrinsic, from all of its bytes. Throws unless each of them has a meaning. */
    extrinsic(bytes: string): Extrinsic {
        const [length, body] = Tuple(compactNumber, rest).dec(bytesOf(bytes));
        if (length !== body.length) throw new Error(`its length says ${length} bytes, and there are ${body.length}`);
        const [{ version, type }, content] = Tuple(extrinsicFormat, rest).dec(body);
        if (type === "bare") {
            const [call] = this.#exactly([this.#callType], content);
            return { version, type, signer: null, signature: null, extensions: [], call: this.#callOf(call) };
        }
        const { extensionsByVersion } = this.#lookup.metadata.extrinsic;
        if (type === "general") {
            const [extensionVersion, further] = Tuple(u8, rest).dec(content);
            const extensions = extensionsByVersion[extensionVersion];
            if (extensions === undefined) throw new Error(`version ${extensionVersion} of the extensions is not known`);
            const values = this.#exactly([...extensions.map((each) => each.type), this.#callType], further);
            return {
                version,
                type,
                signer: null,
                signature: null,
                extensions: this.#extensions(extensions, values),
                call: this.#callOf(values.at(-1)),
            };
        }
        const extensions = extensionsByVersion[0] ?? [];
        const { address, signature } = this.#signedTypes;
        const values = this.#exactly([address, signature, ...extensions.map((each) => each.type), this.#callType], content);
        return {
            version,
            type,
            signer: this.#value(this.#lookup(address), values[0]),
            signature: this.#value(this.#lookup(signature), values[1]),
            extensions: this.#extensions(extensions, values.slice(2)),
            call: this.#callOf(values.at(-1)),
        };
    }

    /** A call, from its bytes. */
    call(bytes: string): Call {
        return this.#callOf(this.#exactly([this.#callType], bytesOf(bytes))[0]);
    }

    /** The events of a block, from what the state has of them. */
    events(bytes: string): Event[] {
        const item = this.#lookup.metadata.pallets
            .find(({ name }) => name === "System")
            ?.storage?.items.find(({ name }) => name === "Events");
        if (item === undefined || item.type.tag !== "plain") throw new Error("the metadata has no events");
        const records = this.#lookup(item.type.value);
        const record = records.type === "sequence" ? records.value : null;
        const event = record?.type === "struct" ? record.value["event"] : undefined;
        if (event?.type !== "enum") throw new Error("the metadata has no events");
        const [values] = this.#exactly([item.type.value], bytesOf(bytes));
        return (values as { phase: Variant; event: Variant }[]).map((each) => {
            const pallet = event.value[each.event.type];
            const inner = pallet === undefined ? undefined : contentOf(pallet);
            const what = each.event.value as Variant;
            const fields = inner?.type === "enum" ? inner.value[what.type] : undefined;
            const record = (what.value as { record?: unknown } | undefined)?.record;
            return {
                extrinsic: each.phase.type === "ApplyExtrinsic" ? Number(each.phase.value) : null,
                phase: each.phase.type,
                pallet: each.event.type,
                name: what.type,
                docs: docsOf(inner, what.type),
                value: fields === undefined ? { is: "none" } : this.#value(contentOf(fields), what.value),
                record: typeof record === "bigint" || typeof record === "number" ? String(record) : null,
            };
        });
    }

    get #callType(): number {
        const { call } = this.#lookup;
        if (call === null) throw new Error("the metadata does not say what a call is");
        return call;
    }

    /** The types of who signed and of the signature. Up to version 14 they are parameters of the extrinsic's own type. */
    get #signedTypes(): { address: number; signature: number } {
        const { metadata } = this.#lookup;
        if ("address" in metadata.extrinsic) return metadata.extrinsic;
        const parameters = metadata.lookup[metadata.extrinsic.type]?.params ?? [];
        const of = (name: string) => parameters.find((each) => each.name === name)?.type;
        const [address, signature] = [of("Address"), of("Signature")];
        if (address === undefined || signature === undefined) throw new Error("the metadata does not say who signs how");
        return { address, signature };
    }

    /** Values of some types one after the other, and nothing behind them. */
    #exactly(types: readonly number[], bytes: Uint8Array): unknown[] {
        const codecs = types.map((type) => this.#builder.buildDefinition(type));
        const values = (Tuple(...codecs, rest) as unknown as Codec).dec(bytes) as unknown[];
        const left = values.pop() as Uint8Array;
        if (left.length > 0) throw new Error(`${left.length} bytes are left that have no meaning`);
        return values;
    }

    #extensions(types: readonly { identifier: string; type: number }[], values: readonly unknown[]) {
        return types
            .map(({ identifier, type }, position) => ({
                name: identifier,
                value: this.#value(this.#lookup(type), values[position]),
            }))
            .filter(({ value }) => value.is !== "none");
    }

    #callOf(value: unknown): Call {
        const { type: pallet, value: inner } = value as Variant;
        const { type: name, value: contents } = inner as Variant;
        const calls = this.#lookup(this.#callType);
        const entry = calls.type === "enum" ? calls.value[pallet] : undefined;
        const of = entry === undefined ? undefined : contentOf(entry);
        const definition = of?.type === "enum" ? of.value[name] : undefined;
        return {
            pallet,
            name,
            docs: docsOf(of, name),
            value: definition === undefined ? { is: "none" } : this.#value(contentOf(definition), contents),
        };
    }

    /** What a decoded value is, by its type. */
    #value(type: Definition, value: unknown, depth = 0): Value {
        if (depth > DEEPEST) throw new Error("it is nested too deeply");
        const inner = (definition: Definition, part: unknown) => this.#value(definition, part, depth + 1);
        switch (type.type) {
            case "void":
                return { is: "none" };
            case "primitive":
                if (type.value === "bool") return { is: "truth", truth: value === true };
                if (type.value === "str" || type.value === "char") return { is: "text", text: String(value) };
                return { is: "number", number: String(value) };
            case "compact":
                return { is: "number", number: String(value) };
            case "AccountId32":
                return { is: "account", account: accountOf(String(value)) ?? String(value), address: String(value) };
            case "AccountId20":
                return { is: "bytes", hex: String(value), text: null };
            case "bitSequence": {
                const { bytes, bitsLen } = value as { bytes: Uint8Array; bitsLen: number };
                return {
                    is: "fields",
                    fields: [
                        { name: "bits", value: { is: "number", number: String(bitsLen) } },
                        { name: "bytes", value: { is: "bytes", hex: hexOf(bytes), text: null } },
                    ],
                };
            }
            case "option":
                return value === undefined ? { is: "none" } : inner(type.value, value);
            case "result": {
                const { success, value: content } = value as { success: boolean; value: unknown };
                const of = success ? type.value.ok : type.value.ko;
                return { is: "variant", name: success ? "Ok" : "Err", value: inner(of, content) };
            }
            case "sequence":
            case "array":
                if (value instanceof Uint8Array) return { is: "bytes", hex: hexOf(value), text: textOf(value) };
                // Of a fixed number of bytes the codec makes hex itself.
                if (typeof value === "string") return { is: "bytes", hex: value, text: null };
                return { is: "list", items: (value as unknown[]).map((each) => inner(type.value, each)) };
            case "tuple":
                return { is: "list", items: type.value.map((each, position) => inner(each, (value as unknown[])[position])) };
            case "struct":
                return {
                    is: "fields",
                    fields: Object.entries(type.value).map(([name, each]) => ({
                        name,
                        value: inner(each, (value as Record<string, unknown>)[name]),
                    })),
                };
            case "enum": {
                const { type: name, value: content } = value as Variant;
                const variant = type.value[name];
                if (variant === undefined) throw new Error(`there is no variant ${name}`);
                return { is: "variant", name, value: inner(contentOf(variant), content) };
            }
        }
    }
}

function read(metadata: string) {
    try {
        return decAnyMetadata(bytesOf(metadata));
    } catch (cause) {
        // The library throws nothing that says anything.
        throw new Error("the metadata cannot be read", { cause });
    }
}

interface Variant {
    readonly type: string;
    readonly value?: unknown;
}

/** What a variant of an enumeration holds. */
function contentOf(variant: EnumVar["value"][string]): Definition {
    return variant.type === "lookupEntry" ? variant.value : variant;
}

function docsOf(of: Definition | undefined, name: string): string {
    return of?.type === "enum" ? (of.innerDocs[name] ?? []).map((line) => line.trim()).join("\n").trim() : "";
}

/** What bytes say, if a person would read them as text. */
function textOf(bytes: Uint8Array): string | null {
    if (bytes.length === 0) return null;
    try {
        const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        return /[\p{Cc}\p{Cn}\p{Co}]/u.test(text.replace(/[\n\t]/g, "")) ? null : text;
    } catch {
        // Not text, which is no failure: most bytes are none.
        return null;
    }
}
