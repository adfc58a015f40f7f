/** What a tree of grants is made of. */
export interface Granted {
    readonly grant: string;
    readonly parent: string | null;
}

/** A grant with those that stand on it. */
export interface Branch<T extends Granted> {
    readonly grant: T;
    readonly below: readonly Branch<T>[];
}

/**
 * The tree in which a grant is: from the first one that it stands on, as far as that is known, down to all that stand on that
 * one. Null where the grant itself is not among those given.
 */
export function treeOf<T extends Granted>(grants: readonly T[], grant: string): Branch<T> | null {
    const known = new Map(grants.map((each) => [each.grant, each]));
    let root = known.get(grant);
    if (root === undefined) return null;
    // No further than there are grants, whatever the node says.
    for (let steps = 0; steps < grants.length; steps++) {
        const parent: T | undefined = root.parent === null ? undefined : known.get(root.parent);
        if (parent === undefined) break;
        root = parent;
    }
    const below = new Map<string, T[]>();
    for (const each of grants) {
        if (each.parent === null || each.parent === each.grant) continue;
        const siblings = below.get(each.parent);
        if (siblings === undefined) below.set(each.parent, [each]);
        else siblings.push(each);
    }
    const seen = new Set<string>();
    const branch = (each: T): Branch<T> => {
        seen.add(each.grant);
        return {
            grant: each,
            below: (below.get(each.grant) ?? []).filter((child) => !seen.has(child.grant)).map(branch),
        };
    };
    return branch(root);
}

/** Those that a grant stands on, from its parent to the first, as far as they are known. */
export function above<T extends Granted>(grants: readonly T[], grant: T): T[] {
    const known = new Map(grants.map((each) => [each.grant, each]));
    const found: T[] = [];
    let next = grant.parent;
    while (next !== null && found.length < grants.length) {
        const parent = known.get(next);
        if (parent === undefined) break;
        found.push(parent);
        next = parent.parent;
    }
    return found;
}
