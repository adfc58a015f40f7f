import type { Pages } from "../../ledger";

/** The block that a list is true for, once it is there. */
export function anchored({ anchor }: Pick<Pages<unknown>, "anchor">): NonNullable<Pages<unknown>["anchor"]> {
    if (anchor === null) throw new Error("the list has not come yet");
    return anchor;
}
