/** The name after a version's: the last number in it, counted on, or a new one at its end. */
export function suggestedVersion(name: string): string {
  const match = /^(.*?)(\d+)$/.exec(name);
  if (!match) return name === "" ? "1" : `${name}-2`;
  const [, stem = "", digits = "0"] = match;
  return stem + String(BigInt(digits) + 1n).padStart(digits.length, "0");
}
