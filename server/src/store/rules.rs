//! The rulesets of a tenant: one in force, the earlier ones for prices that were shown.

use serde::Serialize;

use super::{StoreError, Transaction};
use crate::database::query;

/// A ruleset as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRules {
    /// The shop's name for it.
    pub version: String,
    /// SHA-256 over its canonical form.
    pub digest: String,
    /// The document.
    pub body: String,
    /// Since when it has been in force.
    pub from_ms: i64,
    /// When another took its place.
    pub retired_ms: Option<i64>,
    /// Who put it in force; nobody if it came with the program or its command line.
    pub user: Option<String>,
}

/// A ruleset without its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RulesVersion {
    /// The shop's name for it.
    pub version: String,
    /// SHA-256 over its canonical form.
    pub digest: String,
    /// Since when it has been in force.
    pub from_ms: i64,
    /// When another took its place; missing for the one in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_ms: Option<i64>,
    /// Who put it in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

type Row = (String, String, String, i64, Option<i64>, Option<String>);
type VersionRow = (String, String, i64, Option<i64>, Option<String>);

const COLUMNS: &str = "version, digest, body, from_ms, retired_ms, usr";

impl Transaction {
    /// The digest of the ruleset in force, if the tenant has one.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn current_digest(&mut self, tenant: &str) -> Result<Option<String>, StoreError> {
        if let Some(digest) = self.memo.rules.get(tenant) {
            return Ok(digest.clone());
        }
        let sql = "SELECT digest FROM ruleset WHERE tenant = $1 AND retired_ms IS NULL \
                   ORDER BY ordinal DESC LIMIT 1";
        let row: Option<(String,)> =
            query(sql).bind(tenant).fetch_optional(self.connection()).await?;
        let digest = row.map(|(digest,)| digest);
        self.memo.rules.insert(tenant.to_owned(), digest.clone());
        Ok(digest)
    }

    /// The ruleset in force, if the tenant has one.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn current_rules(&mut self, tenant: &str) -> Result<Option<StoredRules>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM ruleset WHERE tenant = $1 AND retired_ms IS NULL \
             ORDER BY ordinal DESC LIMIT 1"
        );
        let row: Option<Row> = query(&sql).bind(tenant).fetch_optional(self.connection()).await?;
        Ok(row.map(rules))
    }

    /// The ruleset of a digest that was in force last, if it no longer is.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn retired_rules(
        &mut self,
        tenant: &str,
        digest: &str,
    ) -> Result<Option<StoredRules>, StoreError> {
        self.rules_where(tenant, "retired_ms IS NOT NULL AND digest = $2", digest).await
    }

    /// The ruleset of a version name.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn rules_of_version(
        &mut self,
        tenant: &str,
        version: &str,
    ) -> Result<Option<StoredRules>, StoreError> {
        self.rules_where(tenant, "version = $2", version).await
    }

    /// The ruleset of a digest, in force or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn rules_of_digest(
        &mut self,
        tenant: &str,
        digest: &str,
    ) -> Result<Option<StoredRules>, StoreError> {
        self.rules_where(tenant, "digest = $2", digest).await
    }

    /// The latest rulesets, the one in force first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn rules_versions(
        &mut self,
        tenant: &str,
        limit: u32,
    ) -> Result<Vec<RulesVersion>, StoreError> {
        let sql = "SELECT version, digest, from_ms, retired_ms, usr FROM ruleset \
                   WHERE tenant = $1 ORDER BY ordinal DESC LIMIT $2";
        let query = query(sql).bind(tenant).bind(limit);
        let rows: Vec<VersionRow> = query.fetch_all(self.connection()).await?;
        let version = |(version, digest, from_ms, retired_ms, user)| RulesVersion {
            version,
            digest,
            from_ms,
            retired_ms,
            user,
        };
        Ok(rows.into_iter().map(version).collect())
    }

    async fn rules_where(
        &mut self,
        tenant: &str,
        condition: &str,
        value: &str,
    ) -> Result<Option<StoredRules>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM ruleset WHERE tenant = $1 AND {condition} \
             ORDER BY ordinal DESC LIMIT 1"
        );
        let query = query(&sql).bind(tenant).bind(value);
        let row: Option<Row> = query.fetch_optional(self.connection()).await?;
        Ok(row.map(rules))
    }

    /// Puts a ruleset in force in place of the current one.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_rules(&mut self, tenant: &str, rules: &StoredRules) -> Result<(), StoreError> {
        self.memo.rules.remove(tenant);
        self.memo.heads.remove(tenant);
        let retire = "UPDATE ruleset SET retired_ms = $2 WHERE tenant = $1 AND retired_ms IS NULL";
        query(retire).bind(tenant).bind(rules.from_ms).execute(self.connection()).await?;
        let last = "SELECT COALESCE(MAX(ordinal), 0) FROM ruleset WHERE tenant = $1";
        let (last,): (i64,) = query(last).bind(tenant).fetch_one(self.connection()).await?;
        let sql = "INSERT INTO ruleset (tenant, ordinal, version, digest, body, from_ms, usr) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        query(sql)
            .bind(tenant)
            .bind(last + 1)
            .bind(&rules.version)
            .bind(&rules.digest)
            .bind(&rules.body)
            .bind(rules.from_ms)
            .bind(&rules.user)
            .execute(self.connection())
            .await?;
        let told = "UPDATE tenant_head SET rules = rules + 1 WHERE tenant = $1";
        query(told).bind(tenant).execute(self.connection()).await?;
        // Time limits are rules too.
        self.forget_deadlines(tenant).await
    }
}

fn rules((version, digest, body, from_ms, retired_ms, user): Row) -> StoredRules {
    StoredRules { version, digest, body, from_ms, retired_ms, user }
}
