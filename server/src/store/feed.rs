//! The change feed of a tenant: its counter, the latest state of each order, and the checksums.

use std::collections::{BTreeMap, HashMap};

use orderkit::{
    OrderLog,
    replica::protocol::{Change, ScopeDigest},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, counted, stored};
use crate::database::{DatabaseError, query};

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

type HeadRow = (String, i64, i64, i64);

fn read_head((epoch, seq, floor, rules): HeadRow) -> Head {
    Head { epoch, seq: counted(seq), floor: counted(floor), rules: counted(rules) }
}

/// One row of the feed: id, place, log and what lists show.
pub(super) type FeedRow = (String, i64, Option<String>, Option<String>);

/// Tenants that are asked for at once.
const TENANTS: usize = 500;
/// Owners whose checksums change at once.
const OWNERS: usize = 200;
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
        self.memo.heads.remove(tenant);
        Ok(())
    }

    /// Takes the tenant's lock, one that every engine has: a row that was written is this transaction's.
    pub(super) async fn lock(&mut self, tenant: &str) -> Result<(), DatabaseError> {
        let sql = "UPDATE tenant_head SET seq = seq WHERE tenant = $1 \
                   RETURNING epoch, seq, floor, rules";
        let row: Option<HeadRow> =
            query(sql).bind(tenant).fetch_optional(self.connection()).await?;
        self.memo.heads.extend(row.map(|row| (tenant.to_owned(), read_head(row))));
        Ok(())
    }

    /// Where the feed stands, if there is such a tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn head(&mut self, tenant: &str) -> Result<Option<Head>, StoreError> {
        if let Some(head) = self.memo.heads.get(tenant) {
            return Ok(Some(head.clone()));
        }
        let sql = "SELECT epoch, seq, floor, rules FROM tenant_head WHERE tenant = $1";
        let row: Option<HeadRow> =
            query(sql).bind(tenant).fetch_optional(self.connection()).await?;
        Ok(row.map(read_head))
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
        self.memo.heads.remove(tenant);
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
        self.memo.heads.remove(tenant);
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
        for row in rows.into_iter().take(limit) {
            if bytes > PAGE_BYTES {
                more = true;
                break;
            }
            bytes += row.2.as_deref().map_or(0, str::len);
            let id = row.0.clone();
            match change(row, owner.is_some()) {
                Ok(change) => changes.push(change),
                // One broken order must not keep everybody from all others.
                Err(error) => {
                    tracing::error!(order = id, %error, "left out of the feed");
                    self.left_out.note(tenant, &id);
                }
            }
        }
        Ok((changes, more))
    }

    /// The checksum of everything that `owner` may see (everything if `None`) and that can be read; nothing where the part of
    /// what cannot be read is not known.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn digest(
        &mut self,
        tenant: &str,
        owner: Option<&str>,
        upto: u64,
    ) -> Result<Option<ScopeDigest>, StoreError> {
        let Some(missing) = self.missing(tenant, owner).await? else { return Ok(None) };
        let owner = owner.unwrap_or_default();
        let key = (tenant.to_owned(), owner.to_owned());
        let (orders, hash) = match self.memo.digests.get(&key) {
            Some(digest) => *digest,
            None => self.digests(tenant, &[owner]).await?.remove(owner).unwrap_or_default(),
        };
        let hash = format!("{:016x}", hash.cast_unsigned() ^ missing.hash);
        let orders = counted(orders.saturating_sub(missing.orders));
        Ok(Some(ScopeDigest { upto, orders, hash }))
    }

    /// Takes changed orders into the checksums of their owners: so many more orders, and a difference of the hash.
    pub(super) async fn adjust_digests(
        &mut self,
        tenant: &str,
        differences: &BTreeMap<String, Difference>,
    ) -> Result<(), StoreError> {
        let owners: Vec<&str> = differences.keys().map(String::as_str).collect();
        for some in owners.chunks(OWNERS) {
            let before = self.digests(tenant, some).await?;
            let mut write = query("INSERT INTO scope_digest (tenant, owner, orders, hash) VALUES ");
            for (at, owner) in some.iter().enumerate() {
                let Difference { orders: more, hash } =
                    differences.get(*owner).copied().unwrap_or_default();
                let (orders, known) = before.get(*owner).copied().unwrap_or_default();
                let digest = (orders.saturating_add(more), known ^ hash.cast_signed());
                write.push(if at > 0 { ", (" } else { "(" }).push_bind(tenant);
                write.push(", ").push_bind(*owner).push(", ").push_bind(digest.0);
                write.push(", ").push_bind(digest.1).push(")");
                self.memo.digests.insert((tenant.to_owned(), (*owner).to_owned()), digest);
            }
            write.push(" ON CONFLICT (tenant, owner) DO UPDATE SET orders = excluded.orders, ");
            write.push("hash = excluded.hash");
            write.execute(self.connection()).await?;
        }
        Ok(())
    }

    /// The checksums of owners: how many orders, and the hash.
    async fn digests(
        &mut self,
        tenant: &str,
        owners: &[&str],
    ) -> Result<HashMap<String, (i64, i64)>, StoreError> {
        let mut sql = query("SELECT owner, orders, hash FROM scope_digest WHERE tenant = ");
        sql.push_bind(tenant).push(" AND owner IN (").push_list(owners.iter().copied()).push(")");
        let rows: Vec<(String, i64, i64)> = sql.fetch_all(self.connection()).await?;
        Ok(rows.into_iter().map(|(owner, orders, hash)| (owner, (orders, hash))).collect())
    }
}

pub(super) fn change(
    (id, seq, doc, brief): FeedRow,
    for_customer: bool,
) -> Result<Change, StoreError> {
    let seq = counted(seq);
    let Some(doc) = doc else {
        let gone = Uuid::parse_str(&id).map_err(corrupt)?;
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
