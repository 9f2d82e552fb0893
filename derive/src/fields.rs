//! Named fields, of a struct or of a variant.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Field, FieldsNamed, Ident, Result, Type};

use crate::{
    attributes::{FieldNote, Side},
    case::Case,
};

/// More fields than a mask has bits cannot be followed.
const MAXIMUM: usize = 64;

/// The named fields of a struct or variant, in their order.
pub(crate) struct FieldSet {
    /// Those that are read.
    read: Vec<Named>,
    /// Those that are not, with their value.
    skipped: Vec<(Ident, TokenStream)>,
    /// All fields hold defaults before they are read.
    prefilled: bool,
}

struct Named {
    ident: Ident,
    name: String,
    missing: Missing,
}

/// What a missing field means.
enum Missing {
    Refused,
    /// The blank value is the value.
    Blank,
    Value(TokenStream),
}

impl FieldSet {
    /// The fields in their `case`; a missing one is that of the type's default where all are `prefilled` with it.
    pub(crate) fn of(fields: &FieldsNamed, case: Option<Case>, prefilled: bool) -> Result<Self> {
        let mut set = Self { read: Vec::new(), skipped: Vec::new(), prefilled };
        for field in &fields.named {
            let Some(ident) = field.ident.clone() else { continue };
            let note = FieldNote::of(&field.attrs, Side::Reading)?;
            if note.skipped {
                let usual = quote!(::core::default::Default::default());
                set.skipped.push((ident, note.default.unwrap_or(usual)));
                continue;
            }
            let name = note.rename.clone().unwrap_or_else(|| Case::spell_field(case, &ident));
            set.read.push(Named { ident, name, missing: missing(field, note, prefilled) });
        }
        match fields.named.iter().nth(MAXIMUM) {
            Some(field) => Err(Error::new_spanned(field, "FromJson reads at most 64 fields")),
            None => Ok(set),
        }
    }

    /// The table of the fields.
    pub(crate) fn object(&self, closed: bool) -> TokenStream {
        let names = self.read.iter().map(|field| &field.name);
        let required = self.mask(|missing| matches!(missing, Missing::Refused));
        let defaults = self.mask(|missing| matches!(missing, Missing::Value(_)));
        quote! {
            Object { names: &[#(#names),*], required: #required, defaults: #defaults, closed: #closed }
        }
    }

    fn mask(&self, has: impl Fn(&Missing) -> bool) -> u64 {
        let bits = self.read.iter().zip(0_u32..).filter(|(field, _)| has(&field.missing));
        bits.fold(0, |mask, (_, bit)| mask | 1_u64.wrapping_shl(bit))
    }

    /// The body of a blank value, behind the name of the struct or variant.
    pub(crate) fn blank(&self) -> TokenStream {
        let read = self.read.iter().map(|field| &field.ident);
        let (skipped, values): (Vec<_>, Vec<_>) = self.skipped.iter().cloned().unzip();
        quote!({ #(#read: FromJson::blank(),)* #(#skipped: #values,)* })
    }

    /// The name in Rust of the field at a position of the table.
    pub(crate) fn name(&self, at: usize) -> Option<&Ident> {
        self.read.get(at).map(|field| &field.ident)
    }

    /// All names in Rust, by their positions.
    pub(crate) fn names(&self) -> impl Iterator<Item = (usize, &Ident)> {
        self.read.iter().map(|field| &field.ident).enumerate()
    }

    /// The names in Rust of fields that are set when they are missing, by their positions.
    pub(crate) fn defaults(&self) -> impl Iterator<Item = (usize, &Ident)> {
        let set = |missing: &Missing| matches!(missing, Missing::Value(_));
        let fields = self.read.iter().enumerate().filter(move |(_, field)| set(&field.missing));
        fields.map(|(at, field)| (at, &field.ident))
    }

    /// Reads the field of `index`, where `place` gives the mutable reference to a field.
    pub(crate) fn field(&self, place: impl Fn(usize) -> TokenStream) -> TokenStream {
        let Some(last) = self.read.len().checked_sub(1) else {
            return quote! {
                let _ = (index, reader);
                Ok(())
            };
        };
        let read = |at: usize| {
            let place = place(at);
            if self.prefilled {
                // A value that is read into must be blank.
                return quote!({
                    let place = #place;
                    *place = FromJson::blank();
                    FromJson::read(place, reader)
                });
            }
            quote!(FromJson::read(#place, reader))
        };
        if last == 0 {
            let only = read(0);
            return quote! {
                let _ = index;
                #only
            };
        }
        let arms = (0..last).map(|at| {
            let read = read(at);
            quote!(#at => #read,)
        });
        let rest = read(last);
        quote!(match index { #(#arms)* _ => #rest })
    }

    /// Sets the missing field of `index`; nothing if none has to be set.
    pub(crate) fn absent(&self, place: impl Fn(usize) -> TokenStream) -> Option<TokenStream> {
        let arms: Vec<TokenStream> = (self.read.iter().enumerate())
            .filter_map(|(at, field)| match &field.missing {
                Missing::Value(value) => {
                    let place = place(at);
                    Some(quote!(#at => *#place = #value,))
                }
                Missing::Refused | Missing::Blank => None,
            })
            .collect();
        (!arms.is_empty()).then(|| quote!(match index { #(#arms)* _ => {} }))
    }
}

fn missing(field: &Field, note: FieldNote, prefilled: bool) -> Missing {
    let has_path = note.default.as_ref().is_some_and(|value| !is_plain(value));
    match note.default {
        Some(value) if has_path || !is_blank_by_default(&field.ty) => Missing::Value(value),
        Some(_) => Missing::Blank,
        None if prefilled || type_name(&field.ty) == "Option" => Missing::Blank,
        None => Missing::Refused,
    }
}

/// Whether a default is that of the type and no function of its own.
fn is_plain(value: &TokenStream) -> bool {
    value.to_string() == quote!(::core::default::Default::default()).to_string()
}

/// The types whose blank value is their default; others may be so too, and are set all the same.
fn is_blank_by_default(kind: &Type) -> bool {
    const KNOWN: [&str; 12] = [
        "Option", "Vec", "String", "bool", "i32", "i64", "u8", "u16", "u32", "u64", "usize",
        "BTreeMap",
    ];
    KNOWN.contains(&type_name(kind).as_str())
}

/// The last word of a type's path: `Option` of `core::option::Option<T>`.
fn type_name(kind: &Type) -> String {
    match kind {
        Type::Path(path) => path.path.segments.last().map(|it| it.ident.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}
