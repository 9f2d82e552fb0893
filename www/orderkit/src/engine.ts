import { issue, OrderkitError } from "./error.js";

/** Where the module comes from: its bytes, a response that brings them, or an address. */
export type WasmSource = BufferSource | Response | URL | string;

/** What each host does to get the module. */
export type Loader = (source: WasmSource | undefined) => Promise<BufferSource | Response>;

/** What both modules can do. */
export interface CheckoutGlue {
  loadRules: (ruleset: Uint8Array) => Uint8Array;
  dropRules: (rules: number) => void;
  quote: (rules: number, draft: string, context: string) => string;
  shippingOptions: (rules: number, draft: string, context: string) => string;
  validate: (rules: number, draft: string, context: string) => string;
  openCart: (draft: string, context: string) => string;
  dropCart: (cart: number) => void;
  setCartQuantity: (cart: number, rules: number, line: number, quantity: string) => Float64Array;
  changeCart: (cart: number, change: string) => string;
  cartTotals: (cart: number, rules: number) => Float64Array;
  quoteCart: (cart: number, rules: number) => string;
  cartDraft: (cart: number) => string;
  number: (rules: number, request: Uint8Array) => Uint8Array;
  message: (issue: Uint8Array, chinese: boolean) => Uint8Array;
}

type Init = (source: { module_or_path: WebAssembly.Module }) => Promise<unknown>;

/** The section of a module that says which build it is of. */
const MARK = "orderkit-build";

/** The module that speaks where no rules say which: of two that are loaded, the one that can do more. */
let best: { rank: number; glue: CheckoutGlue } | undefined;

/** One of the two modules, and how it gets here. */
export class Engine<Glue extends CheckoutGlue> {
  readonly #init: Init;
  readonly #glue: Glue;
  readonly #rank: number;
  readonly #build: string;
  #loader: Loader | undefined;
  #loading: Promise<void> | undefined;
  #isLoaded = false;

  constructor(init: Init, glue: Glue & { BUILD: string }, rank: number) {
    this.#init = init;
    this.#glue = glue;
    this.#rank = rank;
    this.#build = glue.BUILD;
  }

  /** Says how this host gets the module; called by the entry of each host. */
  loadWith(loader: Loader): void {
    this.#loader = loader;
  }

  ready(source: WasmSource | undefined): Promise<void> {
    this.#loading ??= this.#load(source).catch((cause: unknown) => {
      this.#loading = undefined;
      if (cause instanceof OrderkitError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new OrderkitError([issue("module_failed", { reason })], { cause });
    });
    return this.#loading;
  }

  async #load(source: WasmSource | undefined): Promise<void> {
    if (this.#loader === undefined) throw new Error("no entry of the package was loaded");
    const module = await compiled(await this.#loader(source));
    // Two builds side by side would decide by rules of two versions.
    if (buildOf(module) !== this.#build) throw new OrderkitError([issue("module_outdated")]);
    await this.#init({ module_or_path: module });
    this.#isLoaded = true;
    if (best === undefined || best.rank < this.#rank) best = { rank: this.#rank, glue: this.#glue };
  }

  /** Its functions. Without this check, a forgotten `ready()` would end in an error about `undefined`. */
  get glue(): Glue {
    if (!this.#isLoaded) throw new OrderkitError([issue("not_ready")]);
    return this.#glue;
  }
}

/** Compiles while it loads, where the server says what it is. */
async function compiled(source: BufferSource | Response): Promise<WebAssembly.Module> {
  if (!(source instanceof Response)) return WebAssembly.compile(source);
  if (!source.ok) throw new Error(`HTTP ${source.status}`);
  const isTyped = source.headers.get("content-type")?.startsWith("application/wasm") ?? false;
  return isTyped ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}

function buildOf(module: WebAssembly.Module): string {
  const [mark] = WebAssembly.Module.customSections(module, MARK);
  return mark === undefined ? "" : new TextDecoder().decode(mark);
}

/** Whether any module is loaded. */
export function isReady(): boolean {
  return best !== undefined;
}

/** The functions of whichever module is loaded. */
export function currentGlue(): CheckoutGlue {
  if (best === undefined) throw new OrderkitError([issue("not_ready")]);
  return best.glue;
}
