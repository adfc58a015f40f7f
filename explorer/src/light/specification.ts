/**
 * What a chain's raw specification gives a light client. Only what is named here is passed on. That keeps out what
 * nobody vouches for: `lightSyncState` would have the client begin at a block that the genesis hash does not cover,
 * with finalisers of its author's choice.
 */
export interface Specification {
    readonly name: string;
    readonly bootNodes: readonly string[];
    /** The text for the light client, with other boot nodes. */
    withBootNodes(bootNodes: readonly string[]): string;
}

/** Reads a raw specification. Throws where it is none; that it is the right chain's, its genesis hash says. */
export function specificationOf(text: string): Specification {
    let found: unknown;
    try {
        found = JSON.parse(text);
    } catch (cause) {
        throw new Error("the specification is no JSON", { cause });
    }
    if (typeof found !== "object" || found === null) throw new Error("the specification is no object");
    const { name, id, protocolId, forkId, bootNodes, genesis } = found as Record<string, unknown>;
    if (typeof name !== "string" || typeof id !== "string") throw new Error("the specification has no name or no id");
    if (typeof genesis !== "object" || genesis === null || !("raw" in genesis)) {
        throw new Error("the specification is not raw");
    }
    const nodes = bootNodes ?? [];
    if (!Array.isArray(nodes) || !nodes.every((node: unknown) => typeof node === "string")) {
        throw new Error("the specification's boot nodes are no list of texts");
    }
    const rest = {
        name,
        id,
        ...(typeof protocolId === "string" ? { protocolId } : {}),
        ...(typeof forkId === "string" ? { forkId } : {}),
        genesis: { raw: genesis.raw },
    };
    return {
        name,
        bootNodes: nodes,
        withBootNodes: (others) => JSON.stringify({ ...rest, bootNodes: others }),
    };
}
