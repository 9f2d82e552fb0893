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
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{
    caller::{self, Caller},
    document::{Answer, Parameters},
    places::Place,
};
use crate::{
    app::App,
    error::Error,
    metrics::Open,
    secret,
    store::{Grant, Purpose},
};

/// Shorter than the minute after which proxies give up a silent connection.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// How often a listener's right is looked at: another process may have taken it away.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// However good the token is, the listener has to come again.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// A token in an address may be logged on the way: it lasts just long enough to connect.
const TOKEN_MS: i64 = 60 * 1_000;

/// Browsers' `EventSource` can set no header.
#[derive(Deserialize, schemars::JsonSchema)]
pub(super) struct Access {
    access_token: Option<String>,
}

/// A token for the address of the stream.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventsToken {
    token: String,
    expires_ms: i64,
}

pub(super) async fn token(
    State(app): State<App>,
    caller: Caller,
    parts: Parts,
) -> Result<Answer<EventsToken>, Error> {
    let Caller { tenant, actor, family } = caller;
    // A token of the operator is of no sign-in: what comes from it ends with it all the same.
    let family = family.or_else(|| caller::bearer(&parts).map(secret::token_hash));
    let expires_ms = app.now_ms().saturating_add(TOKEN_MS);
    let purpose = Purpose::Events;
    let grant = Grant { tenant, actor, purpose, order: None, family, expires_ms };
    let (token, grant) = app.keep_grant(grant).await?;
    Ok(Answer(EventsToken { token, expires_ms: grant.expires_ms }))
}

pub(super) async fn listen(
    State(app): State<App>,
    Parameters(access): Parameters<Access>,
    mut parts: Parts,
) -> Result<Response, Error> {
    let (grant, right, lasts) = entrance(&app, &parts, access.access_token).await?;
    let tenant = caller::tenant(&mut parts, &app).await?;
    if grant.tenant != tenant {
        return Err(Error::TokenForbids);
    }
    let (gate, user) = (&app.gate, grant.actor.user);
    let most = gate.limits.streams_per_user;
    let of_user = gate.user_streams.take((tenant.clone(), user), most);
    let of_user = of_user.ok_or(Error::StreamsTooMany(most))?;
    let most = gate.limits.streams_per_tenant;
    let of_tenant = gate.tenant_streams.take(tenant.clone(), most);
    let of_tenant = of_tenant.ok_or(Error::StreamsTooMany(most))?;

    let head = app.store.read().await?.head(&tenant).await?.ok_or(Error::TokenForbids)?;
    let receiver = app.pokes.listen(&tenant, &head);
    let listening = Listening {
        receiver,
        closing: app.closing.clone(),
        ended: app.endings.subscribe(),
        next_look: Instant::now() + LOOK_EVERY,
        right,
        told: None,
        until: Instant::now() + lasts,
        _counted: (of_user, of_tenant, Open::stream()),
    };
    let pokes = stream::unfold(listening, next_poke);
    let stream = Sse::new(pokes).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Some proxies collect a body before they pass it on, unless they are told not to.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, stream).into_response())
}

struct Listening {
    receiver: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    ended: watch::Receiver<()>,
    next_look: Instant,
    right: Right,
    /// The last change that this listener was told of.
    told: Option<u64>,
    /// When the listener has to come again with a token that is still good.
    until: Instant,
    _counted: (Place<(String, String)>, Place<String>, Open),
}

/// What the listener's right hangs on.
enum Right {
    /// The token of the header, by its hash.
    Token(App, String),
    /// The sign-in that the token of the address came from.
    Family(App, String, String),
    /// A token for the address that the operator gave out: it is only good for coming in.
    Entrance,
}

impl Right {
    /// Whether it was taken away. If the database cannot say, it was not: the stream tells nothing that is secret.
    async fn is_over(&self) -> bool {
        let looked = match self {
            Self::Token(app, hash) => app.has_token(hash).await,
            Self::Family(app, tenant, family) => app.has_family(tenant, family).await,
            Self::Entrance => Ok(true),
        };
        !looked.unwrap_or(true)
    }
}

/// Who listens, and for how long at most. A token in an address is only good for coming in.
async fn entrance(
    app: &App,
    parts: &Parts,
    in_address: Option<String>,
) -> Result<(Grant, Right, Duration), Error> {
    if let Some(token) = caller::bearer(parts) {
        let grant = caller::any_grant(app, parts, Purpose::All).await?;
        let left_ms = grant.expires_ms.saturating_sub(app.now_ms());
        let left = Duration::from_millis(u64::try_from(left_ms).unwrap_or_default());
        let right = Right::Token(app.clone(), secret::token_hash(token));
        return Ok((grant, right, left.min(LONGEST)));
    }
    let token = in_address.ok_or(Error::TokenInvalid)?;
    let grant = caller::look_up(app, &token).await?.ok_or(Error::TokenInvalid)?;
    let grant = caller::good_for(grant, Purpose::Events)?;
    let right = match &grant.family {
        Some(family) => Right::Family(app.clone(), grant.tenant.clone(), family.clone()),
        None => Right::Entrance,
    };
    Ok((grant, right, LONGEST))
}

async fn next_poke(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    let Listening { receiver, closing, ended, next_look, right, told, until, .. } = &mut listening;
    loop {
        let closed = async {
            if closing.wait_for(|closing| *closing).await.is_err() {
                pending::<()>().await;
            }
        };
        tokio::select! {
            changed = receiver.changed() => {
                changed.ok()?;
                break;
            }
            // Without this, open streams would hold up every shutdown.
            () = closed => return None,
            () = sleep_until(*until) => return None,
            _ = ended.changed() => {}
            () = sleep_until(*next_look) => {}
        }
        *next_look = Instant::now() + LOOK_EVERY;
        if right.is_over().await {
            return None;
        }
    }
    let seq = *receiver.borrow_and_update();
    // Other rules are no change of an order: a listener that knows all orders must ask all the same.
    let is_known = told.replace(seq) == Some(seq);
    let data = if is_known { "{}".to_owned() } else { format!("{{\"seq\":{seq}}}") };
    Some((Ok(Event::default().data(data)), listening))
}
