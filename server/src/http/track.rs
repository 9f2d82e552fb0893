//! `POST /v1/{tenant}/track`: a buyer without an account finds an order, by its number and a contact that is on it.
//!
//! Whether there is a number cannot be learned from it: a wrong number and a wrong contact are answered with the same
//! words after the same time, tries are counted by what was typed, by address and by each order that was meant, and numbers that
//! are nearly the one that was typed are offered only if the contact fits them.

use std::{net::IpAddr, time::Duration};

use axum::extract::State;
use orderkit::{
    Actor, Code, Issue, Refusal, Role, Ruleset,
    json::FromJson,
    limits::MAX_NUMBER_CHARS,
    numbering::look_alike_key,
    ruleset::{Carrier, LocalText},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{
    address::{From, place_of},
    document::{Answer, Document, Path},
};
use crate::{
    app::App,
    error::Error,
    numbers::candidates,
    secret,
    store::{ListedOrder, StoredOrder, Transaction},
    sync::tenant_rules,
};

/// A token for one order lasts a day.
const TOKEN_MS: i64 = 24 * 60 * 60 * 1_000;
/// Tries are counted for so long.
const WINDOW_MS: i64 = 15 * 60 * 1_000;
/// Tries of one number, and wrong contacts of one order, by whichever numbers it was meant.
const TRIES_OF_NUMBER: u64 = 5;
/// Tries from one address: a household or an office may share one.
const TRIES_OF_ADDRESS: u64 = 30;
/// The longest number that is looked at, with spaces and what else people write into it.
const MAX_TYPED_BYTES: usize = 4 * MAX_NUMBER_CHARS;
/// The longest e-mail address.
const MAX_CONTACT_BYTES: usize = 254;
/// Every answer takes as long, so that its time tells nothing.
const ANSWER_AFTER: Duration = Duration::from_millis(300);

/// What a buyer knows of an order.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Search {
    /// The number as somebody typed it.
    #[serde(default)]
    number: String,
    /// The telephone number, or the end of it, or the e-mail address.
    #[serde(default)]
    contact: String,
}

/// What was found.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Found {
    /// The way to the order, if its number is the one that was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking: Option<Tracking>,
    /// Numbers of this buyer that are one typing error away, if there is none with the number.
    suggestions: Vec<String>,
}

/// A token for one order, with what a page needs to show it.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tracking {
    token: String,
    order: Uuid,
    number: String,
    expires_ms: i64,
    shop: ShopFront,
}

/// What of the rules a page shows beside an order.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ShopFront {
    name: LocalText,
    time_zone: String,
    shipping_methods: Vec<Choice>,
    payment_methods: Vec<PaymentChoice>,
    carriers: Vec<Carrier>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct Choice {
    id: String,
    name: LocalText,
}

#[derive(Serialize, schemars::JsonSchema)]
struct PaymentChoice {
    #[serde(flatten)]
    choice: Choice,
    /// Who takes the money, if it can be paid from a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
}

pub(super) async fn track(
    State(app): State<App>,
    Path(tenant): Path<String>,
    From(address): From,
    Document(search): Document<Search>,
) -> Result<Answer<Found>, Error> {
    let answered = Instant::now() + ANSWER_AFTER;
    let found = find(&app, &tenant, address, &search).await;
    sleep_until(answered).await;
    found.map(Answer)
}

async fn find(
    app: &App,
    tenant: &str,
    address: Option<IpAddr>,
    search: &Search,
) -> Result<Found, Error> {
    check(search)?;
    count(app, tenant, address, search).await?;
    let mut transaction = app.store.read().await?;
    if transaction.head(tenant).await?.is_none() {
        return Err(unknown());
    }
    let rules = tenant_rules(app, &mut transaction, tenant).await?;
    let (exact, near) = candidates(&mut transaction, tenant, &search.number).await?;
    // Both are looked at in either case, so that they take the same work.
    let own = Meant::among(&mut transaction, tenant, &exact, &search.contact).await?;
    let near = Meant::among(&mut transaction, tenant, &near, &search.contact).await?;
    drop(transaction);
    let mut transaction = app.store.write(tenant).await?;
    let now_ms = app.now_ms();
    let own = own.counted(&mut transaction, tenant, now_ms).await?;
    if let Some(stored) = own.into_iter().next() {
        transaction.commit().await?;
        return tracking(app, tenant, search, stored, rules.ruleset()).await;
    }
    let near = near.counted(&mut transaction, tenant, now_ms).await?;
    transaction.commit().await?;
    let suggestions: Vec<String> = near.into_iter().map(|it| it.order.number).collect();
    if suggestions.is_empty() { Err(unknown()) } else { Ok(Found { tracking: None, suggestions }) }
}

fn unknown() -> Error {
    Error::NotFound(Code::TrackingUnknown)
}

