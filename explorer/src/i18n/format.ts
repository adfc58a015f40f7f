import type { Language, Zone } from "../settings.svelte";

/** An amount of the smallest unit in the usual unit, such as `1,234.50`: exact, however large. */
export function formatAmount(amount: string | bigint, exponent: number, language: Language): string {
    const value = BigInt(amount);
    const sign = value < 0n ? "\u2212" : "";
    const digits = (value < 0n ? -value : value).toString().padStart(exponent + 1, "0");
    const whole = BigInt(digits.slice(0, digits.length - exponent));
    const fraction = digits.slice(digits.length - exponent);
    const grouped = new Intl.NumberFormat(language).format(whole);
    if (exponent === 0) return sign + grouped;
    return sign + grouped + (language === "ru" ? "," : ".") + fraction;
}

export function formatNumber(value: number | bigint | string, language: Language): string {
    return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(
        typeof value === "string" ? BigInt(value) : value,
    );
}

/** How exact a time is shown. */
export type Precision = "day" | "minute" | "second";

const PARTS: Record<Precision, Intl.DateTimeFormatOptions> = {
    day: { year: "numeric", month: "short", day: "numeric" },
    minute: { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
    second: {
        year: "numeric",
        month: "short",
        day: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
    },
};

/** The latest moment that a Date can be. */
const LATEST = 8_640_000_000_000_000n;

/** A moment in milliseconds since 1970, with its zone; null where it is beyond what calendars go to. */
export function formatTime(
    moment: string | number | bigint,
    language: Language,
    zone: Zone,
    precision: Precision = "second",
): string | null {
    const value = BigInt(moment);
    if (value > LATEST || value < -LATEST) return null;
    const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
        ...PARTS[precision],
        hourCycle: "h23",
        ...(precision === "day" ? {} : { timeZoneName: "short" as const }),
        ...(zone === "utc" ? { timeZone: "UTC" } : {}),
    });
    return format.format(Number(value));
}

/** The same for machines. */
export function isoTime(moment: string | number | bigint): string | undefined {
    const value = BigInt(moment);
    return value > LATEST || value < -LATEST ? undefined : new Date(Number(value)).toISOString();
}

const UNITS = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1_000],
] as const;

/** A length of time in its largest unit, such as `3 days`; tenths of a second where it is short. */
export function formatSpan(milliseconds: number, language: Language): string {
    const size = Math.abs(milliseconds);
    const [unit, length] = UNITS.find(([, each]) => size >= each) ?? ["second", 1_000];
    const value = milliseconds / length;
    return new Intl.NumberFormat(language, {
        style: "unit",
        unit,
        unitDisplay: "long",
        maximumFractionDigits: unit === "second" && size < 10_000 ? 1 : 0,
    }).format(value);
}

/** How far a moment is from another, such as `in 3 days` or `2 hours ago`. */
export function formatRelative(milliseconds: number, language: Language): string {
    const size = Math.abs(milliseconds);
    const [unit, length] = UNITS.find(([, each]) => size >= each) ?? ["second", 1_000];
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(milliseconds / length), unit);
}
