//! Tokens. Only their hashes are kept: who reads the database cannot sign in with what is in it.

use orderkit::{Actor, Role};

use super::{StoreError, Transaction, corrupt};

/// What a token allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The one tenant it is for.
    pub tenant: String,
    /// Who holds it.
    pub actor: Actor,
    /// What it may be used for.
    pub purpose: Purpose,
    /// Until when.
    pub expires_ms: i64,
}

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Everything that the role may do; sent in a header.
    All,
    /// Only listening to events. It travels in an address, which others may log.
    Events,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Events => "events",
        }
    }
}

impl Transaction {
    /// What a token allows, by its hash, if it is known and not expired.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn grant(&mut self, hash: &str, now_ms: i64) -> Result<Option<Grant>, StoreError> {
        let sql = "SELECT tenant, usr, role, purpose, expires_ms FROM token \
                   WHERE hash = $1 AND expires_ms > $2";
        let row: Option<(String, String, String, String, i64)> =
            sqlx::query_as(sql).bind(hash).bind(now_ms).fetch_optional(self.connection()).await?;
        let Some((tenant, user, role, purpose, expires_ms)) = row else { return Ok(None) };
        let role = [Role::Customer, Role::Staff, Role::Admin]
            .into_iter()
            .find(|known| known.as_str() == role)
            .ok_or_else(|| corrupt("the role of a token"))?;
        let purpose = [Purpose::All, Purpose::Events]
            .into_iter()
            .find(|known| known.as_str() == purpose)
            .ok_or_else(|| corrupt("the purpose of a token"))?;
        Ok(Some(Grant { tenant, actor: Actor { user, role }, purpose, expires_ms }))
    }

    /// Keeps a token, and forgets those that expired.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_token(
        &mut self,
        hash: &str,
        grant: &Grant,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM token WHERE tenant = $1 AND expires_ms <= $2")
            .bind(&grant.tenant)
            .bind(now_ms)
            .execute(self.connection())
            .await?;
        let sql = "INSERT INTO token (hash, tenant, usr, role, purpose, expires_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(sql)
            .bind(hash)
            .bind(&grant.tenant)
            .bind(&grant.actor.user)
            .bind(grant.actor.role.as_str())
            .bind(grant.purpose.as_str())
            .bind(grant.expires_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
