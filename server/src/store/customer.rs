//! What the shop knows of its customers.

use orderkit::{Amount, CustomerFacts, TaxExemption, TaxNumberCheck};
use serde::{Deserialize, Serialize};

use super::{StoreError, Transaction, corrupt};
use crate::database::query;

/// The facts that are stored as one text. Balances have columns of their own, since they are added to.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Facts {
    groups: Vec<String>,
    tax_number: Option<TaxNumberCheck>,
    exemptions: Vec<TaxExemption>,
}

impl Transaction {
    /// What is known of a customer, the orders that were placed and not canceled among it.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn customer(
        &mut self,
        tenant: &str,
        customer: &str,
    ) -> Result<CustomerFacts, StoreError> {
        let sql = "SELECT facts, points, store_credit_minor FROM customer \
                   WHERE tenant = $1 AND customer = $2";
        let row: Option<(String, i64, i64)> =
            query(sql).bind(tenant).bind(customer).fetch_optional(self.connection()).await?;
        let (facts, points, credit) = row.unwrap_or_else(|| ("{}".to_owned(), 0, 0));
        let facts: Facts = serde_json::from_str(&facts).map_err(corrupt)?;
        let sql = "SELECT COUNT(*), MAX(placed_ms) FROM redemption \
                   WHERE tenant = $1 AND customer = $2";
        let (placed, last_order_ms): (i64, Option<i64>) =
            query(sql).bind(tenant).bind(customer).fetch_one(self.connection()).await?;
        Ok(CustomerFacts {
            groups: facts.groups,
            placed_orders: Some(u32::try_from(placed).unwrap_or(u32::MAX)),
            last_order_ms,
            points: u32::try_from(points).unwrap_or_default(),
            store_credit_minor: Amount::new(credit).map_err(|_| corrupt("a store credit"))?,
            tax_number: facts.tax_number,
            exemptions: facts.exemptions,
        })
    }

    /// Replaces what staff know of a customer. Orders are counted, not set.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_customer(
        &mut self,
        tenant: &str,
        customer: &str,
        known: &CustomerFacts,
    ) -> Result<(), StoreError> {
        let facts = Facts {
            groups: known.groups.clone(),
            tax_number: known.tax_number.clone(),
            exemptions: known.exemptions.clone(),
        };
        let sql = "INSERT INTO customer (tenant, customer, facts, points, store_credit_minor) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, customer) \
                   DO UPDATE SET facts = excluded.facts, points = excluded.points, \
                   store_credit_minor = excluded.store_credit_minor";
        query(sql)
            .bind(tenant)
            .bind(customer)
            .bind(serde_json::to_string(&facts).map_err(corrupt)?)
            .bind(i64::from(known.points))
            .bind(known.store_credit_minor.minor())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
