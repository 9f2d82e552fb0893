/**
 * The names under which commands are sent. A command keeps its name until the server has said what became of it: pressed
 * twice, sent again after an answer that got lost, or after a reload, it is done once.
 */

const prefix = "orderkit.track.key.";

function nameOf(order: string, kind: string, args: unknown): string {
  return `${prefix}${order}.${kind}.${JSON.stringify(args)}`;
}

export function keyOf(order: string, kind: string, args: unknown): string {
  const name = nameOf(order, kind, args);
  try {
    const known = sessionStorage.getItem(name);
    if (known !== null) return known;
    const fresh = crypto.randomUUID();
    sessionStorage.setItem(name, fresh);
    return fresh;
  } catch {
    // Without storage it holds as long as the page does.
    const known = held.get(name) ?? crypto.randomUUID();
    held.set(name, known);
    return known;
  }
}

export function settle(order: string, kind: string, args: unknown): void {
  const name = nameOf(order, kind, args);
  held.delete(name);
  try {
    sessionStorage.removeItem(name);
  } catch {
    // Nothing was kept there.
  }
}

const held = new Map<string, string>();
