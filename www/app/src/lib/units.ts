import type { Order, OrderLine } from "orderkit";
import { compare, difference, isPositive, sum } from "./quantity";

/** Where the units of a line are: every unit counts in one state. */

export const unitStates = [
  "delivered",
  "onTheWay",
  "packed",
  "picked",
  "setAside",
  "awaited",
  "missing",
  "open",
  "canceled",
] as const;
export type UnitState = (typeof unitStates)[number];

export interface Units {
  state: UnitState;
  quantity: string;
}

const orNothing = (quantity: string | undefined) => quantity ?? "0";
const least = (left: string, right: string) => (compare(left, right) < 0 ? left : right);
const atLeastNothing = (quantity: string) => (isPositive(quantity) ? quantity : "0");

/** What came back to the sender or is lost; some of it may have been sent again. */
function gone(line: OrderLine): string {
  return sum(orNothing(line.returnedToSender), orNothing(line.lost));
}

/** What shall be delivered. */
export function wanted(line: OrderLine): string {
  return difference(line.ordered, orNothing(line.canceled));
}

/** What was not set aside yet and shall be delivered; what is gone counts again. */
export function openOf(line: OrderLine): string {
  const taken = difference(sum(orNothing(line.allocated), orNothing(line.backordered)), gone(line));
  return atLeastNothing(difference(wanted(line), taken));
}

/** The units of a line by state, in the order of a life that ends with arrival; empty states are left out. */
export function unitsOf(line: OrderLine, status: Order["status"]): Units[] {
  const open = openOf(line);
  const missing = least(open, gone(line));
  const isClosed = status === "canceled" || status === "expired" || status === "discarded";
  const units: Record<UnitState, string> = {
    delivered: line.delivered,
    onTheWay: difference(difference(line.shipped, line.delivered), gone(line)),
    packed: difference(orNothing(line.packed), line.shipped),
    picked: difference(orNothing(line.picked), orNothing(line.packed)),
    setAside: difference(orNothing(line.allocated), orNothing(line.picked)),
    awaited: orNothing(line.backordered),
    missing,
    open: difference(open, missing),
    canceled: orNothing(line.canceled),
  };
  // What is still open of a closed order will never move.
  if (isClosed) {
    units.canceled = sum(units.canceled, open);
    units.open = "0";
    units.missing = "0";
  }
  return unitStates
    .map((state) => ({ state, quantity: units[state] }))
    .filter(({ quantity }) => isPositive(quantity));
}
