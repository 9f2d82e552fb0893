//! `POST /v1/{tenant}/sync`

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use orderkit::replica::protocol::SyncResponse;

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

pub(super) async fn sync(
    State(app): State<App>,
    caller: Caller,
    Raw(body): Raw,
) -> Result<Response, Error> {
    let request = sync::read(&body)?;
    let answer: SyncResponse = sync::answer(&app, &caller.tenant, &caller.actor, &request).await?;
    let verdicts = Verdicts::of(&answer.results);
    metrics::verdicts(&caller.tenant, verdicts);
    let mut response = Answer(answer).into_response();
    response.extensions_mut().insert(verdicts);
    Ok(response)
}
