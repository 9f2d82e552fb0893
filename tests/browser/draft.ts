/** What an order takes besides the usual. */
export interface DraftWishes {
  lines?: { sku: string; quantity: string }[];
  paymentMethod?: string;
}

/** The draft of the usual order: two of one, to London. For requests, and for pages that have only the package. */
export function usualDraft({
  lines = [{ sku: "85123A", quantity: "2" }],
  paymentMethod = "card",
}: DraftWishes = {}) {
  return {
    lines,
    details: {
      customer: { name: "Ada Lovelace", email: "ada@example.org" },
      shippingAddress: {
        street: ["12 St James's Square"],
        city: "London",
        postcode: "SW1Y 4JH",
        country: "GB",
      },
      shippingMethod: "standard",
      paymentMethod,
    },
  };
}
