//! Sentences for people, out of one catalogue file per language.

use serde::{Deserialize, Serialize};

use super::{Argument, Arguments, Code, Issue};
use crate::{
    currency::Currency,
    json::{FromJson, ToJson},
    money::Amount,
};

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum Language {
    /// English, `en`.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese, `zh`.
    #[serde(rename = "zh")]
    Chinese,
}

/// Whether sentences for the reasons against rules are in this build.
const HAS_REASONS: bool = cfg!(not(target_family = "wasm"));

/// Whether the texts of notices to customers are in this build: the server sends them.
const HAS_NOTICES: bool = cfg!(not(target_family = "wasm"));

/// The sentence or word of a key.
///
/// A catalogue has one entry a line, so looking for its line takes microseconds and needs no table.
fn sentence(language: Language, key: &str) -> Option<String> {
    let of_key = |line: &'static str| {
        line.trim_start().strip_prefix('"')?.strip_prefix(key)?.strip_prefix("\":")
    };
    let lines = catalogues(language).into_iter().flat_map(str::lines);
    let value = lines.into_iter().find_map(of_key)?.trim().trim_end_matches(',');
    crate::json::read(value.as_bytes()).ok()
}

/// The catalogues of a language.
///
/// The module that only prices has the sentences of what it finds itself and of what an order that is sent can be refused with.
/// It explains nothing, checks no rules before they are saved and serves no order, and goes without those sentences. In a
/// browser the reasons against rules are in the package's scripts, where only who mends rules loads them.
fn catalogues(language: Language) -> [&'static str; 5] {
    let all = cfg!(feature = "desk");
    match language {
        Language::English => [
            include_str!("../../messages/en.json"),
            if all { include_str!("../../messages/desk.en.json") } else { "" },
            if all { include_str!("../../messages/explain.en.json") } else { "" },
            if HAS_REASONS { include_str!("../../messages/reasons.en.json") } else { "" },
            if HAS_NOTICES { include_str!("../../messages/notice.en.json") } else { "" },
        ],
        Language::Chinese => [
            include_str!("../../messages/zh.json"),
            if all { include_str!("../../messages/desk.zh.json") } else { "" },
            if all { include_str!("../../messages/explain.zh.json") } else { "" },
            if HAS_REASONS { include_str!("../../messages/reasons.zh.json") } else { "" },
            if HAS_NOTICES { include_str!("../../messages/notice.zh.json") } else { "" },
        ],
    }
}

pub(super) fn render(issue: &Issue, language: Language) -> String {
    match sentence(language, issue.code.as_str()) {
        Some(template) => fill(&reasoned(template, issue, language), &issue.args, language),
        None => issue.code.as_str().to_owned(),
    }
}

/// The template with the sentence of the reason in its gap, where the reason is a word of the catalogue and not what somebody
/// typed.
fn reasoned(template: String, issue: &Issue, language: Language) -> String {
    let is_word = matches!(issue.code, Code::RulesetInvalid | Code::PatternInvalid);
    let reason = match issue.args.get("reason") {
        Some(Argument::Text(word)) if is_word && HAS_REASONS => {
            sentence(language, &format!("reason.{word}"))
        }
        _ => None,
    };
    match reason {
        Some(reason) => template.replace("{reason}", &reason),
        None => template,
    }
}

/// The sentence of a key with its gaps open; an unknown key is its own, so that it is seen.
pub(crate) fn template(key: &str, language: Language) -> String {
    sentence(language, key).unwrap_or_else(|| key.to_owned())
}

/// Replaces `{key}` by the argument `key`; an unknown key stays as it is, so that it is seen.
pub(crate) fn fill(template: &str, args: &Arguments, language: Language) -> String {
    let mut sentence = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        join(&mut sentence, before, language);
        let Some((key, tail)) = after.split_once('}') else {
            sentence.push('{');
            rest = after;
            continue;
        };
        match named(key, args, language) {
            Some(argument) => join(&mut sentence, &show(key, argument, args, language), language),
            None => {
                sentence.push('{');
                sentence.push_str(key);
                sentence.push('}');
            }
        }
        rest = tail;
    }
    join(&mut sentence, rest, language);
    sentence
}

/// The argument of a key; in Chinese the one of `<key>Zh`, where a name has that form.
fn named<'a>(key: &str, args: &'a Arguments, language: Language) -> Option<&'a Argument> {
    let chinese = || args.iter().find(|(own, _)| own.strip_suffix("Zh") == Some(key));
    let named = if language == Language::Chinese { chinese() } else { None };
    named.map(|(_, argument)| argument).or_else(|| args.get(key))
}

