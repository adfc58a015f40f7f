// Says what was seen, a line each, and remembers whether anything was wrong.
export class Report {
    #failed = 0;
    #passed = 0;

    /** Runs a check; what it throws or returns, a list of findings, is what is wrong. */
    async check(name, run) {
        const begin = Date.now();
        let findings;
        try {
            findings = (await run()) ?? [];
        } catch (error) {
            findings = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
        }
        const time = `${((Date.now() - begin) / 1000).toFixed(1)} s`;
        if (findings.length === 0) {
            this.#passed += 1;
            console.log(`ok      ${name} (${time})`);
            return;
        }
        this.#failed += 1;
        console.log(`NOT ok  ${name} (${time})`);
        for (const finding of findings) console.log(`        ${finding}`);
    }

    /** The exit code. */
    end() {
        console.log(`${this.#passed} passed, ${this.#failed} failed`);
        return this.#failed === 0 ? 0 : 1;
    }
}

/** Throws unless it holds. */
export function demand(holds, what) {
    if (!holds) throw new Error(`it is not so that ${what}`);
}
