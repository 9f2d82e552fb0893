import type { ExceptionKind, ExceptionSeverity } from "orderkit";

/** What somebody wants to see of the inbox; kept while the page is open. */
class Filter {
  severity = $state<ExceptionSeverity | "">("");
  kind = $state<ExceptionKind | "">("");

  get isSet(): boolean {
    return this.severity !== "" || this.kind !== "";
  }

  clear(): void {
    this.severity = "";
    this.kind = "";
  }
}

export const filter = new Filter();
