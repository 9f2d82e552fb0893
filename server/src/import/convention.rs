//! What must be known of a source that its documents do not say themselves.

use jiff::tz::TimeZone;

/// What a source leaves unsaid.
#[derive(Debug)]
pub struct Convention {
    /// The zone of times without offset.
    pub zone: TimeZone,
    /// SKUs that are charges, discounts, vouchers and bookings instead of goods.
    not_goods: &'static [&'static str],
    /// Beginnings of such SKUs.
    not_goods_prefixes: &'static [&'static str],
}

/// Of a shop in London that books postage, discounts and fees as lines.
const ONLINE_RETAIL_NOT_GOODS: &[&str] =
    &["AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "D", "DOT", "M", "POST", "S", "m"];

impl Convention {
    /// The convention of a source; UTC and nothing else for one that is not known.
    ///
    /// # Errors
    ///
    /// If the zone is not in the zone database.
    pub fn of(source: &str, zone: Option<&str>) -> Result<Self, String> {
        let online_retail = source.starts_with("online-retail");
        let name = zone.unwrap_or(if online_retail { "Europe/London" } else { "UTC" });
        let zone = TimeZone::get(name).map_err(|_| {
            format!("{name:?} is not a time zone. Give an IANA name such as Europe/London")
        })?;
        let (not_goods, not_goods_prefixes): (_, &[&str]) =
            if online_retail { (ONLINE_RETAIL_NOT_GOODS, &["gift_"]) } else { (&[], &[]) };
        Ok(Self { zone, not_goods, not_goods_prefixes })
    }

    /// Whether a SKU stands for something that is not sold.
    pub fn is_not_goods(&self, sku: &str) -> bool {
        self.not_goods.contains(&sku)
            || self.not_goods_prefixes.iter().any(|prefix| sku.starts_with(prefix))
    }
}
