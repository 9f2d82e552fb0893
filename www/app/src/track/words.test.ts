import { expect, it } from "vitest";
import { trackingLink } from "./words";

const carriers = [
  {
    id: "royal-mail",
    name: { en: "Royal Mail", zh: "皇家邮政" },
    trackingUrl: "https://example.org/t?n={number}",
  },
];
const parcel = (carrier: string | undefined, tracking: string | undefined) =>
  ({ carrier, tracking }) as Parameters<typeof trackingLink>[1];

it("leads to the carrier's page by id or name", () => {
  for (const name of ["royal-mail", "Royal Mail", " royal mail ", "皇家邮政"]) {
    expect(trackingLink(carriers, parcel(name, "RM 1/2"))).toBe("https://example.org/t?n=RM%201%2F2");
  }
});

it("leads nowhere without a carrier that is known, or without a number", () => {
  expect(trackingLink(carriers, parcel("Somebody", "1"))).toBeUndefined();
  expect(trackingLink(carriers, parcel(undefined, "1"))).toBeUndefined();
  expect(trackingLink(carriers, parcel("royal-mail", undefined))).toBeUndefined();
});
