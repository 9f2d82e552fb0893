import type { Shortage } from "orderkit";

/** Whether somebody has to choose what to do about goods that were promised and are not there. */
export function isOpenShortage(shortage: Shortage): boolean {
  return shortage.isOversold === true && shortage.choice === undefined;
}
