//! Notices to customers: written with what happened, in one transaction, and sent afterwards until somebody has taken them.

use std::{path::PathBuf, time::Duration};

use orderkit::{
    Order, OrderLog, Ruleset,
    notice::{Notice, Writing, kind_of, notice},
};
use tokio::sync::watch;

use crate::{
    app::App,
    error::Error,
    failpoint,
    store::{NoticeState, StoreError, StoredNotice, Transaction},
};

mod mail;
mod webhook;

/// How often the server looks.
const EVERY: Duration = Duration::from_secs(1);
/// Notices that are sent before the server looks again.
const BATCH: u32 = 50;
/// The first pause between two tries; each one doubles it.
const PAUSE_MS: i64 = 5_000;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 60 * 60 * 1_000;
/// While one try is open no second one begins.
const LEASE_MS: i64 = 30_000;
/// How often a notice is tried before somebody has to look.
const TRIES: u32 = 8;

/// How customers are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notices {
    /// What takes the texts.
    pub channel: Channel,
    /// The address of the page, for links.
    pub page: Option<String>,
    /// The address that mail is from.
    pub from: String,
}

/// What takes the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A folder of mail as it would be sent, for trying out.
    Folder(PathBuf),
    /// An address that gets each notice as JSON and sends it on.
    Webhook {
        /// The address.
        url: String,
        /// What the requests are signed with.
        secret: String,
    },
}

/// Writes the notices of the newest events of an order: those from `first` on.
///
/// # Errors
///
/// [`StoreError`]
pub(crate) async fn write(
    transaction: &mut Transaction,
    tenant: &str,
    notices: &Notices,
    ruleset: &Ruleset,
    before: Option<&Order>,
    log: &OrderLog,
    now_ms: i64,
) -> Result<(), StoreError> {
    let first = before.map_or(0, |order| usize::try_from(order.revision).unwrap_or(usize::MAX));
    let new = log.events.get(first..).unwrap_or_default();
    if new.iter().all(|record| kind_of(&record.event).is_none()) {
        return Ok(());
    }
    let writing = Writing { ruleset, language: None, page: notices.page.as_deref() };
    let mut before = before.cloned();
    for (position, record) in (first..).zip(new) {
        let after = match &before {
            Some(order) => {
                let mut after = order.clone();
                after.apply(record).map_err(|issue| StoreError::Corrupt(issue.code.to_string()))?;
                after
            }
            None => match Order::begin(log.id, record) {
                Some(order) => order,
                None => return Ok(()),
            },
        };
        if let Some(notice) = notice(before.as_ref(), &after, &record.event, &writing) {
            let stored = stored(&after, notice, position, notices, now_ms);
            transaction.add_notice(tenant, &stored).await?;
        }
        before = Some(after);
    }
    Ok(())
}

fn stored(
    order: &Order,
    notice: Notice,
    position: usize,
    notices: &Notices,
    now_ms: i64,
) -> StoredNotice {
    let customer = order.details.customer.clone().unwrap_or_default();
    let filled = |text: Option<String>| {
        let text = text.map(|it| it.trim().to_owned());
        text.filter(|it| !it.is_empty() && !it.chars().any(char::is_control))
    };
    let (email, phone) = (filled(customer.email), filled(customer.phone));
    let is_reachable = match notices.channel {
        Channel::Folder(_) => email.is_some(),
        Channel::Webhook { .. } => email.is_some() || phone.is_some(),
    };
    let state = if is_reachable { NoticeState::Waiting } else { NoticeState::Unreachable };
    StoredNotice {
        order: order.id,
        position: i64::try_from(position).unwrap_or(i64::MAX),
        kind: notice.kind.as_str().to_owned(),
        language: word(notice.language).to_owned(),
        subject: notice.subject,
        body: notice.body,
        number: order.number.clone(),
        name: customer.name,
        email,
        phone,
        state,
        tries: 0,
        next_ms: is_reachable.then_some(now_ms),
        at_ms: now_ms,
        sent_ms: None,
        error: None,
    }
}

fn word(language: orderkit::Language) -> &'static str {
    match language {
        orderkit::Language::English => "en",
        orderkit::Language::Chinese => "zh",
    }
}

/// Works until the server closes.
pub(crate) async fn run(app: App, mut closing: watch::Receiver<bool>) {
    if app.notices.is_none() {
        return;
    }
    loop {
        if let Err(error) = app.send_notices().await {
            tracing::warn!(?error, "notices: trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
    }
}

impl App {
    /// Sends every notice whose time has come, and says how many were tried.
    ///
    /// # Errors
    ///
    /// [`Error`] if the store fails; the rest is sent the next time.
    pub async fn send_notices(&self) -> Result<usize, Error> {
        let Some(notices) = self.notices.clone() else { return Ok(0) };
        let due = self.store.read().await?.due_notices(self.now_ms(), BATCH).await?;
        for (tenant, notice) in &due {
            self.send_notice(&notices, tenant, notice).await?;
        }
        Ok(due.len())
    }

    async fn send_notice(
        &self,
        notices: &Notices,
        tenant: &str,
        notice: &StoredNotice,
    ) -> Result<(), Error> {
        let tries = notice.tries + 1;
        let lease_ms = self.now_ms().saturating_add(LEASE_MS);
        let mut transaction = self.store.write(tenant).await?;
        let is_own = transaction.begin_notice_try(tenant, notice, lease_ms).await?;
        transaction.commit().await?;
        if !is_own {
            return Ok(());
        }
        let begun = StoredNotice { tries, next_ms: Some(lease_ms), ..notice.clone() };
        let (id, now_ms) = (id_of(tenant, notice), self.now_ms());
        let (settings, text) = (notices.clone(), notice.clone());
        let tenant_name = tenant.to_owned();
        let sent = tokio::task::spawn_blocking(move || match &settings.channel {
            Channel::Folder(folder) => mail::write(folder, &settings.from, &id, &text),
            Channel::Webhook { url, secret } => {
                webhook::post(url, secret, &tenant_name, &id, &text, now_ms)
            }
        });
        let sent = sent.await.unwrap_or_else(|_| Err("the sending panicked".to_owned()));
        failpoint::reach("notice_sent");
        let now_ms = self.now_ms();
        let ended = match sent {
            Ok(()) => StoredNotice {
                state: NoticeState::Sent,
                next_ms: None,
                sent_ms: Some(now_ms),
                error: None,
                ..begun
            },
            Err(error) if tries >= TRIES => {
                tracing::warn!(order = %notice.order, error, "a notice is given up");
                let state = NoticeState::Failed;
                StoredNotice { state, next_ms: None, error: Some(error), ..begun }
            }
            Err(error) => {
                let next_ms = Some(now_ms.saturating_add(pause_ms(tries)));
                StoredNotice { next_ms, error: Some(error), ..begun }
            }
        };
        self.keep_notice(tenant, &ended).await
    }

    async fn keep_notice(&self, tenant: &str, notice: &StoredNotice) -> Result<(), Error> {
        let mut transaction = self.store.write(tenant).await?;
        transaction.set_notice(tenant, notice).await?;
        Ok(transaction.commit().await?)
    }
}

/// The name of a notice, the same at each try, so that whoever takes it twice sends it once.
fn id_of(tenant: &str, notice: &StoredNotice) -> String {
    format!("{tenant}-{}-{}", notice.order, notice.position)
}

fn pause_ms(tries: u32) -> i64 {
    let factor = 1_i64.checked_shl(tries.saturating_sub(1).min(20)).unwrap_or(i64::MAX);
    PAUSE_MS.saturating_mul(factor).min(LONGEST_PAUSE_MS)
}
