//! `POST /v1/{tenant}/sync`

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use orderkit::replica::protocol::{SyncRequest, SyncResponse};
use serde::Deserialize;

use super::{
    caller::Caller,
    document::{Answer, Raw},
};
use crate::{
    app::App,
    error::Error,
    metrics::{self, Verdicts},
    sync,
};

/// The part of a request that every version of the protocol has.
#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

pub(super) async fn sync(
    State(app): State<App>,
    caller: Caller,
    Raw(body): Raw,
) -> Result<Response, Error> {
    let request = orderkit::json::read::<SyncRequest>(&body).map_err(|issue| {
        // A request of another version has another shape: that is not the client's mistake.
        match serde_json::from_slice::<Versioned>(&body) {
            Ok(Versioned { v }) if v != orderkit::replica::protocol::PROTOCOL_VERSION => {
                Error::ProtocolUnknown
            }
            _ => Error::Malformed(issue),
        }
    })?;
    let answer: SyncResponse = sync::answer(&app, &caller.tenant, &caller.actor, &request).await?;
    let verdicts = Verdicts::of(&answer.results);
    metrics::verdicts(&caller.tenant, verdicts);
    let mut response = Answer(answer).into_response();
    response.extensions_mut().insert(verdicts);
    Ok(response)
}
