/// <reference lib="esnext.disposable" preserve="true" />
export { number, quote, shippingOptions, validate } from "./calls.js";
export type { Known, NumberInputs } from "./calls.js";
export { Cart } from "./cart.js";
export type { WasmSource } from "./engine.js";
export { OrderkitError } from "./error.js";
export { explain, nextOffers } from "./explain.js";
export type { Wording } from "./explain.js";
export { newId } from "./id.js";
export { lint } from "./lint.js";
export { numberReport } from "./number-report.js";
export { message } from "./message.js";
export type { Language } from "./message.js";
export { allowedCommands, decide, previewReturn, view } from "./orders.js";
export type { Facts } from "./orders.js";
export { ready } from "./ready.js";
export { Rules } from "./rules.js";
export { Store } from "./store/store.js";
export type { PlaceOptions, StoreOptions } from "./store/store.js";
export { Sync } from "./sync/sync.js";
export type { SyncOptions, SyncState, SyncStatus } from "./sync/state.js";
export type {
  Code,
  ClientCode,
  Command,
  CommandArgs,
  CommandName,
  EditOptions,
  EditPreviewOptions,
  InboxEntry,
  Issue,
  ListedRow,
  Listing,
  NoArgs,
  NumberSuggestion,
  OrderView,
  Outcome,
  PendingCommand,
  Query,
  ReturnCommand,
  Row,
  Saved,
  Standing,
  StoreState,
} from "./types.js";
export type * from "./generated/types.js";
