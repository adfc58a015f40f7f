/** The SHA-256 of bytes, in hex without `0x`. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    // Browsers have it only on pages from https or from this computer.
    if (globalThis.crypto?.subtle === undefined) {
        throw new Error("this browser computes SHA-256 only on pages that come by https, or from this computer");
    }
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
