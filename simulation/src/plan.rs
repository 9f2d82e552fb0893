//! What a seed decides: who works where, what they do when, and what goes wrong.
//!
//! A plan is a list, so that a failing one can be made shorter by leaving parts out. Each seed turns on a random part of the
//! faults only: a run with all of them at once would never come to the rare ones.

use fastrand::Rng;
use orderkit::Role;

/// How long users work and faults happen, in simulated time. After it everything works again.
const WORK_MS: i64 = 20 * 60_000;

/// Faults that a message or transaction may meet by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chance {
    LoseRequest,
    LoseAnswer,
    RepeatRequest,
    DelayMessage,
    CutRequest,
    CutAnswer,
    ForeignPage,
    BadGateway,
    Busy,
    TooLarge,
    DatabaseFails,
    ServerDiesBefore,
    ServerDiesAfter,
    LosePoke,
    DiskFull,
    DiskLost,
    EndedBefore,
    EndedAfter,
    ReadBreaksOff,
    AnswerInPieces,
}

impl Chance {
    pub const ALL: [Self; 20] = [
        Self::LoseRequest,
        Self::LoseAnswer,
        Self::RepeatRequest,
        Self::DelayMessage,
        Self::CutRequest,
        Self::CutAnswer,
        Self::ForeignPage,
        Self::BadGateway,
        Self::Busy,
        Self::TooLarge,
        Self::DatabaseFails,
        Self::ServerDiesBefore,
        Self::ServerDiesAfter,
        Self::LosePoke,
        Self::DiskFull,
        Self::DiskLost,
        Self::EndedBefore,
        Self::EndedAfter,
        Self::ReadBreaksOff,
        Self::AnswerInPieces,
    ];
    /// Those of the first runs, whose seeds keep their plans.
    pub const FIRST: usize = 18;
}

/// The faults of docs/faults.md that something in a run stands for, by the name that the count has.
pub const FAULTS: &[(u8, &[&str])] = &[
    (1, &["GoOffline"]),
    (2, &["CutRequest"]),
    (3, &["LoseAnswer", "ServerDiesAfter"]),
    (4, &["RepeatRequest"]),
    (5, &["DelayMessage"]),
    (6, &["Replay"]),
    (7, &["CopyProfile"]),
    (8, &["BringUnsent"]),
    (9, &["OpenPage"]),
    (10, &["ClosePage"]),
    (11, &["SecondLeader"]),
    (12, &["Freeze"]),
    (17, &["ServerDiesBefore", "DatabaseFails", "ServerDiesAfter"]),
    (18, &["ServerDiesAfter"]),
    (22, &["DatabaseFails"]),
    (24, &["Restore"]),
    (25, &["DiskFull"]),
    (26, &["DiskFull"]),
    (27, &["Wipe"]),
    (28, &["DiskLost", "ReadBreaksOff"]),
    (31, &["CutPower"]),
    (32, &["DamagePage"]),
    (33, &["EndedBefore", "EndedAfter"]),
    (35, &["ExpireToken"]),
    (36, &["Revoke"]),
    (37, &["SetClock"]),
    (38, &["TooLarge"]),
    (39, &["Busy"]),
    (40, &["ForeignPage", "BadGateway", "CutAnswer"]),
    (46, &["LosePoke"]),
];

/// What happens at a time that the plan names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A user places an order.
    Place,
    /// A user does something with an order that they see.
    Act,
    /// The user has read why a command was refused.
    Dismiss,
    OpenPage,
    ClosePage,
    CutPower,
    Wipe,
    DamagePage,
    /// No network for this many seconds.
    GoOffline(u16),
    /// The page does nothing for this many seconds, and then goes on as if nothing had been.
    Freeze(u16),
    /// A page exchanges though another one holds the lock.
    SecondLeader,
    /// The profile is copied to another device, which works on as well.
    CopyProfile,
    /// Somebody brings the unsent commands of the device to another one of the same user.
    BringUnsent,
    /// The clock of the device is set, by so many minutes.
    SetClock(i32),
    ExpireToken,
    /// The user may not use the shop for this many seconds.
    Revoke(u16),
    /// The shop gets other rules.
    ChangeRules,
    Backup,
    /// The database is set back to the last backup.
    Restore,
    /// A request of long ago comes once more.
    Replay,
}

