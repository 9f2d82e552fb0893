//! From a document of the source to the log of an order.

use std::{collections::HashMap, sync::Arc};

use orderkit::{
    Actor, Address, Adjustment, AdjustmentKind, Context, Currency, Customer, Decimal, Details,
    Draft, DraftLine, Event, EventRecord, ImportKind, ImportNote, OrderLog, Quote, Role, Rules,
    limits::{MAX_CODE_BYTES, MAX_LINES},
    quote,
    ruleset::{LocalText, TaxComponent},
};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::{
    amount::{self, entry},
    convention::Convention,
    finding::{Class, classify, country},
    neutral::{Document, Kind, ShipTo},
    place,
};

/// The one tax class of imported orders: the sources name no taxes that could be checked.
const TAX_CLASS: &str = "none";
/// Its one tax.
const NO_TAX: &str = r#"{"category": "O"}"#;
/// The user that imported events name.
const USER: &str = "import";

/// Turns documents into orders; keeps the rules of each currency that it has met.
#[derive(Debug)]
pub struct Converter {
    source: String,
    number_prefix: String,
    default_currency: Option<String>,
    convention: Convention,
    rules: HashMap<String, Arc<Rules>>,
}

/// An order with what the report counts.
#[derive(Debug)]
pub struct Converted {
    /// The order.
    pub log: OrderLog,
    /// The kind of the document.
    pub kind: ImportKind,
    /// The lines.
    pub lines: usize,
    /// The classes with their lines.
    pub findings: Vec<(Class, u32)>,
    /// The currency of the sums.
    pub currency: Currency,
    /// The exact sum of all lines.
    pub exact_total: Decimal,
    /// The sum in minor units, each line rounded, with charges.
    pub gross_minor: i64,
}

impl Converter {
    /// A converter of one source.
    pub fn new(
        source: &str,
        number_prefix: &str,
        default_currency: Option<&str>,
        convention: Convention,
    ) -> Self {
        Self {
            source: source.to_owned(),
            number_prefix: number_prefix.to_owned(),
            default_currency: default_currency.map(str::to_owned),
            convention,
            rules: HashMap::new(),
        }
    }

    /// Turns one document, which stands at `position` of its source, into an order.
    ///
    /// # Errors
    ///
    /// A sentence that says why it cannot be read, with the path.
    pub fn convert(&mut self, text: &[u8], position: u64) -> Result<Converted, String> {
        let mut json = serde_json::Deserializer::from_slice(text);
        let document: Document<'_> =
            serde_path_to_error::deserialize(&mut json).map_err(|error| error.to_string())?;
        json.end().map_err(|error| error.to_string())?;
        within_limits(&document)?;
        let placed_ms = place::epoch_ms(&document.placed_at, &self.convention.zone)?;
        let rules = self.rules_for(document.currency.as_deref())?;
        let currency = rules.ruleset().currency;
        let (draft, exact_total) = draft(&document, currency)?;
        let mut quote: Quote =
            quote(&draft, &rules, &Context::at(placed_ms)).map_err(|refusal| {
                let issue = refusal.issues.first();
                issue.map_or_else(String::new, |issue| {
                    format!("{}: {}", issue.path, issue.message(orderkit::Language::English))
                })
            })?;
        quote.trace.clear();
        let findings = classify(&document, &self.convention);
        let kind = kind(document.kind);
        let note = ImportNote {
            source: self.source.clone(),
            kind,
            exact_total,
            findings: findings.iter().map(|(class, lines)| class.finding(*lines)).collect(),
        };
        let gross_minor = quote.totals.gross_minor.minor();
        let event = Event::Imported {
            number: format!("{}{}", self.number_prefix, document.number),
            import: Box::new(note),
            draft: Box::new(draft),
            quote: Box::new(quote),
        };
        let by = Actor { user: USER.to_owned(), role: Role::Admin };
        let record = EventRecord { at_ms: placed_ms, asked_ms: None, by, command: None, event };
        let id = order_id(&self.source, &document.number, position, placed_ms);
        let mut log = OrderLog::new(id);
        log.push(record);
        let lines = document.lines.len();
        Ok(Converted { log, kind, lines, findings, currency, exact_total, gross_minor })
    }

    /// The rules that price imports in a currency: the document names prices, nothing is taxed.
    fn rules_for(&mut self, code: Option<&str>) -> Result<Arc<Rules>, String> {
        let code = code.or(self.default_currency.as_deref());
        let code = code.ok_or("no currency. Give one with --currency, such as --currency GBP")?;
        if let Some(rules) = self.rules.get(code) {
            return Ok(Arc::clone(rules));
        }
        let currency = Currency::parse(code)
            .ok_or_else(|| format!("currency: {code:?} is not an active ISO 4217 code"))?;
        let rules = Rules::from_json(ruleset(currency).as_bytes());
        let rules = rules.map_err(|refusal| refusal.code().to_string())?;
        let rules = Arc::new(rules);
        self.rules.insert(code.to_owned(), Arc::clone(&rules));
        Ok(rules)
    }
}

/// The id of an imported order: the same source, number and position give the same id.
///
/// It is a UUIDv7, as all order ids, so that ids rise with the time of the order; the bits that are
/// random elsewhere are the beginning of a SHA-256.
pub fn order_id(source: &str, number: &str, position: u64, placed_ms: i64) -> Uuid {
    let mut hasher = Sha256::new();
    for part in ["orderkit import 1", source, number] {
        // The length before each part keeps "ab" + "c" and "a" + "bc" apart.
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.update(position.to_be_bytes());
    let hash = hasher.finalize();
    let mut bits = [0; 10];
    bits.copy_from_slice(&hash[..10]);
    let millis = u64::try_from(placed_ms).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &bits).into_uuid()
}

