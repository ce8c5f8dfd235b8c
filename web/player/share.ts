// A run as the fragment of an address: the text, packed, and apart from it the instant, the
// pace and the digest there. Never sends anything anywhere: a fragment stays in the browser.

/** What a link carries. */
export interface Shared {
  /** The scenario. */
  text: string;
  /** Instant, virtual µs. */
  timeUs: number;
  /** Pace, virtual µs for each second on screen; 0 leaves it to the player. */
  paceUs: number;
  /** Digest of the run at that instant. */
  digest: string;
  /** Version of the engine that made it. */
  version: string;
  /** Digests on the way there (`digestsOnTheWay`), or nothing. */
  way: string;
}

/** Why a fragment cannot be opened, in words for the visitor. */
export class BadLink extends Error {}

const PREFIX = "1=";
const LONGEST_TEXT = 400_000;
/** Chat tools and proxies begin to cut addresses here. */
export const LONGEST_FRAGMENT = 30_000;

/** The fragment, without its `#`. */
export async function packFragment(shared: Shared): Promise<string> {
  const packed = toBase64Url(await deflate(new TextEncoder().encode(shared.text)));
  const fields = [`t=${Math.round(shared.timeUs)}`];
  if (shared.paceUs > 0) fields.push(`p=${Math.round(shared.paceUs)}`);
  fields.push(`d=${shared.digest}`, `v=${shared.version}`);
  if (shared.way !== "") fields.push(`w=${shared.way}`);
  return `${PREFIX}${packed}&${fields.join("&")}`;
}

/** Whether a fragment claims to hold a run (and not the name of one in the catalogue). */
export function holdsRun(fragment: string): boolean {
  return /^\d+=/.test(fragment);
}

/** What a fragment holds. Fields that it lacks get their defaults, so old links stay open. */
export async function unpackFragment(fragment: string): Promise<Shared> {
  if (!fragment.startsWith(PREFIX)) {
    throw new BadLink("This link was made by a newer version of the page.");
  }
  const [packed = "", ...rest] = fragment.slice(PREFIX.length).split("&");
  const fields = new URLSearchParams(rest.join("&"));
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await inflate(fromBase64Url(packed)));
  } catch {
    throw new BadLink("This link is damaged: part of it is missing or changed.");
  }
  return {
    text,
    timeUs: wholeNumber(fields.get("t")),
    paceUs: wholeNumber(fields.get("p")),
    digest: /^[0-9a-f]{16}$/.exec(fields.get("d") ?? "")?.[0] ?? "",
    version: fields.get("v") ?? "",
    way: /^[0-9a-f]+$/.exec(fields.get("w") ?? "")?.[0] ?? "",
  };
}

function wholeNumber(field: string | null): number {
  const value = Number(field ?? 0);
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return gather(new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw")));
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return gather(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")));
}

/** Reads a stream to its end, but not past the longest text: a tiny link may unpack to gigabytes. */
async function gather(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LONGEST_TEXT) {
      await reader.cancel();
      throw new BadLink("This link holds more text than a run may have.");
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
