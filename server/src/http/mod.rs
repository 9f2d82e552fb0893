//! HTTP: routes, and the layers around them. Handlers extract, make one call, and answer.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    middleware::{self, Next},
    response::IntoResponse,
    routing::{get, post},
};
use orderkit::{Code, limits::MAX_DOCUMENT_BYTES};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    decompression::RequestDecompressionLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

use crate::{
    app::App,
    error::{self, Error},
    store::StoreError,
};

mod caller;
mod customers;
mod document;
mod events;
mod notices;
mod numbers;
mod orders;
mod page;
mod payments;
mod quote;
mod review;
mod rules;
mod session;
mod stock;
mod sync;
mod track;

/// Until a request must have an answer. Streams only have to begin by then.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a page may load: itself, and WebAssembly, which has a word of its own.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
);

/// All routes on an application.
pub fn app(app: App) -> Router {
    let api = Router::new()
        .route("/health", get(session::health))
        .route("/v1/session", get(session::holder).post(session::open))
        .route("/v1/{tenant}/track", post(track::track))
        .route("/v1/{tenant}/sync", post(sync::sync))
        .route("/v1/{tenant}/events", get(events::listen))
        .route("/v1/{tenant}/events/token", post(events::token))
        .route("/v1/{tenant}/orders", get(orders::list).post(orders::place))
        .route("/v1/{tenant}/orders/{order}", get(orders::one))
        .route("/v1/{tenant}/orders/{order}/commands", post(orders::command))
        .route("/v1/{tenant}/orders/{order}/amendments/preview", post(orders::preview_amendment))
        .route("/v1/{tenant}/numbers/report", get(numbers::report))
        .route("/v1/{tenant}/numbers/void", post(numbers::void))
        .route("/v1/{tenant}/numbers/return", post(numbers::give_back_blocks))
        .route("/v1/{tenant}/orders/{order}/returns/preview", post(orders::preview_return))
        .route("/v1/{tenant}/orders/{order}/payments", post(payments::pay))
        .route("/v1/{tenant}/orders/{order}/payments/{payment}/ask", post(payments::ask))
        .route("/v1/{tenant}/orders/{order}/notices", get(notices::list))
        .route("/v1/{tenant}/orders/{order}/notices/{position}/send", post(notices::send_again))
        .route("/v1/{tenant}/payments/webhook/{provider}", post(payments::webhook))
        .route("/v1/{tenant}/payments/statement", post(payments::statement))
        .route("/v1/{tenant}/quarantine", get(payments::list))
        .route("/v1/{tenant}/quarantine/{entry}/match", post(payments::match_order))
        .route("/v1/{tenant}/quarantine/{entry}/refund", post(payments::refund))
        .route("/v1/{tenant}/quarantine/{entry}/dismiss", post(payments::dismiss))
        .route("/v1/{tenant}/allowed/{order}", get(orders::allowed))
        .route("/v1/{tenant}/quote", post(quote::quote))
        .route("/v1/{tenant}/validate", post(quote::validate))
        .route("/v1/{tenant}/review", get(review::current).put(review::replace))
        .route("/v1/{tenant}/ruleset", get(rules::current).put(rules::replace))
        .route("/v1/{tenant}/ruleset/uses", get(customers::uses))
        .route("/v1/{tenant}/ruleset/versions", get(rules::versions))
        .route("/v1/{tenant}/ruleset/versions/{digest}", get(rules::version))
        .route(
            "/v1/{tenant}/customers/{user}",
            get(customers::customer).put(customers::put_customer),
        )
        .route(
            "/v1/{tenant}/gift-cards/{code}",
            get(customers::gift_card).put(customers::put_gift_card),
        )
        .route("/v1/{tenant}/stock", get(stock::list))
        .route("/v1/{tenant}/stock/{sku}", get(stock::one).put(stock::put).delete(stock::delete))
        .route("/v1/{tenant}/stock/{sku}/adjust", post(stock::adjust))
        .route("/v1/{tenant}/stock-leases/return", post(stock::give_back_leases))
        .fallback(page::serve)
        .method_not_allowed_fallback(async || {
            (StatusCode::METHOD_NOT_ALLOWED, Error::NotFound(Code::NotFound)).into_response()
        });
    layered(api).with_state(app)
}

/// The layers, the outermost last: a request goes through them from the bottom up.
fn layered(routes: Router<App>) -> Router<App> {
    let set = SetResponseHeaderLayer::if_not_present;
    routes
        .layer(DefaultBodyLimit::max(MAX_DOCUMENT_BYTES))
        // Inside of the body limit's reach: what counts is the size after unpacking.
        .layer(RequestDecompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(in_language))
        .layer(CompressionLayer::new())
        .layer(set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(set(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the log says of a request: no address, no query, no header and no body.
fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let route = request.extensions().get::<axum::extract::MatchedPath>();
    tracing::info_span!(
        "request",
        method = %request.method(),
        route = route.map_or("page", |route| route.as_str()),
        id = id.unwrap_or_default(),
    )
}

async fn in_language(request: Request, next: Next) -> axum::response::Response {
    let language = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
    let mut response = next.run(request).await;
    let is_overdue = response.status() == StatusCode::SERVICE_UNAVAILABLE
        && !response.headers().contains_key(header::RETRY_AFTER);
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
