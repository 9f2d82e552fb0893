//! The numbers that a device gives: by its series, by its blocks, and without either.

use orderkit::{
    Role, Rules,
    numbering::{Series, Span},
    replica::{AppendInputs, Position, Proposal, Query, Replica},
};
use uuid::Uuid;

use crate::shop::{DRAFT, NOW_MS, RULESET, actor};

const DAY_MS: i64 = 86_400_000;

struct Device {
    replica: Replica,
    series: Series,
    n: u64,
}

impl Device {
    /// With this `numbering` in its rules.
    fn new(numbering: &str, code: Option<&str>, leases: &[Span]) -> Self {
        let mut ruleset: serde_json::Value = serde_json::from_str(RULESET).unwrap();
        ruleset["numbering"] = serde_json::from_str(numbering).unwrap();
        let rules = Rules::from_json(ruleset.to_string().as_bytes()).unwrap();
        let position = Position {
            client: Uuid::from_u128(99),
            actor: actor("sam", Role::Staff),
            device: code.map(str::to_owned),
            leases: leases.to_vec(),
            stock: Vec::new(),
            since: None,
            ack: 0,
        };
        Self { replica: Replica::new(rules, position), series: Series::default(), n: 0 }
    }

    /// Proposes an order, which is stored or not.
    fn propose(&mut self, at_ms: i64) -> Proposal {
        self.n += 1;
        let digest = self.replica.rules().digest();
        let args = format!(
            r#"{{"draft": {DRAFT}, "expect": {{"totalMinor": 3076, "rulesetDigest": "{digest}"}}, "isRepeat": true}}"#
        );
        let inputs = AppendInputs {
            id: Uuid::from_u128(1_000 + u128::from(self.n)),
            order: Uuid::from_u128(u128::from(self.n)),
            kind: "place@1".to_owned(),
            args: serde_json::value::RawValue::from_string(args).unwrap(),
            base: None,
            at_ms,
            random: (0..160).collect(),
        };
        self.replica.propose(self.n, &self.series, inputs).unwrap()
    }

    /// Places an order: the number, and whether the clock is suspect.
    fn place(&mut self, at_ms: i64) -> (String, bool) {
        let proposal = self.propose(at_ms);
        self.series = proposal.series;
        self.replica.commit(proposal.record);
        (proposal.number.unwrap(), proposal.clock_suspect)
    }
}

const DAILY: &str = r#"{"pattern": "{date:yyMMdd}-{device:2}{seq:4}"}"#;

#[test]
fn a_clock_that_is_set_back_is_told_and_repeats_no_number() {
    let mut device = Device::new(DAILY, Some("K7"), &[]);
    assert_eq!(device.place(NOW_MS + DAY_MS), ("251125-K70001".to_owned(), false));
    assert_eq!(device.place(NOW_MS + DAY_MS - 5_000), ("251125-K70002".to_owned(), false));
    assert_eq!(device.place(NOW_MS), ("251124-K70001".to_owned(), true));
    assert_eq!(device.place(NOW_MS + 1), ("251124-K70002".to_owned(), false));
    assert_eq!(device.place(NOW_MS + DAY_MS), ("251125-K70003".to_owned(), false));
}

#[test]
fn a_draft_that_is_not_stored_takes_no_number() {
    let mut device = Device::new(DAILY, Some("K7"), &[]);
    let discarded = device.propose(NOW_MS);
    assert_eq!(discarded.number.as_deref(), Some("251124-K70001"));
    assert_eq!(device.place(NOW_MS).0, "251124-K70001", "it was never anybody's");
}

#[test]
fn a_device_uses_its_blocks_and_goes_on_with_provisional_numbers() {
    let leased = r#"{"pattern": "R{seq:6}", "blockSize": 2}"#;
    let blocks = [Span { from: 5, to: 7 }, Span { from: 11, to: 12 }];
    let mut device = Device::new(leased, None, &blocks);
    let numbers: Vec<String> = (0..4).map(|day| device.place(NOW_MS + day * DAY_MS).0).collect();
    assert_eq!(numbers[..3], ["R000005", "R000006", "R000011"]);
    assert!(numbers[3].starts_with("T-"), "{numbers:?}");
    assert_eq!(device.series.last, 11, "a provisional number is none of the series");
}

#[test]
fn a_counter_that_is_used_up_never_refuses_an_order() {
    let small = r#"{"pattern": "{date:yyMMdd}-{device:2}{seq:1}"}"#;
    let mut device = Device::new(small, Some("K7"), &[]);
    let numbers: Vec<String> = (0..11).map(|_| device.place(NOW_MS).0).collect();
    assert_eq!(numbers[8], "251124-K79");
    assert!(numbers[9].starts_with("T-") && numbers[10].starts_with("T-"), "{numbers:?}");
    assert_eq!(device.place(NOW_MS + DAY_MS).0, "251125-K71");
}

#[test]
fn the_list_finds_a_number_as_it_is_typed_and_offers_one_that_is_near() {
    let mut device = Device::new(DAILY, Some("K7"), &[]);
    for _ in 0..3 {
        device.place(NOW_MS);
    }
    let list = |text: &str| {
        let text = text.to_owned();
        let listing = device.replica.list(&Query { text, ..Query::default() });
        let offered = listing.suggestions.into_iter().map(|it| it.number);
        (listing.total, offered.collect::<Vec<_>>())
    };
    for typed in
        ["251124-K70002", "25ll24k7ooo2", "2511 24 K7 0002", "２５１１２４Ｋ７０００２", "k70002"]
    {
        assert_eq!(list(typed), (1, vec![]), "{typed}");
    }
    assert_eq!(list("ada").0, 3, "names are found as before");
    let near = ["251124-K70003", "251124-K70002", "251124-K70001"];
    let (total, mut offered) = list("251124-K70007");
    offered.sort();
    offered.reverse();
    assert_eq!((total, offered), (0, near.map(str::to_owned).to_vec()));
    for typed in ["251142-K70002", "25112-K70002", "2511244-K70002"] {
        let (total, offered) = list(typed);
        assert_eq!((total, offered.as_slice()), (0, &[near[1].to_owned()][..]), "{typed}");
    }
    assert_eq!(list("999999-K79999"), (0, vec![]));
    assert_eq!(list("grace"), (0, vec![]), "a word is no number");
}
