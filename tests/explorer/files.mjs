// Serves a folder of files, as any server of static files does.
import { createServer } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
};

/** Serves the explorer as it was built; gives its address and what ends it. */
export async function builtExplorer() {
    const folder = fileURLToPath(new URL("../../explorer/dist", import.meta.url));
    const server = createServer(async (request, response) => {
        const { pathname } = new URL(request.url, "http://files");
        const path = join(folder, normalize(pathname === "/" ? "/index.html" : pathname));
        try {
            const bytes = await readFile(path);
            response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(bytes);
        } catch {
            response.writeHead(404).end();
        }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
