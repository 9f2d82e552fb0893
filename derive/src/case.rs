//! The spelling of names: from Rust's to that of the documents.

use syn::{Ident, LitStr, Result, meta::ParseNestedMeta};

/// How names are spelled in documents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// `camelCase`
    Camel,
    /// `snake_case`
    Snake,
    /// `kebab-case`
    Kebab,
    /// `lowercase`
    Lower,
}

impl Case {
    /// The value of an attribute such as `rename_all = "camelCase"`.
    pub(crate) fn parse(meta: &ParseNestedMeta<'_>) -> Result<Self> {
        match meta.value()?.parse::<LitStr>()?.value().as_str() {
            "camelCase" => Ok(Self::Camel),
            "snake_case" => Ok(Self::Snake),
            "kebab-case" => Ok(Self::Kebab),
            "lowercase" => Ok(Self::Lower),
            _ => Err(meta.error("FromJson does not know this spelling")),
        }
    }

    /// The name of a field in the document.
    pub(crate) fn spell_field(case: Option<Self>, ident: &Ident) -> String {
        let own = ident.to_string();
        let own = own.strip_prefix("r#").unwrap_or(&own);
        case.map_or_else(|| own.to_owned(), |case| case.field(own))
    }

    /// The name of a variant in the document.
    pub(crate) fn spell_variant(case: Option<Self>, ident: &Ident) -> String {
        let own = ident.to_string();
        case.map_or_else(|| own.clone(), |case| case.variant(&own))
    }

    /// A field's name, which is `snake_case` in Rust.
    fn field(self, name: &str) -> String {
        match self {
            Self::Snake | Self::Lower => name.to_owned(),
            Self::Kebab => name.replace('_', "-"),
            Self::Camel => {
                let mut words = name.split('_');
                let first = words.next().unwrap_or_default().to_owned();
                words.fold(first, |name, word| name + &capital(word))
            }
        }
    }

    /// A variant's name, which is `PascalCase` in Rust.
    fn variant(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_ascii_lowercase(),
            Self::Camel => match name.split_at_checked(1) {
                Some((first, rest)) => first.to_ascii_lowercase() + rest,
                None => name.to_owned(),
            },
            Self::Snake => separated(name, '_'),
            Self::Kebab => separated(name, '-'),
        }
    }
}

fn capital(word: &str) -> String {
    match word.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_uppercase() + rest,
        None => word.to_owned(),
    }
}

fn separated(name: &str, between: char) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push(between);
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Case::{Camel, Kebab, Lower, Snake};

    #[test]
    fn spells_as_serde_does() {
        let fields = [Camel, Snake, Kebab, Lower].map(|case| case.field("starts_at_ms"));
        assert_eq!(fields, ["startsAtMs", "starts_at_ms", "starts-at-ms", "starts_at_ms"]);
        let variants = [Camel, Snake, Kebab, Lower].map(|case| case.variant("LineFixed"));
        assert_eq!(variants, ["lineFixed", "line_fixed", "line-fixed", "linefixed"]);
    }
}
