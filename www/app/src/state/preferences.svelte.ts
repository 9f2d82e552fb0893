import type { Language } from "orderkit";
import { overwriteGetLocale } from "../generated/paraglide/runtime.js";

/** What the reader chose about the page itself: language and theme. Kept on this device. */

export type Theme = "light" | "dark" | "system";

const themeKey = "orderkit.theme";
const languageKey = "orderkit.language";

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the choice holds until the page is closed.
  }
}

function firstLanguage(): Language {
  const wish = stored(languageKey) ?? navigator.language;
  return wish.startsWith("zh") ? "zh" : "en";
}

function firstTheme(): Theme {
  const wish = stored(themeKey);
  return wish === "light" || wish === "dark" ? wish : "system";
}

class Preferences {
  #language = $state<Language>(firstLanguage());
  #theme = $state<Theme>(firstTheme());

  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    this.#language = language;
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
    keep(languageKey, language);
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    keep(themeKey, theme);
  }
}

export const preferences = new Preferences();

// Messages read the language when they are made; as it is state, templates follow a change at once.
overwriteGetLocale(() => preferences.language);
