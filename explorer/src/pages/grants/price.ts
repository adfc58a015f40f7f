import type { Price } from "@citynet/ledger";

import type en from "../../i18n/en/grants";

/** How amounts and lengths of time are written. */
interface Writing {
    money(currency: number, amount: string): string;
    span(milliseconds: string): string;
}

/** What use costs, in words. */
export function priceWords(price: Price, words: (typeof en)["prices"], { money, span }: Writing): string {
    switch (price.price) {
        case "free":
            return words.free;
        case "contract":
            return words.contract;
        case "fixed":
            return words.fixed(money(price.currency, price.amount));
        case "per_period":
            return words.perPeriod(money(price.currency, price.amount), span(price.period));
        case "metered":
            return words.metered(
                price.unit,
                price.per,
                price.tiers.map((tier) => words.step(money(price.currency, tier.amount), tier.above)),
                span(price.disputeWindow),
            );
    }
}
