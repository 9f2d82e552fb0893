//! Orders: reading one, writing one, and pages of lists.

use std::collections::BTreeMap;

use orderkit::{
    Order, OrderLog,
    json::{self, ToJson},
    replica::{Brief, order_digest},
    status::Summary,
};
use serde::Serialize;
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, counted, feed::Difference, stored};
use crate::database::query;

/// An order as stored, with its state.
#[derive(Clone, Debug)]
pub struct StoredOrder {
    /// Everything that happened.
    pub log: OrderLog,
    /// The state that follows.
    pub order: Order,
    /// Its place in the feed.
    pub seq: u64,
    /// When the server has to do something with it, if no event comes before.
    pub deadline_ms: Option<i64>,
}

impl StoredOrder {
    /// Its part in the checksums of the feed.
    pub fn digest(&self) -> u64 {
        order_digest(self.order.id, self.order.revision, self.log.head())
    }

    /// The order as it was just after a command, if it still has what that command did.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if its log cannot be read.
    pub fn after(self, command: Uuid) -> Result<Self, StoreError> {
        let last = self.log.events.iter().rposition(|event| event.command == Some(command));
        let Some(last) = last else { return Ok(self) };
        let mut log = self.log;
        log.events.truncate(last.saturating_add(1));
        log.links.truncate(last.saturating_add(1));
        let order = log.checked_order().map_err(|issue| corrupt(issue.code))?;
        Ok(Self { log, order, ..self })
    }

    /// The order as its customer sees it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if its log cannot be read.
    pub fn for_customer(self) -> Result<Self, StoreError> {
        let log = self.log.for_customer();
        let order = log.checked_order().map_err(|issue| corrupt(issue.code))?;
        Ok(Self { log, order, ..self })
    }

    /// The summary that its customer sees, where that is another one: of an order on hold.
    fn customer_summary(&self, summary: Summary) -> Result<Option<Summary>, StoreError> {
        if self.order.holds.is_empty() {
            return Ok(None);
        }
        let seen = self.clone().for_customer()?.order.derived();
        let seen = seen.map_err(|_| corrupt("the payments of an order overflow"))?.summary;
        Ok(Some(seen).filter(|seen| *seen != summary))
    }
}

/// Which orders to list.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Only orders of this user.
    pub owner: Option<String>,
    /// Only orders of this summary.
    pub summary: Option<Summary>,
    /// Only orders with a number or alias that begins so.
    pub number: Option<String>,
    /// Only orders with one of these keys of a number or alias; see
    /// [`orderkit::numbering::look_alike_key`].
    pub looks: Vec<String>,
    /// Only orders before this one in the list.
    pub before: Option<(i64, Uuid)>,
    /// At most so many.
    pub limit: u32,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedOrder {
    /// The id.
    pub id: String,
    /// The number.
    pub number: String,
    /// The user who placed it.
    pub owner: String,
    /// When it was placed.
    pub placed_ms: i64,
    /// The one word of its statuses.
    pub summary: String,
    /// The currency of the total.
    pub currency: String,
    /// The total with tax.
    pub gross_minor: i64,
    /// How many events it has had.
    pub revision: i64,
    /// Its place in the feed.
    pub seq: i64,
}

impl Transaction {
    /// An order, if there is one of this id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if its log cannot be read.
    pub async fn order(
        &mut self,
        tenant: &str,
        id: Uuid,
    ) -> Result<Option<StoredOrder>, StoreError> {
        let sql = "SELECT doc, seq, deadline_ms FROM orders WHERE tenant = $1 AND id = $2";
        let row: Option<(Option<String>, i64, Option<i64>)> =
            query(sql).bind(tenant).bind(id.to_string()).fetch_optional(self.connection()).await?;
        let Some((Some(doc), seq, deadline_ms)) = row else { return Ok(None) };
        let log: OrderLog = serde_json::from_str(&doc).map_err(corrupt)?;
        let order = log.checked_order().map_err(|issue| corrupt(issue.code))?;
        Ok(Some(StoredOrder { log, order, seq: counted(seq), deadline_ms }))
    }