/// Something in the plan.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    pub at_ms: i64,
    pub device: usize,
    pub what: What,
    /// What it is about, where there is a choice.
    pub choice: u64,
}

/// Who works on a device.
#[derive(Clone, Copy, Debug)]
pub struct Worker {
    pub tenant: usize,
    pub user: usize,
    pub role: Role,
}

/// A whole run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub workers: Vec<Worker>,
    pub chances: Vec<Chance>,
    pub events: Vec<Planned>,
    /// When everything works again.
    pub calm_ms: i64,
}

impl Plan {
    /// The plan of a seed.
    pub fn of(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let workers = workers(&mut random);
        let (first, later) = Chance::ALL.split_at(Chance::FIRST);
        let mut chances = first.to_vec();
        chances.retain(|_| random.u8(..) < 64);
        // What came later has chances of its own, so that a seed keeps the rest of its plan.
        let mut random_later = Rng::with_seed(seed.rotate_left(32));
        chances.extend(later.iter().filter(|_| random_later.u8(..) < 64));
        let mut events = Vec::new();
        let devices = workers.len();
        let mut plan = |random: &mut Rng, what: What| {
            let at_ms = random.i64(0..WORK_MS);
            let (device, choice) = (random.usize(0..devices), random.u64(..));
            events.push(Planned { at_ms, device, what, choice });
        };
        for _ in 0..random.u8(3..8) {
            plan(&mut random, What::Place);
        }
        for _ in 0..random.u8(3..12) {
            plan(&mut random, What::Act);
        }
        for _ in 0..random.u8(0..3) {
            plan(&mut random, What::Dismiss);
        }
        for _ in 0..random.u8(0..7) {
            let what = rare(&mut random);
            plan(&mut random, what);
            // A backup that nobody comes back to shows nothing.
            if what == What::Backup {
                plan(&mut random, What::Restore);
            }
        }
        events.sort_by_key(|planned| planned.at_ms);
        Self { seed, workers, chances, events, calm_ms: WORK_MS }
    }
}

/// Two or three devices in one shop, sometimes two of one user, and sometimes one in another shop.
fn workers(random: &mut Rng) -> Vec<Worker> {
    let mut workers = vec![Worker { tenant: 0, user: 0, role: Role::Staff }];
    let role = if random.bool() { Role::Staff } else { Role::Customer };
    let user = if role == Role::Staff && random.bool() { 0 } else { 1 };
    workers.push(Worker { tenant: 0, user, role });
    if random.bool() {
        let tenant = usize::from(random.bool());
        workers.push(Worker { tenant, user: 2, role: Role::Staff });
    }
    workers
}

fn rare(random: &mut Rng) -> What {
    let seconds = |random: &mut Rng| random.u16(5..900);
    match random.u8(0..20) {
        0 | 1 => What::OpenPage,
        2 => What::ClosePage,
        3 => What::CutPower,
        4 => What::Wipe,
        5 => What::DamagePage,
        6..=8 => What::GoOffline(seconds(random)),
        9 => What::Freeze(seconds(random)),
        10 => What::SecondLeader,
        11 => What::CopyProfile,
        12 => What::BringUnsent,
        13 => {
            // A day, ten years, or back during sync.
            let minutes = [1_440, -1_440, 5_256_000, -5_256_000, -3];
            What::SetClock(minutes[random.usize(0..minutes.len())])
        }
        14 => What::ExpireToken,
        15 => What::Revoke(seconds(random)),
        16 => What::ChangeRules,
        17 | 18 => What::Backup,
        _ => What::Replay,
    }
}
