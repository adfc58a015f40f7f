import type { Query } from "../../route/routes";

/** The reading that an address asks for, such as that behind a batch's link. Both numbers are decimal. */
export interface AskedReading {
    readonly device: string;
    readonly sequence: string;
}

const NUMBER = /^(0|[1-9][0-9]{0,19})$/;

/** The reading that is asked for; null where the address names none, or something that is no number. */
export function askedReading({ device, sequence }: Query): AskedReading | null {
    return device !== undefined && sequence !== undefined && NUMBER.test(device) && NUMBER.test(sequence)
        ? { device, sequence }
        : null;
}
