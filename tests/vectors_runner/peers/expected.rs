//! What a case expects, word by word, against what the engine answered.

use serde_json::Value;

use super::{
    case::{Case, rows, text, texts},
    discounts,
    figures::{Figures, Part},
    order::Priced,
    tax_rows,
};
use crate::vectors_runner::{
    engine::Engine,
    exact::Exact,
    outcome::{Comparison, Gap, Outcome},
};

pub fn compare(case: Case<'_>, priced: &Priced<'_>, engine: &Engine) -> Outcome {
    let expected = match &case.value["expected"] {
        Value::Object(expected) => expected,
        _ => return Err(Gap::malformed("no expected")),
    };
    let figures = Figures { case, priced, engine };
    let mut judge = Judge { case, figures, comparison: Comparison::default() };
    for field in expected.keys() {
        let word = field.strip_suffix("_minor").unwrap_or(field);
        match word {
            "lines" => judge.lines()?,
            "shipping" => judge.shipping()?,
            "discounts" => discounts::rows_of(&mut judge)?,
            "tax_lines" | "tax_by_rate" => {
                let expected = &case.value["expected"];
                tax_rows::compare(&mut judge, expected, word, &priced.quote)?;
            }
            "applied" => discounts::applied(&mut judge)?,
            "rejected" => discounts::rejected(&mut judge)?,
            "shipping_tax_parts" => judge.shipping_tax_parts()?,
            "shipping_tax_rate_percent" => tax_rows::shipping_rate(&mut judge)?,
            _ => judge.order_word(word)?,
        }
    }
    judge.comparison.finish()
}

/// A word of a row, and the figure that is expected of it.
type Word<'p> = (&'p str, Result<Exact, Gap>);

/// Compares figure by figure.
pub struct Judge<'p> {
    pub case: Case<'p>,
    pub figures: Figures<'p>,
    pub comparison: Comparison,
}

