/** The time and counter of the last id, so that ids of this page always rise. */
let lastMs = 0;
let counter = 0;

/** A new id: UUIDv7, rising within this page also when the clock is set back. */
export function newId(nowMs: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // Half of the counter stays free for more ids of the same millisecond.
    counter = (((bytes[6] ?? 0) & 0x07) << 8) | (bytes[7] ?? 0);
  } else if (counter < 0xfff) {
    counter += 1;
  } else {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const rest = [...bytes.subarray(8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = ((parseInt(rest.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
  const middle = `7${counter.toString(16).padStart(3, "0")}-${variant}${rest.slice(1, 4)}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${middle}-${rest.slice(4)}`;
}
