import type { Credit, CreditFee, Derived, Order, OrderLine } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { sum } from "./quantity";
import { creditCauses } from "./summaries";

/**
 * How an order came from what was ordered to what it comes to now. Every amount is one that the order holds: the sums only
 * bring them together, and the last one is the rules' own.
 */

export interface Change {
  key: string;
  label: string;
  minor: number;
  /** What the shop keeps of it. */
  keptMinor: number;
}

export interface Changes {
  /** What the buyer was to bear when it was placed, with what was added since. */
  orderedMinor: number;
  rows: Change[];
  /** What the buyer shall bear now. */
  totalMinor: number;
  /** The tax in that, where it is known. */
  taxMinor: number | undefined;
  isChanged: boolean;
}

const feesOf = (fees: readonly CreditFee[]) => fees.reduce((minor, fee) => minor + fee.amount.grossMinor, 0);

export function changesOf(order: Order, facts: Derived): Changes {
  const credits = order.credits ?? [];
  const writtenOff = order.writtenOffMinor ?? 0;
  const orderedMinor = order.totals.payableMinor + (order.tenderedMinor ?? 0);
  // A draft binds nobody yet: nothing was taken off it.
  const totalMinor = order.status === "draft" ? orderedMinor : facts.totalMinor;
  const rows = credits.map((credit) => ({
    key: credit.id,
    label: creditCauses[credit.cause](),
    minor: -credit.totalMinor,
    keptMinor: feesOf(credit.fees ?? []),
  }));
  const add = (key: string, label: string, minor: number) => {
    if (minor !== 0) rows.push({ key, label, minor, keptMinor: 0 });
  };
  add("writtenOff", writtenOff > 0 ? m.ledger_written_off() : m.ledger_kept(), -writtenOff);
  // What an order that was called off no longer asks for.
  const explained = rows.reduce((minor, row) => minor + row.minor, orderedMinor);
  add("dropped", m.ledger_dropped(), totalMinor - explained);
  const taxMinor =
    totalMinor === explained
      ? credits.reduce((minor, credit) => minor - credit.taxMinor, order.totals.taxMinor)
      : undefined;
  return { orderedMinor, rows, totalMinor, taxMinor, isChanged: rows.length > 0 };
}

const partsOf = (line: OrderLine, credits: readonly Credit[]) =>
  credits.flatMap(({ lines = [] }) => lines).filter((part) => part.line === line.id);

/** What was taken off the amount of a line since it was ordered; below zero where it costs more. */
export function creditedOf(order: Order, line: OrderLine): number {
  return partsOf(line, order.credits ?? []).reduce((minor, { amounts }) => minor + amounts.amountMinor, 0);
}

/** How many units of a line were given back for money: they stay among those that were delivered. */
export function returnedOf(order: Order, line: OrderLine): string {
  const returns = (order.credits ?? []).filter(({ cause }) => cause === "return");
  return partsOf(line, returns).reduce((units, part) => sum(units, part.quantity), "0");
}
