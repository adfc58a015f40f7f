// The command line: every option has a value.
export function options(usage, names) {
    const found = {};
    const rest = process.argv.slice(2);
    while (rest.length > 0) {
        const name = rest.shift().replace(/^--/, "");
        if (!names.includes(name) || rest.length === 0) {
            console.error(`usage: ${usage}`);
            process.exit(2);
        }
        found[name] = rest.shift();
    }
    return found;
}
