//! Tokens. Only their hashes are kept: who reads the database cannot sign in with what is in it.

use orderkit::{Actor, Role};

use uuid::Uuid;

use super::{StoreError, Transaction, corrupt};
use crate::database::query;

/// What a token allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The one tenant it is for.
    pub tenant: String,
    /// Who holds it.
    pub actor: Actor,
    /// What it may be used for.
    pub purpose: Purpose,
    /// The one order that it is for, if it is for one.
    pub order: Option<Uuid>,
    /// The sign-in that it came from; none if the operator gave it out.
    pub family: Option<String>,
    /// Until when.
    pub expires_ms: i64,
}

/// A token as it is stored.
type Row = (String, String, String, String, i64, Option<String>, Option<String>);

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Everything that the role may do; sent in a header.
    All,
    /// Only what a buyer may do with one order, without an account.
    Order,
    /// Only listening to events. It travels in an address, which others may log.
    Events,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Order => "order",
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
        let sql = "SELECT tenant, usr, role, purpose, expires_ms, order_id, family FROM token \
                   WHERE hash = $1 AND expires_ms > $2";
        let row: Option<Row> =
            query(sql).bind(hash).bind(now_ms).fetch_optional(self.connection()).await?;
        let Some((tenant, user, role, purpose, expires_ms, order, family)) = row else {
            return Ok(None);
        };
        let role = [Role::Customer, Role::Staff, Role::Admin]
            .into_iter()
            .find(|known| known.as_str() == role)
            .ok_or_else(|| corrupt("the role of a token"))?;
        let purpose = [Purpose::All, Purpose::Order, Purpose::Events]
            .into_iter()
            .find(|known| known.as_str() == purpose)
            .ok_or_else(|| corrupt("the purpose of a token"))?;
        let order = order.map(|id| Uuid::parse_str(&id)).transpose();
        let order = order.map_err(|_| corrupt("the order of a token"))?;
        let actor = Actor { user, role };
        Ok(Some(Grant { tenant, actor, purpose, order, family, expires_ms }))
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
        query("DELETE FROM token WHERE tenant = $1 AND expires_ms <= $2")
            .bind(&grant.tenant)
            .bind(now_ms)
            .execute(self.connection())
            .await?;
        let sql = "INSERT INTO token (hash, tenant, usr, role, purpose, expires_ms, order_id, family) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        query(sql)
            .bind(hash)
            .bind(&grant.tenant)
            .bind(&grant.actor.user)
            .bind(grant.actor.role.as_str())
            .bind(grant.purpose.as_str())
            .bind(grant.expires_ms)
            .bind(grant.order.map(|id| id.to_string()))
            .bind(&grant.family)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
