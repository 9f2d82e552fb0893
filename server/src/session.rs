//! Sign-ins: a token that lasts an hour, and a refresh token that makes the next one.
//!
//! A refresh token is used up by its use. If one comes again later, somebody has a copy of it: all tokens of that sign-in end,
//! since nobody knows which of the two is the thief. An answer may get lost, though; so for a moment the used one still works.

use orderkit::Actor;

use crate::{
    app::App,
    error::Error,
    secret,
    store::{Grant, Purpose, RefreshToken, StoreError, Transaction},
};

/// How long a refresh token works after its first use, for a caller that did not get the answer.
const LEEWAY_MS: i64 = 60 * 1_000;

/// How long tokens last.
#[derive(Clone, Copy, Debug)]
pub struct SessionTimes {
    /// A token: short, since whoever reads it may use it until then.
    pub token_ms: i64,
    /// A refresh token, after which an unused sign-in is over: a device may be off for so long.
    pub refresh_ms: i64,
}

impl Default for SessionTimes {
    fn default() -> Self {
        let hour_ms = 60 * 60 * 1_000;
        Self { token_ms: hour_ms, refresh_ms: 60 * 24 * hour_ms }
    }
}

/// The tokens of a sign-in.
#[derive(Debug)]
pub struct Opened {
    /// The token.
    pub token: String,
    /// What it allows.
    pub grant: Grant,
    /// What makes the next one.
    pub refresh: String,
    /// Until when.
    pub refresh_expires_ms: i64,
}

impl App {
    /// Signs somebody in.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn sign_in(&self, tenant: &str, actor: Actor) -> Result<Opened, StoreError> {
        let mut transaction = self.store.write(tenant).await?;
        self.make_tenant(&mut transaction, tenant).await?;
        let family = secret::hexadecimal(&self.random.bytes::<16>());
        let opened = self.open(&mut transaction, tenant, actor, family).await?;
        transaction.commit().await?;
        Ok(opened)
    }

    /// New tokens for a refresh token, which is used up by it.
    ///
    /// # Errors
    ///
    /// 401 if it is unknown, over, or was used before.
    pub async fn refresh(&self, token: &str) -> Result<Opened, Error> {
        let hash = secret::token_hash(token);
        // Without the write lock, so that nobody takes it by guessing.
        let known = self.store.read().await?.refresh_token(&hash).await?;
        let known = known.ok_or(Error::TokenInvalid)?;
        let mut transaction = self.store.write(&known.tenant).await?;
        let now_ms = self.now_ms();
        let known = transaction.refresh_token(&hash).await?.ok_or(Error::TokenInvalid)?;
        if known.expires_ms <= now_ms {
            return Err(Error::TokenInvalid);
        }
        let is_copied = known.used_ms.is_some_and(|used_ms| used_ms + LEEWAY_MS <= now_ms);
        if is_copied {
            transaction.end_family(&known.tenant, &known.family).await?;
            transaction.commit().await?;
            self.endings.send_replace(());
            tracing::warn!("a refresh token came a second time; its sign-in has ended");
            return Err(Error::TokenInvalid);
        }
        transaction.use_refresh_token(&known.tenant, &hash, now_ms).await?;
        let RefreshToken { tenant, actor, family, .. } = known;
        let opened = self.open(&mut transaction, &tenant, actor, family).await?;
        transaction.commit().await?;
        Ok(opened)
    }

    /// Signs out: the token ends, and all that came from the same sign-in.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn sign_out(&self, token: &str, grant: &Grant) -> Result<(), StoreError> {
        let mut transaction = self.store.write(&grant.tenant).await?;
        match &grant.family {
            Some(family) => transaction.end_family(&grant.tenant, family).await?,
            None => {
                let hash = secret::token_hash(token);
                transaction.end_token(&grant.tenant, &hash).await?;
                transaction.end_family(&grant.tenant, &hash).await?;
            }
        }
        transaction.commit().await?;
        self.endings.send_replace(());
        Ok(())
    }

    /// Whether a token with this hash is still good.
    pub(crate) async fn has_token(&self, hash: &str) -> Result<bool, StoreError> {
        Ok(self.store.look().await?.grant(hash, self.now_ms()).await?.is_some())
    }

    /// Whether a sign-in goes on.
    pub(crate) async fn has_family(&self, tenant: &str, family: &str) -> Result<bool, StoreError> {
        self.store.look().await?.has_family(tenant, family).await
    }

    async fn open(
        &self,
        transaction: &mut Transaction,
        tenant: &str,
        actor: Actor,
        family: String,
    ) -> Result<Opened, StoreError> {
        let now_ms = self.now_ms();
        let (token, refresh) = (self.random.token(), self.random.token());
        let refresh_expires_ms = now_ms.saturating_add(self.sessions.refresh_ms);
        let kept = RefreshToken {
            tenant: tenant.to_owned(),
            actor: actor.clone(),
            family: family.clone(),
            expires_ms: refresh_expires_ms,
            used_ms: None,
        };
        let hash = secret::token_hash(&refresh);
        transaction.add_refresh_token(&hash, &kept, now_ms).await?;
        let grant = Grant {
            tenant: tenant.to_owned(),
            actor,
            purpose: Purpose::All,
            order: None,
            family: Some(family),
            expires_ms: now_ms.saturating_add(self.sessions.token_ms),
        };
        transaction.add_token(&secret::token_hash(&token), &grant, now_ms).await?;
        Ok(Opened { token, grant, refresh, refresh_expires_ms })
    }
}
