/** Times as a clock on the shop's wall shows them, for fields that edit them. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const options: Intl.DateTimeFormatOptions = {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    };
    try {
      format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    } catch {
      // A zone that the browser does not know.
      format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
    }
    formats.set(zone, format);
  }
  return format;
}

function partsAt(atMs: number, zone: string): Record<string, string> {
  return Object.fromEntries(
    formatFor(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
}

/** `2026-11-24T09:30`, as a `datetime-local` field takes it. */
export function wallTime(atMs: number, zone: string): string {
  const { year = "", month = "", day = "", hour = "", minute = "" } = partsAt(atMs, zone);
  return `${year.padStart(4, "0")}-${month}-${day}T${hour}:${minute}`;
}

/** How far the wall clock is ahead of UTC. */
function offsetMs(atMs: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsAt(atMs, zone);
  const wallMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return wallMs - Math.floor(atMs / 1000) * 1000;
}

/** The moment of a wall time; the later reading of an hour that a clock change skips or repeats is not tried. */
export function timeOfWall(text: string, zone: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = match.slice(1).map(Number);
  const wallMs = Date.UTC(year, month - 1, day, hour, minute);
  const guess = wallMs - offsetMs(wallMs, zone);
  return wallMs - offsetMs(guess, zone);
}
