//! The importer, into memory: what becomes of each source's documents.

use std::{collections::HashSet, path::Path};

use orderkit::{Event, Order, OrderLog};
use orderkit_server::import::{
    Checkpoint, Convention, Converter, ImportError, ImportSink, Imported, Job, Places, SinkError,
    demo_orders, fingerprint, import_file,
};

/// A store in memory that refuses to work after some batches.
#[derive(Default)]
struct Memory {
    orders: Vec<OrderLog>,
    ids: HashSet<uuid::Uuid>,
    fails_after: Option<usize>,
    batches: usize,
}

impl ImportSink for Memory {
    fn import(&mut self, orders: &[OrderLog]) -> Result<Imported, SinkError> {
        if self.fails_after == Some(self.batches) {
            return Err(SinkError::Failed("the disk is full".to_owned()));
        }
        self.batches += 1;
        let mut imported = Imported::default();
        for log in orders {
            if self.ids.insert(log.id) {
                self.orders.push(log.clone());
                imported.inserted += 1;
            } else {
                imported.already += 1;
            }
        }
        Ok(imported)
    }
}

fn import(
    file: &Path,
    source: &str,
    data: &Path,
    memory: &mut Memory,
) -> Result<Checkpoint, ImportError> {
    let print = fingerprint(std::fs::File::open(file).unwrap()).unwrap();
    let places = Places::of(data, "main", source, &print);
    let checkpoint = places.load().unwrap();
    let checkpoint = checkpoint.unwrap_or_else(|| Checkpoint::start(file, source, print));
    let converter = Converter::new(source, "", None, Convention::of(source, None).unwrap());
    let job = Job { file, places, checkpoint, stop_after_batches: None };
    import_file(job, converter, memory, |_| {})
}

fn fixture(name: &str, source: &str) -> (Checkpoint, Vec<Order>) {
    let folder = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let mut memory = Memory::default();
    let checkpoint = import(&file, source, folder.path(), &mut memory).unwrap();
    assert_eq!(checkpoint.tally.rejected, 0);
    let orders = memory.orders.iter().map(|log| log.order().unwrap()).collect();
    (checkpoint, orders)
}

/// Exact sum and gross total in minor units of one order.
#[track_caller]
fn sums(order: &Order, exact: &str, gross_minor: i64) {
    assert_eq!(order.import.as_ref().unwrap().exact_total.to_string(), exact);
    assert_eq!(order.totals.gross_minor.minor(), gross_minor);
    assert_eq!(order.totals.tax_minor.minor(), 0);
}

fn classes(order: &Order) -> Vec<(&str, u32)> {
    let findings = &order.import.as_ref().unwrap().findings;
    findings.iter().map(|finding| (finding.class.as_str(), finding.lines)).collect()
}

#[test]
fn purchases_have_the_supplier_as_party_and_four_decimals() {
    let (_, orders) = fixture("purchases.jsonl", "purchases");
    sums(&orders[0], "272.1015", 27_210);
    let party = orders[0].details.customer.as_ref().unwrap();
    assert_eq!((party.id.as_deref(), party.name.as_str()), (Some("BOLT0001"), "Bolt & Sons"));
    assert_eq!(orders[0].lines[1].unit_price.to_string(), "45.5805");
    assert_eq!(classes(&orders[0]), []);
}

#[test]
fn totals_after_discount_count_and_each_currency_has_its_sum() {
    let (checkpoint, orders) = fixture("reseller-sales.jsonl", "reseller-sales");
    // 6,074.982 and 56.2091 are rounded each: 6,074.98 + 56.21.
    sums(&orders[0], "6131.1911", 613_119);
    sums(&orders[1], "8.99", 899);
    let address = orders[0].details.shipping_address.as_ref().unwrap();
    assert_eq!((address.country.as_str(), address.region.as_deref()), ("US", Some("Southeast")));
    let sums: Vec<_> =
        checkpoint.tally.sums.iter().map(|(code, sums)| (code, sums.exact)).collect();
    assert_eq!(sums.len(), 2);
    assert_eq!(sums[1].1.to_string(), "6131.1911");
}

#[test]
fn baskets_name_whole_lines() {
    let (_, orders) = fixture("baskets.jsonl", "baskets");
    sums(&orders[0], "43.73", 4_373);
    let amounts: Vec<i64> = orders[0].lines.iter().map(|line| line.gross_minor.minor()).collect();
    assert_eq!(amounts, [299, 950, 25, 3_099]);
    assert_eq!(classes(&orders[0]), [("quantityZero", 1), ("nameMissing", 1)]);
    assert_eq!(orders[0].placed_ms, 1_483_283_031_000);
}

#[test]
fn the_unrounded_price_is_the_exact_one() {
    let (_, orders) = fixture("web-shop.jsonl", "web-shop");
    sums(&orders[0], "18.683", 1_868);
    let customer = orders[0].details.customer.as_ref().unwrap();
    assert_eq!(customer.email.as_deref(), Some("sam@bell.example"));
}