/// Adds a part. In Chinese one space stands between characters and Latin letters or digits, and none between characters,
/// whatever the names in the gaps are.
fn join(sentence: &mut String, part: &str, language: Language) {
    let mut part = part;
    if language == Language::Chinese {
        let is_chinese = |letter: char| ('\u{3000}'..='\u{ffef}').contains(&letter);
        let is_word = |letter: char| ('\u{3400}'..='\u{9fff}').contains(&letter);
        let ends = |text: &str| text.chars().next_back().unwrap_or_default();
        let starts = |text: &str| text.chars().next().unwrap_or_default();
        let (before, after) = (ends(sentence), starts(part));
        if is_word(before) && after.is_ascii_alphanumeric()
            || before.is_ascii_alphanumeric() && is_word(after)
        {
            sentence.push(' ');
        } else if before == ' ' && is_chinese(after) && is_chinese(ends(sentence.trim_end())) {
            sentence.pop();
        } else if is_chinese(before) && is_chinese(starts(part.trim_start())) {
            part = part.trim_start();
        }
    }
    sentence.push_str(part);
}

fn show(key: &str, argument: &Argument, args: &Arguments, language: Language) -> String {
    match argument {
        Argument::Text(text)
            if matches!(key, "status" | "role" | "open" | "hold" | "step" | "period") =>
        {
            sentence(language, &format!("word.{text}")).unwrap_or_else(|| text.clone())
        }
        Argument::Text(text) => text.clone(),
        Argument::Integer(minor) if key.ends_with("Minor") => {
            let currency = match args.get("currency") {
                Some(Argument::Text(code)) => Currency::parse(code),
                _ => None,
            };
            match (currency, Amount::new(*minor)) {
                (Some(currency), Ok(amount)) => format!("{} {currency}", amount.display(currency)),
                _ => minor.to_string(),
            }
        }
        Argument::Integer(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn both_catalogues_have_a_sentence_with_the_same_arguments_for_every_code() {
        let keys = |template: &str| {
            let mut keys: Vec<String> = template
                .split('{')
                .skip(1)
                .map(|part| part.split('}').next().unwrap().to_owned())
                .collect();
            keys.sort();
            keys
        };
        let catalogue = |language| -> BTreeMap<String, String> {
            let read =
                |text: &str| -> BTreeMap<String, String> { serde_json::from_str(text).unwrap() };
            catalogues(language).into_iter().flat_map(read).collect()
        };
        let english = catalogue(Language::English);
        let chinese = catalogue(Language::Chinese);
        for (key, text) in &english {
            assert_eq!(sentence(Language::English, key).as_ref(), Some(text));
            let other = chinese.get(key).unwrap_or_else(|| panic!("zh.json lacks {key}"));
            assert_eq!(keys(text), keys(other), "{key}: the languages differ in their arguments");
        }
        for code in Code::ALL {
            assert!(english.contains_key(code.as_str()), "en.json lacks {code}");
        }
        assert!(english.keys().eq(chinese.keys()), "the languages differ in their keys");
        let known = |key: &String| {
            Code::parse(key).is_some()
                || ["word.", "trace.", "offer.", "example.", "reason.", "notice."]
                    .iter()
                    .any(|it| key.starts_with(it))
        };
        assert!(english.keys().all(known), "a sentence without code");
    }

    #[test]
    fn a_reason_is_a_sentence_in_both_languages() {
        let issue = Issue::new(Code::RulesetInvalid, "/shippingMethods/0/zones/0")
            .with("reason", "unknown")
            .with("name", "alps");
        assert_eq!(
            issue.message(Language::English),
            "The shop rules are not usable: there is no “alps”."
        );
        assert_eq!(issue.message(Language::Chinese), "店铺规则不可用：没有“alps”。");
        let typed = Issue::new(Code::AdjustmentInvalid, "").with("reason", "unknown");
        assert!(typed.message(Language::English).contains("unknown"));
    }

    #[test]
    fn money_is_shown_in_major_units_of_its_currency() {
        let issue = Issue::new(Code::PriceChanged, "")
            .with("shownMinor", 1_250_i64)
            .with("nowMinor", 1_300_i64)
            .with("currency", "EUR");
        assert_eq!(
            issue.message(Language::English),
            "The price has changed from 12.50 EUR to 13.00 EUR. Please check it and order again."
        );
        assert_eq!(
            issue.message(Language::Chinese),
            "价格已由 12.50 EUR 变为 13.00 EUR，请确认后重新下单。"
        );
    }
}
