import type {
  Amendment,
  AmendmentPreview,
  CommandArgs,
  CommandName,
  EditOptions,
  EditPreviewOptions,
  OrderView,
  Outcome,
  ReturnCommand,
  Ruleset,
  Settlement,
} from "orderkit";

/**
 * What the forms of one order need, wherever the order comes from: the copy on this device, or a page that asks the shop at
 * each step. What is read here is state: whoever reads it is drawn again when it changes.
 */
export interface OrderPort {
  /** The order as it stands; a form is only shown while it is there. */
  readonly view: PortView;
  /** The shop's goods and methods, for names and choices. */
  readonly ruleset: Ruleset;
  /** Who looks at it. */
  readonly user: string;
  readonly isCustomer: boolean;

  /** What an edit would come to; nothing is changed. */
  previewAmendment(
    amendment: Amendment,
    options: EditPreviewOptions,
  ): Promise<Outcome<"preview", AmendmentPreview>>;

  /** What a return would give; nothing is changed. */
  previewReturn(command: ReturnCommand): Promise<Outcome<"settlement", Settlement>>;

  /** Gives a command; it is kept or refused when this answers. */
  send<K extends CommandName>(
    kind: K,
    args: CommandArgs[K],
    options?: EditOptions,
  ): Promise<Outcome<"saved", unknown>>;
}

/** What of an order the forms look at. */
export type PortView = Pick<
  OrderView,
  "order" | "derived" | "confirmedRevision" | "allowed" | "changes" | "returnable" | "deadlines"
>;
