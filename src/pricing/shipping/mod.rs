//! The shipping charge: which methods deliver these goods to this address, and for how much.
//!
//! An answer is a charge in minor units with its parts, or an issue that says why the method cannot
//! be used and which ones can. Promotions on shipping and the tax on the charge come after it.

mod charge;
mod free;
mod goods;
mod options;
mod place;
mod rate;
mod surcharge;
mod table;

pub(super) use charge::{Charge, charge};
pub(super) use goods::{Goods, Shipment};
pub(crate) use options::options_of;
pub use options::{ShippingOption, shipping_options};
use place::Destination;

use crate::{
    draft::{Details, Draft},
    issue::{Code, Issue, Language},
    ruleset::{Rules, ShippingMethod},
};

/// Where every issue of a shipping method points.
const PATH: &str = "/details/shippingMethod";

/// An issue about a method.
fn issue(code: Code, method: &ShippingMethod) -> Issue {
    let issue = Issue::new(code, PATH).with("method", method.id.as_str());
    let issue = issue.with("methodName", method.name.text(Language::English));
    issue.with("methodNameZh", method.name.text(Language::Chinese))
}

/// The chosen method, if it exists. Whether it delivers the goods is known once they have a price;
/// if they will have none, whether it delivers to the address at all.
pub(super) fn choose<'a>(
    draft: &Draft,
    rules: &'a Rules,
    country: &str,
    issues: &mut Vec<Issue>,
) -> Option<&'a ShippingMethod> {
    let id = draft.details.shipping_method.as_deref()?;
    let method = rules.shipping_method(id);
    if method.is_none() || !issues.is_empty() {
        issues.extend(check(id, rules, &draft.details, country).err());
    }
    method
}

/// Why the method of an id cannot be used for an address, whatever the goods, and which ones can.
pub(crate) fn check(
    id: &str,
    rules: &Rules,
    details: &Details,
    country: &str,
) -> Result<(), Issue> {
    let Some(method) = rules.shipping_method(id) else {
        return Err(Issue::new(Code::ShippingMethodUnknown, PATH).with("method", id));
    };
    let destination = Destination::new(details, rules.ruleset(), country);
    place::serves(method, &destination).map_err(|refused| {
        with_possible(refused, rules, |other| place::serves(other, &destination).is_ok())
    })
}

/// The issue with the methods that can be used instead.
fn with_possible(
    refused: Issue,
    rules: &Rules,
    mut works: impl FnMut(&ShippingMethod) -> bool,
) -> Issue {
    /// So many methods are tried; a sentence cannot name more.
    const TRIED: usize = 20;
    let mut ids = String::new();
    let (mut english, mut chinese) = (String::new(), String::new());
    for method in rules.ruleset().shipping_methods.iter().take(TRIED) {
        if works(method) {
            add(&mut ids, &method.id, ", ");
            add(&mut english, method.name.text(Language::English), ", ");
            add(&mut chinese, method.name.text(Language::Chinese), "、");
        }
    }
    if ids.is_empty() {
        for list in [&mut ids, &mut english, &mut chinese] {
            list.push('-');
        }
    }
    let refused = refused.with("possible", ids).with("possibleNames", english);
    refused.with("possibleNamesZh", chinese)
}

fn add(list: &mut String, name: &str, comma: &str) {
    if !list.is_empty() {
        list.push_str(comma);
    }
    list.push_str(name);
}
