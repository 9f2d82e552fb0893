import {
  OrderkitError,
  type Draft,
  type InboxEntry,
  type Issue,
  type Payment,
  type PendingCommand,
  type Shipment,
  type WayOut,
} from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { download, today } from "../lib/download";
import { leftOf, stateOf } from "../lib/payments";
import { actions, commandWord, isAboutShipment, type Asked } from "../order/actions";
import type { OrderDesk } from "../order/desk.svelte";
import { askAgain } from "../pay/provider";
import type { OrderFormState } from "../state/form.svelte";
import { router } from "../state/route.svelte";
import { sayAll } from "../state/say.svelte";
import type { Shop } from "../state/shop.svelte";
import { answersOf, isAsked, kindOf } from "./again";
import { commandHints, wayWords, type OrderWay } from "./words";

/** The ways out of an entry as things to press. Whether one is possible now is for the rules to say. */

export interface Press {
  label: string;
  /** Why it cannot be pressed now; empty if it can. */
  reason: string;
  act: () => Promise<void> | void;
}

export interface Way {
  key: string;
  label: string;
  hint: string;
  isDanger: boolean;
  /** Nothing to press for what is only told. */
  presses: Press[];
  /** Where it is done, if not here. */
  href?: string;
  /** What is sent to the customer. */
  isLetter?: boolean;
}

/** What the ways out of one entry work with. */
export interface Scene {
  shop: Shop;
  form: OrderFormState;
  entry: InboxEntry;
  /** The order, if it is here. */
  desk: OrderDesk | undefined;
  /** Says why something did not work, or nothing. */
  tell: (problem: string) => void;
}

export function waysOf(scene: Scene): Way[] {
  const { entry } = scene;
  // Only what was refused can be dropped; what is unusual about an order goes with its cause.
  const fitting = entry.exception.waysOut.filter((way) => way !== "dismiss" || entry.command);
  return fitting.filter((way) => way !== "match").map((way) => wayOf(scene, way));
}

function wayOf(scene: Scene, way: Exclude<WayOut, "match">): Way {
  if (typeof way === "object") return commandWay(scene, way.command);
  const repeated = way === "resend" ? repeatOf(scene) : undefined;
  if (repeated) return repeatWay(scene, repeated);
  const { label, hint } = wayWords[way];
  const presses = pressesOf[way](scene, label());
  const plain = { key: way, label: label(), hint: hint(), isDanger: way === "dismiss", presses };
  if (way === "askForPayment") return { ...plain, isLetter: true };
  if (way === "askProvider" && paymentOf(scene)?.provider !== undefined)
    return { ...plain, hint: m.way_askProvider_now_hint() };
  const isElsewhere = presses.length === 0 && ["edit", "refund", "sendAgain"].includes(way);
  if (!isElsewhere || !scene.entry.row) return plain;
  const href = `/orders/${scene.entry.row.id}${way === "edit" ? "/edit" : ""}`;
  return { ...plain, hint: m.way_at_order(), href };
}

/** Why an order was refused that looks like another one. */
function repeatOf({ entry }: Scene): Issue | undefined {
  const { command } = entry;
  if (!command || kindOf(command) !== "place") return undefined;
  return command.verdict?.issues?.find(({ code }) => code === "order_looks_repeated");
}

/** The same goods once more on purpose: to send the order as it was would only be refused again. */
function repeatWay(scene: Scene, { args }: Issue): Way {
  const label = m.way_second();
  const hint = m.way_second_hint({ number: String(args.number ?? "") });
  const presses = resending(scene, label, true);
  const earlier = typeof args.order === "string" && scene.shop.row(args.order) ? args.order : undefined;
  return {
    key: "resend",
    label,
    hint,
    isDanger: false,
    presses,
    ...(earlier ? { href: `/orders/${earlier}` } : {}),
  };
}

function resending(scene: Scene, label: string, isRepeat: boolean): Press[] {
  return ofCommand(scene, ({ n }) => ({
    label,
    reason: "",
    act: async () => {
      const answer = await scene.shop.store.resend(n, { isRepeat });
      scene.tell(answer.ok ? "" : sayAll(answer.issues));
    },
  }));
}

