import type { OrganisationInfo } from "@citynet/ledger";

/** The organisation whose account it is now. */
export function accountOwner(organisations: readonly OrganisationInfo[], account: string): OrganisationInfo | null {
    return organisations.find(({ accounts }) => accounts.some((each) => each.account === account)) ?? null;
}

/** The account with which the chain itself acts. */
export const NOBODY = `0x${"00".repeat(32)}`;

/** What the accounts that stand for seats in the council begin with: `citynet/seat`. */
const SEAT = "0x636974796e65742f73656174";

/** The organisation whose seat in the council an account stands for; null for every other account. */
export function seatOf(account: string): number | null {
    const match = new RegExp(`^${SEAT}([0-9a-f]{8})(00){16}$`).exec(account);
    return match?.[1] === undefined ? null : Number.parseInt((match[1].match(/../g) ?? []).reverse().join(""), 16);
}
