//! Whom an order is for, and what the server knows of them: the context that prices are made in.

use orderkit::{
    Actor, Context, Decimal, Details, Draft, Role, Rules, StockLevel,
    limits::MAX_TOLD_STOCK,
    replica::protocol::Known,
    ruleset::{Effect, Promotion},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    stock::{self, Asker},
    tenant_rules,
};
use crate::{
    app::App,
    error::Error,
    secret,
    store::{StoreError, Transaction},
};

/// Enough to tell two states of one user apart.
const DIGEST_BYTES: usize = 8;
/// Before the e-mail address of a customer who has no account.
const MAIL: &str = "mailto:";

/// The customer whose limits and balances count.
///
/// For customers that is who is signed in, whatever the draft says: nobody orders on the account of
/// another. Staff order for the customer that the draft names, by its id in the shop, or by e-mail
/// address for one without an account. For nobody that is known there are no limits of a customer.
pub(crate) fn buyer(actor: &Actor, details: &Details) -> Option<String> {
    if actor.role == Role::Customer {
        return Some(actor.user.clone());
    }
    let customer = details.customer.as_ref()?;
    let filled = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    filled(&customer.id)
        .or_else(|| filled(&customer.email).map(|email| format!("{MAIL}{}", email.to_lowercase())))
}

/// What is known for a draft, under each of these rules. Time and rights are for who prices to say.
pub(crate) async fn context(
    transaction: &mut Transaction,
    tenant: &str,
    rules: &[&Rules],
    draft: &Draft,
    buyer: Option<&str>,
    client: Option<Uuid>,
) -> Result<Context, StoreError> {
    let (mut context, gifts) = of_rules(transaction, tenant, rules, Some(draft), buyer).await?;
    if let Some(rules) = rules.first() {
        let mut skus = stock::skus_of(draft, rules);
        skus.extend(gifts.iter().map(String::as_str));
        skus.sort_unstable();
        skus.dedup();
        let asker = Asker { order: None, client };
        context.stock = stock::levels(transaction, tenant, rules, &skus, asker).await?;
    }
    for code in &draft.details.gift_cards {
        context.gift_cards.extend(transaction.gift_card(tenant, code).await?);
    }
    Ok(context)
}

/// What a client of this user may know, if it is not what the client has. A customer learns of
/// themselves; staff, who order for many, learn of nobody.
pub(super) async fn newer(
    app: &App,
    transaction: &mut Transaction,
    tenant: &str,
    actor: &Actor,
    known: Option<&str>,
) -> Result<Option<Known>, Error> {
    let rules = tenant_rules(app, transaction, tenant).await?;
    let is_customer = actor.role == Role::Customer;
    let buyer = is_customer.then_some(actor.user.as_str());
    let (facts, gifts) = of_rules(transaction, tenant, &[&rules], None, buyer).await?;
    let stock = told_stock(transaction, tenant, &rules, &gifts).await?;
    let context = Context { may_adjust: !is_customer, stock, ..facts };
    let text =
        serde_json::to_vec(&context).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let hash = Sha256::digest(text);
    let digest = secret::hexadecimal(hash.get(..DIGEST_BYTES).unwrap_or_default());
    Ok((known != Some(digest.as_str())).then_some(Known { digest, context }))
}

/// What devices are told of the stock: of what is scarce, and of gifts.
async fn told_stock(
    transaction: &mut Transaction,
    tenant: &str,
    rules: &Rules,
    gifts: &[String],
) -> Result<Vec<StockLevel>, StoreError> {
    let up_to = rules.ruleset().inventory.tell_up_to;
    let scarce = transaction.scarce_stock(tenant, up_to, MAX_TOLD_STOCK).await?;
    let skus: Vec<&str> = gifts.iter().map(String::as_str).collect();
    let nobody = Asker { order: None, client: None };
    let mut all = stock::levels(transaction, tenant, rules, &skus, nobody).await?;
    all.retain(|level| !scarce.iter().any(|it| it.sku == level.sku));
    all.extend(scarce.into_iter().map(|it| StockLevel {
        quantity: it.state.available(Decimal::ZERO),
        backordered: it.state.backordered,
        held: Decimal::ZERO,
        sku: it.sku,
    }));
    all.sort_by(|a, b| a.sku.cmp(&b.sku));
    Ok(all)
}

/// What is known of a customer and how rules stand, for a draft or for any draft; and which goods may be given.
async fn of_rules(
    transaction: &mut Transaction,
    tenant: &str,
    rules: &[&Rules],
    draft: Option<&Draft>,
    buyer: Option<&str>,
) -> Result<(Context, Vec<String>), StoreError> {
    let mut limited = Vec::new();
    let mut gifts = Vec::new();
    for rules in rules {
        let ruleset = rules.ruleset();
        for promotion in ruleset.promotions.iter().filter(|it| is_in_question(it, draft)) {
            if is_counted(promotion) {
                limited.push(promotion.id.as_str());
            }
            if let Effect::Gift { skus, .. } = &promotion.effect {
                gifts.extend(skus.iter().map(String::as_str));
            }
        }
        let lists = ruleset.price_lists.iter();
        let with_quota = lists.filter(|it| it.quota.or(it.quota_per_customer).is_some());
        limited.extend(with_quota.map(|list| list.id.as_str()));
    }
    for names in [&mut limited, &mut gifts] {
        names.sort_unstable();
        names.dedup();
    }
    let mut context =
        Context { uses: transaction.uses(tenant, &limited, buyer).await?, ..Context::default() };
    if let Some(buyer) = buyer {
        context.customer = transaction.customer(tenant, buyer).await?;
    }
    Ok((context, gifts.into_iter().map(str::to_owned).collect()))
}

/// Whether earlier uses matter to a promotion.
fn is_counted(promotion: &Promotion) -> bool {
    let limits = &promotion.limits;
    limits.uses.or(limits.uses_per_customer).is_some()
        || limits.budget_minor.or(limits.budget_per_customer_minor).is_some()
}

/// Whether a promotion can run: without a code, or with one that was entered.
fn is_in_question(promotion: &Promotion, draft: Option<&Draft>) -> bool {
    let Some(draft) = draft else { return true };
    let entered =
        |own: &String| draft.details.coupon_codes.iter().any(|code| code.eq_ignore_ascii_case(own));
    promotion.coupon_codes.is_empty() || promotion.coupon_codes.iter().any(entered)
}
