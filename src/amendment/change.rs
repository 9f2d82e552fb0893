//! The changes that an amendment is made of, and the fields that they touch.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    draft::{Address, Adjustment, Customer, Draft, DraftLine},
    json::{FromJson, ToJson},
};

/// The rule that discounts by hand are known by.
pub(crate) const MANUAL: &str = "manual";

/// One change of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Change {
    /// More goods.
    AddLine {
        /// The line; its id is made if it is missing or taken.
        line: Box<DraftLine>,
    },
    /// What is left of a line is not wanted.
    RemoveLine {
        /// The line.
        line: String,
    },
    /// How many of a line shall be delivered; those that have left count.
    SetQuantity {
        /// The line.
        line: String,
        /// How many.
        quantity: Decimal,
    },
    /// Other goods in place of what is left of a line.
    ReplaceLine {
        /// The line.
        line: String,
        /// What comes in its place.
        by: Box<DraftLine>,
    },
    /// Another price for what is left of a line.
    SetUnitPrice {
        /// The line.
        line: String,
        /// The price of one unit in major units, in the order's price basis, before discounts.
        unit_price: Decimal,
    },
    /// The goods go elsewhere.
    SetShippingAddress {
        /// Where.
        address: Box<Address>,
    },
    /// The invoice goes elsewhere.
    SetBillingAddress {
        /// Where; to the shipping address if missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<Box<Address>>,
    },
    /// The buyer's name, e-mail, telephone.
    SetContact {
        /// The buyer; the shop's id and the tax number stay as they are.
        contact: Box<Customer>,
    },
    /// Another shipping method.
    SetShippingMethod {
        /// Its id.
        method: String,
    },
    /// Another payment method.
    SetPaymentMethod {
        /// Its id.
        method: String,
    },
    /// The word to the shop.
    SetNote {
        /// The word; none if missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A coupon that was forgotten.
    AddCoupon {
        /// The code.
        code: String,
    },
    /// A coupon that shall not count.
    RemoveCoupon {
        /// The code.
        code: String,
    },
    /// An allowance or charge by hand.
    AddAdjustment {
        /// It.
        adjustment: Box<Adjustment>,
    },
    /// A discount that shall not count.
    RemoveDiscount {
        /// The promotion, or `manual` for those by hand.
        rule: String,
    },
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal,)*) => {
        /// What a change does, for the table of what may change when.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
        )]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum ChangeKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl ChangeKind {
            /// Every kind, in the order of an order form.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word, as it stands in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// More of the goods, or others.
    MoreGoods = "moreGoods",
    /// Less of the goods.
    LessGoods = "lessGoods",
    /// Another price.
    UnitPrice = "unitPrice",
    /// Where the goods go.
    ShippingAddress = "shippingAddress",
    /// Where the invoice goes.
    BillingAddress = "billingAddress",
    /// Name, e-mail, telephone.
    Contact = "contact",
    /// The shipping method.
    ShippingMethod = "shippingMethod",
    /// The payment method.
    PaymentMethod = "paymentMethod",
    /// The word to the shop.
    Note = "note",
    /// Coupons.
    Coupon = "coupon",
    /// Allowances, charges and discounts.
    Discount = "discount",
}

impl Change {
    /// The name of the field that it edits: two edits of one field may conflict, others merge.
    pub fn field(&self) -> String {
        match self {
            // A new line is no field that another edit can touch.
            Self::AddLine { .. } | Self::AddAdjustment { .. } => String::new(),
            Self::RemoveLine { line }
            | Self::SetQuantity { line, .. }
            | Self::ReplaceLine { line, .. } => format!("line/{line}/quantity"),
            Self::SetUnitPrice { line, .. } => format!("line/{line}/unitPrice"),
            Self::SetShippingAddress { .. } => "shippingAddress".to_owned(),
            Self::SetBillingAddress { .. } => "billingAddress".to_owned(),
            Self::SetContact { .. } => "contact".to_owned(),
            Self::SetShippingMethod { .. } => "shippingMethod".to_owned(),
            Self::SetPaymentMethod { .. } => "paymentMethod".to_owned(),
            Self::SetNote { .. } => "note".to_owned(),
            Self::AddCoupon { code } | Self::RemoveCoupon { code } => {
                format!("coupon/{}", code.to_ascii_uppercase())
            }
            Self::RemoveDiscount { rule } => format!("discount/{rule}"),
        }
    }

    /// The kind, if it does not depend on how many there were.
    pub fn kind(&self) -> Option<ChangeKind> {
        Some(match self {
            Self::SetQuantity { .. } | Self::ReplaceLine { .. } => return None,
            Self::AddLine { .. } => ChangeKind::MoreGoods,
            Self::RemoveLine { .. } => ChangeKind::LessGoods,
            Self::SetUnitPrice { .. } => ChangeKind::UnitPrice,
            Self::SetShippingAddress { .. } => ChangeKind::ShippingAddress,
            Self::SetBillingAddress { .. } => ChangeKind::BillingAddress,
            Self::SetContact { .. } => ChangeKind::Contact,
            Self::SetShippingMethod { .. } => ChangeKind::ShippingMethod,
            Self::SetPaymentMethod { .. } => ChangeKind::PaymentMethod,
            Self::SetNote { .. } => ChangeKind::Note,
            Self::AddCoupon { .. } | Self::RemoveCoupon { .. } => ChangeKind::Coupon,
            Self::AddAdjustment { .. } | Self::RemoveDiscount { .. } => ChangeKind::Discount,
        })
    }

    /// Makes the change in what the buyer said, as far as it is about that.
    pub(crate) fn apply_to(&self, draft: &mut Draft) {
        let details = &mut draft.details;
        match self {
            Self::SetShippingAddress { address } => {
                details.shipping_address = Some(address.as_ref().clone());
            }
            Self::SetBillingAddress { address } => {
                details.billing_address = address.as_deref().cloned();
            }
            Self::SetContact { contact } => {
                let known = details.customer.take().unwrap_or_default();
                let Customer { id, tax_number, .. } = known;
                details.customer = Some(Customer { id, tax_number, ..contact.as_ref().clone() });
            }
            Self::SetShippingMethod { method } => details.shipping_method = Some(method.clone()),
            Self::SetPaymentMethod { method } => details.payment_method = Some(method.clone()),
            Self::SetNote { note } => details.note.clone_from(note),
            Self::AddCoupon { code } => {
                if !details.coupon_codes.iter().any(|known| known.eq_ignore_ascii_case(code)) {
                    details.coupon_codes.push(code.clone());
                }
            }
            Self::RemoveCoupon { code } => {
                details.coupon_codes.retain(|known| !known.eq_ignore_ascii_case(code));
            }
            Self::AddAdjustment { adjustment } => {
                draft.adjustments.push(adjustment.as_ref().clone())
            }
            Self::RemoveDiscount { rule } if rule == MANUAL => draft.adjustments.clear(),
            Self::AddLine { .. }
            | Self::RemoveLine { .. }
            | Self::SetQuantity { .. }
            | Self::ReplaceLine { .. }
            | Self::SetUnitPrice { .. }
            | Self::RemoveDiscount { .. } => {}
        }
    }
}
