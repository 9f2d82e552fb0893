import type {
  AcceptAmendment,
  Actor,
  Allocate,
  AllowedChange,
  AllowedCommand,
  Amendment,
  Cancel,
  CancelLines,
  CommandResult,
  Deadline,
  DeclineAmendment,
  Derived,
  Exception,
  ExceptionKind,
  GrantCredit,
  HoldOrder,
  InspectReturn,
  Issue as EngineIssue,
  IssueCode,
  LocalText,
  MoveReturn,
  MoveShipment,
  Note,
  Order,
  Payment,
  Place,
  Reason,
  ReceiveReturn,
  Release,
  RequestReturn,
  ResolveReturn,
  ReturnableLine,
  SaveDraft,
  SettleShortage,
  Ship,
  Summary,
  WriteOff,
} from "./generated/types.js";

/** What can go wrong outside of the rules: loading, storage and the network. */
export type ClientCode =
  | "not_ready"
  | "module_failed"
  | "module_outdated"
  | "cart_disposed"
  | "rules_disposed"
  | "storage_full"
  | "storage_failed"
  | "storage_blocked"
  | "store_closed"
  | "offline"
  | "unreachable"
  | "answer_unreadable";

/** Every code an {@link Issue} can have. */
export type Code = IssueCode | ClientCode;

/** One thing that is wrong, as data. {@link message} makes the sentence. */
export interface Issue extends Omit<EngineIssue, "code"> {
  /** What is wrong. */
  code: Code;
}

/** A value under the key `K`, or the reasons why there is none. */
export type Outcome<K extends string, T> = ({ ok: true } & Record<K, T>) | { ok: false; issues: Issue[] };

/** The arguments of commands that have none. */
export type NoArgs = Record<string, never>;

/** The arguments of each kind of command. */
export interface CommandArgs {
  "saveDraft@1": SaveDraft;
  "discard@1": NoArgs;
  "place@1": Place;
  "recordPayment@1": Payment;
  "writeOff@1": WriteOff;
  "settleShortage@1": SettleShortage;
  "amend@1": Amendment;
  "proposeAmendment@1": Amendment;
  "acceptAmendment@1": AcceptAmendment;
  "declineAmendment@1": DeclineAmendment;
  "confirm@1": NoArgs;
  "hold@1": HoldOrder;
  "release@1": Release;
  "allocate@1": Allocate;
  "pick@1": MoveShipment;
  "unpick@1": MoveShipment;
  "pack@1": MoveShipment;
  "unpack@1": MoveShipment;
  "cancelShipment@1": MoveShipment;
  "ship@1": Ship;
  "handOver@1": MoveShipment;
  "readyForPickup@1": MoveShipment;
  "pickUp@1": MoveShipment;
  "deliver@1": MoveShipment;
  "failDelivery@1": MoveShipment;
  "redeliver@1": MoveShipment;
  "returnToSender@1": MoveShipment;
  "lose@1": MoveShipment;
  "confirmReceipt@1": NoArgs;
  "cancelLines@1": CancelLines;
  "complete@1": NoArgs;
  "reopen@1": Reason;
  "cancel@1": Cancel;
  "expire@1": NoArgs;
  "reinstate@1": Reason;
  "requestReturn@1": RequestReturn;
  "approveReturn@1": MoveReturn;
  "declineReturn@1": MoveReturn;
  "sendReturn@1": MoveReturn;
  "receiveReturn@1": ReceiveReturn;
  "inspectReturn@1": InspectReturn;
  "resolveReturn@1": ResolveReturn;
  "closeReturn@1": MoveReturn;
  "cancelReturn@1": MoveReturn;
  "expireReturn@1": MoveReturn;
  "grantCredit@1": GrantCredit;
  "note@1": Note;
}

/** The kind of a command with its version. */
export type CommandName = keyof CommandArgs;

/** What may be asked of an order. */
export type Command = { [K in CommandName]: { kind: K; args: CommandArgs[K] } }[CommandName];

/** A command that gives something for goods that come back: what it would give can be shown before. */
export type ReturnCommand = Extract<Command, { kind: "requestReturn@1" | "resolveReturn@1" }>;

/** What an edit began with. */
export interface EditOptions {
  /**
   * The confirmed revision that a form began with: later edits of the same field by others are a conflict. What is
   * seen now if missing.
   */
  base?: number;
}

/** How to work an edit out. */
export interface EditPreviewOptions extends EditOptions {
  /** Whether the edit is to be proposed, or waits for a yes: it then needs nobody's rights. */
  isProposal?: boolean;
}