fn check(search: &Search) -> Result<(), Error> {
    let given = [("/number", &search.number), ("/contact", &search.contact)];
    let empty = given.iter().filter(|(_, text)| text.trim().is_empty());
    let mut issues: Vec<Issue> = empty.map(|(path, _)| Issue::new(Code::Required, *path)).collect();
    let limits = [MAX_TYPED_BYTES, MAX_CONTACT_BYTES];
    for ((path, text), maximum) in given.into_iter().zip(limits) {
        if text.len() > maximum {
            let issue = Issue::new(Code::TextTooLong, path);
            issues.push(issue.with("maximum", maximum).with("bytes", text.len()));
        }
    }
    if issues.is_empty() { Ok(()) } else { Err(Error::Refused(Refusal { issues })) }
}

/// Counts a try of the number and of the address, whether there is such an order or not.
async fn count(
    app: &App,
    tenant: &str,
    address: Option<IpAddr>,
    search: &Search,
) -> Result<(), Error> {
    let number = (hidden("number", &look_alike_key(&search.number)), TRIES_OF_NUMBER);
    let address = address.map(|ip| (hidden("address", &place_of(ip)), TRIES_OF_ADDRESS));
    let now_ms = app.now_ms();
    let mut transaction = app.store.write(tenant).await?;
    let mut wait_ms = 0;
    for (what, most) in [Some(number), address].into_iter().flatten() {
        let (count, from_ms) = transaction.count_attempt(tenant, &what, WINDOW_MS, now_ms).await?;
        if count > most {
            wait_ms = wait_ms.max(from_ms.saturating_add(WINDOW_MS).saturating_sub(now_ms));
        }
    }
    transaction.commit().await?;
    if wait_ms == 0 {
        return Ok(());
    }
    Err(Error::TooMany(u64::try_from(wait_ms).unwrap_or_default().div_ceil(1_000).max(1)))
}

/// What is counted, by a hash: the database holds no addresses and no numbers that nobody has.
fn hidden(kind: &str, text: &str) -> String {
    secret::hexadecimal(&Sha256::digest(format!("{kind}:{text}")))
}

/// Orders that may be meant by a number, by whether their buyer has the contact.
#[derive(Default)]
struct Meant {
    fitting: Vec<StoredOrder>,
    others: Vec<Uuid>,
}

impl Meant {
    async fn among(
        transaction: &mut Transaction,
        tenant: &str,
        listed: &[ListedOrder],
        contact: &str,
    ) -> Result<Self, Error> {
        let mut meant = Self::default();
        for id in listed.iter().filter_map(|it| Uuid::parse_str(&it.id).ok()) {
            let Some(stored) = transaction.order(tenant, id).await? else { continue };
            if stored.order.fits_contact(contact) {
                meant.fitting.push(stored);
            } else {
                meant.others.push(id);
            }
        }
        Ok(meant)
    }

    /// Those that may be told of. A wrong contact is a try of every order that it could have opened: who types one number
    /// after the other around an order tries its contact as well as who types its own.
    async fn counted(
        self,
        transaction: &mut Transaction,
        tenant: &str,
        now_ms: i64,
    ) -> Result<Vec<StoredOrder>, Error> {
        for id in &self.others {
            let what = hidden("order", &id.to_string());
            transaction.count_attempt(tenant, &what, WINDOW_MS, now_ms).await?;
        }
        let mut told = Vec::new();
        for stored in self.fitting {
            let what = hidden("order", &stored.order.id.to_string());
            let (count, from_ms) = transaction.attempts(tenant, &what).await?;
            let is_over = from_ms <= now_ms.saturating_sub(WINDOW_MS);
            if count < TRIES_OF_NUMBER || is_over {
                told.push(stored);
            }
        }
        Ok(told)
    }
}

async fn tracking(
    app: &App,
    tenant: &str,
    search: &Search,
    stored: StoredOrder,
    ruleset: &Ruleset,
) -> Result<Found, Error> {
    let number = hidden("number", &look_alike_key(&search.number));
    let tried = hidden("order", &stored.order.id.to_string());
    let mut transaction = app.store.write(tenant).await?;
    for what in [number, tried] {
        transaction.forget_attempts(tenant, &what).await?;
    }
    transaction.commit().await?;
    let order = stored.order;
    let actor = Actor { user: order.owner, role: Role::Customer };
    let (token, grant) = app.grant_order(tenant, actor, order.id, TOKEN_MS).await?;
    let choice = |(id, name): (&String, &LocalText)| Choice { id: id.clone(), name: name.clone() };
    let shop = ShopFront {
        name: ruleset.name.clone(),
        time_zone: ruleset.time_zone.name.clone(),
        shipping_methods: ruleset
            .shipping_methods
            .iter()
            .map(|it| choice((&it.id, &it.name)))
            .collect(),
        payment_methods: ruleset
            .payment_methods
            .iter()
            .map(|it| PaymentChoice {
                choice: choice((&it.id, &it.name)),
                provider: it.provider.clone(),
            })
            .collect(),
        carriers: ruleset.carriers.clone(),
    };
    let (number, expires_ms) = (order.number, grant.expires_ms);
    let tracking = Tracking { token, order: order.id, number, expires_ms, shop };
    Ok(Found { tracking: Some(tracking), suggestions: Vec::new() })
}
