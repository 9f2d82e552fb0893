import type {
  CancelCause,
  CommandArgs,
  CommandKind,
  HoldReason,
  OrderView,
  Shipment,
  ShipmentLine,
  ShortageChoice,
  Workflow,
} from "orderkit";
import { m } from "../generated/paraglide/messages.js";

/**
 * What can be done with an order, as one table: the word on the button, what is asked for, and how
 * the answers become the arguments. Whether it is possible now is never decided here but by the rules.
 */

/** The commands that have their own pages: payments, the form, and goods that come back. */
type Elsewhere =
  | "saveDraft"
  | "place"
  | "recordPayment"
  | "grantCredit"
  | Extract<CommandKind, `${string}Return`>
  | Extract<CommandKind, "amend" | `${string}Amendment`>;

/** The commands that this table is about. */
export type Asked = Exclude<CommandKind, Elsewhere>;

/** What a dialog can ask for. */
export type FieldName =
  | "goods"
  | "awaited"
  | "scan"
  | "carrier"
  | "newCode"
  | "code"
  | "cause"
  | "hold"
  | "held"
  | "shortage"
  | "note"
  | "text"
  | "reason"
  | "reasonIfAny";

/** What was answered; only what was asked for counts. */
export interface Answers {
  shipment: string;
  /** Whether the shipment is made by this command, out of the goods. */
  isNew: boolean;
  goods: ShipmentLine[];
  isAwaited: boolean;
  scanned: ShipmentLine[];
  carrier: string;
  tracking: string;
  code: string;
  cause: CancelCause | "";
  hold: HoldReason;
  shortage: ShortageChoice;
  text: string;
  reason: string;
}

export interface About {
  view: OrderView;
  workflow: Workflow;
  /** The shipment that it is about, once that is known. */
  shipment: Shipment | undefined;
}

export interface Action {
  label: () => string;
  /** What it means, above the fields. */
  lead?: () => string;
  /** What is asked before it is sent; nothing for what is done at one press. */
  fields: (about: About) => readonly FieldName[];
  isDanger?: boolean;
}

/** A button for something that may be done, wherever it stands. */
export interface Entry {
  key: string;
  label: string;
  /** Why it cannot be done; empty if it can. */
  reason: string;
  isDanger: boolean;
  onpress: () => void;
}

const ask =
  (...fields: FieldName[]) =>
  () =>
    fields;

export const actions: Record<Asked, Action> = {
  confirm: { label: m.action_confirm, fields: ask() },
  allocate: {
    label: m.action_allocate,
    lead: m.allocate_lead,
    fields: ({ shipment }) => (shipment ? [] : ["goods", "awaited"]),
  },
  pick: { label: m.action_pick, lead: m.pick_lead, fields: ask("scan") },
  pack: {
    label: m.action_pack,
    fields: ({ workflow }) => (workflow.picks === true ? [] : ["scan"]),
  },
  readyForPickup: { label: m.action_ready, lead: m.ready_lead, fields: ask("newCode") },
  ship: {
    label: m.action_ship,
    fields: ({ shipment }) => (shipment ? ["carrier"] : ["goods", "carrier"]),
  },
  pickUp: {
    label: m.action_pick_up,
    fields: ({ shipment }) => (shipment?.pickupCode === undefined ? [] : ["code"]),
  },
  handOver: { label: m.action_hand_over, fields: ask() },
  deliver: { label: m.action_deliver, fields: ask() },
  confirmReceipt: { label: m.action_receipt, fields: ask() },
  complete: { label: m.action_complete, fields: ask() },
  redeliver: { label: m.action_redeliver, fields: ask() },
  failDelivery: { label: m.action_fail, fields: ask("reason"), isDanger: true },
  returnToSender: { label: m.action_came_back, lead: m.came_back_lead, fields: ask("reason") },
  lose: { label: m.action_lose, lead: m.lose_lead, fields: ask("reason"), isDanger: true },
  unpick: { label: m.action_unpick, fields: ask("reason") },
  unpack: { label: m.action_unpack, fields: ask("reason") },
  cancelShipment: { label: m.action_cancel_shipment, lead: m.cancel_shipment_lead, fields: ask("reason") },
  hold: { label: m.action_hold, lead: m.hold_lead, fields: ask("hold", "note") },
  release: { label: m.action_release, fields: ask("held") },
  cancelLines: {
    label: m.action_cancel_lines,
    lead: m.cancel_lines_lead,
    fields: ask("goods", "reason"),
    isDanger: true,
  },
  settleShortage: { label: m.action_settle_shortage, lead: m.settle_shortage_lead, fields: ask("shortage") },
  writeOff: { label: m.action_write_off, fields: ask("reasonIfAny") },
  note: { label: m.action_note, lead: m.note_lead, fields: ask("text") },
  reopen: { label: m.action_reopen, fields: ask("reason") },
  reinstate: { label: m.action_reinstate, lead: m.reinstate_lead, fields: ask("reason") },
  expire: { label: m.action_expire, fields: ask() },
  discard: { label: m.action_discard, fields: ask(), isDanger: true },
  cancel: { label: m.action_cancel, lead: m.cancel_lead, fields: ask("cause", "reason"), isDanger: true },
};

const some = <K extends string>(key: K, text: string) =>
  (text.trim() === "" ? {} : { [key]: text.trim() }) as Partial<Record<K, string>>;
