//! What customers were told of an order: `/v1/{tenant}/orders/{order}/notices`.

use axum::extract::State;
use orderkit::Code;
use serde::Serialize;

use super::{
    caller::Caller,
    document::{Answer, Path},
    orders::visible,
};
use crate::{
    app::App,
    error::Error,
    store::{NoticeState, StoredNotice},
};

/// The notices of an order.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct NoticeList {
    notices: Vec<Shown>,
}

/// A notice and what became of it.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Notice")]
pub(super) struct Shown {
    position: i64,
    kind: String,
    language: String,
    subject: String,
    body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    state: NoticeState,
    tries: u32,
    at_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Answer<NoticeList>, Error> {
    caller.staff_only()?;
    let order = visible(&app, &caller, &id).await?.order.id;
    let notices = app.store.read().await?.notices(&caller.tenant, order).await?;
    Ok(Answer(NoticeList { notices: notices.into_iter().map(shown).collect() }))
}

/// Tries a notice again that was given up.
pub(super) async fn send_again(
    State(app): State<App>,
    caller: Caller,
    Path((_, id, position)): Path<(String, String, i64)>,
) -> Result<Answer<Shown>, Error> {
    caller.staff_only()?;
    let order = visible(&app, &caller, &id).await?.order.id;
    let mut transaction = app.store.write(&caller.tenant).await?;
    let notices = transaction.notices(&caller.tenant, order).await?;
    let found = notices.into_iter().find(|it| it.position == position);
    let notice = found.ok_or(Error::NotFound(Code::NotFound))?;
    let notice = if notice.state == NoticeState::Failed {
        let state = NoticeState::Waiting;
        StoredNotice { state, tries: 0, next_ms: Some(app.now_ms()), ..notice }
    } else {
        notice
    };
    transaction.set_notice(&caller.tenant, &notice).await?;
    transaction.commit().await?;
    Ok(Answer(shown(notice)))
}

fn shown(notice: StoredNotice) -> Shown {
    let StoredNotice { position, kind, language, subject, body, email, state, .. } = notice;
    let StoredNotice { tries, at_ms, sent_ms, next_ms, error, .. } = notice;
    Shown {
        position,
        kind,
        language,
        subject,
        body,
        email,
        state,
        tries,
        at_ms,
        sent_ms,
        next_ms,
        error,
    }
}
