/** What a host may lack: Node, an old browser, or a page that was not served securely. */
interface Host {
  navigator?: {
    storage?: {
      persist?: () => Promise<boolean>;
      persisted?: () => Promise<boolean>;
      estimate?: () => Promise<{ usage?: number; quota?: number }>;
    };
    locks?: Pick<LockManager, "request">;
  };
  reportError?: (cause: unknown) => void;
  scheduler?: { yield?: () => Promise<void> };
  document?: Pick<Document, "addEventListener" | "removeEventListener" | "visibilityState">;
  addEventListener?: (name: string, listener: () => void) => void;
  removeEventListener?: (name: string, listener: () => void) => void;
}

/** The host, with its parts as what they are: perhaps not there. */
export const host: Host = globalThis;
