//! The OpenAPI 3.1 document, made of the table of routes and the schemas of the types that are read and written.

use std::{collections::BTreeMap, sync::OnceLock};

use axum::response::{IntoResponse, Response};
use orderkit::{Code, Issue, Language};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    document::json as json_answer,
    route::{About, Group, Make, Repeat, Reply, Who},
    table,
};

/// Codes that the document shows with each status, by status.
type Refusals = BTreeMap<u16, Vec<Code>>;

/// An error, as the body of an answer.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is used; `error.rs` writes it")]
#[schemars(rename = "Error", rename_all = "camelCase")]
struct ErrorBody {
    /// The first reason.
    code: Code,
    /// The place in the request, as a JSON pointer.
    path: String,
    /// The figures of the sentence.
    args: BTreeMap<String, Value>,
    /// The sentence, in English, or Chinese with `Accept-Language: zh`.
    message: String,
    /// All reasons.
    issues: Vec<ErrorReason>,
}

/// One reason of an error.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is used; `error.rs` writes it")]
struct ErrorReason {
    code: Code,
    path: String,
    args: BTreeMap<String, Value>,
    message: String,
    /// Of a finding of the linter: `error`, `warning` or `hint`.
    #[serde(default)]
    severity: Option<String>,
}

pub(super) async fn document() -> Response {
    static DOCUMENT: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = DOCUMENT.get_or_init(|| self::openapi().to_string().into_bytes());
    json_answer(bytes.clone()).into_response()
}

/// The OpenAPI document of the interface.
pub fn openapi() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let error = generator.subschema_for::<ErrorBody>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in table::routes() {
        let about = route.about;
        let operation = operation(&about, &mut generator, &error.clone().to_value());
        paths.entry(about.path).or_default().insert(about.method.to_ascii_lowercase(), operation);
    }
    let bearer = json!({"type": "http", "scheme": "bearer",
        "description": "A token of `orderkit token`, of a sign-in, or of one order"});
    let signature = json!({"type": "apiKey", "in": "header",
        "name": crate::payment::SIGNATURE_HEADER, "description": "A payment provider's signature"});
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "orderkit",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Orders: prices, rules, life, payments and stock of a shop",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {"token": bearer, "signature": signature},
        },
    })
}

fn operation(about: &About, generator: &mut SchemaGenerator, error: &Value) -> Value {
    let mut operation = json!({
        "operationId": operation_id(about),
        "summary": about.summary,
        "tags": [tag(about)],
        "description": description(about),
        "responses": responses(about, generator, error),
    });
    let parameters = parameters(about, generator);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    match about.who {
        Who::Anybody => operation["security"] = json!([]),
        Who::Provider => operation["security"] = json!([{"signature": []}]),
        _ => operation["security"] = json!([{"token": []}]),
    }
    if let Some(body) = about.body {
        let schema = body(generator).to_value();
        operation["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": schema}}});
    }
    operation
}

fn description(about: &About) -> String {
    let who = match about.who {
        Who::Anybody => "Without a token.",
        Who::Provider => "For payment providers, signed for the tenant.",
        Who::Buyer => {
            "For users, customers for their own orders, and for buyers with a token for this order."
        }
        Who::User => "For every user; customers for what is theirs.",
        Who::Staff => "For staff and administrators.",
        Who::Admin => "For administrators.",
    };
    let again = match about.repeat {
        Repeat::Reads => "It changes nothing.".to_owned(),
        Repeat::Same(why) => format!("It may be sent again: {why}."),
        Repeat::Key => {
            "`Idempotency-Key` makes a repeated request answer the same and do nothing; it is \
             kept for ever."
                .to_owned()
        }
    };
    if about.body.is_none() {
        return format!("{who} {again}");
    }
    format!("{who} {again} The body has at most {} bytes, plain or packed with gzip.", about.size)
}

/// The part of the interface that a route belongs to: the first word after the tenant.
fn tag(about: &About) -> &'static str {
    let path = about.path.trim_start_matches("/v1/").trim_start_matches("{tenant}/");
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

fn operation_id(about: &About) -> String {
    let words = about.path.split(['/', '.', '-']).filter(|word| !word.is_empty() && *word != "v1");
    let words = words.map(|word| word.trim_matches(['{', '}']));
    let name: Vec<&str> = words.filter(|word| *word != "tenant").collect();
    format!("{}_{}", about.method.to_ascii_lowercase(), name.join("_"))
}

