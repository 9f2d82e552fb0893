//! HTTP: routes, and the layers around them. Handlers extract, make one call, and answer.

use std::future::ready;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, Response, StatusCode, header},
    middleware::{self, Next},
    response::IntoResponse,
};
use orderkit::Code;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer,
    set_header::SetResponseHeaderLayer, timeout::TimeoutLayer,
};

use crate::{
    app::App,
    error::{self, Error},
    store::StoreError,
};

mod address;
mod caller;
mod customers;
mod document;
mod door;
mod events;
mod gate;
mod health;
mod intake;
mod keys;
pub(crate) mod limits;
mod notices;
mod numbers;
mod observe;
mod once;
mod openapi;
mod orders;
mod page;
mod payments;
mod places;
mod quote;
mod review;
mod route;
mod rules;
mod session;
mod stock;
mod sync;
mod table;
mod track;

pub(crate) use address::place_of;
pub(crate) use gate::Gate;
pub use limits::{LimitArgs, Limits, Rate, Wished};
pub use openapi::openapi;
pub(crate) use places::Place;

/// What a page may load: itself, and WebAssembly, which has a word of its own.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
);

/// All routes on an application.
pub fn app(app: App) -> Router {
    let is_page_retired = app.is_page_retired;
    let api = route::router(&app, table::routes())
        .fallback(move |method, uri, headers| {
            ready(page::serve(&method, &uri, &headers, is_page_retired))
        })
        .method_not_allowed_fallback(async || {
            (StatusCode::METHOD_NOT_ALLOWED, Error::NotFound(Code::NotFound)).into_response()
        });
    layered(&app, api).with_state(app)
}

/// The layers, the outermost last: a request goes through them from the bottom up.
fn layered(app: &App, routes: Router<App>) -> Router<App> {
    let set = SetResponseHeaderLayer::if_not_present;
    routes
        // The door has read each body within the limit of its route.
        .layer(DefaultBodyLimit::disable())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limits::ANSWER_WAIT))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(in_language))
        .layer(CompressionLayer::new())
        .layer(set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(set(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")))
        .layer(middleware::from_fn_with_state(app.clone(), observe::observe))
}

async fn in_language(request: Request, next: Next) -> axum::response::Response {
    let language = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
    let mut response = next.run(request).await;
    let is_overdue = response.status() == StatusCode::SERVICE_UNAVAILABLE
        && !response.headers().contains_key(header::RETRY_AFTER)
        && !response.headers().contains_key(header::CONTENT_TYPE);
    if is_overdue {
        // What the timeout answers says neither why nor when to come again.
        response = Error::Store(StoreError::Busy).into_response();
    }
    error::translate(response, language.as_ref())
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response<Body> {
    // The panic hook has said where; the caller learns only that it is not their fault.
    Error::Store(StoreError::Corrupt("a handler panicked".to_owned())).into_response()
}
