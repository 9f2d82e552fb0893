//! How a type is written: its names as they stand, and each value by its own type.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DataEnum, DeriveInput, Error, Fields, FieldsNamed, Ident, Result};

use crate::{
    attributes::{Container, FieldNote, Side, VariantNote},
    case::Case,
};

pub(crate) fn implement(input: &DeriveInput) -> Result<TokenStream> {
    if let Some(parameter) = input.generics.type_params().next() {
        return Err(Error::new_spanned(parameter, "ToJson has no generic types"));
    }
    let container = Container::of(&input.attrs, Side::Writing)?;
    let body = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                let own = |name: &Ident| quote!(&self.#name);
                let fields = members(fields, container.rename_all, own)?;
                quote! {
                    writer.open(b'{');
                    #fields
                    writer.close(b'}');
                }
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                quote!(ToJson::write(&self.0, writer);)
            }
            _ => return Err(Error::new_spanned(&input.ident, "ToJson needs named fields")),
        },
        Data::Enum(data) => variants(&container, data)?,
        Data::Union(_) => return Err(Error::new_spanned(&input.ident, "a union has no JSON form")),
    };
    let (name, (generics, arguments, bounds)) = (&input.ident, input.generics.split_for_impl());
    Ok(quote! {
        #[automatically_derived]
        impl #generics ::orderkit::json::ToJson for #name #arguments #bounds {
            fn write(&self, writer: &mut ::orderkit::json::Writer<'_>) {
                use ::orderkit::json::ToJson;
                #body
            }
        }
    })
}

/// Writes the fields, where `place` gives the reference to a field.
fn members(
    fields: &FieldsNamed,
    case: Option<Case>,
    place: impl Fn(&Ident) -> TokenStream,
) -> Result<TokenStream> {
    let mut body = TokenStream::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else { continue };
        let note = FieldNote::of(&field.attrs, Side::Writing)?;
        if note.skipped {
            continue;
        }
        let name = note.rename.unwrap_or_else(|| Case::spell_field(case, ident));
        let place = place(ident);
        let write = quote! {
            writer.name(#name);
            ToJson::write(#place, writer);
        };
        body.extend(match note.skipped_if {
            Some(path) => quote!(if !#path(#place) { #write }),
            None => write,
        });
    }
    Ok(body)
}

fn variants(container: &Container, data: &DataEnum) -> Result<TokenStream> {
    let mut arms = TokenStream::new();
    let mut names = TokenStream::new();
    let mut only_names = container.tag.is_none() && !container.untagged;
    for variant in &data.variants {
        let note = VariantNote::of(&variant.attrs, Side::Writing)?;
        let ident = &variant.ident;
        if note.skipped {
            return Err(Error::new_spanned(ident, "ToJson writes every variant"));
        }
        let name = note.rename.unwrap_or_else(|| Case::spell_variant(container.rename_all, ident));
        let case = note.rename_all.or(container.rename_all_fields);
        only_names &= matches!(variant.fields, Fields::Unit);
        names.extend(quote!(Self::#ident => #name,));
        arms.extend(arm(container, ident, &name, &variant.fields, case)?);
    }
    if only_names {
        return Ok(quote!(writer.text(match self { #names });));
    }
    Ok(quote!(match self { #arms }))
}

fn arm(
    container: &Container,
    ident: &Ident,
    name: &str,
    fields: &Fields,
    case: Option<Case>,
) -> Result<TokenStream> {
    let (pattern, content) = match fields {
        Fields::Unit => (quote!(), None),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 && container.tag.is_none() => {
            (quote!((value)), Some(quote!(ToJson::write(value, writer);)))
        }
        Fields::Named(fields) => {
            let bind = |name: &Ident| format_ident!("field_{name}");
            let bound = fields.named.iter().filter_map(|field| field.ident.as_ref()).map(|ident| {
                let name = bind(ident);
                quote!(#ident: #name,)
            });
            let pattern = quote!({ #(#bound)* });
            let written = members(fields, case, |ident| {
                let name = bind(ident);
                quote!(#name)
            })?;
            (pattern, Some(written))
        }
        Fields::Unnamed(fields) => {
            let why = "ToJson needs named fields here, or a single one and no tag";
            return Err(Error::new_spanned(fields, why));
        }
    };
    let in_braces = |content: &Option<TokenStream>| {
        quote! {
            writer.open(b'{');
            #content
            writer.close(b'}');
        }
    };
    let named = matches!(fields, Fields::Named(_));
    let body = match (&container.tag, &content) {
        (Some(tag), _) => in_braces(&Some(quote! {
            writer.name(#tag);
            writer.text(#name);
            #content
        })),
        (None, None) if container.untagged => quote!(writer.null();),
        (None, None) => quote!(writer.text(#name);),
        (None, Some(written)) => {
            let inner = if named { in_braces(&content) } else { written.clone() };
            if container.untagged {
                inner
            } else {
                in_braces(&Some(quote! {
                    writer.name(#name);
                    #inner
                }))
            }
        }
    };
    Ok(quote!(Self::#ident #pattern => { #body }))
}
