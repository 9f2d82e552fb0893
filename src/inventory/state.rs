//! The state of one SKU, and how it moves with the orders. Always: `reserved + allocated + leased ≤ onHand`, unless what
//! is set aside or leased alone is more than a count has found; and nobody waits while something is free.

use serde::{Deserialize, Serialize};

use super::{StockNeed, left};
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
};

/// How much of a SKU there is, and for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StockState {
    /// On the shelf.
    pub on_hand: Decimal,
    /// Of these, kept for orders that were placed.
    pub reserved: Decimal,
    /// Of these, set aside for shipments that have not left.
    pub allocated: Decimal,
    /// Of these, for devices to sell without a network.
    pub leased: Decimal,
    /// Owed to orders beyond what is there.
    pub backordered: Decimal,
}

/// What one order holds of one SKU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StockClaim {
    /// Kept for it.
    pub reserved: Decimal,
    /// Owed to it.
    pub backordered: Decimal,
    /// Set aside for its shipments.
    pub allocated: Decimal,
    /// Sent to its customer and not back on the shelf.
    pub gone: Decimal,
}

impl StockClaim {
    /// Whether it holds nothing and has taken nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What it is kept or owed.
    fn open(&self) -> Option<Decimal> {
        self.reserved.checked_add(self.backordered)
    }
}

impl StockState {
    /// What is there and nobody's; below zero if more is set aside than a count has found.
    pub fn free(&self) -> Option<Decimal> {
        let kept = self.reserved.checked_add(self.allocated)?.checked_add(self.leased)?;
        self.on_hand.checked_sub(kept)
    }

    /// What can be sold at once, with so much kept back.
    pub fn available(&self, safety: Decimal) -> Decimal {
        left(self.free().unwrap_or_default(), safety)
    }

    /// Moves with an order: from what it held to what it needs now. What cannot be kept for it is owed to it.
    ///
    /// Nothing if a quantity is out of range; nothing has moved then.
    pub fn follow(&mut self, claim: &StockClaim, need: &StockNeed) -> Option<StockClaim> {
        let moved =
            |sum: Decimal, from: Decimal, to: Decimal| sum.checked_sub(from)?.checked_add(to);
        let mut after = Self {
            on_hand: moved(self.on_hand, need.gone, claim.gone)?,
            allocated: moved(self.allocated, claim.allocated, need.allocated)?,
            reserved: self.reserved.checked_sub(claim.reserved)?,
            backordered: self.backordered.checked_sub(claim.backordered)?,
            leased: self.leased,
        };
        let reserved = need.open.min(after.free()?.max(Decimal::ZERO));
        let backordered = need.open.checked_sub(reserved)?;
        after.reserved = after.reserved.checked_add(reserved)?;
        after.backordered = after.backordered.checked_add(backordered)?;
        *self = after;
        Some(StockClaim { reserved, backordered, allocated: need.allocated, gone: need.gone })
    }

    /// Keeps what is free for those who wait, who are told oldest first; or, if more is kept than there is, takes it
    /// back from the newest. Says whether a claim changed.
    pub fn settle<'c>(
        &mut self,
        claims: impl DoubleEndedIterator<Item = &'c mut StockClaim>,
    ) -> Option<bool> {
        let free = self.free()?;
        let mut changed = false;
        if free.is_negative() {
            let mut lacking = Decimal::ZERO.checked_sub(free)?;
            for claim in claims.rev() {
                let part = claim.reserved.min(lacking);
                changed |= !part.is_zero();
                self.keep(claim, Decimal::ZERO.checked_sub(part)?)?;
                lacking = lacking.checked_sub(part)?;
            }
        } else {
            let mut open = free;
            for claim in claims {
                let part = claim.backordered.min(open);
                changed |= !part.is_zero();
                self.keep(claim, part)?;
                open = open.checked_sub(part)?;
            }
        }
        Some(changed)
    }

    /// Keeps so many for a claim that were owed to it, or owes them if that is below zero.
    fn keep(&mut self, claim: &mut StockClaim, quantity: Decimal) -> Option<()> {
        let (reserved, owed) =
            (self.reserved.checked_add(quantity)?, self.backordered.checked_sub(quantity)?);
        claim.reserved = claim.reserved.checked_add(quantity)?;
        claim.backordered = claim.backordered.checked_sub(quantity)?;
        (self.reserved, self.backordered) = (reserved, owed);
        Some(())
    }

    /// How many more an order wants now than before, of what a device may have leased.
    pub fn wanted_more(claim: &StockClaim, need: &StockNeed) -> Decimal {
        let before = claim.open().and_then(|open| open.checked_add(claim.allocated));
        let now = need.open.checked_add(need.allocated);
        left(now.unwrap_or_default(), before.unwrap_or_default())
    }
}