/** Which orders to list. */
export interface Query {
  /** Only these summaries; all if missing or empty. */
  summaries?: Summary[];
  /**
   * Only orders whose number, buyer or tracking number holds every word, or whose number is this as somebody typed it: without
   * separators, with look-alikes.
   */
  text?: string;
  /** Skip so many. */
  offset?: number;
  /** At most so many; 50 if missing. */
  limit?: number;
}

/** One line of an order list. */
export interface Row {
  id: string;
  /** The number for people. */
  number: string;
  summary: Summary;
  placedMs: number;
  /** The total with tax. */
  totalMinor: number;
  currency: string;
  /** The buyer's name, or id where the name is not known. */
  customer: string;
  /** ISO 3166 country, or empty. */
  country: string;
  /** The first item, to recognise the order by; without a Chinese name `zh` is empty. */
  firstItem: Required<LocalText>;
  /** How many lines the order has. */
  lines: number;
  /** What is unusual about it, whatever the time is. */
  exceptions?: ExceptionKind[];
}

/** A row with how far it has come on its way to the server. */
export interface ListedRow {
  row: Row;
  /** Whether something of it is only on this device. */
  unsent: boolean;
  /** Whether the server refused something of it. */
  refused: boolean;
}

/** A page of a list. */
export interface Listing {
  /** The rows, newest first. */
  rows: ListedRow[];
  /** How many orders the query finds in all. */
  total: number;
  /** How many orders there are by summary, whatever the query's summaries. */
  counts: Record<Summary, number>;
  /** Orders whose number is one typing error from the text, the latest first; missing if something has it, or nothing is near. */
  suggestions?: NumberSuggestion[];
}

/** An order that somebody may have meant. */
export interface NumberSuggestion {
  id: string;
  number: string;
}

/** A command that is not confirmed. */
export interface PendingCommand {
  /** The counter of this copy of the data; {@link Store.dismiss} takes it. */
  n: number;
  /** The kind, such as `ship@1`. */
  kind: string;
  /** When it was given. */
  atMs: number;
  /** The order it is about. */
  order: string;
  /** The confirmed revision of the order that it was given on. */
  base: number;
  /** The arguments, so that a refused form can be filled in again. */
  args: unknown;
  /** Why the server refused it, if it has. */
  verdict?: CommandResult;
  /** Why it will probably be refused. */
  doubts: Issue[];
}

/** All that a page needs to show one order. */
export interface OrderView {
  /** The state, waiting commands included. */
  order: Order;
  /** The statuses that follow. */
  derived: Derived;
  /** How many events the server has confirmed; later history entries are not sent yet. */
  confirmedRevision: number;
  /** The commands on this order that are not confirmed. */
  pending: PendingCommand[];
  /** What can be done now, with the reasons against the rest. */
  allowed: AllowedCommand[];
  /** What can be edited now, with the reasons against the rest. */
  changes: AllowedChange[];
  /** How many of each line can come back, with the reasons against the rest. */
  returnable: ReturnableLine[];
  /** What the order waits for, soonest first. */
  deadlines: Deadline[];
  /** What is unusual about it, the worst first. */
  exceptions: Exception[];
}

/** One thing that somebody should look at. */
export interface InboxEntry {
  /** What it is, with its ways out. */
  exception: Exception;
  /** The order that it is about, if it is here. */
  row?: Row;
  /** The refused command, if that is what it is about. */
  command?: PendingCommand;
}

/** A command that is stored on this device. */
export interface Saved {
  /** The counter of this copy of the data. */
  n: number;
  /** The id of the order. */
  order: string;
  /** The number of the order, for a new one that got it here. */
  number?: string;
  /** The device's clock was set back by more than five seconds since its last number. The number is good all the same. */
  clockSuspect?: boolean;
}

/** How a copy of the orders stands. */
export interface Standing {
  /** Orders that the server has confirmed. */
  orders: number;
  /** Commands that the server has not decided. */
  unsent: number;
  /** Commands that the server refused and nobody has dismissed. */
  refused: number;
  /** When the oldest undecided command was given. */
  oldestUnsentMs: number | undefined;
  /** Whether the browser promised to keep the data. */
  persisted: boolean;
  /** The code of this device for order numbers, once the server has given one. */
  device?: string;
  /** When the server last answered. */
  lastSyncMs?: number;
  /** When the browser was found to have cleared the storage under this page; what was not sent was written again. */
  clearedMs?: number;
  /** Since when confirmed orders are missing because the device could not read them: they are being fetched again. */
  damagedMs?: number;
}

/** The life of a {@link Store}: open, or why it can no longer be written to. */
export type StoreState = "open" | "closed" | "outdated";

/** Where a copy of the orders stands in the change feed. */
export interface Position {
  client: string;
  actor: Actor;
  device?: string;
  since?: { epoch: string; seq: number };
  ack: number;
}
