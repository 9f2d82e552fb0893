//! Documents in and out: JSON read by the rules' own reader, so that errors have a path.

use axum::{
    body::Bytes,
    extract::{self, FromRequest, FromRequestParts, Query, Request},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use orderkit::{Code, Issue, json::FromJson};
use serde::{Serialize, de::DeserializeOwned};

use crate::{app::App, error::Error, store::StoreError};

/// The bytes of a request body.
pub(super) struct Raw(pub Bytes);

/// A request body that was read as a document.
pub(super) struct Document<T>(pub T);

/// The parameters after the question mark.
pub(super) struct Parameters<T>(pub T);

/// An answer that is written as a document.
pub(super) struct Answer<T>(pub T);

/// The names in the address.
pub(super) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let named = extract::Path::from_request_parts(parts, app).await;
        // A name that cannot be one is nothing's name.
        named.map(|extract::Path(named)| Self(named)).map_err(|_| Error::NotFound(Code::NotFound))
    }
}

impl FromRequest<App> for Raw {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        // The door has read it within the limits of the route.
        let bytes = Bytes::from_request(request, app).await;
        bytes.map(Self).map_err(|_| {
            let issue = Issue::new(Code::JsonMalformed, "");
            Error::Malformed(issue.with("reason", "the body could not be read to its end"))
        })
    }
}

impl<T: FromJson> FromRequest<App> for Document<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let Raw(bytes) = Raw::from_request(request, app).await?;
        orderkit::json::read(&bytes).map(Self).map_err(Error::Malformed)
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Parameters<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Query(parameters) = Query::from_request_parts(parts, app).await.map_err(|reason| {
            let issue = Issue::new(Code::ShapeInvalid, "");
            Error::Malformed(issue.with("reason", reason.body_text()))
        })?;
        Ok(Self(parameters))
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => json(bytes),
            Err(error) => Error::Store(StoreError::Corrupt(error.to_string())).into_response(),
        }
    }
}

/// A JSON text as an answer. Nobody on the way may keep it: it is somebody's data.
pub(super) fn json(bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, bytes).into_response()
}
