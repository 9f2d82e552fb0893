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

type Row = (i64, Option<i64>, Option<String>, Option<i64>, Option<i64>);

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
        let sql = "SELECT placed.orders, placed.last_ms, customer.facts, customer.points, \
                   customer.store_credit_minor FROM (SELECT COUNT(*) AS orders, \
                   MAX(placed_ms) AS last_ms FROM redemption \
                   WHERE tenant = $1 AND customer = $2) AS placed \
                   LEFT JOIN customer ON customer.tenant = $1 AND customer.customer = $2";
        let row: Row = query(sql).bind(tenant).bind(customer).fetch_one(self.connection()).await?;
        let (placed, last_order_ms, facts, points, credit) = row;
        let (points, credit) = (points.unwrap_or_default(), credit.unwrap_or_default());
        let facts = facts.map(|facts| serde_json::from_str(&facts).map_err(corrupt));
        let facts: Facts = facts.transpose()?.unwrap_or_default();
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
