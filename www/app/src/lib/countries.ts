import type { Address, Language } from "orderkit";
import { country } from "./format";

/** How an address form is laid out; whether it is complete is for the rules to say. */

const codes =
  "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split(
    " ",
  );

export interface CountryChoice {
  code: string;
  name: string;
}

/** All countries by name, the shop's own first. */
export function countryChoices(language: Language, first: readonly string[]): CountryChoice[] {
  const collator = new Intl.Collator(language === "zh" ? "zh-CN" : "en-GB");
  const choice = (code: string) => ({ code, name: country(code, language) });
  const rest = codes.filter((code) => !first.includes(code)).map(choice);
  return [...first.map(choice), ...rest.sort((a, b) => collator.compare(a.name, b.name))];
}

export type RegionWord = "state" | "province" | "prefecture" | "county";

/** What the part between city and country is called there, where addresses have one. */
export function regionWord(code: string): RegionWord | undefined {
  if (["AU", "BR", "IN", "MX", "MY", "US"].includes(code)) return "state";
  if (["CA", "CN", "ID"].includes(code)) return "province";
  if (code === "JP") return "prefecture";
  return undefined;
}

/** Where the big parts of an address come first: province, city, street. */
export function largestFirst(code: string): boolean {
  return ["CN", "JP", "KR", "TW"].includes(code);
}

/** Town, region and postcode in the order of the country. */
export function townLine(address: Address): string {
  const { postcode = "", city = "", region = "", country: code = "" } = address;
  const isPostcodeLast = ["AU", "CA", "CN", "GB", "IE", "IN", "JP", "SG", "US"].includes(code);
  const parts = isPostcodeLast
    ? [city, region, postcode]
    : [[postcode, city].filter(Boolean).join(" "), region];
  return parts.filter(Boolean).join(", ");
}
