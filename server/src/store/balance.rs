//! Gift cards.

use orderkit::{Amount, GiftCard};

use super::{StoreError, Transaction, corrupt};
use crate::database::query;

/// A gift card code as it is stored: people type it in either case.
pub fn card_code(code: &str) -> String {
    code.to_ascii_uppercase()
}

impl Transaction {
    /// The gift card of a code.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn gift_card(
        &mut self,
        tenant: &str,
        code: &str,
    ) -> Result<Option<GiftCard>, StoreError> {
        let sql = "SELECT code, balance_minor, ends_ms FROM gift_card \
                   WHERE tenant = $1 AND code = $2";
        let row: Option<(String, i64, Option<i64>)> =
            query(sql).bind(tenant).bind(card_code(code)).fetch_optional(self.connection()).await?;
        row.map(|(code, balance, ends_ms)| {
            let balance_minor = Amount::new(balance).map_err(|_| corrupt("a gift card"))?;
            Ok(GiftCard { code, balance_minor, ends_ms })
        })
        .transpose()
    }

    /// Makes or replaces a gift card.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_gift_card(&mut self, tenant: &str, card: &GiftCard) -> Result<(), StoreError> {
        let sql = "INSERT INTO gift_card (tenant, code, balance_minor, ends_ms) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, code) \
                   DO UPDATE SET balance_minor = excluded.balance_minor, ends_ms = excluded.ends_ms";
        query(sql)
            .bind(tenant)
            .bind(card_code(&card.code))
            .bind(card.balance_minor.minor())
            .bind(card.ends_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
