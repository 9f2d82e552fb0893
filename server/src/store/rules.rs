//! The rulesets of a tenant: one in force, the earlier ones for prices that were shown.

use super::{StoreError, Transaction};

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
}

type Row = (String, String, String, i64, Option<i64>);

const COLUMNS: &str = "version, digest, body, from_ms, retired_ms";

impl Transaction {
    /// The digest of the ruleset in force, if the tenant has one.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn current_digest(&mut self, tenant: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT digest FROM ruleset WHERE tenant = $1 AND retired_ms IS NULL \
                   ORDER BY ordinal DESC LIMIT 1";
        let row: Option<(String,)> =
            sqlx::query_as(sql).bind(tenant).fetch_optional(self.connection()).await?;
        Ok(row.map(|(digest,)| digest))
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
        let row: Option<Row> =
            sqlx::query_as(&sql).bind(tenant).fetch_optional(self.connection()).await?;
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
        let query = sqlx::query_as(&sql).bind(tenant).bind(value);
        let row: Option<Row> = query.fetch_optional(self.connection()).await?;
        Ok(row.map(rules))
    }

    /// Puts a ruleset in force in place of the current one.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_rules(&mut self, tenant: &str, rules: &StoredRules) -> Result<(), StoreError> {
        let retire = "UPDATE ruleset SET retired_ms = $2 WHERE tenant = $1 AND retired_ms IS NULL";
        sqlx::query(retire).bind(tenant).bind(rules.from_ms).execute(self.connection()).await?;
        let last = "SELECT COALESCE(MAX(ordinal), 0) FROM ruleset WHERE tenant = $1";
        let (last,): (i64,) =
            sqlx::query_as(last).bind(tenant).fetch_one(self.connection()).await?;
        let sql = "INSERT INTO ruleset (tenant, ordinal, version, digest, body, from_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(sql)
            .bind(tenant)
            .bind(last + 1)
            .bind(&rules.version)
            .bind(&rules.digest)
            .bind(&rules.body)
            .bind(rules.from_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn rules((version, digest, body, from_ms, retired_ms): Row) -> StoredRules {
    StoredRules { version, digest, body, from_ms, retired_ms }
}
