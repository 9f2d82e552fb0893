import { partsOf } from "./pointer";

/** Where in a JSON text something stands, so that an error can be shown at its line. */

export interface Place {
  line: number;
  column: number;
}

export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/** Where reading stopped, as far as the browser's words tell; they differ. */
export function placeOfSyntaxError(text: string, reason: string): Place | undefined {
  const lined = /line (\d+) column (\d+)/.exec(reason);
  if (lined) return { line: Number(lined[1]), column: Number(lined[2]) };
  const offset = /position (\d+)/.exec(reason);
  if (offset) return placeOf(text, Number(offset[1]));
  return /end of (?:JSON|data)/i.test(reason) ? placeOf(text, text.length) : undefined;
}

/** The line of what a JSON Pointer names in a valid text: the deepest part of the path that is there. */
export function placeOfPath(text: string, path: string): Place {
  const wanted = partsOf(path);
  const scanner = new Scanner(text);
  return placeOf(text, scanner.find(wanted));
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The offset of the value, or of the innermost one around it. */
  find(wanted: string[]): number {
    this.#blanks();
    const start = this.#at;
    const [name, ...rest] = wanted;
    if (name === undefined || !this.#isHolder()) return start;
    const isList = this.#text[this.#at] === "[";
    this.#at += 1;
    for (let index = 0; ; index += 1) {
      this.#blanks();
      if (this.#at >= this.#text.length || "]}".includes(this.#text[this.#at] ?? "")) return start;
      const keyAt = this.#at;
      const key = isList ? String(index) : this.#key();
      if (key === name) return rest.length === 0 && !isList ? keyAt : this.find(rest);
      this.#skip();
      this.#blanks();
      if (this.#text[this.#at] === ",") this.#at += 1;
    }
  }

  #isHolder(): boolean {
    return this.#text[this.#at] === "{" || this.#text[this.#at] === "[";
  }

  #key(): string {
    const text = this.#string();
    this.#blanks();
    this.#at += 1; // the colon
    return JSON.parse(text) as string;
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      this.#at += this.#text[this.#at] === "\\" ? 2 : 1;
    }
    this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #skip(): void {
    this.#blanks();
    if (!this.#isHolder()) {
      if (this.#text[this.#at] === '"') this.#string();
      else while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
      return;
    }
    let depth = 0;
    do {
      const letter = this.#text[this.#at];
      if (letter === '"') {
        this.#string();
        continue;
      }
      if (letter === "{" || letter === "[") depth += 1;
      if (letter === "}" || letter === "]") depth -= 1;
      this.#at += 1;
    } while (depth > 0 && this.#at < this.#text.length);
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }
}