fn parameters(about: &About, generator: &mut SchemaGenerator) -> Vec<Value> {
    let named = about.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut all: Vec<Value> = named
        .map(|name| {
            let mut schema = json!({"type": "string"});
            if name == "order" {
                schema["format"] = "uuid".into();
            }
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        })
        .collect();
    if about.repeat == Repeat::Key {
        all.push(json!({"name": "Idempotency-Key", "in": "header", "required": true,
            "description": "A UUID that the caller makes for this one request, plain or in quotes",
            "schema": {"type": "string", "minLength": 32}}));
    }
    if let Some(query) = about.query {
        all.extend(query_parameters(query, generator));
    }
    all
}

fn query_parameters(query: Make, generator: &mut SchemaGenerator) -> Vec<Value> {
    let schema = query(generator).to_value();
    let fields = schema["properties"].as_object().cloned().unwrap_or_default();
    let one = |(name, mut schema): (String, Value)| {
        let description = schema.as_object_mut().and_then(|it| it.remove("description"));
        let mut parameter = json!({"name": name, "in": "query", "schema": schema});
        if let Some(description) = description {
            parameter["description"] = description;
        }
        parameter
    };
    fields.into_iter().map(one).collect()
}

fn responses(about: &About, generator: &mut SchemaGenerator, error: &Value) -> Value {
    let mut all = Map::new();
    let json_of = |schema: Value| json!({"application/json": {"schema": schema}});
    let (status, good) = match about.answer {
        Reply::Json(status, make) => {
            let schema = make(generator).to_value();
            (status, json!({"description": "Done", "content": json_of(schema)}))
        }
        Reply::AnyJson => (200, json!({"description": "Done", "content": json_of(json!({}))})),
        Reply::Empty(status) => (status, json!({"description": "Done"})),
        Reply::EventStream => {
            let content = json!({"text/event-stream": {"schema": {"type": "string"}}});
            let description =
                "A stream of `data: {\"seq\": n}`, or `data: {}` if other rules are in force";
            (200, json!({"description": description, "content": content}))
        }
    };
    all.insert(status.to_string(), good);
    for (status, codes) in refusals(about) {
        all.insert(status.to_string(), refusal(status, &codes, about, error));
    }
    all.into()
}

fn refusal(status: u16, codes: &[Code], about: &About, error: &Value) -> Value {
    if about.group == Group::Health {
        let schema = json!({"application/json": {"schema": {}}});
        return json!({"description": "Not now: the same body with its state", "content": schema});
    }
    let is_any = status == 422 && about.is_judged;
    let listed = codes.iter().map(|code| {
        let sentence = Issue::new(*code, "").message(Language::English);
        format!("- `{code}`: {sentence}")
    });
    let listed = listed.collect::<Vec<_>>().join("\n");
    let names: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let (description, schema) = if is_any {
        (format!("Refused by the rules, with any of their codes\n{listed}"), error.clone())
    } else {
        let narrowed = json!({"allOf": [error, {"properties": {"code": {"enum": names}}}]});
        (listed, narrowed)
    };
    let mut response = json!({
        "description": description,
        "content": {"application/json": {"schema": schema}},
    });
    let waits = matches!(status, 429 | 503) || codes.contains(&Code::IdempotencyKeyRunning);
    if waits {
        response["headers"] = json!({"Retry-After":
            {"description": "Seconds", "schema": {"type": "integer"}}});
    }
    response
}

/// Every code that a route may refuse with: those of its kind, and its own.
pub(super) fn refusals(about: &About) -> Refusals {
    let mut all = Refusals::new();
    let mut add = |status: u16, codes: &[Code]| {
        let known: &mut Vec<Code> = all.entry(status).or_default();
        known.extend_from_slice(codes);
    };
    if about.group == Group::Health {
        add(503, &[Code::TryLater]);
        return all;
    }
    add(429, &[Code::RateLimited]);
    add(500, &[Code::InternalError]);
    add(503, &[Code::TryLater]);
    if !matches!(about.who, Who::Anybody | Who::Provider) {
        add(401, &[Code::TokenInvalid]);
        add(403, &[Code::TokenForbids]);
    }
    if about.body.is_some() {
        add(400, &[Code::JsonMalformed, Code::ShapeInvalid]);
        add(413, &[Code::DocumentTooLarge]);
    } else if about.query.is_some() {
        add(400, &[Code::ShapeInvalid]);
    }
    if about.method != "GET" {
        add(408, &[Code::RequestTooSlow]);
        add(415, &[Code::EncodingUnknown]);
        add(413, &[Code::DocumentTooLarge]);
    }
    if about.repeat == Repeat::Key {
        add(400, &[Code::IdempotencyKeyInvalid]);
        add(409, &[Code::IdempotencyKeyRunning]);
        add(422, &[Code::IdempotencyKeyInvalid]);
    }
    if about.is_judged {
        add(422, &[]);
    }
    for (status, code) in &about.refusals {
        add(*status, &[*code]);
    }
    for codes in all.values_mut() {
        codes.sort();
        codes.dedup();
    }
    all
}
