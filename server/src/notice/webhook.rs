//! Notices as signed JSON, for whoever sends mail, messages or calls.

use std::time::Duration;

use serde_json::json;
use ureq::Agent;

use crate::{
    payment::{SIGNATURE_HEADER, sign},
    store::StoredNotice,
};

/// Who does not answer by then has not taken it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends a notice; it is taken if the answer is one of success.
pub(super) fn post(
    url: &str,
    secret: &str,
    tenant: &str,
    id: &str,
    notice: &StoredNotice,
    now_ms: i64,
) -> Result<(), String> {
    let body = json!({
        "id": id,
        "tenant": tenant,
        "order": notice.order,
        "number": notice.number,
        "kind": notice.kind,
        "language": notice.language,
        "subject": notice.subject,
        "body": notice.body,
        "to": {"name": notice.name, "email": notice.email, "phone": notice.phone},
        "atMs": notice.at_ms,
    });
    let body = body.to_string();
    let config = Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0);
    let agent: Agent = config.build().into();
    let sent = agent
        .post(url)
        .header("content-type", "application/json")
        .header("idempotency-key", id)
        .header(SIGNATURE_HEADER, sign(secret, tenant, body.as_bytes(), now_ms))
        .send(body.as_bytes());
    match sent {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("{url} answered {}", answer.status())),
        Err(error) => Err(format!("{url}: {error}")),
    }
}
