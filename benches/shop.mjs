// The shop of the benchmarks with orders: the generator's orders as drafts and commands of ours, with the same lines, buyer and total.
// Runs in Node and in the page.

/** The tax class of every line; the generator counts 25 % into its prices. */
const TAX_CLASS = "standard";
const DELIVERIES = { standard: 490, express: 490, pickup: 0, locker: 490 };
const PAYMENTS = ["card", "invoice", "paypal", "swish", "cash"];
const word = (id) => ({ id, name: { en: id } });

export const ruleset = {
  version: "bench",
  name: { en: "Shop" },
  currency: "EUR",
  homeCountry: "SE",
  priceBasis: "taxInclusive",
  priceSource: "draft",
  taxClasses: [{ id: TAX_CLASS, rules: [{ components: [{ percent: "25" }] }] }],
  shippingMethods: Object.entries(DELIVERIES).map(([id, priceMinor]) => ({
    ...word(id),
    priceMinor,
    taxClass: TAX_CLASS,
  })),
  paymentMethods: PAYMENTS.map(word),
  numbering: { pattern: "{date:yyMMdd}{digits:10}" },
  workflow: { repeatWithinSeconds: 0, confirmation: "whenPaid" },
};

function majorUnits(cents) {
  const fraction = cents % 100;
  return `${(cents - fraction) / 100}.${String(fraction).padStart(2, "0")}`;
}

export function draftOf(order) {
  return {
    currency: order.currency,
    lines: order.lines.map((line) => ({
      sku: line.sku,
      name: { en: line.name },
      quantity: String(line.qty),
      unitPrice: majorUnits(line.unitPrice),
      taxClass: TAX_CLASS,
    })),
    details: {
      customer: { name: order.customer.name, email: order.customer.email },
      shippingAddress: {
        street: [order.address.street],
        city: order.address.city,
        postcode: order.address.zip,
        country: order.address.country,
      },
      shippingMethod: order.delivery,
      paymentMethod: order.payment,
      note: order.note,
    },
  };
}

/** The generator's `o_<time in base 36><12 hexadecimal digits>` as a UUID of version 7, which holds the same. */
export function orderIdOf(id) {
  const time = parseInt(id.slice(2, -12), 36).toString(16).padStart(12, "0");
  const random = id.slice(-12);
  const parts = [time.slice(0, 8), time.slice(8), `7${random.slice(0, 3)}`, `8${random.slice(3, 6)}`];
  return `${parts.join("-")}-${random.slice(6)}000000`;
}

export function idOfOrder(uuid) {
  const digits = uuid.replaceAll("-", "");
  const time = parseInt(digits.slice(0, 12), 16).toString(36);
  return `o_${time}${digits.slice(13, 16)}${digits.slice(17, 20)}${digits.slice(20, 26)}`;
}

/** A number that the shop's pattern could have made, with the generator's in it. */
function numberOf(order) {
  const day = new Date(order.createdAt).toISOString().slice(2, 10).replaceAll("-", "");
  return `${day}${String(order.number).padStart(10, "0")}`;
}

export const generatedNumber = (number) => Number(number.slice(6));

const SHIPMENT = "a";

/** What the generator's status means here, and the commands that lead there from a placed order. */
const PATHS = {
  pending: { summaries: ["awaitingPayment"], steps: [] },
  processing: { summaries: ["awaitingPicking", "awaitingPacking", "awaitingShipment"], steps: ["pay"] },
  shipped: { summaries: ["inTransit"], steps: ["pay", "ship"] },
  completed: { summaries: ["delivered", "completed"], steps: ["pay", "ship", "deliver"] },
  cancelled: { summaries: ["canceled"], steps: ["cancel"] },
  returned: { summaries: ["inReturn"], steps: ["pay", "ship", "deliver", "return"] },
};

const STEPS = {
  pay: (order) => [
    "recordPayment@1",
    { id: "p", amountMinor: order.total, method: order.payment, isCertain: true },
  ],
  ship: () => ["ship@1", { shipment: SHIPMENT }],
  deliver: () => ["deliver@1", { shipment: SHIPMENT }],
  cancel: () => ["cancel@1", { reason: "changed their mind" }],
  return: () => [
    "requestReturn@1",
    { returnId: "r", lines: [{ line: "1", quantity: "1", reason: "other" }] },
  ],
};

export const summariesOf = (status) => PATHS[status].summaries;

export function statusOf(summary) {
  return Object.keys(PATHS).find((status) => PATHS[status].summaries.includes(summary));
}

/** All that happened to an order, as kinds with arguments; the first places it. */
export function commandsOf(order, rulesetDigest) {
  const expect = { totalMinor: order.total, rulesetDigest };
  const place = ["place@1", { draft: draftOf(order), number: numberOf(order), expect }];
  return [place, ...PATHS[order.status].steps.map((step) => STEPS[step](order))];
}
