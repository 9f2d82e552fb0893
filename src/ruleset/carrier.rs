//! Carriers: who brings the parcels, and where a parcel can be followed.

use serde::{Deserialize, Serialize};

use super::LocalText;
use crate::json::{FromJson, ToJson};

/// Somebody who brings parcels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Carrier {
    /// The id, which shipments may name as their carrier.
    pub id: String,
    /// The name, which they may name as well.
    pub name: LocalText,
    /// The address of the page that follows a parcel, with `{number}` in place of its tracking number.
    pub tracking_url: String,
}

impl Carrier {
    /// Whether an address can be opened without danger, and names the parcel.
    pub(super) fn is_usable(&self) -> bool {
        self.tracking_url.starts_with("https://") && self.tracking_url.contains("{number}")
    }
}