fn within_limits(document: &Document<'_>) -> Result<(), String> {
    if document.number.is_empty() || document.number.len() > MAX_CODE_BYTES {
        return Err(format!("number: needs 1 to {MAX_CODE_BYTES} bytes"));
    }
    if document.lines.len() > MAX_LINES {
        let count = document.lines.len();
        return Err(format!(
            "lines: {count}, at most {MAX_LINES} are possible; split the document"
        ));
    }
    match document.lines.iter().position(|line| line.sku.len() > MAX_CODE_BYTES) {
        Some(at) => Err(format!("lines[{at}].sku: more than {MAX_CODE_BYTES} bytes")),
        None => Ok(()),
    }
}

/// The document names the prices, and nothing is taxed: category O is outside the scope of tax.
fn ruleset(currency: Currency) -> String {
    format!(
        r#"{{"version": "import-1", "name": {{"en": "Imported orders", "zh": "导入的订单"}},
            "currency": "{currency}", "homeCountry": "ZZ",
            "priceBasis": "taxExclusive", "priceSource": "draft",
            "taxClasses": [{{"id": "{TAX_CLASS}", "rules": [{{"components": [{NO_TAX}]}}]}}]}}"#
    )
}

/// The draft of a document and the exact sum of its lines.
fn draft(document: &Document<'_>, currency: Currency) -> Result<(Draft, Decimal), String> {
    let mut total = Decimal::ZERO;
    let mut lines = Vec::with_capacity(document.lines.len());
    for (at, line) in document.lines.iter().enumerate() {
        let amounts =
            amount::of_line(line, currency).map_err(|reason| format!("lines[{at}]: {reason}"))?;
        total = total
            .checked_add(amounts.exact)
            .ok_or_else(|| format!("lines[{at}]: the sum has more than 15 digits"))?;
        lines.push(DraftLine {
            sku: line.sku.as_ref().to_owned(),
            quantity: entry(line.quantity),
            unit_price: Some(entry(amounts.unit_price)),
            base_quantity: amounts.base_quantity,
            name: line.name.as_deref().filter(|name| !name.is_empty()).map(LocalText::new),
            tax_class: Some(TAX_CLASS.to_owned()),
            adjustments: amounts.adjustments,
            ..DraftLine::default()
        });
    }
    let draft = Draft {
        currency: Some(currency),
        lines,
        details: details(document),
        adjustments: shipping(document, currency)?,
        prepaid_minor: None,
        payable_rounding_minor: None,
    };
    Ok((draft, total))
}

/// Shipping as a charge with taxes of its own, which is not shared over the lines.
fn shipping(document: &Document<'_>, currency: Currency) -> Result<Vec<Adjustment>, String> {
    let Some(shipping) = document.shipping.filter(|charge| !charge.is_zero()) else {
        return Ok(Vec::new());
    };
    let amount = amount::to_minor(shipping, currency).filter(|amount| !amount.is_negative());
    let no_tax: TaxComponent =
        serde_json::from_str(NO_TAX).map_err(|error| format!("shipping: {error}"))?;
    Ok(vec![Adjustment {
        kind: AdjustmentKind::Charge,
        amount_minor: Some(amount.ok_or("shipping: must be a charge of at most 15 digits")?),
        percent: None,
        base_minor: None,
        reason: Some("shipping".to_owned()),
        taxes: Some(vec![no_tax]),
        price_basis: None,
    }])
}

fn details(document: &Document<'_>) -> Details {
    let party = document.customer.as_ref().or(document.supplier.as_ref());
    let name = document.customer_name.as_ref().or(document.supplier_name.as_ref());
    let known = party.is_some() || name.is_some() || document.email.is_some();
    let customer = known.then(|| Customer {
        id: party.cloned(),
        name: name.cloned().unwrap_or_default(),
        email: document.email.clone(),
        phone: None,
        tax_number: None,
    });
    Details {
        customer,
        shipping_address: address(document),
        note: line_times(document),
        ..Details::default()
    }
}

/// The address, as far as it is known. A country without ISO code keeps its name as region.
fn address(document: &Document<'_>) -> Option<Address> {
    let nowhere = ShipTo {
        name: None,
        address: None,
        city: None,
        region: None,
        postcode: None,
        country: None,
    };
    let to = document.ship_to.as_ref().unwrap_or(&nowhere);
    let country = country(document);
    let code = country.and_then(place::country_code);
    let region = to.region.clone().or(document.region.clone());
    let address = Address {
        name: to.name.clone(),
        street: to.address.iter().cloned().collect(),
        city: to.city.clone().or(document.city.clone()).unwrap_or_default(),
        region: region.or(country.filter(|_| code.is_none()).map(str::to_owned)),
        postcode: to.postcode.clone(),
        country: code.unwrap_or_default().to_owned(),
    };
    (address != Address::default()).then_some(address)
}

/// The times of lines that were entered at another time than the document, as a note.
fn line_times(document: &Document<'_>) -> Option<String> {
    let mut times: Vec<(&str, usize)> = Vec::new();
    for time in document.lines.iter().filter_map(|line| line.at.as_deref()) {
        match times.iter_mut().find(|(known, _)| *known == time) {
            Some((_, count)) => *count += 1,
            None => times.push((time, 1)),
        }
    }
    let parts: Vec<String> =
        times.iter().map(|(time, count)| format!("{count} lines at {time}")).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn kind(kind: Kind) -> ImportKind {
    match kind {
        Kind::Sale | Kind::Purchase => ImportKind::Sale,
        Kind::Cancellation => ImportKind::Cancellation,
        Kind::Adjustment => ImportKind::Adjustment,
    }
}
