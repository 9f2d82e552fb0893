import { issue } from "../error.js";
import { newId } from "../id.js";
import type { Issue, Outcome, Saved } from "../types.js";
import { change, withRetry, type Decision, type Needs } from "./change.js";
import type { Client } from "./client.js";
import type { Core } from "./core.js";

/** Enough for every number pattern. */
const RANDOM_BYTES = 160;
/** Commands of a file that are brought in at once. */
const COMMANDS_AT_ONCE = 500;

/** What the user asks for. */
export interface Request {
  kind: string;
  order: string;
  args: unknown;
  /** The confirmed revision that its form began with. */
  base?: number;
}

/** Decides a command and stores it. Answers only when the browser has written it. */
export async function append(core: Core, request: Request): Promise<Outcome<"saved", Saved>> {
  const id = newId();
  const random = [...crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))];
  const decide = (client: Client): Decision<Outcome<"saved", Saved>> => {
    const decided = client.append({ ...request, id, random, atMs: Date.now() });
    if (!decided.ok) return { writes: undefined, answer: decided };
    const { writes, saved } = decided.appended;
    return { writes, answer: { ok: true, saved } };
  };
  const outcome = await stored(core, true, decide, (client) => client.logsOf(request.order));
  if (outcome.failed !== undefined) return { ok: false, issues: [outcome.failed] };
  if (outcome.answer.ok) {
    core.channel.post({ kind: "appended" });
    core.appended();
  }
  return outcome.answer;
}

/** Forgets a refused command after the user has seen why. */
export async function dismiss(core: Core, n: number): Promise<Outcome<"dismissed", number>> {
  const outcome = await stored(core, false, (client) => {
    const writes = client.dismiss(n);
    return { writes, answer: writes !== undefined };
  });
  if (outcome.failed !== undefined) return { ok: false, issues: [outcome.failed] };
  if (!outcome.answer) return { ok: false, issues: [issue("nothing_open")] };
  core.channel.post({ kind: "received" });
  core.changed();
  return { ok: true, dismissed: n };
}

/** A file of unsent commands, as far as it is looked at here. */
interface UnsentFile {
  commands?: unknown[];
}

/** What was brought in of a file of unsent commands: how many are new here, and how many waited already. */
export interface ImportedCommands {
  imported: number;
  known: number;
}

/** Brings unsent commands in that were exported elsewhere. */
export async function importUnsent(core: Core, text: string): Promise<Outcome<"imported", ImportedCommands>> {
  const unreadable = (): Outcome<"imported", ImportedCommands> => ({
    ok: false,
    issues: [issue("unsent_format_unknown", { format: text.slice(0, 20), known: "orderkit/unsent@1" })],
  });
  let file: UnsentFile | null;
  try {
    file = JSON.parse(text) as UnsentFile | null;
  } catch {
    return unreadable();
  }
  if (!Array.isArray(file?.commands)) return unreadable();
  const sum: ImportedCommands = { imported: 0, known: 0 };
  for (let at = 0; at === 0 || at < file.commands.length; at += COMMANDS_AT_ONCE) {
    const commands = file.commands.slice(at, at + COMMANDS_AT_ONCE);
    const part = new TextEncoder().encode(JSON.stringify({ ...file, commands }));
    const outcome = await stored(core, true, (client) => {
      const read = client.importUnsent(part);
      return { writes: read.ok ? read.imported.writes : undefined, answer: read };
    });
    if (outcome.failed !== undefined) return { ok: false, issues: [outcome.failed] };
    if (!outcome.answer.ok) return outcome.answer;
    const { imported, known } = outcome.answer.imported;
    sum.imported += imported;
    sum.known += known;
  }
  core.channel.post({ kind: "appended" });
  core.appended();
  return { ok: true, imported: sum };
}

/** Carries a change out, in its turn, and notes how the storage fared. */
async function stored<A>(
  core: Core,
  isStrict: boolean,
  decide: (client: Client) => Decision<A>,
  needs?: Needs,
): Promise<{ answer: A; failed?: undefined } | { failed: Issue }> {
  const outcome = await core.exclusive(() => withRetry(core, () => change(core, isStrict, decide, needs)));
  const failed = "code" in outcome ? outcome : undefined;
  core.wrote(failed);
  return "code" in outcome ? { failed: outcome } : { answer: outcome.answer };
}
