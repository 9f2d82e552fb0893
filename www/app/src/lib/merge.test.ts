import { describe, expect, it } from "vitest";
import { merged } from "./merge";

const base = {
  version: "1",
  promotions: [
    { id: "a", priority: 1 },
    { id: "b", priority: 2 },
  ],
};

describe("two people's edits of the same rules", () => {
  it("both stay where they are in different places", () => {
    const mine = { ...base, promotions: [{ id: "a", priority: 9 }, base.promotions[1]] };
    const theirs = { version: "2", promotions: [base.promotions[0], { id: "b", priority: 7 }, { id: "c" }] };
    expect(merged(base, mine, theirs)).toEqual({
      value: {
        version: "2",
        promotions: [{ id: "a", priority: 9 }, { id: "b", priority: 7 }, { id: "c" }],
      },
      clashes: [],
    });
  });

  it("mine wins where both changed the same, and that is said", () => {
    const mine = { ...base, promotions: [{ id: "a", priority: 9 }, base.promotions[1]] };
    const theirs = { ...base, promotions: [{ id: "a", priority: 8 }, base.promotions[1]] };
    const { value, clashes } = merged(base, mine, theirs);
    expect(clashes).toEqual(["/promotions/:a/priority"]);
    expect(value).toEqual(mine);
  });

  it("what one took out stays out", () => {
    const mine = { ...base, promotions: [base.promotions[0]] };
    const theirs = { ...base, version: "2" };
    expect(merged(base, mine, theirs).value).toEqual({ version: "2", promotions: [base.promotions[0]] });
  });

  it("lists without ids are taken whole", () => {
    expect(merged([1], [1, 2], [1, 3], "/x")).toEqual({ value: [1, 2], clashes: ["/x"] });
  });
});
