//! What a case expects, word by word, against what the engine answered.

use serde_json::Value;

use super::{
    case::{Case, decimal, only, rows, text, texts},
    order::Priced,
};
use crate::vectors_runner::{
    engine::Quote,
    exact::Exact,
    outcome::{Comparison, Gap, Outcome},
};

/// Net, tax and gross of something.
#[derive(Clone, Copy, Default)]
struct Split {
    net: Exact,
    tax: Exact,
    gross: Exact,
}

impl Split {
    fn at(quote: &Quote, pointer: &str, digits: u32) -> Self {
        Self {
            net: quote.amount(&format!("{pointer}/netMinor"), digits),
            tax: quote.amount(&format!("{pointer}/taxMinor"), digits),
            gross: quote.amount(&format!("{pointer}/grossMinor"), digits),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            net: self.net.plus(other.net),
            tax: self.tax.plus(other.tax),
            gross: self.gross.plus(other.gross),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            net: self.net.minus(other.net),
            tax: self.tax.minus(other.tax),
            gross: self.gross.minus(other.gross),
        }
    }

    /// The figure of a word, with what the part was before discounts.
    fn word(self, before: Self, word: &str) -> Option<Exact> {
        let discount = before.minus(self);
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

pub fn compare(case: Case<'_>, priced: &Priced) -> Outcome {
    let expected = match &case.value["expected"] {
        Value::Object(expected) => expected,
        _ => return Err(Gap::malformed("no expected")),
    };
    let mut judge = Judge { case, priced, comparison: Comparison::default() };
    for field in expected.keys() {
        let word = field.strip_suffix("_minor").unwrap_or(field);
        match word {
            "lines" => judge.lines()?,
            "shipping" => judge.shipping()?,
            "discounts" => judge.discounts()?,
            "tax_lines" | "tax_by_rate" => judge.tax_lines(word)?,
            "applied" => judge.applied()?,
            "rejected" => judge.rejected()?,
            _ => judge.order_word(word)?,
        }
    }
    judge.comparison.finish()
}

struct Judge<'a> {
    case: Case<'a>,
    priced: &'a Priced,
    comparison: Comparison,
}

impl<'a> Judge<'a> {
    fn expected(&self) -> &'a Value {
        &self.case.value["expected"]
    }

    fn check(&mut self, figure: String, expected: Exact, found: Exact) {
        self.comparison.within(figure, expected, found, self.case.tolerance());
    }

    fn order_word(&mut self, word: &str) -> Result<(), Gap> {
        let expected = self.case.required(self.expected(), word);
        let (part, rest) = match word.split_once('_') {
            Some((part @ ("items" | "shipping" | "fees"), rest)) => (part, rest),
            _ => ("total", word),
        };
        let (now, before) =
            (self.part(&self.priced.quote, part), self.part(&self.priced.before, part));
        let found = match now.word(before, rest) {
            Some(found) => Some(found),
            None if part == "total" => self.total_word(now, before, word),
            None => None,
        };
        let found = found.ok_or_else(|| Gap::not_covered(format!("figure {word}")))?;
        self.check(word.to_owned(), expected?, found);
        Ok(())
    }

    fn part(&self, quote: &Quote, part: &str) -> Split {
        let digits = self.case.digits;
        let total = Split::at(quote, "/totals", digits);
        let shipping = Split::at(quote, "/shipping", digits);
        let lines = (0..quote.rows("/lines").len())
            .map(|at| Split::at(quote, &format!("/lines/{at}"), digits))
            .fold(Split::default(), Split::plus);
        match part {
            "shipping" => shipping,
            // Vendure counts fees among the items.
            "items" if self.case.profile == "vendure" => total.minus(shipping),
            "items" => lines,
            "fees" => total.minus(shipping).minus(lines),
            _ => total,
        }
    }

    fn total_word(&self, now: Split, before: Split, word: &str) -> Option<Exact> {
        let Priced { quote, inclusive, .. } = self.priced;
        let discount = before.minus(now);
        Some(match word {
            "total_net" => now.net,
            "tax_total" => now.tax,
            "tax_added" => {
                if *inclusive {
                    Exact::ZERO
                } else {
                    now.tax
                }
            }
            "tax_included" => {
                if *inclusive {
                    now.tax
                } else {
                    Exact::ZERO
                }
            }
            // Credit comes off the total after tax: it is what was paid before.
            "grand_total" => quote.amount("/totals/payableMinor", self.case.digits),
            "credit_total" => {
                now.gross.minus(quote.amount("/totals/payableMinor", self.case.digits))
            }
            "discount_total" => {
                if *inclusive {
                    discount.gross
                } else {
                    discount.net
                }
            }
            "order_discount" => self.order_discount(),
            _ => return None,
        })
    }

    /// The code of the promotion behind an adjustment, and whether it is one of the whole order.
    fn origin(&self, adjustment: &Value) -> Option<(&'a str, bool)> {
        let rule = &adjustment["rule"];
        let found = self.priced.promotions.iter().find(|promotion| promotion.rule["id"] == *rule);
        found.map(|promotion| (promotion.code.as_str(), promotion.of_order))
    }

