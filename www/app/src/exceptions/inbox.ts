import type { ExceptionSeverity, InboxEntry } from "orderkit";
import type { OpenMoney } from "../state/quarantine.svelte";
import type { Shop } from "../state/shop.svelte";
import { filter } from "./filter.svelte";
import { severityOrder } from "./words";

/** An entry under a name that stays while its cause does, so that it can stand in an address. */
export interface Named {
  key: string;
  entry: InboxEntry;
  /** The money that fits no order, if that is what it is about. */
  money?: OpenMoney;
}

export interface Group {
  severity: ExceptionSeverity;
  entries: Named[];
}

/** All entries, the worst first, each with its name. */
export function named(shop: Shop): Named[] {
  const money = (shop.quarantine?.entries ?? []).map((it) => ({
    key: `money~${it.id}`,
    entry: { exception: it.exception },
    money: it,
  }));
  return [...ofOrders(shop), ...money];
}

function ofOrders(shop: Shop): Named[] {
  const seen = new Map<string, number>();
  return shop.inbox.map((entry) => {
    const { exception, row, command } = entry;
    const about = command ? `command-${command.n}` : (row?.id ?? "device");
    const plain = [exception.kind, about, exception.subject].filter(Boolean).join("~");
    // Two holds of one order look alike.
    const count = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, count);
    return { key: count === 1 ? plain : `${plain}~${count}`, entry };
  });
}

/** The entries that the filter lets through, by how bad they are. */
export function grouped(all: Named[]): Group[] {
  const shown = all.filter(
    ({ entry: { exception } }) => filter.kind === "" || exception.kind === filter.kind,
  );
  return severityOrder
    .filter((severity) => filter.severity === "" || severity === filter.severity)
    .map((severity) => ({
      severity,
      entries: shown.filter(({ entry }) => entry.exception.severity === severity),
    }))
    .filter(({ entries }) => entries.length > 0);
}

/** The address of an entry. */
export const pathOf = (key: string): string => `/exceptions/${encodeURIComponent(key)}`;
