import type { Role } from "orderkit";
import { m } from "../generated/paraglide/messages.js";

/** The words for who acts. */
export const roleNames: Record<Role, () => string> = {
  customer: m.role_customer,
  staff: m.role_staff,
  admin: m.role_admin,
  system: m.role_system,
};
