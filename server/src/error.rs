//! Why a request gets no answer of its own kind, and the HTTP status of each reason.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use orderkit::{
    Code, Issue, Language, Refusal,
    lint::{Finding, Severity},
};
use serde::Serialize;

use crate::store::StoreError;

/// Why a request is refused as a whole.
#[derive(Debug)]
pub enum Error {
    /// 400: the request is not of the documented shape.
    Malformed(Issue),
    /// 401: no valid token.
    TokenInvalid,
    /// 401: a message that its sender has not signed, or not lately.
    SignatureInvalid,
    /// 403: the token is not for this tenant or action. Says the same whether there is such a tenant.
    TokenForbids,
    /// 404: nothing of this name that the caller may see.
    NotFound(Code),
    /// 409: the request contradicts an earlier one.
    Conflict(Code),
    /// 409: what was edited has been replaced since.
    Outdated(Issue),
    /// 413: more than is taken at once.
    TooLarge(Issue),
    /// 422: understood and refused by the rules.
    Refused(Refusal),
    /// 422: rules that the linter has something against.
    Findings(Vec<Finding>),
    /// 408: the request did not arrive within so many seconds.
    TooSlow(u64),
    /// 409: the first request with this key is still being worked on.
    KeyRunning,
    /// 415: packed in a way that is not read here.
    EncodingUnknown(String),
    /// 429: tried too often; after so many seconds more tries are taken.
    TooMany(u64),
    /// 429: too many requests; after so many seconds more are taken.
    RateLimited(u64),
    /// 429: so many streams are open, which are all that one user may have.
    StreamsTooMany(usize),
    /// 426: the page is too old or too new for this server.
    ProtocolUnknown,
    /// 503 or 500: the store.
    Store(StoreError),
}

/// The issues of an error, for [`translate`] to write in the language of the caller.
#[derive(Clone, Debug)]
struct Issues(Vec<Reason>);

/// An issue with how much it matters, where that was asked.
#[derive(Clone, Debug)]
struct Reason {
    issue: Issue,
    severity: Option<Severity>,
}

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
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
}

/// Seconds after which a client that was turned away may come again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");
/// Seconds after which a request has usually ended that is being worked on.
const WORKED_ON_SECONDS: u64 = 1;
/// Seconds after which a stream may have ended.
const STREAM_SECONDS: u64 = 30;

impl Error {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TokenInvalid | Self::SignatureInvalid => StatusCode::UNAUTHORIZED,
            Self::TokenForbids => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) | Self::Outdated(_) | Self::KeyRunning => StatusCode::CONFLICT,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::EncodingUnknown(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(_) | Self::Findings(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) | Self::RateLimited(_) | Self::StreamsTooMany(_) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::ProtocolUnknown => StatusCode::UPGRADE_REQUIRED,
            Self::Store(error) if error.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds after which it makes sense to come again, where that is known.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) | Self::RateLimited(seconds) => Some(*seconds),
            Self::KeyRunning => Some(WORKED_ON_SECONDS),
            Self::StreamsTooMany(_) => Some(STREAM_SECONDS),
            _ => None,
        }
    }

    fn reasons(self) -> Vec<Reason> {
        match self {
            Self::Findings(findings) => weighed(findings),
            other => other.issues().into_iter().map(Reason::from).collect(),
        }
    }

    pub(crate) fn issues(self) -> Vec<Issue> {
        let one = |code| vec![Issue::new(code, "")];
        match self {
            Self::Malformed(issue) | Self::TooLarge(issue) | Self::Outdated(issue) => vec![issue],
            Self::Findings(findings) => findings.into_iter().map(|it| it.issue).collect(),
            Self::TokenInvalid => one(Code::TokenInvalid),
            Self::SignatureInvalid => one(Code::SignatureInvalid),
            Self::TokenForbids => one(Code::TokenForbids),
            Self::NotFound(code) | Self::Conflict(code) => one(code),
            Self::Refused(refusal) => refusal.issues,
            Self::TooMany(seconds) => {
                let minutes = seconds.div_ceil(60).max(1);
                vec![Issue::new(Code::TriesTooMany, "").with("minutes", minutes.to_string())]
            }
            Self::TooSlow(seconds) => {
                vec![Issue::new(Code::RequestTooSlow, "").with("seconds", seconds.to_string())]
            }
            Self::KeyRunning => one(Code::IdempotencyKeyRunning),
            Self::EncodingUnknown(encoding) => {
                vec![Issue::new(Code::EncodingUnknown, "").with("encoding", encoding)]
            }
            Self::RateLimited(seconds) => {
                vec![Issue::new(Code::RateLimited, "").with("seconds", seconds.to_string())]
            }
            Self::StreamsTooMany(maximum) => {
                vec![Issue::new(Code::StreamsTooMany, "").with("maximum", maximum)]
            }
            Self::ProtocolUnknown => one(Code::ProtocolUnknown),
            Self::Store(StoreError::Busy) => one(Code::TryLater),
            Self::Store(error) if error.is_passing() => {
                tracing::error!(%error, "the store could not be used");
                one(Code::TryLater)
            }
            Self::Store(error) => {
                // The reason is for whoever runs the server, never for who called it.
                tracing::error!(%error, "the store failed");
                crate::metrics::database_error();
                one(Code::InternalError)
            }
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let seconds = self.retry_after();
        let mut answer = response(status, self.reasons(), Language::English);
        if let Some(seconds) = seconds {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}

/// An error response: the first issue, and all of them.
fn response(status: StatusCode, reasons: Vec<Reason>, language: Language) -> Response {
    let told: Vec<Told<'_>> = reasons.iter().map(|reason| reason.told(language)).collect();
    let fallback = Reason::from(Issue::new(Code::InternalError, ""));
    let first = reasons.first().unwrap_or(&fallback).told(language);
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
    response.extensions_mut().insert(Issues(reasons));
    response
}

/// Writes the messages of an error in the language that the caller asked for.
pub(crate) fn translate(response: Response, accept_language: Option<&HeaderValue>) -> Response {
    let wants_chinese = accept_language
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("zh"));
    match response.extensions().get::<Issues>() {
        Some(Issues(reasons)) if wants_chinese => {
            let mut translated =
                self::response(response.status(), reasons.clone(), Language::Chinese);
            if let Some(wait) = response.headers().get(header::RETRY_AFTER) {
                translated.headers_mut().insert(header::RETRY_AFTER, wait.clone());
            }
            translated
        }
        _ => response,
    }
}

/// Findings as reasons, after the one that says why they stand in the way.
fn weighed(findings: Vec<Finding>) -> Vec<Reason> {
    let is_warned = findings.iter().all(|it| it.severity != Severity::Error);
    let count = findings.iter().filter(|it| it.severity == Severity::Warning).count();
    let first = Issue::new(Code::WarningsNotAccepted, "").with("count", count);
    let weigh = |it: Finding| Reason { issue: it.issue, severity: Some(it.severity) };
    let all = findings.into_iter().map(weigh);
    is_warned.then(|| Reason::from(first)).into_iter().chain(all).collect()
}

impl Reason {
    fn told(&self, language: Language) -> Told<'_> {
        let message = self.issue.message(language);
        Told { issue: &self.issue, message, severity: self.severity }
    }
}

impl From<Issue> for Reason {
    fn from(issue: Issue) -> Self {
        Self { issue, severity: None }
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
