import { type Config, config } from "./ledger/config";

/** What `config.json` says, fetched once when the page begins. */
class Configuration {
    found: Config | null = $state.raw(null);
    /** Why there is none that makes sense. */
    trouble: string | null = $state(null);

    constructor() {
        config().then(
            (found) => (this.found = found),
            (error: unknown) => (this.trouble = error instanceof Error ? error.message : String(error)),
        );
    }

    get settled(): boolean {
        return this.found !== null || this.trouble !== null;
    }
}

export const configuration = new Configuration();
