/** Hands a file to the reader. */
export function save(name: string, type: string, content: string | Uint8Array<ArrayBuffer>): void {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    // The browser has begun to read by the next turn; at once would be too early in some.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Rows as CSV (RFC 4180). Cells that a spreadsheet would take for a formula are made text. */
export function csv(rows: readonly (readonly string[])[]): string {
    return rows.map((row) => row.map(cellOf).join(",") + "\r\n").join("");
}

function cellOf(text: string): string {
    const harmless = /^[=+@\t\r]|^-(?![0-9.]+$)/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
