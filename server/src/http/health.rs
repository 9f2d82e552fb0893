//! `GET /health` and `GET /ready`: for whoever watches over the server or spreads requests over several.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::document::Answer;
use crate::app::App;

/// That the server is up, and which one it is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Health {
    ok: bool,
    /// `up`, or `draining` once it was told to stop.
    state: &'static str,
    version: &'static str,
    open_sign_in: bool,
    tenant: String,
}

/// Whether the server can work.
#[derive(Serialize, JsonSchema)]
pub(super) struct Ready {
    ok: bool,
    /// `ready`, `draining`, or `databaseUnreachable`.
    state: &'static str,
}

/// It looks at nothing but itself: a database that is away is no reason to start another process.
pub(super) async fn live(State(app): State<App>) -> Response {
    let is_draining = *app.closing.borrow();
    let health = Health {
        ok: !is_draining,
        state: if is_draining { "draining" } else { "up" },
        version: env!("CARGO_PKG_VERSION"),
        open_sign_in: app.settings.open_sign_in,
        tenant: app.settings.tenant.clone(),
    };
    (status(health.ok), Answer(health)).into_response()
}

pub(super) async fn ready(State(app): State<App>) -> Response {
    let state = if *app.closing.borrow() {
        "draining"
    } else if app.reads().await {
        "ready"
    } else {
        "databaseUnreachable"
    };
    let ready = Ready { ok: state == "ready", state };
    (status(ready.ok), Answer(ready)).into_response()
}

fn status(is_ok: bool) -> StatusCode {
    if is_ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}
