//! Sign-ins: families of tokens that came from the same one, and the refresh tokens that make new ones. Only hashes are kept.

use orderkit::{Actor, Role};

use super::{StoreError, Transaction, corrupt};
use crate::database::query;

/// A refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The one tenant it is for.
    pub tenant: String,
    /// Who signed in.
    pub actor: Actor,
    /// The sign-in that it came from.
    pub family: String,
    /// Until when.
    pub expires_ms: i64,
    /// When it was used first.
    pub used_ms: Option<i64>,
}

impl Transaction {
    /// A refresh token by its hash, also one that was used or has expired.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn refresh_token(&mut self, hash: &str) -> Result<Option<RefreshToken>, StoreError> {
        let sql = "SELECT tenant, usr, role, family, expires_ms, used_ms FROM refresh_token \
                   WHERE hash = $1";
        let row: Option<(String, String, String, String, i64, Option<i64>)> =
            query(sql).bind(hash).fetch_optional(self.connection()).await?;
        let Some((tenant, user, role, family, expires_ms, used_ms)) = row else { return Ok(None) };
        let role = [Role::Customer, Role::Staff, Role::Admin]
            .into_iter()
            .find(|known| known.as_str() == role)
            .ok_or_else(|| corrupt("the role of a refresh token"))?;
        let actor = Actor { user, role };
        Ok(Some(RefreshToken { tenant, actor, family, expires_ms, used_ms }))
    }

    /// Keeps a refresh token, and forgets those of the tenant that expired.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_refresh_token(
        &mut self,
        hash: &str,
        token: &RefreshToken,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        query("DELETE FROM refresh_token WHERE tenant = $1 AND expires_ms <= $2")
            .bind(&token.tenant)
            .bind(now_ms)
            .execute(self.connection())
            .await?;
        let sql = "INSERT INTO refresh_token (hash, tenant, usr, role, family, expires_ms, used_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        query(sql)
            .bind(hash)
            .bind(&token.tenant)
            .bind(&token.actor.user)
            .bind(token.actor.role.as_str())
            .bind(&token.family)
            .bind(token.expires_ms)
            .bind(token.used_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Notes when a refresh token was used first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn use_refresh_token(
        &mut self,
        tenant: &str,
        hash: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE refresh_token SET used_ms = $3 \
                   WHERE tenant = $1 AND hash = $2 AND used_ms IS NULL";
        query(sql).bind(tenant).bind(hash).bind(now_ms).execute(self.connection()).await?;
        Ok(())
    }

    /// Ends all tokens that came from one sign-in.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn end_family(&mut self, tenant: &str, family: &str) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM token WHERE tenant = $1 AND family = $2",
            "DELETE FROM refresh_token WHERE tenant = $1 AND family = $2",
        ] {
            query(sql).bind(tenant).bind(family).execute(self.connection()).await?;
        }
        Ok(())
    }

    /// Whether a sign-in goes on: one that can be renewed, or the token of the operator with this hash.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn has_family(&mut self, tenant: &str, family: &str) -> Result<bool, StoreError> {
        let sql = "SELECT (SELECT COUNT(*) FROM refresh_token WHERE tenant = $1 AND family = $2) \
                   + (SELECT COUNT(*) FROM token WHERE tenant = $1 AND hash = $2)";
        let (count,): (i64,) =
            query(sql).bind(tenant).bind(family).fetch_one(self.connection()).await?;
        Ok(count > 0)
    }

    /// Ends one token.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn end_token(&mut self, tenant: &str, hash: &str) -> Result<(), StoreError> {
        query("DELETE FROM token WHERE tenant = $1 AND hash = $2")
            .bind(tenant)
            .bind(hash)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
