/** Where the reader is. A handful of pages needs no router library. */

export type Route =
  | { name: "form" }
  | { name: "list" }
  | { name: "order"; id: string }
  | { name: "placed"; id: string }
  | { name: "edit"; id: string }
  | { name: "return"; id: string }
  | { name: "rules"; section: string }
  | { name: "exceptions"; entry: string }
  | { name: "track"; number: string }
  | { name: "stock" }
  /** Nothing yet: what was asked for is being read from the device. */
  | { name: "reading" }
  | { name: "unknown" };

export function parse(address: string): Route {
  const [path = "", search = ""] = address.split("?");
  const parts = path.split("/").filter(Boolean);
  const [first, id, rest] = parts;
  if (parts.length === 0) return { name: "form" };
  if (first === "orders" && id === undefined) return { name: "list" };
  if (first === "orders" && id !== undefined && rest === undefined) return { name: "order", id };
  if (first === "orders" && id !== undefined && parts.length === 3) {
    if (rest === "placed" || rest === "edit" || rest === "return") return { name: rest, id };
  }
  if (first === "track" && parts.length === 1) {
    return { name: "track", number: decoded(/(?:^|&)number=([^&]*)/.exec(search)?.[1] ?? "") };
  }
  if (first === "exceptions" && parts.length <= 2) return { name: "exceptions", entry: decoded(id ?? "") };
  if (first === "stock" && parts.length === 1) return { name: "stock" };
  if (first === "rules" && parts.length <= 2) return { name: "rules", section: id ?? "" };
  return { name: "unknown" };
}

/** A part of an address that somebody may have typed. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Where the page is, with what stands behind the question mark. */
const here = (): string => location.pathname + location.search;

class Router {
  #path = $state(here());
  readonly route = $derived(parse(this.#path));
  /** Asked before another page is shown; what it holds back it may go to later. */
  guard: ((path: string) => boolean) | undefined;

  constructor() {
    addEventListener("popstate", () => {
      if (this.guard?.(here()) === false) history.pushState(null, "", this.#path);
      else this.#path = here();
    });
    addEventListener("click", (event) => {
      const target = this.#target(event);
      if (target) {
        event.preventDefault();
        this.go(target);
      }
    });
  }

  go(path: string, { replace = false, isInside = false } = {}): void {
    if (this.guard?.(path) === false) return;
    if (replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    this.#path = path;
    if (!isInside) scrollTo(0, 0);
  }

  /** The path of a plain click on a link into the page. */
  #target(event: MouseEvent): string | undefined {
    if (event.defaultPrevented || event.button !== 0) return undefined;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
    const link = (event.target as Element | null)?.closest("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin)
      return undefined;
    return link.hash && link.pathname === location.pathname ? undefined : link.pathname + link.search;
  }
}

export const router = new Router();
