//! What orders took of limits and balances. Each order takes once and gives back once.

use std::collections::HashMap;

use orderkit::{Amount, RuleUse};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{StoreError, Transaction, balance::card_code, corrupt};
use crate::database::query;

/// The name under which the uses of all customers are added up.
const EVERYBODY: &str = "";
/// Rules in one question: databases bound the number of parameters.
const RULES: usize = 500;

/// What an order gives back of what it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenBack {
    /// Everything: it was called off.
    All,
    /// Everything but the uses of promotions, which the shop keeps counting.
    AllButRules,
    /// Only the uses of promotions: all of its goods came back.
    Rules,
}

/// What one order took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Used {
    /// Promotions and price lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleUsed>,
    /// Points of the customer.
    pub points: u32,
    /// Store credit of the customer.
    pub store_credit_minor: Amount,
    /// Gift cards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gift_cards: Vec<GiftCardUse>,
}

/// A promotion or price list that an order used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleUsed {
    /// Its id.
    pub rule: String,
    /// 1, or the units that were bought at a price list.
    pub count: u32,
    /// What it took off.
    pub amount_minor: Amount,
}

/// What an order took off a gift card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GiftCardUse {
    /// The card.
    pub code: String,
    /// How much.
    pub amount_minor: Amount,
}

/// How often and how far all customers together used a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleTotal {
    /// The promotion or price list.
    pub rule: String,
    /// Orders; units of a price list.
    pub count: i64,
    /// What it took off.
    pub amount_minor: i64,
}

type UseRow = (String, String, i64, i64);