impl<'p> Judge<'p> {
    pub fn expected(&self) -> &'p Value {
        &self.case.value["expected"]
    }

    pub fn check(&mut self, figure: String, expected: Exact, found: Exact) {
        self.comparison.within(figure, expected, found, self.case.tolerance());
    }

    fn order_word(&mut self, word: &str) -> Result<(), Gap> {
        let expected = self.case.required(self.expected(), word);
        let (part, rest) = match word.split_once('_') {
            Some((part @ ("items" | "shipping" | "fees"), rest)) => (part, rest),
            _ => ("total", word),
        };
        let amounts = self.figures.part(part)?;
        let found = match amounts.word(rest) {
            Some(found) => Some(found),
            None if part == "total" => self.total_word(amounts, word)?,
            None => None,
        };
        let found = found.ok_or_else(|| Gap::not_covered(format!("figure {word}")))?;
        self.check(word.to_owned(), expected?, found);
        Ok(())
    }

    fn total_word(&self, total: Part, word: &str) -> Result<Option<Exact>, Gap> {
        let quote = &self.figures.priced.quote;
        let payable = quote.amount("/totals/payableMinor", self.case.unit_digits);
        Ok(Some(match word {
            "total_net" => total.now.net,
            "tax_total" => total.now.tax,
            "tax_added" => self.figures.tax_of(false),
            "tax_included" => self.figures.tax_of(true),
            // Credit comes off the total after tax: it is what was paid before.
            "grand_total" => payable,
            "credit_total" => total.now.gross.minus(payable),
            "discount_total" => match self.case.prices_include_tax() {
                true => total.discount.gross,
                false => total.discount.net,
            },
            "order_discount" => discounts::order_discount(&self.figures),
            _ => return Ok(None),
        }))
    }

    fn lines(&mut self) -> Result<(), Gap> {
        let mut taken = Vec::new();
        for row in rows(self.expected(), "lines")? {
            let at = self.line(row, &taken)?;
            taken.push(at);
            let part = self.figures.line(at)?;
            let name = format!("line {}", at + 1);
            for (word, expected) in self.words(row)? {
                if word == "unit_discounts" {
                    self.unit_discounts(row, at, &name)?;
                    continue;
                }
                let found = match part.word(word) {
                    Some(found) => Some(found),
                    None => self.line_word(at, word)?,
                };
                let found =
                    found.ok_or_else(|| Gap::not_covered(format!("figure {word} of a line")))?;
                self.check(format!("{name} {word}"), expected?, found);
            }
        }
        Ok(())
    }

    fn line_word(&self, at: usize, word: &str) -> Result<Option<Exact>, Gap> {
        let figures = &self.figures;
        let digits = self.case.unit_digits;
        Ok(match word {
            "unit_net" | "unit_gross" => {
                let unit = figures.priced.unit(figures.engine, at)?;
                let field = if word == "unit_net" { "netMinor" } else { "grossMinor" };
                Some(unit.amount(&format!("/lines/0/{field}"), digits))
            }
            "unit_price" if !self.case.is_fine() => {
                let price = figures.priced.quote.0.pointer(&format!("/lines/{at}/unitPrice"));
                price.and_then(Exact::from_json)
            }
            "unit_price_after_promotion" => figures.unit_after(at, |it| !it.of_order),
            "unit_price_final" | "discounted_unit_price" => figures.unit_after(at, |_| true),
            "item_discount_gross" => {
                let taken = figures.taken(at, |it| !it.of_order);
                Some(figures.taxed(&[(at, taken)])?.gross)
            }
            _ => None,
        })
    }

    /// The words of a row with what it expects.
    fn words(&self, row: &'p Value) -> Result<Vec<Word<'p>>, Gap> {
        let fields = row.as_object().ok_or_else(|| Gap::malformed("a row is not an object"))?;
        let words = fields.keys().map(|field| field.strip_suffix("_minor").unwrap_or(field));
        let words = words.filter(|word| *word != "sku");
        Ok(words.map(|word| (word, self.case.required(row, word))).collect())
    }

    fn unit_discounts(&mut self, row: &Value, at: usize, name: &str) -> Result<(), Gap> {
        let expected = self.case.amounts(row, "unit_discounts")?;
        let found = self.figures.unit_discounts(at);
        if expected.len() != found.len() {
            self.comparison.add(format!("{name} units"), expected.len(), found.len());
        }
        for (place, (expected, found)) in expected.into_iter().zip(found).enumerate() {
            self.check(format!("{name} unit {}", place + 1), expected, found);
        }
        Ok(())
    }

    /// The position of the line that a row speaks of: the first of its SKU that is not taken.
    pub fn line(&self, row: &Value, taken: &[usize]) -> Result<usize, Gap> {
        let sku = text(row, "sku")?;
        let mut lines = self.figures.priced.lines.iter().enumerate();
        let found = lines.find(|(at, line)| line.row["sku"] == sku && !taken.contains(at));
        found.map(|(at, _)| at).ok_or_else(|| Gap::not_covered("a line that the engine would add"))
    }

    fn shipping(&mut self) -> Result<(), Gap> {
        let expected = rows(self.expected(), "shipping")?;
        let shipments: Vec<usize> = self.shipments();
        for (place, row) in expected.iter().enumerate() {
            let part = match shipments.get(place) {
                Some(_) if !row["sku"].is_null() => self.figures.line(self.line(row, &[])?)?,
                Some(at) => self.figures.line(*at)?,
                None => self.figures.part("shipping")?,
            };
            for (word, amount) in self.words(row)? {
                if word == "tax_by_rate" {
                    tax_rows::of_shipping(self, row, part)?;
                    continue;
                }
                let found = part.word(word);
                let found =
                    found.ok_or_else(|| Gap::not_covered(format!("figure {word} of shipping")))?;
                self.check(format!("shipping {word}"), amount?, found);
            }
        }
        Ok(())
    }

    fn shipments(&self) -> Vec<usize> {
        let lines = self.figures.priced.lines.iter().enumerate();
        lines.filter(|(_, line)| line.is_shipment).map(|(at, _)| at).collect()
    }

    fn shipping_tax_parts(&mut self) -> Result<(), Gap> {
        let expected = self.case.amounts(self.expected(), "shipping_tax_parts")?;
        for (at, expected) in self.shipments().into_iter().zip(expected) {
            let found = self.figures.line(at)?.now.tax;
            self.check(format!("tax of shipment {}", at + 1), expected, found);
        }
        Ok(())
    }

    pub fn texts(&self, key: &str) -> Result<Vec<&'p str>, Gap> {
        texts(self.expected(), key)
    }
}
