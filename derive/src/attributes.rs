//! The attributes `#[serde(…)]` that say how a type is read and written.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Error, LitStr, Path, Result,
    meta::ParseNestedMeta,
    token::{Eq, Paren},
};

use crate::case::Case;

/// What a derive is for: it passes over the attributes of the other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Reading,
    Writing,
}

/// What is said of a whole type.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) rename_all: Option<Case>,
    pub(crate) rename_all_fields: Option<Case>,
    /// Unknown fields are refused.
    pub(crate) closed: bool,
    /// Missing fields are those of the type's default.
    pub(crate) default: bool,
    /// The field that names the variant.
    pub(crate) tag: Option<String>,
    /// A variant is its content alone.
    pub(crate) untagged: bool,
}

/// What is said of a variant.
#[derive(Default)]
pub(crate) struct VariantNote {
    pub(crate) rename: Option<String>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) skipped: bool,
    /// The type's default, which needs no memory.
    pub(crate) is_default: bool,
}

/// What is said of a field.
#[derive(Default)]
pub(crate) struct FieldNote {
    pub(crate) rename: Option<String>,
    /// What a missing field is, if it may be missing.
    pub(crate) default: Option<TokenStream>,
    pub(crate) skipped: bool,
    /// The function that says whether a value is left out.
    pub(crate) skipped_if: Option<Path>,
}

impl Container {
    pub(crate) fn of(attributes: &[Attribute], side: Side) -> Result<Self> {
        let mut found = Self::default();
        each(attributes, |meta| {
            match word(meta).as_str() {
                "rename_all" => found.rename_all = Some(Case::parse(meta)?),
                "rename_all_fields" => found.rename_all_fields = Some(Case::parse(meta)?),
                "deny_unknown_fields" => found.closed = true,
                "default" if !meta.input.peek(Eq) => found.default = true,
                "tag" => found.tag = Some(text(meta)?),
                "untagged" if side == Side::Writing => found.untagged = true,
                "transparent" => {}
                _ => return side.passes_over(meta),
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl VariantNote {
    pub(crate) fn of(attributes: &[Attribute], side: Side) -> Result<Self> {
        let is_default = attributes.iter().any(|it| it.path().is_ident("default"));
        let mut found = Self { is_default, ..Self::default() };
        each(attributes, |meta| {
            match word(meta).as_str() {
                "rename" => found.rename = Some(text(meta)?),
                "rename_all" => found.rename_all = Some(Case::parse(meta)?),
                word if side.skips(word) => found.skipped = true,
                _ => return side.passes_over(meta),
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl FieldNote {
    pub(crate) fn of(attributes: &[Attribute], side: Side) -> Result<Self> {
        let mut found = Self::default();
        each(attributes, |meta| {
            match word(meta).as_str() {
                "rename" => found.rename = Some(text(meta)?),
                "default" if meta.input.peek(Eq) => {
                    let path = path(meta)?;
                    found.default = Some(quote!(#path()));
                }
                "default" => found.default = Some(quote!(::core::default::Default::default())),
                "skip_serializing_if" => found.skipped_if = Some(path(meta)?),
                word if side.skips(word) => found.skipped = true,
                _ => return side.passes_over(meta),
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl Side {
    fn skips(self, word: &str) -> bool {
        match self {
            Self::Reading => matches!(word, "skip" | "skip_deserializing"),
            Self::Writing => matches!(word, "skip" | "skip_serializing"),
        }
    }

    /// Passes over what only matters for the other side. All else changes the document in a way that is not known here.
    fn passes_over(self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let others: &[&str] = match self {
            Self::Reading => &["skip_serializing", "serialize_with", "into"],
            Self::Writing => &["skip_deserializing", "deserialize_with", "try_from", "from"],
        };
        if !others.contains(&word(meta).as_str()) || meta.input.peek(Paren) {
            return Err(unknown(meta));
        }
        if meta.input.peek(Eq) {
            text(meta)?;
        }
        Ok(())
    }
}

fn unknown(meta: &ParseNestedMeta<'_>) -> Error {
    meta.error("this attribute is not known here: implement FromJson or ToJson by hand")
}

fn each(
    attributes: &[Attribute],
    mut take: impl FnMut(&ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    for attribute in attributes.iter().filter(|it| it.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| take(&meta))?;
    }
    Ok(())
}

fn word(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(ToString::to_string).unwrap_or_default()
}

fn text(meta: &ParseNestedMeta<'_>) -> Result<String> {
    Ok(meta.value()?.parse::<LitStr>()?.value())
}

fn path(meta: &ParseNestedMeta<'_>) -> Result<Path> {
    meta.value()?.parse::<LitStr>()?.parse()
}