impl Transaction {
    /// Notes an order of a customer with what it took. An order that is noted already takes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn redeem(
        &mut self,
        tenant: &str,
        order: Uuid,
        customer: Option<&str>,
        placed_ms: i64,
        used: &Used,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO redemption (tenant, order_id, customer, placed_ms, used) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, order_id) DO NOTHING";
        let customer = customer.unwrap_or(EVERYBODY);
        let done = query(sql)
            .bind(tenant)
            .bind(order.to_string())
            .bind(customer)
            .bind(placed_ms)
            .bind(serde_json::to_string(used).map_err(corrupt)?)
            .execute(self.connection())
            .await?;
        if done == 1 {
            self.move_used(tenant, customer, used, true).await?;
        }
        Ok(())
    }

    /// Gives back what an order took, once: all of it, or the part that is meant.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn give_back(
        &mut self,
        tenant: &str,
        order: Uuid,
        part: GivenBack,
    ) -> Result<(), StoreError> {
        let sql = "SELECT customer, used FROM redemption WHERE tenant = $1 AND order_id = $2";
        let id = order.to_string();
        let row: Option<(String, String)> =
            query(sql).bind(tenant).bind(&id).fetch_optional(self.connection()).await?;
        let Some((customer, used)) = row else { return Ok(()) };
        let mut used: Used = serde_json::from_str(&used).map_err(corrupt)?;
        if part == GivenBack::Rules {
            // The order stays one of its customer.
            let rules = std::mem::take(&mut used.rules);
            let sql = "UPDATE redemption SET used = $3 WHERE tenant = $1 AND order_id = $2";
            let rest = serde_json::to_string(&used).map_err(corrupt)?;
            let query = query(sql).bind(tenant).bind(&id).bind(rest);
            query.execute(self.connection()).await?;
            let given = Used { rules, ..Used::default() };
            return self.move_used(tenant, &customer, &given, false).await;
        }
        if part == GivenBack::AllButRules {
            used.rules.clear();
        }
        let sql = "DELETE FROM redemption WHERE tenant = $1 AND order_id = $2";
        query(sql).bind(tenant).bind(&id).execute(self.connection()).await?;
        self.move_used(tenant, &customer, &used, false).await
    }

    /// What an order took, if it took something and has not given it back.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn redemption(
        &mut self,
        tenant: &str,
        order: Uuid,
    ) -> Result<Option<Used>, StoreError> {
        let sql = "SELECT used FROM redemption WHERE tenant = $1 AND order_id = $2";
        let query = query(sql).bind(tenant).bind(order.to_string());
        let row: Option<(String,)> = query.fetch_optional(self.connection()).await?;
        row.map(|(used,)| serde_json::from_str(&used).map_err(corrupt)).transpose()
    }

    /// Gives back what an order took and takes something else for it, after an edit.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn change_redemption(
        &mut self,
        tenant: &str,
        order: Uuid,
        after: &Used,
    ) -> Result<(), StoreError> {
        let sql = "SELECT customer, used FROM redemption WHERE tenant = $1 AND order_id = $2";
        let id = order.to_string();
        let row: Option<(String, String)> =
            query(sql).bind(tenant).bind(&id).fetch_optional(self.connection()).await?;
        let Some((customer, before)) = row else { return Ok(()) };
        let before: Used = serde_json::from_str(&before).map_err(corrupt)?;
        let sql = "UPDATE redemption SET used = $3 WHERE tenant = $1 AND order_id = $2";
        let text = serde_json::to_string(after).map_err(corrupt)?;
        query(sql).bind(tenant).bind(&id).bind(text).execute(self.connection()).await?;
        self.move_used(tenant, &customer, &before, false).await?;
        self.move_used(tenant, &customer, after, true).await
    }

    async fn move_used(
        &mut self,
        tenant: &str,
        customer: &str,
        used: &Used,
        is_taken: bool,
    ) -> Result<(), StoreError> {
        let sign = if is_taken { 1 } else { -1 };
        for rule in &used.rules {
            self.add_use(tenant, rule, EVERYBODY, sign).await?;
            if customer != EVERYBODY {
                self.add_use(tenant, rule, customer, sign).await?;
            }
        }
        if used.points > 0 || !used.store_credit_minor.is_zero() {
            // Whoever gets store credit for a return may have had no account before.
            let sql = "INSERT INTO customer (tenant, customer, facts, points, store_credit_minor) \
                       VALUES ($1, $2, '{}', -$3, -$4) ON CONFLICT (tenant, customer) \
                       DO UPDATE SET points = customer.points + excluded.points, \
                       store_credit_minor = customer.store_credit_minor + excluded.store_credit_minor";
            query(sql)
                .bind(tenant)
                .bind(customer)
                .bind(sign * i64::from(used.points))
                .bind(sign * used.store_credit_minor.minor())
                .execute(self.connection())
                .await?;
        }
        for card in &used.gift_cards {
            // Money may go onto a card that is new.
            let sql = "INSERT INTO gift_card (tenant, code, balance_minor) VALUES ($1, $2, -$3) \
                       ON CONFLICT (tenant, code) \
                       DO UPDATE SET balance_minor = gift_card.balance_minor + excluded.balance_minor";
            query(sql)
                .bind(tenant)
                .bind(card_code(&card.code))
                .bind(sign * card.amount_minor.minor())
                .execute(self.connection())
                .await?;
        }
        Ok(())
    }

    async fn add_use(
        &mut self,
        tenant: &str,
        used: &RuleUsed,
        customer: &str,
        sign: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO rule_use (tenant, rule, customer, count, amount_minor) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, rule, customer) \
                   DO UPDATE SET count = rule_use.count + excluded.count, \
                   amount_minor = rule_use.amount_minor + excluded.amount_minor";
        query(sql)
            .bind(tenant)
            .bind(&used.rule)
            .bind(customer)
            .bind(sign * i64::from(used.count))
            .bind(sign * used.amount_minor.minor())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// How often and how far these rules were used by all, and by this customer.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn uses(
        &mut self,
        tenant: &str,
        rules: &[&str],
        customer: Option<&str>,
    ) -> Result<Vec<RuleUse>, StoreError> {
        let mut uses: HashMap<String, RuleUse> = HashMap::new();
        for some in rules.chunks(RULES) {
            let mut sql =
                query("SELECT rule, customer, count, amount_minor FROM rule_use WHERE tenant = ");
            sql.push_bind(tenant).push(" AND customer IN (");
            sql.push_bind(EVERYBODY).push(", ").push_bind(customer.unwrap_or(EVERYBODY));
            sql.push(") AND rule IN (");
            sql.push_list(some.iter().copied()).push(")");
            let rows: Vec<UseRow> = sql.fetch_all(self.connection()).await?;
            for (rule, of, count, amount) in rows {
                let count = u32::try_from(count.max(0)).unwrap_or(u32::MAX);
                let amount = Amount::new(amount).map_err(|_| corrupt("the uses of a rule"))?;
                let entry = uses.entry(rule.clone()).or_default();
                entry.rule = rule;
                if of == EVERYBODY {
                    (entry.count, entry.amount_minor) = (count, amount);
                } else {
                    (entry.customer_count, entry.customer_amount_minor) = (count, amount);
                }
            }
        }
        let mut uses: Vec<RuleUse> = uses.into_values().collect();
        uses.sort_by(|a, b| a.rule.cmp(&b.rule));
        Ok(uses)
    }

    /// How often and how far every rule was used, in force or not, by id.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn rule_totals(&mut self, tenant: &str) -> Result<Vec<RuleTotal>, StoreError> {
        let sql = "SELECT rule, count, amount_minor FROM rule_use \
                   WHERE tenant = $1 AND customer = $2 ORDER BY rule";
        let rows: Vec<(String, i64, i64)> =
            query(sql).bind(tenant).bind(EVERYBODY).fetch_all(self.connection()).await?;
        let total = |(rule, count, amount_minor)| RuleTotal { rule, count, amount_minor };
        Ok(rows.into_iter().map(total).collect())
    }
}
