import type { Product } from "orderkit";

/** What the catalogue puts goods into: an order that is written, or one that is edited. */
export interface Basket {
  /** How many of a product are in it, as typed; nothing if none. */
  quantityOf(sku: string): string;
  has(sku: string): boolean;
  /** Whether the quantity of a product cannot be. */
  isWrongQuantity(sku: string): boolean;
  setQuantity(sku: string, quantity: string): void;
  step(product: Product, direction: 1 | -1): void;
  remove(sku: string): void;
  /** Its field was left. */
  leave(sku: string): void;
}
