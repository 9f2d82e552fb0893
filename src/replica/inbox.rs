//! The exceptions inbox: everything on this copy that somebody should look at.

use serde::Serialize;

use super::{PendingCommand, Replica, Row, fold::Opened, orders::Held};
use crate::{
    exceptions::{
        DeviceState, Exception, ExceptionKind, ExceptionSeverity, WayOut, exceptions,
        kind_of_refusal, of_device,
    },
    issue::Refusal,
    json::ToJson,
    status::Summary,
};

/// One thing to look at, with the order that it is about.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct InboxEntry {
    /// What it is.
    pub exception: Exception,
    /// The order, if it is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<Row>,
    /// The refused command, if that is what it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<PendingCommand>,
}

impl Replica {
    /// Everything unusual, the worst first and of equal ones the oldest first.
    ///
    /// Only orders are opened whose row says that something is unusual, or that are being worked on and
    /// may be late.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if the bytes of an order cannot be read.
    pub fn inbox(&self, device: &DeviceState, now_ms: i64) -> Result<Vec<InboxEntry>, Refusal> {
        let mut entries = self.of_device(device, now_ms);
        for (_, row) in self.orders.rows() {
            if row.exceptions.is_empty() && !may_be_late(row.summary) {
                continue;
            }
            // An order that cannot be read must not hide all others; whoever opens it is told.
            let Ok(Some(Opened { order, .. })) = self.open(row.id) else { continue };
            for exception in exceptions(&order, self.rules().ruleset(), now_ms)? {
                entries.push(InboxEntry { exception, row: Some(row.clone()), command: None });
            }
        }
        entries.extend(self.refused_commands());
        entries.sort_by_key(|entry| (entry.exception.severity, entry.exception.since_ms));
        Ok(entries)
    }

    /// How many orders, refused commands and troubles of the device wait for somebody, by the rows alone: for a mark that is
    /// always shown. Notices do not count.
    pub fn inbox_count(&self, device: &DeviceState, now_ms: i64) -> usize {
        let of_device = self.of_device(device, now_ms).into_iter();
        let troubles =
            of_device.filter(|entry| entry.exception.severity != ExceptionSeverity::Notice).count();
        let unusual = |(_, row): &(&Held, &Row)| {
            row.exceptions
                .kinds()
                .any(|kind: ExceptionKind| kind.severity() != ExceptionSeverity::Notice)
        };
        let orders = self.orders.rows().filter(unusual).count();
        orders.saturating_add(self.outbox.refused_count()).saturating_add(troubles)
    }

    fn of_device(&self, device: &DeviceState, now_ms: i64) -> Vec<InboxEntry> {
        let found = of_device(device, self.oldest_waiting_ms(), now_ms).into_iter();
        found.map(|exception| InboxEntry { exception, row: None, command: None }).collect()
    }

    fn refused_commands(&self) -> impl Iterator<Item = InboxEntry> {
        self.outbox.refused().map(|record| {
            let command = self.pending_command(record);
            let code = command.verdict.as_ref().and_then(|verdict| verdict.issues.first());
            let kind = code.map_or(ExceptionKind::WrongData, |issue| kind_of_refusal(issue.code));
            let mut exception = Exception::new(kind);
            exception.since_ms = Some(command.at_ms);
            let row = self.row(command.order);
            // What cannot be done with a command, or with an order that is not here, is no way out of it.
            exception.ways_out.retain(|way| match way {
                WayOut::Command(_) => row.is_some(),
                _ => *way != WayOut::Match,
            });
            for way in [WayOut::Resend, WayOut::Dismiss] {
                if !exception.ways_out.contains(&way) {
                    exception.ways_out.push(way);
                }
            }
            InboxEntry { exception, row, command: Some(command) }
        })
    }

    fn row(&self, id: uuid::Uuid) -> Option<Row> {
        self.orders.get(id)?.row().cloned()
    }
}

/// Whether a promise can be broken, or an authorization run out, while an order stands so.
fn may_be_late(summary: Summary) -> bool {
    matches!(
        summary,
        Summary::AwaitingPayment
            | Summary::AwaitingConfirmation
            | Summary::AwaitingPicking
            | Summary::AwaitingPacking
            | Summary::AwaitingShipment
            | Summary::PartiallyShipped
    )
}
