//! The exceptions inbox: everything on this copy that somebody should look at.

use serde::Serialize;

use super::{PendingCommand, Replica, Row, orders::Held};
use crate::{
    exceptions::{
        DeviceState, Exception, ExceptionKind, ExceptionSeverity, WayOut, kind_of_refusal,
        of_device, tampered,
    },
    json::ToJson,
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
    /// Everything unusual, the worst first and of equal ones the oldest first. No order is opened for it; that a log was changed
    /// on this device shows once it was opened.
    pub fn inbox(&self, device: &DeviceState, now_ms: i64) -> Vec<InboxEntry> {
        let mut entries = self.of_device(device, now_ms);
        for (_, row) in self.orders.rows() {
            let mut found = row.standing.clone();
            found.append(&mut self.late(row, now_ms));
            found.extend(self.found_tampered(row));
            for exception in found {
                entries.push(InboxEntry { exception, row: Some(row.clone()), command: None });
            }
        }
        entries.extend(self.refused_commands());
        entries.sort_by_key(|entry| (entry.exception.severity, entry.exception.since_ms));
        entries
    }

    /// How many orders, refused commands and troubles of the device wait for somebody: for a mark that is always shown. Notices
    /// do not count.
    pub fn inbox_count(&self, device: &DeviceState, now_ms: i64) -> usize {
        let matters = |exception: &Exception| exception.severity != ExceptionSeverity::Notice;
        let of_device = self.of_device(device, now_ms);
        let troubles = of_device.iter().filter(|entry| matters(&entry.exception)).count();
        let unusual = |(_, row): &(&Held, &Row)| {
            row.standing.iter().any(matters)
                || self.late(row, now_ms).iter().any(matters)
                || self.found_tampered(row).is_some()
        };
        let orders = self.orders.rows().filter(unusual).count();
        orders.saturating_add(self.outbox.refused_count()).saturating_add(troubles)
    }

    fn late(&self, row: &Row, now_ms: i64) -> Vec<Exception> {
        row.lateness.found(&self.rules().ruleset().workflow, now_ms)
    }

    /// What only shows when the log is read, and what the server does not know.
    fn found_tampered(&self, row: &Row) -> Option<Exception> {
        let is_known = row.standing.iter().any(|it| it.kind == ExceptionKind::LogTampered);
        let entry = self.tampered.borrow().get(&row.id).copied();
        entry.filter(|_| !is_known).map(tampered)
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
            let row = self.row(command.order).cloned();
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
}
