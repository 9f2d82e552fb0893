import { m } from "../../generated/paraglide/messages.js";
import type { VoidReason } from "../numbers";

/** The words for why numbers were given up. */
export const voidReasonWords: Record<VoidReason, () => string> = {
  refused: m.void_refused,
  discarded: m.void_discarded,
  returned: m.void_returned,
  lost: m.void_lost,
  skipped: m.void_skipped,
};