function shipmentOf({ entry, desk }: Scene): Shipment | undefined {
  return desk?.view.order.shipments.find(({ id }) => id === entry.exception.subject);
}

function paymentOf({ entry, desk }: Scene): Payment | undefined {
  return desk?.view.order.payments.find(({ id }) => id === entry.exception.subject);
}

/** A command that ends the exception, in the dialogs of the order. */
function commandWay(scene: Scene, command: string): Way {
  const { desk, entry } = scene;
  const label = commandWord(command);
  const hint = commandHints[command]?.() ?? "";
  const base = { key: `command-${command}`, label, hint, isDanger: false };
  if (!desk) return { ...base, presses: [] };
  if (command === "recordPayment") return { ...base, presses: [recording(scene, label)] };
  if (!isAsked(command)) return { ...base, presses: [], href: `/orders/${entry.row?.id ?? desk.id}` };
  const { isDanger = false } = actions[command];
  return { ...base, isDanger, presses: [pressing(scene, command, label)] };
}

/** The step of an order, at the shipment that the exception is about. */
function pressing(scene: Scene, command: Asked, label: string): Press {
  const { desk } = scene;
  const shipment = isAboutShipment(command) ? shipmentOf(scene) : undefined;
  const isFitting = shipment && desk?.shipmentsFor(command).some(({ id }) => id === shipment.id);
  return {
    label,
    reason: isFitting ? "" : (desk?.reasonAgainst(command) ?? ""),
    act: async () => {
      await desk?.begin(command, isFitting ? shipment : undefined);
      scene.tell(desk?.refusal ?? "");
    },
  };
}

/** What became of money: of an authorization its capture, of a payment under way its end. */
function recording(scene: Scene, label: string): Press {
  const { desk } = scene;
  const payment = paymentOf(scene);
  return {
    label,
    reason: desk?.reasonAgainst("recordPayment") ?? "",
    act: () => {
      if (!desk) return;
      if (payment && (payment.kind ?? "capture") === "authorization") {
        const leftMinor = leftOf(desk.view.order.payments, payment);
        desk.payment = { about: "source", kind: "capture", source: payment, leftMinor };
      } else if (payment && scene.entry.exception.kind === "paymentPending") {
        desk.payment = { about: "word", state: "success", payment };
      } else {
        desk.payment = { about: "order" };
      }
    },
  };
}

/**
 * The way back of what was received: the receipt that it is about, or else one of a provider, who sends it back by itself, or
 * else the largest.
 */
function refunding({ desk, entry }: Scene, label: string): Press[] {
  if (!desk) return [];
  const { order, derived } = desk.view;
  const receipts = order.payments
    .map((source) => ({ source, leftMinor: leftOf(order.payments, source) }))
    .filter(({ source, leftMinor }) => (source.kind ?? "capture") === "capture" && leftMinor > 0)
    .sort((one, other) => other.leftMinor - one.leftMinor);
  const own = receipts.find(({ source }) => source.id === entry.exception.subject);
  const receipt = own ?? receipts.find(({ source }) => source.provider !== undefined) ?? receipts[0];
  const act = () => {
    const isByHand = derived.balanceDueMinor < 0 && receipt?.source.provider === undefined;
    desk.payment =
      isByHand || !receipt ? { about: "order" } : { about: "source", kind: "refund", ...receipt };
  };
  return [{ label, reason: desk.reasonAgainst("recordPayment"), act }];
}

/** The form that gave a refused command, filled in as it was, with the reasons. */
function editing(scene: Scene, label: string): Press[] {
  const { desk, entry, form, shop } = scene;
  const { command } = entry;
  if (!command) return [];
  const kind = kindOf(command);
  const issues = command.verdict?.issues ?? [];
  if (kind === "place") {
    const act = async () => {
      form.fill((command.args as { draft: Draft }).draft, issues);
      await shop.store.dismiss(command.n);
      router.go("/");
    };
    return [{ label, reason: "", act }];
  }
  if (!desk) return [];
  if (kind === "amend" || kind === "proposeAmendment") {
    // Its form finds what was refused by itself.
    const act = () => {
      router.go(`/orders/${desk.id}/edit`);
    };
    return [{ label, reason: "", act }];
  }
  const again = { n: command.n, issues };
  if (kind === "recordPayment") {
    const act = () => {
      desk.payment = { about: "order", again: { ...again, payment: command.args as Payment } };
    };
    return [{ label, reason: "", act }];
  }
  if (!isAsked(kind)) return [];
  const answers = answersOf(command);
  const shipment = desk.view.order.shipments.find(({ id }) => id === answers.shipment);
  const act = () => {
    desk.question = { command: kind, shipment, again: { ...again, answers } };
  };
  return [{ label, reason: "", act }];
}