    fn order_discount(&self) -> Exact {
        let adjustments = self.priced.quote.rows("/adjustments").iter();
        let of_order = adjustments.filter(|it| self.origin(it).is_some_and(|(_, order)| order));
        let amounts = of_order.map(|it| it["amountMinor"].as_i64().unwrap_or(0));
        Exact::from_minor(amounts.sum(), self.case.digits)
    }

    fn lines(&mut self) -> Result<(), Gap> {
        let mut taken = Vec::new();
        for row in rows(self.expected(), "lines")? {
            let at = self.line(row, &taken)?;
            taken.push(at);
            let pointer = format!("/lines/{at}");
            let now = Split::at(&self.priced.quote, &pointer, self.case.digits);
            let before = Split::at(&self.priced.before, &pointer, self.case.digits);
            self.words(row, &format!("line {}", at + 1), now, before, &["sku"])?;
        }
        Ok(())
    }

    /// The position of the line that a row speaks of: the first of its SKU that is not taken.
    fn line(&self, row: &Value, taken: &[usize]) -> Result<usize, Gap> {
        let sku = text(row, "sku")?;
        let mut lines = rows(self.case.value, "lines")?.iter().enumerate();
        let found = lines.find(|(at, line)| line["sku"] == sku && !taken.contains(at));
        found.map(|(at, _)| at).ok_or_else(|| Gap::not_covered("a line that the engine would add"))
    }

    fn words(
        &mut self,
        row: &Value,
        name: &str,
        now: Split,
        before: Split,
        silent: &[&str],
    ) -> Result<(), Gap> {
        let fields = row.as_object().ok_or_else(|| Gap::malformed("a row is not an object"))?;
        for field in fields.keys() {
            let word = field.strip_suffix("_minor").unwrap_or(field);
            if silent.contains(&word) {
                continue;
            }
            let found = now.word(before, word);
            let found =
                found.ok_or_else(|| Gap::not_covered(format!("figure {word} of a line")))?;
            let expected = self.case.required(row, word)?;
            self.check(format!("{name} {word}"), expected, found);
        }
        Ok(())
    }

    fn shipping(&mut self) -> Result<(), Gap> {
        let digits = self.case.digits;
        for row in rows(self.expected(), "shipping")? {
            let now = Split::at(&self.priced.quote, "/shipping", digits);
            let before = Split::at(&self.priced.before, "/shipping", digits);
            self.words(row, "shipping", now, before, &["sku"])?;
        }
        Ok(())
    }

    /// What one code takes off, from one line or from all.
    fn discounts(&mut self) -> Result<(), Gap> {
        for row in rows(self.expected(), "discounts")? {
            only(row, "discount row", &["code", "sku", "amount"])?;
            let code = text(row, "code")?;
            let at = if row["sku"].is_null() { None } else { Some(self.line(row, &[])?) };
            let amount = |adjustment: &Value| match at {
                Some(at) => adjustment["sharesMinor"][at].as_i64().unwrap_or(0),
                None => adjustment["amountMinor"].as_i64().unwrap_or(0),
            };
            let adjustments = self.priced.quote.rows("/adjustments").iter();
            let own = adjustments.filter(|it| self.origin(it).is_some_and(|(own, _)| own == code));
            let found = Exact::from_minor(own.map(amount).sum(), self.case.digits);
            let expected = self.case.required(row, "amount")?;
            self.check(format!("discount {code}"), expected, found);
        }
        Ok(())
    }

    /// The tax of each rate; several authorities with one rate count together.
    fn tax_lines(&mut self, word: &str) -> Result<(), Gap> {
        for row in rows(self.expected(), word)? {
            only(row, "tax row", &["rate_percent", "base", "tax", "compound"])?;
            let rate = decimal(row, "rate_percent")?;
            let same = |total: &&Value| Exact::from_json(&total["tax"]["percent"]) == Some(rate);
            let sum = |field: &str| {
                let totals = self.priced.quote.rows("/taxes").iter().filter(same);
                let minor = totals.map(|total| total[field].as_i64().unwrap_or(0)).sum();
                Exact::from_minor(minor, self.case.digits)
            };
            for (key, found) in [("base", sum("taxableMinor")), ("tax", sum("taxMinor"))] {
                if let Some(expected) = self.case.amount(row, key)? {
                    self.check(format!("{key} at {rate} %"), expected, found);
                }
            }
        }
        Ok(())
    }

    fn applied_codes(&self) -> Vec<&'a str> {
        let adjustments = self.priced.quote.rows("/adjustments").iter();
        let mut codes: Vec<_> =
            adjustments.filter_map(|it| self.origin(it).map(|(code, _)| code)).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    fn applied(&mut self) -> Result<(), Gap> {
        let mut expected = texts(self.expected(), "applied")?;
        expected.sort_unstable();
        expected.dedup();
        let found = self.applied_codes();
        if expected != found {
            self.comparison.add("applied", expected.join(", "), found.join(", "));
        }
        Ok(())
    }

    fn rejected(&mut self) -> Result<(), Gap> {
        let found = self.applied_codes();
        for code in texts(self.expected(), "rejected")? {
            if found.contains(&code) {
                self.comparison.add("rejected", code, "applied");
            }
        }
        Ok(())
    }
}
