//! Whom an order is for, and what the server knows of them: the context that prices are made in.

use orderkit::{
    Actor, Context, Details, Draft, Role, Rules,
    replica::protocol::Known,
    ruleset::{Effect, Promotion},
};
use sha2::{Digest, Sha256};

use super::tenant_rules;
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
) -> Result<Context, StoreError> {
    let mut context = of_rules(transaction, tenant, rules, Some(draft), buyer).await?;
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
    let facts = of_rules(transaction, tenant, &[&rules], None, buyer).await?;
    let context = Context { may_adjust: !is_customer, ..facts };
    let text =
        serde_json::to_vec(&context).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let hash = Sha256::digest(text);
    let digest = secret::hexadecimal(hash.get(..DIGEST_BYTES).unwrap_or_default());
    Ok((known != Some(digest.as_str())).then_some(Known { digest, context }))
}

/// What is known of a customer, and how rules and stock stand: for a draft, or for any draft.
pub(super) async fn of_rules(
    transaction: &mut Transaction,
    tenant: &str,
    rules: &[&Rules],
    draft: Option<&Draft>,
    buyer: Option<&str>,
) -> Result<Context, StoreError> {
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
    let mut context = Context {
        uses: transaction.uses(tenant, &limited, buyer).await?,
        stock: transaction.stock(tenant, &gifts).await?,
        ..Context::default()
    };
    if let Some(buyer) = buyer {
        context.customer = transaction.customer(tenant, buyer).await?;
    }
    Ok(context)
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
