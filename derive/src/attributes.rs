//! The attributes `#[serde(…)]` that say how a type is read.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, LitStr, Path, Result,
    meta::ParseNestedMeta,
    token::{Eq, Paren},
};

use crate::case::Case;

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
}

impl Container {
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        each(attributes, |meta| {
            match word(meta).as_str() {
                "rename_all" => found.rename_all = Some(Case::parse(meta)?),
                "rename_all_fields" => found.rename_all_fields = Some(Case::parse(meta)?),
                "deny_unknown_fields" => found.closed = true,
                "default" if !meta.input.peek(Eq) => found.default = true,
                "tag" => found.tag = Some(text(meta)?),
                "transparent" => {}
                _ => return for_writing(meta),
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl VariantNote {
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let is_default = attributes.iter().any(|it| it.path().is_ident("default"));
        let mut found = Self { is_default, ..Self::default() };
        each(attributes, |meta| {
            match word(meta).as_str() {
                "rename" => found.rename = Some(text(meta)?),
                "rename_all" => found.rename_all = Some(Case::parse(meta)?),
                "skip" | "skip_deserializing" => found.skipped = true,
                _ => return for_writing(meta),
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl FieldNote {
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        each(attributes, |meta| {
            match word(meta).as_str() {
                "rename" => found.rename = Some(text(meta)?),
                "default" if meta.input.peek(Eq) => {
                    let path = meta.value()?.parse::<LitStr>()?.parse::<Path>()?;
                    found.default = Some(quote!(#path()));
                }
                "default" => found.default = Some(quote!(::core::default::Default::default())),
                "skip" | "skip_deserializing" => found.skipped = true,
                _ => return for_writing(meta),
            }
            Ok(())
        })?;
        Ok(found)
    }
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

/// Passes over what only matters for writing. All else changes how a type is read, in a way that is not known here.
fn for_writing(meta: &ParseNestedMeta<'_>) -> Result<()> {
    let known = ["skip_serializing_if", "skip_serializing", "serialize_with", "into"];
    if !known.contains(&word(meta).as_str()) || meta.input.peek(Paren) {
        return Err(meta.error("FromJson does not know this attribute: implement it by hand"));
    }
    if meta.input.peek(Eq) {
        text(meta)?;
    }
    Ok(())
}