#[test]
fn freight_is_a_charge_and_a_discount_can_be_a_fraction() {
    let (_, orders) = fixture("trade.jsonl", "trade");
    // 12 × 14 + 7 × 9.83 × 0.85 = 168 + 58.4885, and 32.38 freight.
    sums(&orders[0], "226.4885", 16_800 + 5_849 + 3_238);
    assert_eq!(orders[0].totals.charge_minor.minor(), 3_238);
    let address = orders[0].details.shipping_address.as_ref().unwrap();
    assert_eq!((address.country.as_str(), address.city.as_str()), ("FR", "Reims"));
    assert_eq!(orders[0].placed_ms, 836_438_400_000);
}

#[test]
fn dirty_documents_are_kept_and_named() {
    let (checkpoint, orders) = fixture("gift-shop.jsonl", "online-retail");
    assert_eq!(checkpoint.tally.all.lines, 8);
    // 0.001 × 9 is 0.9 of a penny: the order has a penny, the note the exact sum.
    sums(&orders[0], "48.609", 4_861);
    assert_eq!(
        classes(&orders[0]),
        [
            ("negativeQuantity", 1),
            ("quantityZero", 1),
            ("priceZero", 1),
            ("nameMissing", 1),
            ("lineRepeated", 1),
            ("notGoods", 1),
            ("timeDiffers", 2),
            ("customerMissing", 6),
            ("countryUnknown", 6),
        ]
    );
    let details = &orders[0].details;
    assert_eq!(details.note.as_deref(), Some("2 lines at 2011-06-01T08:27"));
    let address = details.shipping_address.as_ref().unwrap();
    assert_eq!(
        (address.country.as_str(), address.region.as_deref()),
        ("", Some("Channel Islands"))
    );
    // 08:26 in London is 07:26 UTC in June and 08:26 UTC in January.
    assert_eq!(orders[0].placed_ms, 1_306_913_160_000);
    assert_eq!(orders[1].placed_ms, 1_293_870_360_000);
    assert_eq!(classes(&orders[1]), []);
    sums(&orders[1], "-15.3", -1_530);
    sums(&orders[2], "-11062.06", -1_106_206);
    assert_eq!(
        classes(&orders[2]),
        [("priceNegative", 1), ("notGoods", 1), ("customerMissing", 1)]
    );
}

#[test]
fn an_import_goes_on_where_the_store_failed_and_loses_nothing() {
    let extract =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/online-retail-extract.jsonl.gz");
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory { fails_after: Some(1), ..Memory::default() };
    let stopped = import(Path::new(extract), "online-retail", folder.path(), &mut memory);
    assert!(stopped.unwrap_err().to_string().contains("the disk is full"));
    assert_eq!(memory.orders.len(), 500);
    memory.fails_after = None;
    let done = import(Path::new(extract), "online-retail", folder.path(), &mut memory).unwrap();
    assert_eq!(
        (done.tally.all.documents, done.tally.inserted, done.tally.already),
        (1000, 1000, 0)
    );
    assert_eq!(memory.orders.len(), 1000);
    assert_eq!(done.tally.sums["GBP"].exact.to_string(), "415322.96");
}

#[test]
fn a_crash_between_store_and_checkpoint_doubles_nothing() {
    let extract =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/online-retail-extract.jsonl.gz");
    let mut memory = Memory::default();
    for _ in 0..2 {
        // Each time without the checkpoint of the time before.
        let folder = tempfile::tempdir().unwrap();
        import(Path::new(extract), "online-retail", folder.path(), &mut memory).unwrap();
    }
    assert_eq!(memory.orders.len(), 1000);
}

#[test]
fn the_demo_orders_are_whole_and_their_ids_rise_with_time() {
    let orders = demo_orders().unwrap();
    assert_eq!(orders.len(), 1000);
    assert!(orders.is_sorted_by_key(|log| log.id.as_u128() >> 80));
    for log in &orders {
        assert_eq!(log.id.get_version_num(), 7);
        assert!(matches!(log.events[0].event, Event::Imported { .. }));
    }
    let again = demo_orders().unwrap();
    assert!(orders.iter().zip(&again).all(|(one, other)| one.id == other.id));
}

/// The whole data set, where `ORDERKIT_ONLINE_RETAIL` names its file.
#[test]
fn the_whole_online_retail_set_is_exact() {
    let Ok(file) = std::env::var("ORDERKIT_ONLINE_RETAIL") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::default();
    let done = import(Path::new(&file), "online-retail", folder.path(), &mut memory).unwrap();
    let tally = done.tally;
    assert_eq!((tally.all.documents, tally.all.lines, tally.rejected), (25_900, 541_909, 0));
    assert_eq!(tally.sums["GBP"].exact.to_string(), "9747747.934");
    assert_eq!(memory.orders.len(), 25_900);
}
