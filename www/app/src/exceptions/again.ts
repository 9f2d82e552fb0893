import type { PendingCommand } from "orderkit";
import { actions, type Answers, type Asked } from "../order/actions";
import { noAnswers } from "../order/desk.svelte";

/** A refused command as the form that gave it: what was answered then. */

/** The kind of a command without its version. */
export const kindOf = (command: PendingCommand): string => command.kind.split("@")[0] ?? command.kind;

/** Whether the dialogs of an order can open it again. */
export function isAsked(kind: string): kind is Asked {
  return kind in actions;
}

/** The answers that a command was made of; the way back from its arguments. */
export function answersOf(command: PendingCommand): Answers {
  const args = command.args as Partial<Record<string, unknown>>;
  const text = (key: string) => {
    const value = args[key];
    return typeof value === "string" ? value : "";
  };
  const isHold = ["hold", "release"].includes(kindOf(command));
  const goods = Array.isArray(args["lines"]) ? (args["lines"] as Answers["goods"]) : [];
  return {
    ...noAnswers,
    shipment: text("shipment"),
    goods,
    isNew: goods.length > 0,
    isAwaited: args["isBackordered"] === true,
    scanned: Array.isArray(args["scanned"]) ? (args["scanned"] as Answers["scanned"]) : [],
    carrier: text("carrier"),
    tracking: text("tracking"),
    code: text("pickupCode"),
    cause: text("cause") as Answers["cause"],
    hold: isHold ? (text("reason") as Answers["hold"]) : noAnswers.hold,
    text: text("note") || text("text"),
    reason: isHold ? "" : text("reason"),
  };
}
