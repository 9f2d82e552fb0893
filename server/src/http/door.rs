//! What every request of the API passes before it is worked on: who it is, how often, how large, and whose turn it is.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use orderkit::Role;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep},
};
use uuid::Uuid;

use super::{
    address::caller_of,
    caller::{bearer, look_up, tenant},
    gate::Turn,
    intake,
    keys::idempotency_key,
    limits::KEY_WAIT,
    places::Place,
    route::{About, Group, Repeat, Who},
};
use crate::{
    app::App,
    error::Error,
    store::{Grant, Purpose, StoreError},
};

/// How often one looks whether the first request with a key has ended.
const KEY_LOOK: Duration = Duration::from_millis(20);

/// The door of one route.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub app: App,
    pub about: Arc<About>,
}

/// What a request holds while it is worked on.
struct Held {
    _key: Option<Place<(String, String, Uuid)>>,
    _turn: Option<Turn>,
    _memory: Option<OwnedSemaphorePermit>,
}

pub(super) async fn pass(State(door): State<Door>, request: Request, next: Next) -> Response {
    match door.admit(request).await {
        Ok((request, _held)) => next.run(request).await,
        Err(error) => {
            let mut response = error.into_response();
            if response.status() == StatusCode::REQUEST_TIMEOUT {
                // The rest of the body may still come, and would be taken for the next request.
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            response
        }
    }
}

impl Door {
    async fn admit(&self, request: Request) -> Result<(Request, Held), Error> {
        let Self { app, about } = self;
        let gate = &app.gate;
        if about.group == Group::Health {
            return Ok((request, Held { _key: None, _turn: None, _memory: None }));
        }
        if *app.closing.borrow() {
            return Err(Error::Store(StoreError::Busy));
        }
        let (mut parts, body) = request.into_parts();
        let grant = self.recognise(&mut parts).await?;
        let key = match (&about.repeat, &grant) {
            (Repeat::Key, Some(grant)) => Some(self.hold_key(&parts, grant).await?),
            _ => None,
        };
        let has_body = !matches!(parts.method, Method::GET | Method::HEAD);
        let taken = if has_body {
            Some(intake::read(gate, &parts.headers, body, about.size).await?)
        } else {
            None
        };
        let turn = gate.turn(grant.as_ref().map(|grant| grant.tenant.as_str())).await?;
        if let Some(grant) = grant {
            parts.extensions.insert(grant);
        }
        let (bytes, memory) = taken.map_or_else(Default::default, |it| (it.bytes, it.memory));
        let request = Request::from_parts(parts, Body::from(bytes));
        Ok((request, Held { _key: key, _turn: Some(turn), _memory: memory }))
    }

    /// Who it is, if the route is for somebody. Whoever has no valid token is counted by the address.
    async fn recognise(&self, parts: &mut Parts) -> Result<Option<Grant>, Error> {
        let Self { app, about } = self;
        let address = caller_of(app, &parts.extensions, &parts.headers);
        let stranger = || app.gate.count_stranger(address, about.group);
        if matches!(about.who, Who::Anybody | Who::Provider) {
            stranger()?;
            return Ok(None);
        }
        let Some(token) = bearer(parts) else {
            stranger()?;
            // A stream's token may stand in its address, where the stream looks for it.
            let in_address = about.group == Group::Stream;
            return if in_address { Ok(None) } else { Err(Error::TokenInvalid) };
        };
        let Some(grant) = look_up(app, token).await? else {
            stranger()?;
            return Err(Error::TokenInvalid);
        };
        app.gate.count(&grant, about.group)?;
        let is_elsewhere =
            about.path.contains("{tenant}") && tenant(parts, app).await? != grant.tenant;
        match grant.purpose {
            Purpose::Events => return Err(Error::TokenInvalid),
            // It says the same whether there is such a tenant.
            _ if is_elsewhere => return Err(Error::TokenForbids),
            Purpose::Order if about.who != Who::Buyer => return Err(Error::TokenForbids),
            Purpose::All if !may(about.who, grant.actor.role) => return Err(Error::TokenForbids),
            Purpose::Order | Purpose::All => {}
        }
        Ok(Some(grant))
    }

    /// Keeps others with the same key out until this request has ended. Whoever comes meanwhile waits for a moment, since most
    /// requests end in one.
    async fn hold_key(
        &self,
        parts: &Parts,
        grant: &Grant,
    ) -> Result<Place<(String, String, Uuid)>, Error> {
        let key = idempotency_key(&parts.headers)?;
        let owner = (grant.tenant.clone(), grant.actor.user.clone(), key);
        let until = Instant::now() + KEY_WAIT;
        loop {
            match self.app.gate.running.take(owner.clone(), 1) {
                Some(place) => return Ok(place),
                None if Instant::now() >= until => return Err(Error::KeyRunning),
                None => sleep(KEY_LOOK).await,
            }
        }
    }
}

fn may(who: Who, role: Role) -> bool {
    match who {
        Who::Staff => role != Role::Customer,
        Who::Admin => role == Role::Admin,
        _ => true,
    }
}
