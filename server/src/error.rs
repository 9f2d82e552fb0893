//! Why a request gets no answer of its own kind, and the HTTP status of each reason.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use orderkit::{Code, Issue, Language, Refusal};
use serde::Serialize;

use crate::store::StoreError;

/// Why a request is refused as a whole.
#[derive(Debug)]
pub enum Error {
    /// 400: the request is not of the documented shape.
    Malformed(Issue),
    /// 401: no valid token.
    TokenInvalid,
    /// 403: the token is not for this tenant or action. Says the same whether there is such a tenant.
    TokenForbids,
    /// 404: nothing of this name that the caller may see.
    NotFound(Code),
    /// 409: the request contradicts an earlier one.
    Conflict(Code),
    /// 413: more than is taken at once.
    TooLarge(Issue),
    /// 422: understood and refused by the rules.
    Refused(Refusal),
    /// 426: the page is too old or too new for this server.
    ProtocolUnknown,
    /// 503 or 500: the store.
    Store(StoreError),
}

/// The issues of an error, for [`translate`] to write in the language of the caller.
#[derive(Clone, Debug)]
struct Issues(Vec<Issue>);

#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    first: Told<'a>,
    issues: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    issue: &'a Issue,
    message: String,
}

/// Seconds after which a client that was turned away may come again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

impl Error {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TokenInvalid => StatusCode::UNAUTHORIZED,
            Self::TokenForbids => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::ProtocolUnknown => StatusCode::UPGRADE_REQUIRED,
            Self::Store(StoreError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn issues(self) -> Vec<Issue> {
        let one = |code| vec![Issue::new(code, "")];
        match self {
            Self::Malformed(issue) | Self::TooLarge(issue) => vec![issue],
            Self::TokenInvalid => one(Code::TokenInvalid),
            Self::TokenForbids => one(Code::TokenForbids),
            Self::NotFound(code) | Self::Conflict(code) => one(code),
            Self::Refused(refusal) => refusal.issues,
            Self::ProtocolUnknown => one(Code::ProtocolUnknown),
            Self::Store(StoreError::Busy) => one(Code::TryLater),
            Self::Store(error) => {
                // The reason is for whoever runs the server, never for who called it.
                tracing::error!(%error, "the store failed");
                one(Code::InternalError)
            }
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        response(status, self.issues(), Language::English)
    }
}

/// An error response: the first issue, and all of them.
fn response(status: StatusCode, issues: Vec<Issue>, language: Language) -> Response {
    let told: Vec<Told<'_>> =
        issues.iter().map(|issue| Told { issue, message: issue.message(language) }).collect();
    let fallback = Issue::new(Code::InternalError, "");
    let first = issues.first().unwrap_or(&fallback);
    let first = Told { issue: first, message: first.message(language) };
    let body = serde_json::to_vec(&Body { first, issues: told }).unwrap_or_default();
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (status, content_type, body).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    if status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    }
    response.extensions_mut().insert(Issues(issues));
    response
}

/// Writes the messages of an error in the language that the caller asked for.
pub(crate) fn translate(response: Response, accept_language: Option<&HeaderValue>) -> Response {
    let wants_chinese = accept_language
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("zh"));
    match response.extensions().get::<Issues>() {
        Some(Issues(issues)) if wants_chinese => {
            self::response(response.status(), issues.clone(), Language::Chinese)
        }
        _ => response,
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
