//! The change feed of a tenant: its counter, the latest state of each order, and the checksums.

use orderkit::{
    OrderLog,
    replica::protocol::{Change, ScopeDigest},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, counted, stored};
use crate::database::query;

/// Where a tenant's feed stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The life of the feed.
    pub epoch: String,
    /// The last change.
    pub seq: u64,
    /// Whoever has seen less than this must start anew.
    pub floor: u64,
    /// How often the rules were replaced.
    pub rules: u64,
}

/// What a checksum changes by.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Difference {
    pub orders: i64,
    pub hash: u64,
}

/// One row of the feed.
type FeedRow = (String, i64, Option<String>, Option<String>);

/// Tenants that are asked for at once.
const TENANTS: usize = 500;
/// Bytes of orders in one page: keeps an answer within what a telephone takes in.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

impl Transaction {
    /// Makes the tenant if there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn make_tenant(&mut self, tenant: &str, epoch: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO tenant_head (tenant, seq, floor, epoch) VALUES ($1, 0, 0, $2) \
                   ON CONFLICT (tenant) DO NOTHING";
        query(sql).bind(tenant).bind(epoch).execute(self.connection()).await?;
        Ok(())
    }

    /// Where the feed stands, if there is such a tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn head(&mut self, tenant: &str) -> Result<Option<Head>, StoreError> {
        let sql = "SELECT epoch, seq, floor, rules FROM tenant_head WHERE tenant = $1";
        let row: Option<(String, i64, i64, i64)> =
            query(sql).bind(tenant).fetch_optional(self.connection()).await?;
        let head = |(epoch, seq, floor, rules)| Head {
            epoch,
            seq: counted(seq),
            floor: counted(floor),
            rules: counted(rules),
        };
        Ok(row.map(head))
    }

    /// Where the feeds of some tenants stand: the last change, and how often the rules were replaced.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn heads(
        &mut self,
        tenants: &[String],
    ) -> Result<Vec<(String, u64, u64)>, StoreError> {
        let mut heads = Vec::with_capacity(tenants.len());
        for some in tenants.chunks(TENANTS) {
            let mut sql = query("SELECT tenant, seq, rules FROM tenant_head WHERE tenant IN (");
            sql.push_list(some).push(")");
            let rows: Vec<(String, i64, i64)> = sql.fetch_all(self.connection()).await?;
            heads.extend(
                rows.into_iter().map(|(tenant, seq, rules)| (tenant, counted(seq), counted(rules))),
            );
        }
        Ok(heads)
    }

    /// All tenants by name.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn tenants(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT tenant FROM tenant_head ORDER BY tenant";
        let rows: Vec<(String,)> = query(sql).fetch_all(self.connection()).await?;
        Ok(rows.into_iter().map(|(tenant,)| tenant).collect())
    }

    /// Begins another life of the feed: whoever knows the one before starts anew.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_epoch(&mut self, tenant: &str, epoch: &str) -> Result<(), StoreError> {
        let sql = "UPDATE tenant_head SET epoch = $2 WHERE tenant = $1";
        query(sql).bind(tenant).bind(epoch).execute(self.connection()).await?;
        Ok(())
    }

    /// Moves the feed on.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_head(&mut self, tenant: &str, seq: u64) -> Result<(), StoreError> {
        let sql = "UPDATE tenant_head SET seq = $2 WHERE tenant = $1";
        query(sql).bind(tenant).bind(stored(seq)).execute(self.connection()).await?;
        Ok(())
    }

    /// The changes after `since` that `owner` may see (everything if `None`), and whether more wait.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn changes(
        &mut self,
        tenant: &str,
        owner: Option<&str>,
        since: u64,
        limit: u32,
    ) -> Result<(Vec<Change>, bool), StoreError> {
        let all = "SELECT id, seq, doc, brief FROM orders WHERE tenant = $1 AND seq > $2 \
                   ORDER BY seq LIMIT $3";
        let own = "SELECT id, seq, doc, brief FROM orders WHERE tenant = $1 AND seq > $2 \
                   AND owner = $4 ORDER BY seq LIMIT $3";
        let query = query(if owner.is_some() { own } else { all })
            .bind(tenant)
            .bind(stored(since))
            .bind(i64::from(limit).saturating_add(1));
        let query = if let Some(owner) = owner { query.bind(owner) } else { query };
        let rows: Vec<FeedRow> = query.fetch_all(self.connection()).await?;

        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut more = rows.len() > limit;
        let mut bytes = 0;
        let mut changes = Vec::with_capacity(rows.len());
        for (id, seq, doc, brief) in rows.into_iter().take(limit) {
            if bytes > PAGE_BYTES {
                more = true;
                break;
            }
            bytes += doc.as_deref().map_or(0, str::len);
            match change(&id, seq, (doc, brief), owner.is_some()) {
                Ok(change) => changes.push(change),
                // One broken order must not keep everybody from all others.
                Err(error) => tracing::error!(order = id, %error, "left out of the feed"),
            }
        }
        Ok((changes, more))
    }

    /// The checksum of everything that `owner` may see (everything if `None`).
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn digest(
        &mut self,
        tenant: &str,
        owner: Option<&str>,
        upto: u64,
    ) -> Result<ScopeDigest, StoreError> {
        let sql = "SELECT orders, hash FROM scope_digest WHERE tenant = $1 AND owner = $2";
        let row: Option<(i64, i64)> = query(sql)
            .bind(tenant)
            .bind(owner.unwrap_or_default())
            .fetch_optional(self.connection())
            .await?;
        let (orders, hash) = row.unwrap_or_default();
        let hash = format!("{:016x}", hash.cast_unsigned());
        Ok(ScopeDigest { upto, orders: counted(orders), hash })
    }

    /// Takes changed orders into a checksum: so many more orders, and a difference of the hash.
    pub(super) async fn adjust_digest(
        &mut self,
        tenant: &str,
        owner: &str,
        Difference { orders: more, hash: difference }: Difference,
    ) -> Result<(), StoreError> {
        let read = "SELECT orders, hash FROM scope_digest WHERE tenant = $1 AND owner = $2";
        let row: Option<(i64, i64)> =
            query(read).bind(tenant).bind(owner).fetch_optional(self.connection()).await?;
        let (orders, hash) = row.unwrap_or_default();
        let write = "INSERT INTO scope_digest (tenant, owner, orders, hash) \
                     VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, owner) \
                     DO UPDATE SET orders = excluded.orders, hash = excluded.hash";
        query(write)
            .bind(tenant)
            .bind(owner)
            .bind(orders.saturating_add(more))
            .bind(hash ^ difference.cast_signed())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn change(
    id: &str,
    seq: i64,
    (doc, brief): (Option<String>, Option<String>),
    for_customer: bool,
) -> Result<Change, StoreError> {
    let seq = counted(seq);
    let Some(doc) = doc else {
        let gone = Uuid::parse_str(id).map_err(corrupt)?;
        return Ok(Change { seq, order: None, brief: None, gone: Some(gone) });
    };
    if for_customer {
        let log: OrderLog = serde_json::from_str(&doc).map_err(corrupt)?;
        return Change::of(seq, &log.for_customer()).map_err(|issue| corrupt(issue.code));
    }
    let order = RawValue::from_string(doc).map_err(corrupt)?;
    let brief = brief.map(RawValue::from_string).transpose().map_err(corrupt)?;
    Ok(Change { seq, order: Some(order), brief, gone: None })
}