    /// Whether there is, or was, an order of this id.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn has_order(&mut self, tenant: &str, id: Uuid) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM orders WHERE tenant = $1 AND id = $2";
        let (count,): (i64,) =
            query(sql).bind(tenant).bind(id.to_string()).fetch_one(self.connection()).await?;
        Ok(count > 0)
    }

    /// Writes orders that are new or have changed since they had this digest (none if new).
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_orders(
        &mut self,
        tenant: &str,
        orders: &[(&StoredOrder, Option<u64>)],
    ) -> Result<(), StoreError> {
        // The checksum of all orders is under the empty name, that of each owner under theirs.
        let mut differences: BTreeMap<String, Difference> = BTreeMap::new();
        for &(stored_order, digest_before) in orders {
            self.put_order(tenant, stored_order).await?;
            let order = &stored_order.order;
            let hash = digest_before.unwrap_or_default() ^ stored_order.digest();
            let scopes = [order.owner.as_str(), ""];
            for scope in if order.owner.is_empty() { &scopes[1..] } else { &scopes[..] } {
                let difference = differences.entry((*scope).to_owned()).or_default();
                difference.orders += i64::from(digest_before.is_none());
                difference.hash ^= hash;
            }
        }
        self.adjust_digests(tenant, &differences).await
    }

    async fn put_order(
        &mut self,
        tenant: &str,
        stored_order: &StoredOrder,
    ) -> Result<(), StoreError> {
        let StoredOrder { log, order, seq, deadline_ms } = stored_order;
        let derived = order.derived().map_err(|_| corrupt("the payments of an order overflow"))?;
        let customer_summary = stored_order.customer_summary(derived.summary)?;
        let brief =
            Brief::of(order, log).map_err(|_| corrupt("the payments of an order overflow"))?;
        let sql = "INSERT INTO orders (tenant, id, rev, seq, owner, number, placed_ms, status, \
                   currency, gross_minor, doc, deadline_ms, customer_status, brief) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
                   ON CONFLICT (tenant, id) DO UPDATE SET rev = excluded.rev, \
                   seq = excluded.seq, number = excluded.number, \
                   placed_ms = excluded.placed_ms, status = excluded.status, \
                   gross_minor = excluded.gross_minor, doc = excluded.doc, \
                   deadline_ms = excluded.deadline_ms, \
                   customer_status = excluded.customer_status, brief = excluded.brief";
        query(sql)
            .bind(tenant)
            .bind(order.id.to_string())
            .bind(stored(order.revision))
            .bind(stored(*seq))
            .bind(&order.owner)
            .bind(&order.number)
            .bind(order.placed_ms)
            .bind(derived.summary.as_str())
            .bind(order.currency.code())
            .bind(order.totals.gross_minor.minor())
            .bind(text_of(log)?)
            .bind(deadline_ms)
            .bind(customer_summary.map(Summary::as_str))
            .bind(text_of(&brief)?)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// A page of a list, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn list(
        &mut self,
        tenant: &str,
        filter: &ListFilter,
    ) -> Result<Vec<ListedOrder>, StoreError> {
        // A customer does not learn that an order is held.
        let for_customer = filter.owner.is_some();
        let status = if for_customer { "COALESCE(customer_status, status)" } else { "status" };
        let mut sql = query("SELECT id, number, owner, placed_ms, ");
        sql.push(status).push(", currency, gross_minor, rev, seq FROM orders ");
        sql.push("WHERE doc IS NOT NULL AND tenant = ").push_bind(tenant);
        if let Some(owner) = &filter.owner {
            sql.push(" AND owner = ").push_bind(owner);
        }
        if let Some(summary) = filter.summary {
            sql.push(" AND ").push(status).push(" = ").push_bind(summary.as_str());
        }
        if let Some((placed_ms, id)) = filter.before {
            sql.push(" AND (placed_ms < ").push_bind(placed_ms);
            sql.push(" OR (placed_ms = ").push_bind(placed_ms);
            sql.push(" AND id < ").push_bind(id.to_string()).push("))");
        }
        if let Some(number) = &filter.number {
            // A range in place of LIKE, whose case rules differ between databases.
            sql.push(" AND id IN (SELECT order_id FROM order_number WHERE tenant = ");
            sql.push_bind(tenant).push(" AND number >= ").push_bind(number);
            sql.push(" AND number < ").push_bind(format!("{number}\u{10FFFF}")).push(")");
        }
        if !filter.looks.is_empty() {
            sql.push(" AND id IN (SELECT order_id FROM order_number WHERE tenant = ");
            sql.push_bind(tenant).push(" AND look IN (");
            sql.push_list(&filter.looks).push("))");
        }
        sql.push(" ORDER BY placed_ms DESC, id DESC LIMIT ").push_bind(filter.limit);
        let rows: Vec<Row> = sql.fetch_all(self.connection()).await?;
        Ok(rows.into_iter().map(listed).collect())
    }
}

/// As JSON: by the writer of the rules, which is the faster one.
fn text_of<T: ToJson>(value: &T) -> Result<String, StoreError> {
    String::from_utf8(json::write(value)).map_err(corrupt)
}

type Row = (String, String, String, i64, String, String, i64, i64, i64);

fn listed(row: Row) -> ListedOrder {
    let (id, number, owner, placed_ms, summary, currency, gross_minor, revision, seq) = row;
    ListedOrder { id, number, owner, placed_ms, summary, currency, gross_minor, revision, seq }
}
