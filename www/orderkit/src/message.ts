import { currentGlue, isReady } from "./engine.js";
import { describeWith } from "./error.js";
import { decode, encode, shapeError } from "./json.js";
import type { ClientCode, Issue, Outcome } from "./types.js";

/** The languages that sentences come in. */
export type Language = "en" | "zh";

/** What the engine does not know because it happens around it. `{key}` stands for an argument. */
const AROUND: Record<ClientCode, Record<Language, string>> = {
  not_ready: {
    en: "The engine is not loaded: call `await ready()` first.",
    zh: "引擎尚未加载：请先调用 `await ready()`。",
  },
  module_failed: {
    en: "The engine could not be loaded: {reason}",
    zh: "无法加载引擎：{reason}",
  },
  module_outdated: {
    en: "The engine and this page are of different builds. Reload the page.",
    zh: "引擎与本页面的版本不一致。请刷新页面。",
  },
  cart_disposed: {
    en: "This cart was disposed of. Open it again.",
    zh: "该购物车已被释放，请重新打开。",
  },
  rules_disposed: {
    en: "These rules were disposed of.",
    zh: "这些规则已被释放。",
  },
  storage_full: {
    en: "There is no room left on this device, so this was not saved. Free some space and try again.",
    zh: "设备存储空间已满，未能保存。请清理空间后重试。",
  },
  storage_failed: {
    en: "The storage of this browser failed, so this was not saved ({reason}). Try again, or reload the page.",
    zh: "浏览器存储出错，未能保存（{reason}）。请重试或刷新页面。",
  },
  storage_blocked: {
    en: "The storage of this browser does not answer. Close other tabs of this page and reload.",
    zh: "浏览器存储没有响应。请关闭本页面的其他标签页并刷新。",
  },
  store_closed: {
    en: "This page was closed or is out of date. Reload it to go on.",
    zh: "页面已关闭或版本过旧。请刷新后继续。",
  },
  offline: {
    en: "The server cannot be reached. Everything stays saved on this device and is sent later.",
    zh: "无法连接服务器。内容已保存在本设备，稍后会自动发送。",
  },
  // For what only the server can do: nothing is kept to be sent later.
  unreachable: {
    en: "The server cannot be reached. Try again when there is a connection.",
    zh: "无法连接服务器，请联网后重试。",
  },
  answer_unreadable: {
    en: "The answer did not come from the server. Perhaps this network wants you to sign in first.",
    zh: "收到的不是服务器的应答。当前网络可能需要先登录。",
  },
};

/** Sentences of the reasons against rules, where they are loaded: who only sells needs none. */
let reasons: Record<Language, Record<string, string>> | undefined;

/** Brings the sentences of the reasons against rules. */
export function explainReasons(sentences: Record<Language, Record<string, string>>): void {
  reasons = sentences;
}

const filled = (text: string, args: Issue["args"]) =>
  text.replace(/\{(\w+)\}/g, (gap, key: string) => String(args[key] ?? gap));

/** The arguments with a sentence in place of the word of a reason. */
function reasoned({ code, args }: Issue, language: Language): Issue["args"] {
  if (code !== "ruleset_invalid" && code !== "pattern_invalid") return args;
  const sentence = reasons?.[language][`reason.${args["reason"] ?? ""}`];
  return sentence === undefined ? args : { ...args, reason: filled(sentence, args) };
}

/** Whether a language is Chinese; what is no language of the catalogue is misuse. */
export function isChinese(language: unknown): boolean {
  if (language === "en" || language === "zh") return language === "zh";
  throw shapeError("/language", `the languages are "en" and "zh", not ${String(language)}`);
}

/** The sentence of an issue, for people. */
export function message(issue: Issue, language: Language): string {
  const chinese = isChinese(language);
  if (Object.hasOwn(AROUND, issue.code)) {
    const text = AROUND[issue.code as ClientCode][language];
    return text.replace(/\{(\w+)\}/g, (_, key: string) => String(issue.args[key] ?? ""));
  }
  const plain = { code: issue.code, path: issue.path, args: reasoned(issue, language) };
  const answer = decode<Outcome<"message", string>>(currentGlue().message(encode(plain), chinese));
  // A newer server may know codes that this version has no sentence for.
  return answer.ok ? answer.message : issue.code;
}

describeWith((it) => (isReady() || Object.hasOwn(AROUND, it.code) ? message(it, "en") : it.code));
