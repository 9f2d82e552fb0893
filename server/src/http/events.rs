//! `GET /v1/{tenant}/events`: a stream that says when there is something to pull.

use std::{convert::Infallible, future::pending, time::Duration};

use axum::{
    extract::State,
    http::{HeaderName, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{
    caller::{self, Caller},
    document::{Answer, Parameters},
};
use crate::{app::App, error::Error, store::Purpose};

/// Shorter than the minute after which proxies give up a silent connection.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// A token in an address may be logged on the way: it lasts just long enough to connect.
const TOKEN_MS: i64 = 60 * 1_000;

/// Browsers' `EventSource` can set no header.
#[derive(Deserialize)]
pub(super) struct Access {
    access_token: Option<String>,
}

/// A token for the address of the stream.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventsToken {
    token: String,
    expires_ms: i64,
}

pub(super) async fn token(
    State(app): State<App>,
    caller: Caller,
) -> Result<Answer<EventsToken>, Error> {
    let granted = app.grant(&caller.tenant, caller.actor, Purpose::Events, TOKEN_MS).await;
    let (token, grant) = granted?;
    Ok(Answer(EventsToken { token, expires_ms: grant.expires_ms }))
}

pub(super) async fn listen(
    State(app): State<App>,
    Parameters(access): Parameters<Access>,
    mut parts: Parts,
) -> Result<Response, Error> {
    let in_header = caller::bearer(&parts).map(|token| (token.to_owned(), Purpose::All));
    let in_address = access.access_token.map(|token| (token, Purpose::Events));
    let (token, purpose) = in_header.or(in_address).ok_or(Error::TokenInvalid)?;
    let tenant = caller::tenant(&mut parts, &app).await?;
    caller::grant(&app, &token, &tenant, purpose).await?;

    let head = app.store.read().await?.head(&tenant).await?.ok_or(Error::TokenForbids)?;
    let receiver = app.pokes.listen(&tenant, &head);
    let listening = Listening { receiver, closing: app.closing.clone(), told: None };
    let pokes = stream::unfold(listening, next_poke);
    let stream = Sse::new(pokes).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Some proxies collect a body before they pass it on, unless they are told not to.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, stream).into_response())
}

struct Listening {
    receiver: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    /// The last change that this listener was told of.
    told: Option<u64>,
}

async fn next_poke(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    let Listening { receiver, closing, told } = &mut listening;
    let closed = async {
        if closing.wait_for(|closing| *closing).await.is_err() {
            pending::<()>().await;
        }
    };
    tokio::select! {
        changed = receiver.changed() => changed.ok()?,
        // Without this, open streams would hold up every shutdown.
        () = closed => return None,
    }
    let seq = *receiver.borrow_and_update();
    // Other rules are no change of an order: a listener that knows all orders must ask all the same.
    let is_known = told.replace(seq) == Some(seq);
    let data = if is_known { "{}".to_owned() } else { format!("{{\"seq\":{seq}}}") };
    Some((Ok(Event::default().data(data)), listening))
}
