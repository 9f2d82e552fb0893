import type { Summary } from "orderkit";

/** What the list shows. It outlives the page, so that "back" from an order finds it as it was. */
class ListFilter {
  summary = $state<Summary | undefined>();
  text = $state("");
  scrollTop = 0;
}

export const filter = new ListFilter();
