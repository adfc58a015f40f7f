import { href } from "./routes";

/**
 * Where more is to be found about what a text such as `organisation:1`, `version:7@3`, `cycle:1-7` or `hash:0x…` names, or
 * null where nothing more can be.
 */
export function subjectHref(text: string): string | null {
    const colon = text.indexOf(":");
    const kind = text.slice(0, colon);
    const id = text.slice(colon + 1);
    const number = /^(0|[1-9][0-9]{0,19})$/.test(id);
    switch (kind) {
        case "organisation":
            // Number 0 is the consortium itself, which is no member.
            return number && id !== "0" ? href("organisation", { organisation: id }) : null;
        case "dataset":
            return number ? href("dataset", { dataset: id }) : null;
        case "device":
            return number ? href("device", { device: id }) : null;
        case "grant":
            return number ? href("grant", { grant: id }) : null;
        case "obligation":
            return number ? href("obligation", { obligation: id }) : null;
        case "record":
            return number ? href("record", { index: id }) : null;
        case "block":
            return number ? href("block", { block: id }) : null;
        case "currency":
            return number ? href("settlements", {}, { currency: id }) : null;
        case "motion":
            return number ? href("votes", {}, { motion: id }) : null;
        case "withdrawal":
            return number ? href("records", {}, { naming: text }) : null;
        case "version": {
            const [, dataset, version] = /^(\d+)@(\d+)$/.exec(id) ?? [];
            return dataset === undefined || version === undefined ? null : href("version", { dataset, version });
        }
        case "cycle": {
            const [, currency, cycle] = /^(\d+)-(\d+)$/.exec(id) ?? [];
            return currency === undefined || cycle === undefined ? null : href("cycle", { currency, cycle });
        }
        case "batch": {
            const [, device, sequence] = /^(\d+)\/(\d+)$/.exec(id) ?? [];
            return device === undefined || sequence === undefined ? null : href("batch", { device, sequence });
        }
        case "account":
            return id === "" ? null : href("account", { address: id });
        case "extrinsic":
            return id === "" ? null : href("extrinsic", { hash: id });
        case "peer":
        case "payment":
            return id === "" ? null : href("records", {}, { naming: text });
        case "hash":
            return id === "" ? null : href("search", {}, { q: id });
        default:
            return null;
    }
}
