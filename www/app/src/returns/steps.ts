import type { CommandKind, Return } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { isPositive } from "../lib/quantity";
import { missingOf, unseenOf } from "../lib/returns";
import type { OrderPort } from "../order/ports";

/** The steps of a return: their words, in the order of its life. */

export type ReturnStep = Exclude<Extract<CommandKind, `${string}Return`>, "requestReturn">;

interface Look {
  label: () => string;
  /** What it means, above its fields. */
  lead?: () => string;
  isDanger?: boolean;
}

export const returnSteps: Record<ReturnStep, Look> = {
  approveReturn: { label: m.return_approve },
  sendReturn: { label: m.return_sent, lead: m.return_sent_lead },
  receiveReturn: { label: m.return_receive, lead: m.return_receive_lead },
  inspectReturn: { label: m.return_inspect, lead: m.return_inspect_lead },
  resolveReturn: { label: m.return_resolve, lead: m.return_resolve_lead },
  closeReturn: { label: m.return_close },
  declineReturn: { label: m.return_decline, isDanger: true },
  cancelReturn: { label: m.return_cancel, isDanger: true },
  expireReturn: { label: m.return_expire, isDanger: true },
};

/** The steps with nothing to ask. */
export const isPlain = (step: ReturnStep): boolean =>
  step === "approveReturn" || step === "closeReturn" || step === "expireReturn";

/** What can be done with a return now; a step that would have nothing to fill in is left out. */
export function stepsOf(port: OrderPort, { id, lines }: Return): ReturnStep[] {
  const isPossible = (step: string) =>
    port.view.allowed.some((entry) => entry.command === step && entry.subject === id && entry.allowed);
  const isEmpty = (step: ReturnStep) =>
    (step === "receiveReturn" && !lines.some((line) => isPositive(missingOf(line)))) ||
    (step === "inspectReturn" && !lines.some((line) => isPositive(unseenOf(line))));
  return (Object.keys(returnSteps) as ReturnStep[]).filter((step) => isPossible(step) && !isEmpty(step));
}
