//! The order engine for web shops and order desks.
//!
//! One set of rules decides everywhere: as WebAssembly in the browser, while somebody fills in a
//! form without a network, and natively on the server, which has the last word. The crate holds the
//! rules and nothing else.
//!
//! # The way through
//!
//! | step | function | module |
//! | --- | --- | --- |
//! | check what was typed | [`validate`] | [`validation`] |
//! | price it, with the reason for every amount | [`quote`] | [`pricing`] |
//! | say so in sentences, and what is in reach | [`explain::explain`], [`explain::next_offers`] | [`explain`] |
//! | number it | [`numbering::Pattern::generate`] | [`numbering`] |
//! | see whether the goods are there | [`inventory::shortfalls`] | [`inventory`] |
//! | decide what happens to it | [`decide`], [`allowed_commands`] | [`mod@decide`] |
//! | see where it stands | [`Order::derived`] | [`status`] |
//! | keep a copy and sync it | [`replica`] | [`replica`] |
//!
//! # What this crate does not do
//!
//! It has no clock, no random numbers, no network, no storage, no floating point and no global
//! state: time, random bytes and rules come in as arguments. It does not talk to payment providers
//! or carriers; it records and checks what they say. It gives out no legal invoice numbers.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::float_arithmetic,
        clippy::print_stdout
    )
)]
#![deny(missing_docs, unsafe_code)]

// The derives of `orderkit-derive` name the crate as any other does.
extern crate self as orderkit;

mod allocation;
pub mod amendment;
mod cart;
mod command;
mod context;
mod currency;
mod decimal;
mod draft;
mod issue;
mod money;
mod order;
mod rounding;
mod sorting;
mod zone;

#[cfg(target_arch = "wasm32")]
mod wasm;

pub mod api;
pub mod client;
pub mod credit;
pub mod decide;
pub mod exceptions;
pub mod explain;
pub mod inventory;
pub mod json;
pub mod ledger;
pub mod limits;
pub mod lint;
pub mod notice;
pub mod numbering;
pub mod pricing;
#[cfg(not(target_arch = "wasm32"))]
pub mod profile;
pub mod replica;
pub mod returns;
pub mod review;
pub mod ruleset;
pub mod status;
pub mod validation;

pub use allocation::allocate;
pub use amendment::{Amendment, Change, ChangeKind, Consent};
pub use cart::{Cart, CartChange};
pub use command::{
    AcceptAmendment, Allocate, Cancel, CancelLines, Command, CommandKind, DeclineAmendment,
    Envelope, Expectation, GrantCredit, HoldOrder, InspectReturn, MoveReturn, MoveShipment, Note,
    Place, Reason, ReceiveReturn, Release, RequestReturn, RequestedLine, ResolveReturn, SaveDraft,
    SettleShortage, Ship, WriteOff,
};
pub use context::{
    CarrierQuote, Context, CustomerFacts, GiftCard, RuleUse, StockLevel, TaxExemption,
    TaxNumberCheck,
};
pub use currency::Currency;
pub use decide::{
    AllowedChange, AllowedCommand, AmendmentPreview, EarlierRules, Facts, ReturnableLine, Seen,
    allowed_changes, allowed_commands, decide, preview_amendment, preview_proposal,
    returnable_lines,
};
pub use decimal::{Decimal, DecimalError, Entry};
pub use draft::{
    Address, Adjustment, AdjustmentKind, Customer, Details, Draft, DraftLine, GiftChoice,
};
pub use issue::{Argument, Arguments, Code, Issue, Language, Refusal};
pub use ledger::{Payment, PaymentFailure, PaymentKind, PaymentRemedy, PaymentState};
pub use money::{Amount, AmountError};
pub use order::{
    Actor, CancelCause, Event, EventRecord, HistoryEntry, Hold, HoldReason, ImportFinding,
    ImportKind, ImportNote, Order, OrderDiscount, OrderLine, OrderLog, OrderStatus, Role, Shipment,
    ShipmentLine, ShipmentStatus,
};
pub use pricing::{Quote, TraceStep, quote};
pub use rounding::Rounding;
pub use ruleset::{Rules, Ruleset, TimeZone};
pub use validation::validate;
