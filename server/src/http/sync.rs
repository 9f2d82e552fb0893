//! `POST /v1/{tenant}/sync`

use axum::extract::State;
use orderkit::replica::protocol::{SyncRequest, SyncResponse};
use serde::Deserialize;

use super::{
    caller::Caller,
    document::{Answer, Raw},
};
use crate::{app::App, error::Error, sync};

/// The part of a request that every version of the protocol has.
#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

pub(super) async fn sync(
    State(app): State<App>,
    caller: Caller,
    Raw(body): Raw,
) -> Result<Answer<SyncResponse>, Error> {
    let request = orderkit::json::read::<SyncRequest>(&body).map_err(|issue| {
        // A request of another version has another shape: that is not the client's mistake.
        match serde_json::from_slice::<Versioned>(&body) {
            Ok(Versioned { v }) if v != orderkit::replica::protocol::PROTOCOL_VERSION => {
                Error::ProtocolUnknown
            }
            _ => Error::Malformed(issue),
        }
    })?;
    sync::answer(&app, &caller.tenant, &caller.actor, &request).await.map(Answer)
}
