//! What is written down of each request: its id, route, status and duration. No address, no query, no header, no body.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    app::App,
    metrics::{self, Verdicts},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Requests of the page itself, whose paths are as many as there are files.
const PAGE: &str = "page";

pub(super) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = request_id(&app, &request);
    let method = method(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = {
        let route = route.as_ref().map_or(PAGE, MatchedPath::as_str);
        tracing::info_span!("request", method, route, %id)
    };
    // The same id for whoever reads it on the way, and one that is sure to say nothing of anybody.
    let value = HeaderValue::from_str(&id.to_string());
    if let Ok(value) = &value {
        request.headers_mut().insert(REQUEST_ID, value.clone());
    }
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(value) = value {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let took = began.elapsed();
    let status = response.status().as_u16();
    metrics::request(method, route.as_ref().map_or(PAGE, MatchedPath::as_str), status, took);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| match response.extensions().get::<Verdicts>() {
        Some(Verdicts { accepted, rejected, deferred, quarantined }) => {
            tracing::info!(
                status,
                duration_ms,
                accepted,
                rejected,
                deferred,
                quarantined,
                "answered"
            );
        }
        None if route.is_some() => tracing::info!(status, duration_ms, "answered"),
        None => tracing::debug!(status, duration_ms, "answered"),
    });
    response
}

/// The caller's id, if it is one that says nothing of anybody.
fn request_id(app: &App, request: &Request) -> Uuid {
    let given = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let given = given.and_then(|id| Uuid::parse_str(id).ok());
    given.unwrap_or_else(|| uuid::Builder::from_random_bytes(app.random.bytes()).into_uuid())
}

/// The name of a method; one that somebody made up has none.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}
