//! Enums: names alone, or variants with content.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DataEnum, DeriveInput, Error, Fields, Ident, Result};

use crate::{
    attributes::{Container, Side, VariantNote},
    case::Case,
    fields::FieldSet,
};

/// A variant that can be read.
struct Reading {
    ident: Ident,
    name: String,
    content: Kind,
    is_default: bool,
}

enum Kind {
    Nothing,
    Value,
    Fields(FieldSet),
}

pub(crate) fn implement(
    input: &DeriveInput,
    container: &Container,
    data: &DataEnum,
) -> Result<TokenStream> {
    let variants = variants(container, data)?;
    let Some(blank) = blank(&variants) else {
        return Err(Error::new_spanned(&input.ident, "FromJson needs a variant"));
    };
    let only_names = variants.iter().all(|variant| matches!(variant.content, Kind::Nothing));
    if only_names && container.tag.is_none() {
        return Ok(choice(input, &variants, blank));
    }
    tables(input, container, &variants, blank)
}

fn variants(container: &Container, data: &DataEnum) -> Result<Vec<Reading>> {
    let mut found = Vec::new();
    for variant in &data.variants {
        let note = VariantNote::of(&variant.attrs, Side::Reading)?;
        if note.skipped {
            continue;
        }
        let spelled = || Case::spell_variant(container.rename_all, &variant.ident);
        let name = note.rename.clone().unwrap_or_else(spelled);
        let content = match &variant.fields {
            Fields::Unit => Kind::Nothing,
            Fields::Named(fields) => {
                let case = note.rename_all.or(container.rename_all_fields);
                Kind::Fields(FieldSet::of(fields, case, false)?)
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 && container.tag.is_none() => {
                Kind::Value
            }
            Fields::Unnamed(fields) => {
                let why = "FromJson needs named fields here, or a single one and no tag";
                return Err(Error::new_spanned(fields, why));
            }
        };
        let ident = variant.ident.clone();
        found.push(Reading { ident, name, content, is_default: note.is_default });
    }
    Ok(found)
}

/// The variant that a blank value is: the default one, or one that needs no memory.
fn blank(variants: &[Reading]) -> Option<&Reading> {
    let is_empty = |variant: &&Reading| match &variant.content {
        Kind::Nothing => true,
        Kind::Value => false,
        Kind::Fields(set) => set.names().next().is_none(),
    };
    let by_default = variants.iter().find(|variant| variant.is_default);
    by_default.or_else(|| variants.iter().find(is_empty)).or(variants.first())
}

/// The arms of a `match` over positions, the last of them for all others.
fn arms(bodies: impl ExactSizeIterator<Item = TokenStream>) -> TokenStream {
    let last = bodies.len().saturating_sub(1);
    let arms = bodies.enumerate().map(|(at, body)| {
        let pattern = if at == last { quote!(_) } else { quote!(#at) };
        quote!(#pattern => #body,)
    });
    quote!(#(#arms)*)
}

/// An enum of names.
fn choice(input: &DeriveInput, variants: &[Reading], blank: &Reading) -> TokenStream {
    let (name, blank) = (&input.ident, &blank.ident);
    let names = variants.iter().map(|variant| &variant.name);
    let arms = arms(variants.iter().map(|variant| {
        let ident = &variant.ident;
        quote!(Self::#ident)
    }));
    quote! {
        impl FromJson for #name {
            fn blank() -> Self {
                Self::#blank
            }
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
                static NAMES: &[&str] = &[#(#names),*];
                *self = match reader.choice(NAMES)? { #arms };
                Ok(())
            }
        }
    }
}

/// An enum with content.
fn tables(
    input: &DeriveInput,
    container: &Container,
    variants: &[Reading],
    blank: &Reading,
) -> Result<TokenStream> {
    let name = &input.ident;
    let table = variants.iter().map(|variant| entry(variant, container));
    let choose = arms(variants.iter().map(Reading::blank));
    let field = variants.iter().map(Reading::read);
    let absent: Vec<TokenStream> = variants.iter().filter_map(Reading::absent).collect();
    let absent = (!absent.is_empty()).then(|| {
        quote! {
            fn absent(&mut self, index: usize) {
                match self { #(#absent)* _ => {} }
            }
        }
    });
    let skipped = (variants.len() < variants_of(input)).then(|| quote!(_ => Ok(()),));
    let blank = blank.blank();
    let read = match &container.tag {
        Some(tag) => quote!(reader.tagged(self, #tag, VARIANTS)),
        None => quote!(reader.variant(self, VARIANTS)),
    };
    Ok(quote! {
        static VARIANTS: &[Variant] = &[#(#table),*];
        impl Fields for #name {
            fn choose(&mut self, variant: usize) {
                *self = match variant { #choose };
            }
            fn field(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Stop> {
                match self { #(#field)* #skipped }
            }
            #absent
        }
        impl FromJson for #name {
            fn blank() -> Self {
                #blank
            }
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
                #read
            }
        }
    })
}

fn variants_of(input: &DeriveInput) -> usize {
    match &input.data {
        syn::Data::Enum(data) => data.variants.len(),
        _ => 0,
    }
}

fn entry(variant: &Reading, container: &Container) -> TokenStream {
    let name = &variant.name;
    let content = match &variant.content {
        Kind::Nothing => quote!(Content::Nothing),
        Kind::Value => quote!(Content::Value),
        Kind::Fields(set) => {
            let object = set.object(container.closed);
            quote!(Content::Object(#object))
        }
    };
    quote!(Variant { name: #name, content: #content })
}

impl Reading {
    fn blank(&self) -> TokenStream {
        let ident = &self.ident;
        match &self.content {
            Kind::Nothing => quote!(Self::#ident),
            Kind::Value => quote!(Self::#ident(FromJson::blank())),
            Kind::Fields(set) => {
                let fields = set.blank();
                quote!(Self::#ident #fields)
            }
        }
    }

    /// The arm that reads a field of this variant.
    fn read(&self) -> TokenStream {
        let ident = &self.ident;
        match &self.content {
            Kind::Nothing => quote!(Self::#ident => Ok(()),),
            Kind::Value => quote!(Self::#ident(value) => FromJson::read(value, reader),),
            Kind::Fields(set) => {
                let pattern = pattern(set.names());
                let body = set.field(bound);
                quote!(Self::#ident #pattern => { #body })
            }
        }
    }

    /// The arm that sets a missing field of this variant.
    fn absent(&self) -> Option<TokenStream> {
        let Kind::Fields(set) = &self.content else { return None };
        let body = set.absent(bound)?;
        let (ident, pattern) = (&self.ident, pattern(set.defaults()));
        Some(quote!(Self::#ident #pattern => #body))
    }
}

/// The fields of a variant, each bound to a name that hides no other.
fn pattern<'a>(fields: impl Iterator<Item = (usize, &'a Ident)>) -> TokenStream {
    let fields = fields.map(|(at, ident)| {
        let name = format_ident!("field_{at}");
        quote!(#ident: #name,)
    });
    quote!({ #(#fields)* .. })
}

fn bound(at: usize) -> TokenStream {
    let name = format_ident!("field_{at}");
    quote!(#name)
}
