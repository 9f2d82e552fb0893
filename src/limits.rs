//! Every limit in one place, each with its reason. Beyond a limit the engine refuses; it never cuts.

/// Digits before the decimal point of a price, quantity or rate: beyond the largest amount.
pub const MAX_DECIMAL_INTEGER_DIGITS: u8 = 15;
/// Digits after the decimal point: official EN 16931 documents use up to 9 in a price.
pub const MAX_DECIMAL_FRACTION_DIGITS: u8 = 9;
/// The largest amount in minor units: the largest integer that a JavaScript `number` holds exactly.
pub const MAX_AMOUNT_MINOR: i64 = 9_007_199_254_740_991;
/// Lines of an order: twice the longest order of a known wholesale year (1,114 lines).
pub const MAX_LINES: usize = 2_000;
/// Coupon codes on one order: more is a guessing attack, not a customer.
pub const MAX_COUPON_CODES: usize = 20;
/// Manual allowances and charges on a line or an order.
pub const MAX_ADJUSTMENTS: usize = 50;
/// Bytes of a name, street line or other single-line text.
pub const MAX_TEXT_BYTES: usize = 400;
/// Bytes of a note.
pub const MAX_NOTE_BYTES: usize = 4_000;
/// Bytes of a SKU or other code that people give.
pub const MAX_CODE_BYTES: usize = 80;
/// Bytes of an e-mail address (RFC 5321 section 4.5.3.1.3: 256 with the angle brackets).
pub const MAX_EMAIL_BYTES: usize = 254;
/// Street lines of an address: what label printers and carriers take.
pub const MAX_STREET_LINES: usize = 4;
/// Quantity of one line, unless the shop sets a lower one.
pub const MAX_QUANTITY: i64 = 1_000_000;
/// Products of one ruleset: keeps the compiled ruleset within a few megabytes in the browser.
pub const MAX_PRODUCTS: usize = 50_000;
/// Orders a day that a shop may expect: the chance of a repeated number is computed order by order.
pub const MAX_ORDERS_PER_DAY: u32 = 10_000_000;
/// Promotions of one ruleset.
pub const MAX_PROMOTIONS: usize = 1_000;
/// Shipping methods, tax classes and rates of one ruleset.
pub const MAX_RULES: usize = 1_000;
/// Taxes of one rule: the most on one sale in the United States are state, county, city and some districts.
pub const MAX_TAXES: usize = 16;
/// Commands in one sync request; the client sends the rest in the next.
pub const MAX_COMMANDS_PER_SYNC: usize = 500;
/// Changes in one sync answer.
pub const MAX_CHANGES_PER_SYNC: usize = 2_000;
/// Bytes of one JSON document that the engine reads: an order of 2,000 lines is about 400 kB.
pub const MAX_DOCUMENT_BYTES: usize = 16 * 1024 * 1024;
/// SKUs whose stock a device is told; of more than that, those of which there are fewest.
pub const MAX_TOLD_STOCK: usize = 2_000;
/// Serials of one leased block of order numbers: a device that is lost must not take a year with it.
pub const MAX_NUMBER_BLOCK: u32 = 100_000;
/// Characters of an order number: what fits on labels, in a Code 128 and in speech.
pub const MAX_NUMBER_CHARS: usize = 40;
/// Changes of one edit: every line of the longest order, and what stands beside them.
pub const MAX_CHANGES: usize = 2_100;
/// Events of one order; a real life has tens, a loop in a client has millions.
pub const MAX_EVENTS: usize = 2_000;