const nothing = () => ({});
const step = ({ shipment }: Answers) => ({ shipment });
const stepWhy = ({ shipment, reason }: Answers) => ({ shipment, reason });
const stepScanned = ({ shipment, scanned }: Answers) => ({
  shipment,
  ...(scanned.length > 0 ? { scanned } : {}),
});
const why = ({ reason }: Answers) => ({ reason });

/** The arguments of each command, from the answers. */
export const argsOf: { [K in Asked]: (answers: Answers, view: OrderView) => CommandArgs[`${K}@1`] } = {
  confirm: nothing,
  allocate: ({ shipment, isNew, goods, isAwaited }) => ({
    shipment,
    ...(isNew ? { lines: goods } : {}),
    ...(isNew && isAwaited ? { isBackordered: true } : {}),
  }),
  pick: stepScanned,
  pack: stepScanned,
  readyForPickup: ({ shipment, code }) => ({ shipment, ...some("pickupCode", code) }),
  ship: ({ shipment, isNew, goods, carrier, tracking }) => ({
    shipment,
    ...(isNew ? { lines: goods } : {}),
    ...some("carrier", carrier),
    ...some("tracking", tracking),
  }),
  pickUp: ({ shipment, code }) => ({ shipment, ...some("pickupCode", code) }),
  handOver: step,
  deliver: step,
  confirmReceipt: nothing,
  complete: nothing,
  redeliver: step,
  failDelivery: stepWhy,
  returnToSender: stepWhy,
  lose: stepWhy,
  unpick: stepWhy,
  unpack: stepWhy,
  cancelShipment: stepWhy,
  hold: ({ hold, text }) => ({ reason: hold, ...some("note", text) }),
  release: ({ hold }) => ({ reason: hold }),
  cancelLines: ({ goods, reason }) => ({ credit: crypto.randomUUID(), lines: goods, reason }),
  settleShortage: ({ shortage }) => ({ choice: shortage }),
  // The amount is the one on the page: nobody lets go what they have not seen.
  writeOff: ({ reason }, view) => ({
    amountMinor: view.derived.balanceDueMinor,
    ...some("reason", reason),
  }),
  note: ({ text }) => ({ text }),
  reopen: why,
  reinstate: why,
  expire: nothing,
  discard: nothing,
  cancel: ({ cause, reason }) => ({ reason, ...(cause === "" ? {} : { cause }) }),
};

/** The way of the goods in this shop, in its order. */
function work(workflow: Workflow, isFetched: boolean): Asked[] {
  const isInSteps = workflow.picks === true || workflow.packs === true;
  return [
    ...(isInSteps || isFetched ? (["allocate"] as const) : []),
    ...(workflow.picks === true ? (["pick"] as const) : []),
    ...(workflow.packs === true ? (["pack"] as const) : []),
    ...(isFetched ? (["readyForPickup", "pickUp"] as const) : (["ship", "deliver"] as const)),
  ];
}

/** The usual steps of an order of this shop, in their order; a payment may come before each. */
export function usualSteps(workflow: Workflow, isFetched: boolean): Asked[] {
  return ["confirm", ...work(workflow, isFetched), "confirmReceipt", "complete"];
}

/** What is done now and then, in groups. Taking goods back has its own page and stands before `cancelLines`. */
const seldom: readonly (readonly Asked[])[] = [
  ["hold", "release", "note"],
  ["allocate", "ship", "deliver"],
  ["settleShortage", "cancelLines", "writeOff"],
  ["reopen", "reinstate", "expire", "discard", "cancel"],
];

/** The seldom ones that are not among the usual ones already. */
export function seldomSteps(usual: readonly Asked[]): Asked[][] {
  return seldom.map((group) => group.filter((command) => !usual.includes(command)));
}

/** The steps of one shipment: ahead first, then back, then mishaps. */
export const shipmentSteps: readonly Asked[] = [
  "allocate",
  "pick",
  "pack",
  "ship",
  "readyForPickup",
  "handOver",
  "deliver",
  "pickUp",
  "redeliver",
  "failDelivery",
  "returnToSender",
  "lose",
  "unpack",
  "unpick",
  "cancelShipment",
];

/** Whether a command is about one shipment that is there already. */
export const isAboutShipment = (command: Asked): boolean =>
  command !== "allocate" && shipmentSteps.includes(command);

/** Steps that follow another way than the usual one. */
export const isStepAside = (command: Asked): boolean =>
  shipmentSteps.indexOf(command) > shipmentSteps.indexOf("redeliver");

/** The word for a command, also where a newer server knows one that this page does not. */
export function commandWord(command: string): string {
  if (command in elsewhere) return elsewhere[command as Elsewhere]();
  return command in actions ? actions[command as Asked].label() : command;
}

/** The words of the commands that other forms give. */
const elsewhere: Record<Elsewhere, () => string> = {
  saveDraft: m.kind_place,
  place: m.kind_place,
  recordPayment: m.action_pay,
  grantCredit: m.kind_grant_credit,
  requestReturn: m.kind_return,
  approveReturn: m.kind_return,
  declineReturn: m.kind_return,
  sendReturn: m.kind_return,
  receiveReturn: m.kind_return,
  inspectReturn: m.kind_return,
  resolveReturn: m.kind_return,
  closeReturn: m.kind_return,
  cancelReturn: m.kind_return,
  expireReturn: m.kind_return,
  amend: m.kind_amend,
  proposeAmendment: m.kind_amend,
  acceptAmendment: m.kind_amend,
  declineAmendment: m.kind_amend,
};
