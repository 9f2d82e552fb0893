import type { Language, LocalText } from "orderkit";

/**
 * Numbers and dates as people of a language write them. Amounts come as whole minor units and go to
 * Intl as exact decimal texts: no float is made on the way.
 */

type Exact = Intl.StringNumericLiteral;

const locales: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };

function memo<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

const currencyFormat = memo((key) => {
  const [locale, currency, digits] = key.split("|");
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: currency ?? "XXX",
    currencyDisplay: "narrowSymbol",
    ...(digits === undefined ? {} : { maximumFractionDigits: Number(digits) }),
  });
});

/** Digits after the point of a currency: 2 for GBP, 0 for JPY, 3 for KWD. */
export function exponent(currency: string): number {
  return currencyFormat(`en|${currency}`).resolvedOptions().maximumFractionDigits ?? 2;
}

/** Minor units as an exact decimal text in major units. */
export function major(minor: number, currency: string): string {
  const digits = exponent(currency);
  const sign = minor < 0 ? "-" : "";
  const figures = Math.abs(minor)
    .toString()
    .padStart(digits + 1, "0");
  if (digits === 0) return sign + figures;
  return `${sign}${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
}

/** What somebody typed as minor units, or undefined if it is no amount of this currency. */
export function minorOf(text: string, currency: string): number | undefined {
  const plain = text.replaceAll(/[\s']/g, "").replace(/^(\d+),(\d{1,3})$/, "$1.$2");
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(plain);
  const digits = exponent(currency);
  const fraction = match?.[2] ?? "";
  if (!match || fraction.length > digits) return undefined;
  return Number(`${match[1] ?? "0"}${fraction.padEnd(digits, "0")}`);
}

export function money(minor: number, currency: string, language: Language): string {
  const text = currencyFormat(`${locales[language]}|${currency}`).format(major(minor, currency) as Exact);
  return text.replace("-", "−");
}

/** A unit price may be finer than the currency. */
export function price(decimal: string, currency: string, language: Language): string {
  const digits = Math.max(exponent(currency), decimal.split(".")[1]?.length ?? 0);
  return currencyFormat(`${locales[language]}|${currency}|${digits}`).format(decimal as Exact);
}

const plainFormat = memo((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }));

export function quantity(decimal: string, language: Language): string {
  return plainFormat(locales[language])
    .format(decimal as Exact)
    .replace("-", "−");
}

export function count(value: number, language: Language): string {
  return plainFormat(locales[language]).format(value);
}

export function percent(decimal: string, language: Language): string {
  return `${quantity(decimal, language)}${language === "en" ? " %" : "%"}`;
}

const chanceFormat = memo(
  (locale) => new Intl.NumberFormat(locale, { style: "percent", maximumSignificantDigits: 2 }),
);

/** A chance from 0 to 1 with two figures; what is very small is not written as nothing. */
export function chance(value: number, language: Language): string {
  const format = chanceFormat(locales[language]);
  const least = 1e-12;
  return value > 0 && value < least ? `< ${format.format(least)}` : format.format(value);
}

const dateFormat = memo((key) => {
  const [locale, style] = key.split("|");
  const styles: Record<string, Intl.DateTimeFormatOptions> = {
    day: { day: "numeric", month: "short" },
    dayAndYear: { day: "numeric", month: "short", year: "numeric" },
    long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
    time: { hour: "2-digit", minute: "2-digit", hour12: false },
    moment: {
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    },
  };
  return new Intl.DateTimeFormat(locale, styles[style ?? "moment"]);
});

export type DateStyle = "day" | "dayAndYear" | "long" | "time" | "moment";

export function date(atMs: number, style: DateStyle, language: Language): string {
  return dateFormat(`${locales[language]}|${style}`).format(atMs);
}

const zoneFormat = memo((key) => {
  const [locale, zone] = key.split("|");
  const options: Intl.DateTimeFormatOptions = {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  };
  const here = new Intl.DateTimeFormat(locale, options);
  if (zone === undefined || zone === here.resolvedOptions().timeZone) return here;
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone, timeZoneName: "short" });
  } catch {
    // A zone that the browser does not know: the reader's own, said to be that.
    return new Intl.DateTimeFormat(locale, { ...options, timeZoneName: "short" });
  }
});

/** A moment by the clock of the shop; the zone is named where it is not the reader's. */
export function dateIn(atMs: number, language: Language, zone: string): string {
  return zoneFormat(`${locales[language]}|${zone}`).format(atMs);
}

/** The day in the reader's zone, to tell whether two times fall on the same one. */
export function dayKey(atMs: number): string {
  const day = new Date(atMs);
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
}

const relativeFormat = memo(
  (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "long" }),
);

/** "3 minutes ago", in the largest unit that fits. */
export function ago(thenMs: number, nowMs: number, language: Language): string {
  const seconds = Math.round((thenMs - nowMs) / 1000);
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ];
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) {
      return relativeFormat(locales[language]).format(Math.round(seconds / length), unit);
    }
  }
  return relativeFormat(locales[language]).format(0, "second");
}

/** Since when: the time of today, or the day. */
export function since(thenMs: number, nowMs: number, language: Language): string {
  return date(thenMs, dayKey(thenMs) === dayKey(nowMs) ? "time" : "day", language);
}

const countryNames = memo((locale) => new Intl.DisplayNames(locale, { type: "region" }));

export function country(code: string, language: Language): string {
  try {
    return countryNames(locales[language]).of(code) ?? code;
  } catch {
    return code;
  }
}

/** A text of the shop in the reader's language. */
export function local(text: LocalText | { en: string; zh: string } | undefined, language: Language): string {
  if (!text) return "";
  return language === "zh" && text.zh ? text.zh : text.en;
}

const sizeFormat = memo((key) => {
  const [locale, unit] = key.split("|");
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: unit ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  });
});

/** So many bytes, in the largest unit that fits. */
export function bytes(value: number, language: Language): string {
  const units: [string, number][] = [
    ["gigabyte", 1e9],
    ["megabyte", 1e6],
    ["kilobyte", 1e3],
  ];
  const [unit, size] = units.find(([, least]) => value >= least) ?? ["byte", 1];
  return sizeFormat(`${locales[language]}|${unit}`).format(value / size);
}

const spanFormat = memo((key) => {
  const [locale, unit] = key.split("|");
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: unit ?? "minute",
    unitDisplay: "long",
    maximumFractionDigits: 0,
  });
});

/** "3 minutes", in the largest unit that fits. */
export function duration(lengthMs: number, language: Language): string {
  const units: [string, number][] = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
  ];
  const [unit, length] = units.find(([, least]) => lengthMs >= least) ?? ["minute", 60_000];
  return spanFormat(`${locales[language]}|${unit}`).format(Math.round(lengthMs / length));
}
