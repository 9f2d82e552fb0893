// The orders that the pictures show: of today, one in every state that the list has.

async function post(url, path, body, token) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

// What the orders of today are about: who, what, and how far each has come.
const buyers = [
  [
    "Amelia Okafor",
    "London",
    "N1 9GU",
    [
      ["85123A", 4],
      ["22423", 1],
    ],
    "card",
    ["pay", "confirm", "ship", "deliver", "confirmReceipt", "complete"],
  ],
  [
    "Jonas Weber",
    "Bath",
    "BA1 1UF",
    [
      ["22720", 2],
      ["22699", 6],
    ],
    "card",
    ["pay", "confirm", "ship", "deliver"],
  ],
  ["陈思远", "Manchester", "M1 1AE", [["85099B", 10]], "invoice", ["confirm", "ship"]],
  [
    "Priya Raman",
    "Leeds",
    "LS1 4AP",
    [
      ["22727", 1],
      ["22112", 2],
      ["22197", 8],
    ],
    "card",
    ["pay", "confirm", "part"],
  ],
  ["Tom Hughes", "Cardiff", "CF10 1EP", [["47566", 3]], "bankTransfer", ["pay", "confirm"]],
  [
    "Clara Novák",
    "Edinburgh",
    "EH1 1YZ",
    [
      ["22423", 2],
      ["23245", 1],
    ],
    "cashOnDelivery",
    [],
  ],
  [
    "王小明",
    "Oxford",
    "OX1 3BG",
    [
      ["22457", 1],
      ["84879", 12],
    ],
    "card",
    [],
  ],
  ["Ruth Adeyemi", "York", "YO1 7HH", [["21181", 2]], "card", ["pay", "cancel"]],
  ["Ben Achebe", "Hull", "HU1 1NQ", [["22720", 1]], "card", ["pay", "confirm", "ship", "failDelivery"]],
];

/** Places them, and gives the sessions and the orders that pictures are taken of. */
export async function placeOrders(url) {
  const staff = await post(url, "/v1/session", { role: "staff" });
  const admin = await post(url, "/v1/session", { role: "admin" });
  const client = crypto.randomUUID();
  let n = 0;
  const send = async (order, kind, args) => {
    n += 1;
    const command = { n, id: crypto.randomUUID(), order, kind, atMs: Date.now(), args };
    const answer = await post(
      url,
      "/v1/main/sync",
      { v: 1, client, limit: 1, commands: [command] },
      staff.token,
    );
    const result = answer.results.find((candidate) => candidate.n === n);
    if (result?.verdict !== "accepted") throw new Error(`${kind}: ${JSON.stringify(result)}`);
    return result;
  };

  const placed = {};
  for (const [name, city, postcode, items, paymentMethod, life] of buyers) {
    const draft = {
      lines: items.map(([sku, quantity]) => ({ sku, quantity: String(quantity) })),
      details: {
        customer: { name, email: "orders@example.org" },
        shippingAddress: { street: ["14 Thimble Street"], city, postcode, country: "GB" },
        shippingMethod: "standard",
        paymentMethod,
      },
    };
    const answer = await post(url, "/v1/main/quote", draft, staff.token);
    const { totals, rulesetDigest } = answer.quote ?? answer;
    const order = crypto.randomUUID();
    const expect = { totalMinor: totals.grossMinor, rulesetDigest };
    const { number } = await send(order, "place@1", { draft, expect });
    placed[name] = { id: order, number };
    for (const step of life) {
      if (step === "pay") {
        const payment = { id: crypto.randomUUID(), method: paymentMethod, amountMinor: totals.payableMinor };
        await send(order, "recordPayment@1", { ...payment, reference: "pay-7Q2M" });
      } else if (step === "ship") {
        await send(order, "ship@1", {
          shipment: `${order}-1`,
          carrier: "Royal Mail",
          tracking: `RM ${order.slice(0, 6)}`,
        });
      } else if (step === "part") {
        const lines = [
          { line: "1", quantity: "1" },
          { line: "3", quantity: "5" },
        ];
        await send(order, "ship@1", {
          shipment: `${order}-1`,
          lines,
          carrier: "Royal Mail",
          tracking: "RM 4471 0925 GB",
        });
      } else if (step === "deliver") await send(order, "deliver@1", { shipment: `${order}-1` });
      else if (step === "failDelivery")
        await send(order, "failDelivery@1", { shipment: `${order}-1`, reason: "Nobody was at home" });
      else if (step === "cancel") await send(order, "cancel@1", { reason: "Ordered twice" });
      else await send(order, `${step}@1`, {});
    }
  }
  return { staff, admin, placed };
}
