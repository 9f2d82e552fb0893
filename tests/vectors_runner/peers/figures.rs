//! The engine's figures of a priced case: net, tax and gross of its parts, and what discounts took.

use serde_json::Value;

use super::{case::Case, order::Priced, promotions::Promotion};
use crate::vectors_runner::{
    engine::{Engine, Quote},
    exact::Exact,
    outcome::Gap,
};

/// Net, tax and gross of something.
#[derive(Clone, Copy, Default)]
pub struct Split {
    pub net: Exact,
    pub tax: Exact,
    pub gross: Exact,
}

impl Split {
    pub fn at(quote: &Quote, pointer: &str, digits: u32) -> Self {
        Self {
            net: quote.amount(&format!("{pointer}/netMinor"), digits),
            tax: quote.amount(&format!("{pointer}/taxMinor"), digits),
            gross: quote.amount(&format!("{pointer}/grossMinor"), digits),
        }
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            net: self.net.plus(other.net),
            tax: self.tax.plus(other.tax),
            gross: self.gross.plus(other.gross),
        }
    }

    pub fn minus(self, other: Self) -> Self {
        Self {
            net: self.net.minus(other.net),
            tax: self.tax.minus(other.tax),
            gross: self.gross.minus(other.gross),
        }
    }

    /// The figure of a word.
    pub fn word(self, before: Self, discount: Self, word: &str) -> Option<Exact> {
        Some(match word {
            "net" => self.net,
            "tax" => self.tax,
            "gross" => self.gross,
            "net_before" => before.net,
            "tax_before" => before.tax,
            "gross_before" => before.gross,
            "discount_net" => discount.net,
            "discount_tax" => discount.tax,
            "discount_gross" => discount.gross,
            _ => return None,
        })
    }
}

/// A part of an order, with what it was before discounts and what they took off.
#[derive(Clone, Copy, Default)]
pub struct Part {
    pub now: Split,
    pub before: Split,
    pub discount: Split,
}

impl Part {
    pub fn plus(self, other: Self) -> Self {
        Self {
            now: self.now.plus(other.now),
            before: self.before.plus(other.before),
            discount: self.discount.plus(other.discount),
        }
    }

    pub fn word(self, word: &str) -> Option<Exact> {
        self.now.word(self.before, self.discount, word)
    }
}

/// Reads the figures of one case.
pub struct Figures<'p> {
    pub case: Case<'p>,
    pub priced: &'p Priced<'p>,
    pub engine: &'p Engine,
}

impl<'p> Figures<'p> {
    pub fn amount(&self, minor: i64) -> Exact {
        Exact::from_minor(minor, self.case.unit_digits)
    }

    fn split(&self, quote: &Quote, pointer: &str) -> Split {
        Split::at(quote, pointer, self.case.unit_digits)
    }

    fn simple(&self, pointer: &str) -> Part {
        let now = self.split(&self.priced.quote, pointer);
        let before = self.split(&self.priced.before, pointer);
        Part { now, before, discount: before.minus(now) }
    }

    /// A line of the draft. WooCommerce splits a discount into net and tax as an amount of its own.
    pub fn line(&self, at: usize) -> Result<Part, Gap> {
        let mut part = self.simple(&format!("/lines/{at}"));
        if self.case.peer() == "woocommerce" {
            part.discount = self.taxed(&[(at, self.taken(at, |_| true))])?;
        }
        Ok(part)
    }

    /// Amounts in the basis of their lines, with their taxes.
    pub fn taxed(&self, amounts: &[(usize, Exact)]) -> Result<Split, Gap> {
        let amounts: Vec<_> = amounts.iter().copied().filter(|(_, it)| !it.is_zero()).collect();
        if amounts.is_empty() {
            return Ok(Split::default());
        }
        let quote = self.priced.of_lines(self.case, self.engine, &amounts)?;
        let rows = (0..amounts.len()).map(|at| self.split(&quote, &format!("/lines/{at}")));
        Ok(rows.fold(Split::default(), Split::plus))
    }

