// A plain static file server for the browser tests: dist/ at the path /some/where/, port
// SITE_PORT, nothing but files and their types. Not for the open internet.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { ROOT } from "./stages.mjs";

const PREFIX = "/some/where/";
const DIST = join(ROOT, "dist");
/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css",
  ".hb": "text/plain; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** The file that an address means, or undefined when it lies outside.
 * @param {string} address */
function fileOf(address) {
  const path = decodeURIComponent(new URL(address, "http://localhost").pathname);
  if (!path.startsWith(PREFIX)) return undefined;
  const relative = path.slice(PREFIX.length);
  const folder = relative === "" || relative.endsWith("/");
  const file = normalize(join(DIST, folder ? `${relative}index.html` : relative));
  return file.startsWith(DIST + sep) ? file : undefined;
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function answer(request, response) {
  try {
    const file = fileOf(request.url ?? "/");
    if (!file) throw new Error("outside");
    const body = await readFile(file);
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "cache-control": "no-store",
    });
    response.end(body);
  } catch {
    response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
  }
}

createServer((request, response) => void answer(request, response)).listen(
  Number(process.env["SITE_PORT"] ?? 4173),
);