function ofCommand({ entry }: Scene, press: (command: PendingCommand) => Press): Press[] {
  return entry.command ? [press(entry.command)] : [];
}

function exporting({ entry, shop, tell }: Scene, label: string): Press {
  const act = async () => {
    const { row } = entry;
    try {
      const log = row && (await shop.store.exportLog(row.id));
      if (log) download(log, `order-${row.number}-${today()}.json`);
      else download(shop.store.exportUnsent(), `orders-unsent-${today()}.json`);
      tell("");
    } catch (cause) {
      if (!(cause instanceof OrderkitError)) throw cause;
      tell(sayAll(cause.issues));
    }
  };
  return { label, reason: "", act };
}

/** Nothing is dropped before the shop was reached: it alone can bring it back. */
function fetching({ entry, shop, tell }: Scene, label: string): Press {
  const act = async () => {
    const { status } = await shop.sync.syncNow();
    if (status !== "idle") {
      tell(m.way_offline());
      return;
    }
    // What was missing has just come; what was changed is dropped first.
    if (entry.exception.kind === "storageTrouble") return;
    await shop.store.fetchAgain();
    await shop.sync.syncNow();
  };
  return { label, reason: "", act };
}

/** The provider is asked now; what it says is recorded by the server and comes with the next exchange. */
function asking({ shop, desk, tell }: Scene, payment: Payment, label: string): Press {
  const words = { unreachable: m.way_offline, initial: m.way_still_pending, pending: m.way_still_pending };
  const act = async () => {
    const asked = await askAgain(shop.session, desk?.id ?? "", payment.id);
    if (asked.kind === "refused") tell(sayAll(asked.issues));
    else if (asked.kind === "unreachable") tell(words.unreachable());
    else {
      const state = stateOf(asked.payment);
      tell(state === "initial" || state === "pending" ? words[state]() : "");
      await shop.sync.syncNow();
    }
  };
  return { label, reason: "", act };
}

const pressesOf: Record<OrderWay, (scene: Scene, label: string) => Press[]> = {
  refund: refunding,
  askForPayment: () => [],
  askProvider: (scene, label) => {
    const [payment, { desk }] = [paymentOf(scene), scene];
    if (!payment || !desk) return [];
    if (payment.provider !== undefined) return [asking(scene, payment, label)];
    const word = (state: "success" | "failure", label: string): Press => ({
      label,
      reason: desk.reasonAgainst("recordPayment"),
      act: () => {
        desk.payment = { about: "word", state, payment };
      },
    });
    return [word("success", m.way_arrived()), word("failure", m.way_failed())];
  },
  edit: editing,
  resend: (scene, label) => resending(scene, label, false),
  dismiss: (scene, label) =>
    ofCommand(scene, ({ n }) => ({
      label,
      reason: "",
      act: async () => {
        const answer = await scene.shop.store.dismiss(n);
        scene.tell(answer.ok ? "" : sayAll(answer.issues));
      },
    })),
  export: (scene, label) => [exporting(scene, label)],
  fetchAgain: (scene, label) => [fetching(scene, label)],
  setClock: () => [],
  sendAgain: (scene, label) => {
    const { desk } = scene;
    if (!desk) return [];
    const command: Asked = desk.shipsUnwritten("ship") ? "ship" : "allocate";
    const act = () => void desk.begin(command);
    return [{ label, reason: desk.reasonAgainst(command), act }];
  },
  claimFromCarrier: ({ desk }) => {
    if (!desk) return [];
    const act = () => void desk.begin("note");
    return [{ label: m.action_note(), reason: desk.reasonAgainst("note"), act }];
  },
};
