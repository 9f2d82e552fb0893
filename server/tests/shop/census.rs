//! What a database holds in the end, against what clients were told.

use std::{collections::BTreeMap, fmt};

use orderkit::{
    OrderLog, json,
    replica::protocol::{CommandResult, Verdict},
};
use orderkit_server::database::{Database, query};
use uuid::Uuid;

use super::page::Page;

/// The commands and orders of a shop.
pub struct Census {
    /// The counters of each client, and what became of each command.
    decided: Vec<(String, i64, CommandResult)>,
    orders: Vec<OrderLog>,
    head: u64,
}

/// What clients were told, and how much of it is not so.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub acknowledged: usize,
    pub lost: usize,
    pub doubled: usize,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, lost, doubled } = self;
        write!(f, "{acknowledged} acknowledged, lost {lost}, doubled {doubled}")
    }
}

impl Census {
    /// Reads all of it.
    pub async fn take(database: &dyn Database) -> Self {
        let mut connection = database.begin_read().await.unwrap();
        let connection = connection.as_mut();
        let sql = "SELECT client, n, result FROM command WHERE tenant = 'main' ORDER BY client, n";
        let rows: Vec<(String, i64, String)> = query(sql).fetch_all(connection).await.unwrap();
        let decided = rows.into_iter().map(|(client, n, result)| {
            (client, n, json::read::<CommandResult>(result.as_bytes()).unwrap())
        });
        let sql = "SELECT doc FROM orders WHERE tenant = 'main'";
        let docs: Vec<(String,)> = query(sql).fetch_all(connection).await.unwrap();
        let orders = docs.iter().map(|(doc,)| json::read(doc.as_bytes()).unwrap()).collect();
        let sql = "SELECT seq FROM tenant_head WHERE tenant = 'main'";
        let (head,): (i64,) = query(sql).fetch_one(connection).await.unwrap();
        Self { decided: decided.collect(), orders, head: u64::try_from(head).unwrap() }
    }

    /// Counts what pages were told; all else must be in order.
    pub fn count<'p>(&self, pages: impl IntoIterator<Item = &'p Page>) -> Count {
        self.check_counters();
        self.check_feed();
        self.check_numbers();
        let effects = self.effects();
        let mut rows: BTreeMap<Uuid, Vec<&CommandResult>> = BTreeMap::new();
        for (_, _, result) in &self.decided {
            rows.entry(result.id).or_default().push(result);
        }
        let mut count = Count::default();
        for page in pages {
            for id in page.saved.keys() {
                assert!(
                    page.told.contains_key(id),
                    "{id} was saved and nobody said what became of it"
                );
            }
            count.acknowledged += page.told.len();
            for (id, told) in &page.told {
                let kept = rows.get(id).map_or(&[][..], Vec::as_slice);
                let times = effects.get(id).copied().unwrap_or_default();
                let has_effect = told.verdict == Verdict::Accepted && told.seq.is_some();
                count.lost +=
                    usize::from(kept.first() != Some(&told) || (has_effect && times == 0));
                count.doubled += usize::from(kept.len() > 1 || times > usize::from(has_effect));
            }
        }
        count
    }

    /// How often each command is in the logs of orders.
    fn effects(&self) -> BTreeMap<Uuid, usize> {
        let mut effects = BTreeMap::new();
        for log in &self.orders {
            let mut last = None;
            // One command may bring several events, one after the other.
            for id in log.events.iter().map(|it| it.command) {
                if id != last
                    && let Some(id) = id
                {
                    *effects.entry(id).or_default() += 1;
                }
                last = id;
            }
        }
        effects
    }

    fn check_counters(&self) {
        let mut last = (String::new(), 0);
        for (client, n, _) in &self.decided {
            let expected = if *client == last.0 { last.1 + 1 } else { 1 };
            assert_eq!(*n, expected, "the counter of {client}");
            last = (client.clone(), *n);
        }
    }

    fn check_feed(&self) {
        let mut places: Vec<u64> = self.decided.iter().filter_map(|(_, _, it)| it.seq).collect();
        places.sort_unstable();
        assert_eq!(places, (1..=self.head).collect::<Vec<_>>(), "places of the feed");
    }

    fn check_numbers(&self) {
        let mut numbers: Vec<&str> =
            self.decided.iter().filter_map(|(_, _, it)| it.number.as_deref()).collect();
        let total = numbers.len();
        assert_eq!(total, self.orders.len(), "each order has its number");
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), total, "a number was given twice");
    }
}
