//! What can be wrong with the device itself: its clock and its storage.

use serde::{Deserialize, Serialize};

use super::{Exception, ExceptionKind, ExceptionSeverity, WayOut};
use crate::json::{FromJson, ToJson};

/// What a page knows of the device that it runs on. All of it comes from outside: nothing is measured here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeviceState {
    /// When the server last answered, by the clock of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_ms: Option<i64>,
    /// When that was by the clock of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_ms: Option<i64>,
    /// Whether the browser promised to keep what is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_persisted: Option<bool>,
    /// Bytes that this site takes of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_bytes: Option<u64>,
    /// Bytes that it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_bytes: Option<u64>,
    /// Since when nothing more can be stored for want of room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_ms: Option<i64>,
    /// Since when the storage fails for another reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_ms: Option<i64>,
    /// Since when stored orders are missing because their bytes could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub damaged_ms: Option<i64>,
}

/// A clock that differs by less says nothing: an answer takes its time.
const CLOCK_TOLERANCE_MS: i64 = 2 * 60 * 1_000;
/// What is sent within this time is hardly in danger.
const UNSENT_NOTICE_MS: i64 = 10 * 60 * 1_000;
/// With less room than this left, the next orders may not fit.
const SCARCE_BYTES: u64 = 20 * 1_024 * 1_024;

/// What is wrong with a device that has commands nobody else has since `oldest_unsent_ms`, if it has any.
pub fn of_device(
    device: &DeviceState,
    oldest_unsent_ms: Option<i64>,
    now_ms: i64,
) -> Vec<Exception> {
    let clock = clock(device, now_ms);
    clock.into_iter().chain(storage(device, oldest_unsent_ms, now_ms)).collect()
}

/// The clock, by the last answer of the server, or because it stands before that answer.
fn clock(device: &DeviceState, now_ms: i64) -> Option<Exception> {
    let (contact_ms, server_ms) = device.contact_ms.zip(device.server_ms)?;
    // Time only passes: a clock that shows less than at the last contact is behind by as much at least.
    let difference_ms = contact_ms.min(now_ms).saturating_sub(server_ms);
    if difference_ms.saturating_abs() <= CLOCK_TOLERANCE_MS {
        return None;
    }
    let exception = Exception::new(ExceptionKind::ClockWrong).since(contact_ms);
    Some(exception.with("differenceMs", difference_ms))
}

/// The worst that is known of the storage.
fn storage(device: &DeviceState, oldest_unsent_ms: Option<i64>, now_ms: i64) -> Option<Exception> {
    let trouble = |reason: &'static str, severity| {
        let exception = Exception::new(ExceptionKind::StorageTrouble).with("reason", reason);
        Exception { severity, ..exception }
    };
    let left =
        device.quota_bytes.zip(device.used_bytes).map(|(all, used)| all.saturating_sub(used));
    if let Some(since_ms) = device.full_ms {
        return Some(trouble("full", ExceptionSeverity::Block).since(since_ms));
    }
    if let Some(since_ms) = device.failed_ms {
        return Some(trouble("failed", ExceptionSeverity::Block).since(since_ms));
    }
    if let Some(since_ms) = device.damaged_ms {
        let exception = trouble("damaged", ExceptionSeverity::Block).since(since_ms);
        return Some(Exception { ways_out: vec![WayOut::FetchAgain, WayOut::Export], ..exception });
    }
    if let Some(left) = left.filter(|left| *left < SCARCE_BYTES) {
        let bytes = i64::try_from(left).unwrap_or(i64::MAX);
        return Some(trouble("scarce", ExceptionSeverity::Warn).with("leftBytes", bytes));
    }
    // Only what nobody else has can be lost for good.
    let since_ms = oldest_unsent_ms.filter(|_| device.is_persisted == Some(false))?;
    if now_ms.saturating_sub(since_ms) < UNSENT_NOTICE_MS {
        return None;
    }
    Some(trouble("unpersisted", ExceptionSeverity::Notice).since(since_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(device: &DeviceState, oldest: Option<i64>, now_ms: i64) -> Vec<(&str, String)> {
        let found = of_device(device, oldest, now_ms);
        let told = found.iter().map(|it| {
            let args = it.args.iter().map(|(key, value)| format!("{key} {value:?}"));
            (it.kind.as_str(), args.collect::<Vec<_>>().join(", "))
        });
        told.collect()
    }

    #[test]
    fn a_clock_is_wrong_by_more_than_two_minutes_in_either_direction() {
        let contact = |contact_ms, server_ms| DeviceState {
            contact_ms: Some(contact_ms),
            server_ms: Some(server_ms),
            ..DeviceState::default()
        };
        let noon = 1_764_000_000_000;
        assert_eq!(found(&contact(noon + 120_000, noon), None, noon + 200_000), []);
        assert_eq!(found(&DeviceState::default(), None, noon), []);
        let ahead = [("clockWrong", "differenceMs Integer(120001)".to_owned())];
        assert_eq!(found(&contact(noon + 120_001, noon), None, noon + 200_000), ahead);
        let behind = [("clockWrong", "differenceMs Integer(-3600000)".to_owned())];
        assert_eq!(found(&contact(noon - 3_600_000, noon), None, noon), behind);
        // It was right, and was set back by an hour since.
        assert_eq!(found(&contact(noon, noon), None, noon - 3_600_000), behind);
    }

    #[test]
    fn the_worst_of_the_storage_is_told() {
        let noon = 1_764_000_000_000;
        let mut device = DeviceState { is_persisted: Some(false), ..DeviceState::default() };
        assert_eq!(found(&device, None, noon), [], "nothing is only here");
        let soon = Some(noon - UNSENT_NOTICE_MS + 1);
        assert_eq!(found(&device, soon, noon), [], "it will be sent");
        let mut reasons = Vec::new();
        let mut told = |device: &DeviceState| {
            let found = of_device(device, Some(noon - UNSENT_NOTICE_MS), noon);
            assert!(found.iter().all(|it| it.ways_out.contains(&WayOut::Export)));
            reasons.extend(found.iter().map(|it| (it.args.get("reason").cloned(), it.severity)));
        };
        told(&device);
        (device.used_bytes, device.quota_bytes) = (Some(90), Some(SCARCE_BYTES + 90));
        told(&device);
        device.used_bytes = Some(91);
        told(&device);
        device.damaged_ms = Some(noon);
        told(&device);
        device.failed_ms = Some(noon);
        told(&device);
        device.full_ms = Some(noon);
        told(&device);
        let severities = [
            ("unpersisted", ExceptionSeverity::Notice),
            ("unpersisted", ExceptionSeverity::Notice),
            ("scarce", ExceptionSeverity::Warn),
            ("damaged", ExceptionSeverity::Block),
            ("failed", ExceptionSeverity::Block),
            ("full", ExceptionSeverity::Block),
        ];
        let expected = severities.map(|(reason, severity)| (Some(reason.into()), severity));
        assert_eq!(reasons, expected);
    }
}
