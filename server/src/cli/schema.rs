//! `schema`: JSON Schema of the documents, generated from the types that read them.

use std::io::{self, Write};

use clap::Args;
use orderkit::{
    AcceptAmendment, Allocate, AllowedChange, AllowedCommand, Amendment, AmendmentPreview, Cancel,
    CancelLines, Context, DeclineAmendment, Draft, EventRecord, GrantCredit, HoldOrder,
    InspectReturn, Issue, MoveReturn, MoveShipment, Note, Order, OrderLog, Payment, Place, Quote,
    Reason, ReceiveReturn, Refusal, Release, RequestReturn, ResolveReturn, Ruleset, SaveDraft,
    SettleShortage, Ship, WriteOff, exceptions::Exception, lint::Finding, pricing::ShippingOption,
    returns::Settlement, review::ReviewRules,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};

use super::{Failure, Outcome};
use crate::http;

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The type, such as `Draft`; all of them if missing
    name: Option<String>,
    /// Only print the names
    #[arg(long, conflicts_with = "name")]
    list: bool,
    /// Print the OpenAPI document of the HTTP interface, which is also at `/v1/openapi.json`
    #[arg(long, conflicts_with_all = ["name", "list"])]
    openapi: bool,
}

type Make = fn(&mut SchemaGenerator) -> Schema;

/// Every type that stands alone as a document, by name.
const TYPES: &[(&str, Make, Make)] = &[
    both::<AcceptAmendment>("AcceptAmendment"),
    both::<Allocate>("Allocate"),
    both::<AllowedChange>("AllowedChange"),
    both::<AllowedCommand>("AllowedCommand"),
    both::<Amendment>("Amendment"),
    both::<AmendmentPreview>("AmendmentPreview"),
    both::<Cancel>("Cancel"),
    both::<CancelLines>("CancelLines"),
    both::<Context>("Context"),
    both::<DeclineAmendment>("DeclineAmendment"),
    both::<Draft>("Draft"),
    both::<EventRecord>("EventRecord"),
    both::<Exception>("Exception"),
    both::<Finding>("Finding"),
    both::<GrantCredit>("GrantCredit"),
    both::<HoldOrder>("HoldOrder"),
    both::<InspectReturn>("InspectReturn"),
    both::<Issue>("Issue"),
    both::<MoveReturn>("MoveReturn"),
    both::<MoveShipment>("MoveShipment"),
    both::<Note>("Note"),
    both::<Order>("Order"),
    both::<OrderLog>("OrderLog"),
    both::<Payment>("Payment"),
    both::<Place>("Place"),
    both::<Quote>("Quote"),
    both::<Reason>("Reason"),
    both::<ReceiveReturn>("ReceiveReturn"),
    both::<Refusal>("Refusal"),
    both::<Release>("Release"),
    both::<RequestReturn>("RequestReturn"),
    both::<ResolveReturn>("ResolveReturn"),
    both::<ReviewRules>("ReviewRules"),
    both::<Ruleset>("Ruleset"),
    both::<SaveDraft>("SaveDraft"),
    both::<Settlement>("Settlement"),
    both::<SettleShortage>("SettleShortage"),
    both::<Ship>("Ship"),
    both::<ShippingOption>("ShippingOption"),
    both::<WriteOff>("WriteOff"),
];

/// The whole schema of a type, and a reference to it among others.
const fn both<T: JsonSchema>(name: &'static str) -> (&'static str, Make, Make) {
    (name, |generator| generator.root_schema_for::<T>(), |generator| generator.subschema_for::<T>())
}

pub(super) fn run(args: &SchemaArgs) -> Result<Outcome, Failure> {
    let mut output = io::stdout().lock();
    if args.list {
        for (name, ..) in TYPES {
            writeln!(output, "{name}")?;
        }
        return Ok(Outcome::Good);
    }
    if args.openapi {
        serde_json::to_writer_pretty(&mut output, &http::openapi())?;
        writeln!(output)?;
        return Ok(Outcome::Good);
    }
    // What is printed describes documents to be sent, where fields with a default may be missing.
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let schema = match &args.name {
        Some(name) => named(name, &mut generator)?,
        None => {
            for (_, _, reference) in TYPES {
                reference(&mut generator);
            }
            let mut all = schemars::json_schema!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "title": "orderkit"
            });
            all.insert("$defs".to_owned(), generator.take_definitions(true).into());
            all
        }
    };
    serde_json::to_writer_pretty(&mut output, &schema)?;
    writeln!(output)?;
    Ok(Outcome::Good)
}

fn named(name: &str, generator: &mut SchemaGenerator) -> Result<Schema, Failure> {
    let found = TYPES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    match found {
        Some((_, whole, _)) => Ok(whole(generator)),
        None => {
            let names: Vec<&str> = TYPES.iter().map(|(known, ..)| *known).collect();
            let names = names.join(", ");
            Err(Failure::Message(format!("there is no schema {name:?}. Possible: {names}")))
        }
    }
}
