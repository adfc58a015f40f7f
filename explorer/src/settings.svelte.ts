/** What the reader chose in this browser. What is null was not chosen. */
interface Choices {
    node: string | null;
    genesis: string | null;
    language: Language | null;
    zone: Zone;
    theme: Theme;
}

export type Language = "en" | "ru";
/** Whether times are shown in UTC or as the reader's clock shows them. */
export type Zone = "utc" | "local";
export type Theme = "system" | "light" | "dark";

const KEY = "citynet-explorer";
const NOTHING: Choices = { node: null, genesis: null, language: null, zone: "utc", theme: "system" };

class Settings {
    #choices: Choices = $state.raw(stored());
    /** Whether the browser lets choices be kept. */
    kept = $state(true);

    get node(): string | null {
        return this.#choices.node;
    }

    get genesis(): string | null {
        return this.#choices.genesis;
    }

    get zone(): Zone {
        return this.#choices.zone;
    }

    get theme(): Theme {
        return this.#choices.theme;
    }

    /** The chosen language, or else the first of the browser's that there is. */
    get language(): Language {
        return this.#choices.language ?? languageOf(navigator.languages);
    }

    choose(choices: Partial<Choices>): void {
        this.#choices = { ...this.#choices, ...choices };
        try {
            localStorage.setItem(KEY, JSON.stringify(this.#choices));
            this.kept = true;
        } catch {
            // Private windows may refuse: the choice holds until the page is left, and the settings page says so.
            this.kept = false;
        }
    }
}

export function languageOf(preferred: readonly string[]): Language {
    for (const tag of preferred) {
        if (tag.toLowerCase().startsWith("ru")) return "ru";
        if (tag.toLowerCase().startsWith("en")) return "en";
    }
    return "en";
}

function stored(): Choices {
    let found: unknown;
    try {
        found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    } catch {
        // Nothing that can be read was chosen.
        return NOTHING;
    }
    return typeof found === "object" && found !== null ? checked(found as Record<string, unknown>) : NOTHING;
}

/** Somebody may have changed what is kept, so only what makes sense is taken. */
function checked(found: Record<string, unknown>): Choices {
    const { node, genesis, language, zone, theme } = found;
    return {
        node: typeof node === "string" ? node : null,
        genesis: typeof genesis === "string" && isHash(genesis) ? genesis : null,
        language: language === "en" || language === "ru" ? language : null,
        zone: zone === "local" ? "local" : "utc",
        theme: theme === "light" || theme === "dark" ? theme : "system",
    };
}

/** Whether a text is `0x` and 64 lower-case hex digits. */
export function isHash(text: string): boolean {
    return /^0x[0-9a-f]{64}$/.test(text);
}

export const settings = new Settings();