    pub fn part(&self, part: &str) -> Result<Part, Gap> {
        let total = self.simple("/totals");
        let mut shipping = self.simple("/shipping");
        let mut lines = Part::default();
        for (at, line) in self.priced.lines.iter().enumerate() {
            let own = self.line(at)?;
            if line.is_shipment {
                shipping = shipping.plus(own);
            } else {
                lines = lines.plus(own);
            }
        }
        // What was added for nothing had a price before.
        let added = self.priced.quote.rows("/lines").iter().skip(self.priced.lines.len());
        let added = self.amount(added.map(|line| line["amountMinor"].as_i64().unwrap_or(0)).sum());
        lines.before.net = lines.before.net.plus(added);
        lines.before.gross = lines.before.gross.plus(added);
        Ok(match part {
            "shipping" => shipping,
            // Vendure counts fees among the items.
            "items" if self.case.peer() == "vendure" => less(total, shipping),
            "items" => lines,
            "fees" => less(less(total, shipping), lines),
            _ => {
                let all = self.case.peer() == "medusa"
                    || self.case.value["config"]["discount_total_includes_shipping"] == true;
                let discount = match all {
                    true => lines.discount.plus(shipping.discount),
                    false => lines.discount,
                };
                Part { discount, ..total }
            }
        })
    }

    /// What some promotions took off a line, in its basis.
    pub fn taken(&self, at: usize, of: impl Fn(&Promotion) -> bool) -> Exact {
        let adjustments = self.priced.quote.rows("/adjustments").iter();
        let own = adjustments.filter(|it| self.origin(it).is_some_and(&of));
        self.amount(own.map(|it| it["sharesMinor"][at].as_i64().unwrap_or(0)).sum())
    }

    /// The promotion behind an adjustment or a discount on shipping.
    pub fn origin(&self, adjustment: &Value) -> Option<&'p Promotion> {
        self.priced.promotions.iter().find(|promotion| promotion.rule["id"] == adjustment["rule"])
    }

    /// The tax of prices with and without it.
    pub fn tax_of(&self, inclusive: bool) -> Exact {
        let digits = self.case.unit_digits;
        let lines = self.priced.lines.iter().enumerate();
        let lines = lines.filter(|(_, line)| line.inclusive == inclusive);
        let mut tax = lines.fold(Exact::ZERO, |sum, (at, _)| {
            sum.plus(self.priced.quote.amount(&format!("/lines/{at}/taxMinor"), digits))
        });
        if self.priced.shipping_inclusive == inclusive {
            tax = tax.plus(self.priced.quote.amount("/shipping/taxMinor", digits));
        }
        if self.case.prices_include_tax() == inclusive {
            tax = tax.plus(self.part("fees").map_or(Exact::ZERO, |part| part.now.tax));
        }
        tax
    }

    pub fn quantity(&self, at: usize) -> i64 {
        self.priced.draft["lines"][at]["quantity"]
            .as_str()
            .and_then(|text| text.parse().ok())
            .unwrap_or(1)
    }

    /// What is left of one unit after some promotions, rounded half up.
    pub fn unit_after(&self, at: usize, of: impl Fn(&Promotion) -> bool) -> Option<Exact> {
        let line =
            self.priced.quote.amount(&format!("/lines/{at}/amountMinor"), self.case.unit_digits);
        line.minus(self.taken(at, of)).over(self.quantity(at), self.case.unit_digits)
    }

    /// Each discount of a line, spread evenly over its units; what is left over goes to the first.
    pub fn unit_discounts(&self, at: usize) -> Vec<Exact> {
        let count = self.quantity(at).max(1);
        let mut units = vec![0; usize::try_from(count).unwrap_or(1)];
        for adjustment in self.priced.quote.rows("/adjustments") {
            let share = adjustment["sharesMinor"][at].as_i64().unwrap_or(0);
            for (place, unit) in units.iter_mut().enumerate() {
                let first = i64::try_from(place).is_ok_and(|place| place < share % count);
                *unit += share / count + i64::from(first);
            }
        }
        units.into_iter().map(|minor| self.amount(minor)).collect()
    }
}

fn less(from: Part, other: Part) -> Part {
    Part {
        now: from.now.minus(other.now),
        before: from.before.minus(other.before),
        discount: from.discount.minus(other.discount),
    }
}
