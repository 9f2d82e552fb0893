//! Prints the JSON Schema of the documents of the npm package, from which its types are made.
//!
//! `cargo run --example schema --features schemars`

use orderkit::{
    AcceptAmendment, Actor, Allocate, AllowedChange, AllowedCommand, Amendment, AmendmentPreview,
    Cancel, CancelLines, CartChange, Context, DeclineAmendment, Draft, EventRecord, GrantCredit,
    HoldOrder, InspectReturn, Issue, MoveReturn, MoveShipment, Note, Order, OrderLog, Payment,
    Place, Quote, Reason, ReceiveReturn, Release, RequestReturn, ResolveReturn, ReturnableLine,
    Ruleset, SaveDraft, SettleShortage, Ship, WriteOff,
    exceptions::{DeviceState, Exception},
    explain::{Explanation, Offer},
    lint::Finding,
    numbering::PatternReport,
    pricing::ShippingOption,
    replica::protocol::CommandResult,
    returns::Settlement,
    review::ReviewRules,
    status::{Deadline, Derived},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};

fn main() -> serde_json::Result<()> {
    // What callers write: a field with a default may be missing.
    let mut read = SchemaSettings::draft2020_12().into_generator();
    refer::<AcceptAmendment>(&mut read);
    refer::<Actor>(&mut read);
    refer::<Amendment>(&mut read);
    refer::<DeclineAmendment>(&mut read);
    refer::<Allocate>(&mut read);
    refer::<Cancel>(&mut read);
    refer::<CancelLines>(&mut read);
    refer::<CartChange>(&mut read);
    refer::<Context>(&mut read);
    refer::<DeviceState>(&mut read);
    refer::<Draft>(&mut read);
    refer::<GrantCredit>(&mut read);
    refer::<HoldOrder>(&mut read);
    refer::<InspectReturn>(&mut read);
    refer::<MoveReturn>(&mut read);
    refer::<MoveShipment>(&mut read);
    refer::<Note>(&mut read);
    refer::<Payment>(&mut read);
    refer::<Place>(&mut read);
    refer::<Reason>(&mut read);
    refer::<ReceiveReturn>(&mut read);
    refer::<Release>(&mut read);
    refer::<RequestReturn>(&mut read);
    refer::<ResolveReturn>(&mut read);
    refer::<ReviewRules>(&mut read);
    refer::<Ruleset>(&mut read);
    refer::<SaveDraft>(&mut read);
    refer::<SettleShortage>(&mut read);
    refer::<Ship>(&mut read);
    refer::<WriteOff>(&mut read);
    // What the engine answers: such a field is always there.
    let mut written = SchemaSettings::draft2020_12().for_serialize().into_generator();
    refer::<AllowedChange>(&mut written);
    refer::<AllowedCommand>(&mut written);
    refer::<AmendmentPreview>(&mut written);
    refer::<CommandResult>(&mut written);
    refer::<Deadline>(&mut written);
    refer::<Derived>(&mut written);
    refer::<EventRecord>(&mut written);
    refer::<Exception>(&mut written);
    refer::<Explanation>(&mut written);
    refer::<Finding>(&mut written);
    refer::<PatternReport>(&mut written);
    refer::<Issue>(&mut written);
    refer::<Offer>(&mut written);
    refer::<Order>(&mut written);
    refer::<OrderLog>(&mut written);
    refer::<ReturnableLine>(&mut written);
    refer::<Quote>(&mut written);
    refer::<Settlement>(&mut written);
    refer::<ShippingOption>(&mut written);

    // A type of both kinds is described as callers write it, which fits an answer as well.
    let mut types = written.take_definitions(true);
    types.extend(read.take_definitions(true));
    let all = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "orderkit",
        "$defs": types,
    });
    serde_json::to_writer(std::io::stdout().lock(), &all)
}

fn refer<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}
