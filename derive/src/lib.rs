//! `#[derive(FromJson, ToJson)]`: how a type is read and written by `orderkit::json`, told by its serde attributes.
//!
//! Serde's own derive makes a reader for each struct, with a slot for each field. This one makes a table of names and a `match` from
//! their positions to the fields, which one reader walks for all types: a tenth of the code in a browser module. What is written needs
//! no table, but it cannot fail, so that nothing is asked behind each field.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

mod attributes;
mod case;
mod enums;
mod fields;
mod write;

use attributes::{Container, Side};
use fields::FieldSet;

/// Implements `FromJson` and what it needs. It follows the attributes `#[serde(…)]`, and refuses those that it does not know.
#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let made = syn::parse(input).and_then(|input| expand(&input));
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Implements `ToJson`. It follows the attributes `#[serde(…)]`, and refuses those that it does not know.
#[proc_macro_derive(ToJson, attributes(serde))]
pub fn to_json(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let made = syn::parse(input).and_then(|input| write::implement(&input));
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

fn expand(input: &DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "FromJson has no generic types"));
    }
    let container = Container::of(&input.attrs, Side::Reading)?;
    let body = match &input.data {
        Data::Struct(data) => structure(input, &container, &data.fields)?,
        Data::Enum(data) => enums::implement(input, &container, data)?,
        Data::Union(_) => return Err(Error::new_spanned(&input.ident, "a union has no JSON form")),
    };
    Ok(quote! {
        #[automatically_derived]
        const _: () = {
            use ::orderkit::json::{Content, Fields, FromJson, Object, Reader, Stop, Variant};
            #body
        };
    })
}

fn structure(input: &DeriveInput, container: &Container, fields: &Fields) -> Result<TokenStream> {
    let name = &input.ident;
    let named = match fields {
        Fields::Named(named) => named,
        Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => {
            return Ok(quote! {
                impl FromJson for #name {
                    fn blank() -> Self {
                        Self(FromJson::blank())
                    }
                    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
                        self.0.read(reader)
                    }
                }
            });
        }
        _ => return Err(Error::new_spanned(name, "FromJson needs named fields, or a single one")),
    };
    if container.tag.is_some() {
        return Err(Error::new_spanned(name, "FromJson has a tag for enums only"));
    }
    let set = FieldSet::of(named, container.rename_all, container.default)?;
    let object = set.object(container.closed);
    let blank = set.blank();
    let own = |at: usize| {
        let field = set.name(at);
        quote!(&mut self.#field)
    };
    let field = set.field(own);
    let absent = set.absent(own).map(|body| {
        quote! {
            fn absent(&mut self, index: usize) {
                #body
            }
        }
    });
    let start = container.default.then(|| quote!(*self = ::core::default::Default::default();));
    Ok(quote! {
        static OBJECT: Object = #object;
        impl Fields for #name {
            fn field(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Stop> {
                #field
            }
            #absent
        }
        impl FromJson for #name {
            fn blank() -> Self {
                Self #blank
            }
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
                #start
                reader.object(self, &OBJECT)
            }
        }
    })
}
