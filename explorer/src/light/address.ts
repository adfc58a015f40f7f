/** Where a browser reaches a node: its address in the network, such as `/ip4/127.0.0.1/tcp/30334/ws/p2p/12D3…`. */
export interface Address {
    /** As it was written. */
    readonly text: string;
    /** Whether the connection is encrypted as a page over `https` demands. */
    readonly secure: boolean;
    /** Whether it leads to the reader's own computer. */
    readonly local: boolean;
}

/**
 * Why an address is of no use here. `form`: it is no address of a node at all; `transport`: a browser dials WebSockets
 * alone; `peer`: it does not say which node is there, so that anybody could be; `insecure`: a page that came over
 * `https` may not open a connection that is not encrypted, but to its own computer.
 */
export type AddressFault = "form" | "transport" | "peer" | "insecure";

/** An address that is of no use, and why. */
export interface Refused {
    readonly text: string;
    readonly fault: AddressFault;
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i;
const HOSTS = new Map([
    ["ip4", new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)],
    ["ip6", /^[0-9a-f:]{2,39}$/i],
    ["dns", NAME],
    ["dns4", NAME],
    ["dns6", NAME],
]);
/** A key of Ed25519, or the SHA-256 of a longer key, in base 58. */
const PEER = /^(?:12D3KooW|Qm)[1-9A-HJ-NP-Za-km-z]{44}$/;

/** An address, or why it is of no use. `https`: whether the page itself came that way. */
export function addressOf(text: string, https: boolean): Address | AddressFault {
    const [nothing, protocol = "", host = "", tcp, port = "", ...rest] = text.split("/");
    const isHost = HOSTS.get(protocol)?.test(host) ?? false;
    if (nothing !== "" || !isHost || !["tcp", "udp"].includes(tcp ?? "") || !isPort(port)) return "form";
    const at = rest.indexOf("p2p");
    const [transport, peer] = at < 0 ? [rest, null] : [rest.slice(0, at), rest.slice(at + 1)];
    const way = transport.join("/");
    // smoldot encrypts connections to hosts with a name alone, since a certificate is for a name.
    const secure = way === "wss" || way === "tls/ws";
    if (tcp !== "tcp" || (way !== "ws" && !(secure && protocol.startsWith("dns")))) return "transport";
    if (peer === null) return "peer";
    if (peer.length !== 1 || !PEER.test(peer[0] ?? "")) return "form";
    const local = host === "127.0.0.1" || host === "::1" || host.toLowerCase() === "localhost";
    return https && !secure && !local ? "insecure" : { text, secure, local };
}

function isPort(text: string): boolean {
    return /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536;
}

/** Which of some addresses are of use, each once. */
export function sorted(texts: readonly string[], https: boolean): { usable: Address[]; refused: Refused[] } {
    const usable: Address[] = [];
    const refused: Refused[] = [];
    for (const text of new Set(texts)) {
        const found = addressOf(text, https);
        if (typeof found === "string") refused.push({ text, fault: found });
        else usable.push(found);
    }
    return { usable, refused };
}

/** The addresses that a reader wrote, one a line or with spaces or commas between them. */
export function written(text: string): string[] {
    return text.split(/[\s,]+/).filter((each) => each !== "");
}
