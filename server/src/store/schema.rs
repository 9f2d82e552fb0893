//! The tables, as steps that are only ever added to. Each is one statement.

use std::borrow::Cow;

use super::{StoreError, corrupt};
use crate::database::{Connection, Database, DatabaseError, Kind, query};

/// Never change a step that was released: add one.
pub(super) const STEPS: &[&str] = &[
    // The change feed: a counter a tenant, raised inside each transaction that writes.
    "CREATE TABLE tenant_head (tenant TEXT PRIMARY KEY, seq BIGINT NOT NULL, \
     floor BIGINT NOT NULL, epoch TEXT NOT NULL)",
    // Counters of order numbers and device codes.
    "CREATE TABLE series (tenant TEXT NOT NULL, series TEXT NOT NULL, next BIGINT NOT NULL, \
     PRIMARY KEY (tenant, series))",
    // How far each client's commands are decided; kept for ever.
    "CREATE TABLE client (tenant TEXT NOT NULL, client TEXT NOT NULL, usr TEXT NOT NULL, \
     last_n BIGINT NOT NULL, acked_n BIGINT NOT NULL, PRIMARY KEY (tenant, client))",
    // The verdict on each command. `body` is kept only of those that support must look at.
    "CREATE TABLE command (tenant TEXT NOT NULL, client TEXT NOT NULL, n BIGINT NOT NULL, \
     id TEXT NOT NULL, order_id TEXT NOT NULL, kind TEXT NOT NULL, hash BLOB NOT NULL, \
     verdict TEXT NOT NULL, result TEXT NOT NULL, body TEXT, at_ms BIGINT NOT NULL, \
     PRIMARY KEY (tenant, client, n))",
    "CREATE INDEX command_order ON command (tenant, order_id)",
    // The first use of each command id. A renamed client sends the same ids under other counters.
    "CREATE TABLE command_id (tenant TEXT NOT NULL, id TEXT NOT NULL, client TEXT NOT NULL, \
     n BIGINT NOT NULL, PRIMARY KEY (tenant, id))",
    // Commands on which the server failed once.
    "CREATE TABLE fault (tenant TEXT NOT NULL, client TEXT NOT NULL, n BIGINT NOT NULL, \
     id TEXT NOT NULL, at_ms BIGINT NOT NULL, PRIMARY KEY (tenant, client, n))",
    // The orders: the log as JSON, and what lists need. An erased order keeps id and seq.
    "CREATE TABLE orders (tenant TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, \
     seq BIGINT NOT NULL, owner TEXT NOT NULL, number TEXT NOT NULL, placed_ms BIGINT NOT NULL, \
     status TEXT NOT NULL, currency TEXT NOT NULL, gross_minor BIGINT NOT NULL, doc TEXT, \
     PRIMARY KEY (tenant, id))",
    "CREATE UNIQUE INDEX orders_feed ON orders (tenant, seq)",
    "CREATE INDEX orders_own_feed ON orders (tenant, owner, seq)",
    "CREATE INDEX orders_placed ON orders (tenant, placed_ms, id)",
    "CREATE INDEX orders_own_placed ON orders (tenant, owner, placed_ms, id)",
    // Every number and alias that was ever used.
    "CREATE TABLE order_number (tenant TEXT NOT NULL, number TEXT NOT NULL, \
     order_id TEXT NOT NULL, PRIMARY KEY (tenant, number))",
    "CREATE TABLE device (tenant TEXT NOT NULL, code TEXT NOT NULL, client TEXT NOT NULL, \
     PRIMARY KEY (tenant, code))",
    "CREATE INDEX device_client ON device (tenant, client)",
    // Count and checksum of the orders of each owner; of all orders under the empty name.
    "CREATE TABLE scope_digest (tenant TEXT NOT NULL, owner TEXT NOT NULL, \
     orders BIGINT NOT NULL, hash BIGINT NOT NULL, PRIMARY KEY (tenant, owner))",
    "CREATE TABLE ruleset (tenant TEXT NOT NULL, ordinal BIGINT NOT NULL, version TEXT NOT NULL, \
     digest TEXT NOT NULL, body TEXT NOT NULL, from_ms BIGINT NOT NULL, retired_ms BIGINT, \
     PRIMARY KEY (tenant, ordinal))",
    "CREATE INDEX ruleset_digest ON ruleset (tenant, digest)",
    // The one table that is asked without a tenant: the token says which one it is for.
    "CREATE TABLE token (hash TEXT PRIMARY KEY, tenant TEXT NOT NULL, usr TEXT NOT NULL, \
     role TEXT NOT NULL, purpose TEXT NOT NULL, expires_ms BIGINT NOT NULL)",
    // Who put a ruleset in force; nobody for one that came with the program or its command line.
    "ALTER TABLE ruleset ADD COLUMN usr TEXT",
    // What each placed order took of limits and balances, and of whom; gone when it is given back.
    // An order of nobody that is known has the empty name.
    "CREATE TABLE redemption (tenant TEXT NOT NULL, order_id TEXT NOT NULL, \
     customer TEXT NOT NULL, placed_ms BIGINT NOT NULL, used TEXT NOT NULL, \
     PRIMARY KEY (tenant, order_id))",
    "CREATE INDEX redemption_customer ON redemption (tenant, customer, placed_ms)",
    // Orders from before count as orders of their customers.
    "INSERT INTO redemption (tenant, order_id, customer, placed_ms, used) \
     SELECT tenant, id, owner, placed_ms, '{}' FROM orders \
     WHERE owner <> '' AND doc IS NOT NULL AND status <> 'canceled'",
    // How often and how far each promotion and price list was used: by each customer, and by all
    // together under the empty name.
    "CREATE TABLE rule_use (tenant TEXT NOT NULL, rule TEXT NOT NULL, customer TEXT NOT NULL, \
     count BIGINT NOT NULL, amount_minor BIGINT NOT NULL, PRIMARY KEY (tenant, rule, customer))",
    // What staff know of a customer, as JSON, and what can be spent.
    "CREATE TABLE customer (tenant TEXT NOT NULL, customer TEXT NOT NULL, facts TEXT NOT NULL, \
     points BIGINT NOT NULL, store_credit_minor BIGINT NOT NULL, PRIMARY KEY (tenant, customer))",
    "CREATE TABLE gift_card (tenant TEXT NOT NULL, code TEXT NOT NULL, \
     balance_minor BIGINT NOT NULL, ends_ms BIGINT, PRIMARY KEY (tenant, code))",
    // Only of goods that are counted. Quantities are decimals.
    "CREATE TABLE stock (tenant TEXT NOT NULL, sku TEXT NOT NULL, quantity TEXT NOT NULL, \
     PRIMARY KEY (tenant, sku))",
    // When the server has to do something with an order by itself.
    "ALTER TABLE orders ADD COLUMN deadline_ms BIGINT",
    "CREATE INDEX orders_deadline ON orders (deadline_ms)",
    // How a number is found that somebody typed: without separators, O as 0, I and L as 1.
    "ALTER TABLE order_number ADD COLUMN look TEXT",
    "UPDATE order_number SET look = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(\
     UPPER(number), '-', ''), '.', ''), '/', ''), '_', ''), ' ', ''), 'O', '0'), 'I', '1'), 'L', '1')",
    "CREATE INDEX order_number_look ON order_number (tenant, look)",
    // Each serial of each series that an order has.
    "CREATE TABLE serial_use (tenant TEXT NOT NULL, series TEXT NOT NULL, serial BIGINT NOT NULL, \
     order_id TEXT NOT NULL, PRIMARY KEY (tenant, series, serial))",
    // Serials that were given up, from `first` to before `beyond`; kept for ever.
    "CREATE TABLE serial_void (tenant TEXT NOT NULL, series TEXT NOT NULL, first BIGINT NOT NULL, \
     beyond BIGINT NOT NULL, reason TEXT NOT NULL, usr TEXT NOT NULL, at_ms BIGINT NOT NULL, \
     PRIMARY KEY (tenant, series, first))",
    // Blocks of serials that clients hold, or held until `ended_ms`.
    "CREATE TABLE serial_lease (tenant TEXT NOT NULL, first BIGINT NOT NULL, beyond BIGINT NOT NULL, \
     client TEXT NOT NULL, at_ms BIGINT NOT NULL, ended_ms BIGINT, PRIMARY KEY (tenant, first))",
    "CREATE INDEX serial_lease_client ON serial_lease (tenant, client)",
    // Payments that a provider is asked for, until their outcome is known.
    "CREATE TABLE payment_request (tenant TEXT NOT NULL, order_id TEXT NOT NULL, \
     payment TEXT NOT NULL, key TEXT NOT NULL, provider TEXT NOT NULL, instrument TEXT, \
     tries BIGINT NOT NULL, next_ms BIGINT, PRIMARY KEY (tenant, order_id, payment))",
    "CREATE INDEX payment_request_next ON payment_request (next_ms)",
    "CREATE UNIQUE INDEX payment_request_key ON payment_request (tenant, key)",
    // Messages of providers that were taken.
    "CREATE TABLE provider_event (tenant TEXT NOT NULL, provider TEXT NOT NULL, id TEXT NOT NULL, \
     at_ms BIGINT NOT NULL, PRIMARY KEY (tenant, provider, id))",
    // Money that fits no order. It is never deleted.
    "CREATE TABLE quarantine (tenant TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL, \
     source_id TEXT NOT NULL, entry TEXT NOT NULL, state TEXT NOT NULL, at_ms BIGINT NOT NULL, \
     order_id TEXT, usr TEXT, reason TEXT, ended_ms BIGINT, PRIMARY KEY (tenant, id))",
    "CREATE UNIQUE INDEX quarantine_source ON quarantine (tenant, source, source_id)",
    // The provider for trying out: its payments, and the webhooks that it will send.
    "CREATE TABLE local_payment (tenant TEXT NOT NULL, key TEXT NOT NULL, reference TEXT NOT NULL, \
     kind TEXT NOT NULL, source_reference TEXT, amount_minor BIGINT NOT NULL, fate TEXT NOT NULL, \
     remedy TEXT, reason TEXT, known_ms BIGINT NOT NULL, is_silent BIGINT NOT NULL, \
     asked BIGINT NOT NULL, PRIMARY KEY (tenant, key))",
    "CREATE TABLE local_event (position BIGINT PRIMARY KEY, tenant TEXT NOT NULL, \
     body TEXT NOT NULL, due_ms BIGINT NOT NULL)",
    // What customers are told: one text for each event at most.
    "CREATE TABLE notice (tenant TEXT NOT NULL, order_id TEXT NOT NULL, position BIGINT NOT NULL, \
     kind TEXT NOT NULL, language TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, \
     number TEXT NOT NULL, name TEXT NOT NULL, email TEXT, phone TEXT, state TEXT NOT NULL, \
     tries BIGINT NOT NULL, next_ms BIGINT, at_ms BIGINT NOT NULL, sent_ms BIGINT, error TEXT, \
     PRIMARY KEY (tenant, order_id, position))",
    "CREATE INDEX notice_next ON notice (next_ms)",
    // Of each SKU that is counted `quantity` are on hand; the rest says for whom. `rev` rises with each change.
    "ALTER TABLE stock ADD COLUMN reserved TEXT NOT NULL DEFAULT '0'",
    "ALTER TABLE stock ADD COLUMN allocated TEXT NOT NULL DEFAULT '0'",
    "ALTER TABLE stock ADD COLUMN leased TEXT NOT NULL DEFAULT '0'",
    "ALTER TABLE stock ADD COLUMN backordered TEXT NOT NULL DEFAULT '0'",
    "ALTER TABLE stock ADD COLUMN rev BIGINT NOT NULL DEFAULT 0",
    // What is nobody's, in whole units: by it the scarce ones are found.
    "ALTER TABLE stock ADD COLUMN free_units BIGINT NOT NULL DEFAULT 0",
    "CREATE INDEX stock_free ON stock (tenant, free_units)",
    // What each order holds and has taken. `placed_ms` says who waits longest, `until_ms` when an unpaid order expires.
    "CREATE TABLE stock_claim (tenant TEXT NOT NULL, order_id TEXT NOT NULL, sku TEXT NOT NULL, \
     reserved TEXT NOT NULL, backordered TEXT NOT NULL, allocated TEXT NOT NULL, gone TEXT NOT NULL, \
     placed_ms BIGINT NOT NULL, until_ms BIGINT, is_open BIGINT NOT NULL, PRIMARY KEY (tenant, order_id, sku))",
    "CREATE INDEX stock_claim_open ON stock_claim (tenant, sku, is_open, placed_ms, order_id)",
    // Each change of what is on hand: by whom, when and why; kept for ever.
    "CREATE TABLE stock_entry (tenant TEXT NOT NULL, sku TEXT NOT NULL, rev BIGINT NOT NULL, \
     before TEXT NOT NULL, quantity TEXT NOT NULL, reason TEXT NOT NULL, order_id TEXT, usr TEXT NOT NULL, \
     at_ms BIGINT NOT NULL, PRIMARY KEY (tenant, sku, rev))",
    // Parts of the stock that clients sell without a network. The server keeps them until `kept_ms`.
    "CREATE TABLE stock_lease (tenant TEXT NOT NULL, sku TEXT NOT NULL, client TEXT NOT NULL, \
     quantity TEXT NOT NULL, ends_ms BIGINT NOT NULL, kept_ms BIGINT NOT NULL, \
     PRIMARY KEY (tenant, client, sku))",
    "CREATE INDEX stock_lease_kept ON stock_lease (tenant, kept_ms)",
    // The one order that a token is for; none for a token of a user.
    "ALTER TABLE token ADD COLUMN order_id TEXT",
    // Tries to find an order without signing in, by a hash of what is counted, since `from_ms`.
    "CREATE TABLE attempt (tenant TEXT NOT NULL, what TEXT NOT NULL, from_ms BIGINT NOT NULL, \
     count BIGINT NOT NULL, PRIMARY KEY (tenant, what))",
    // The summary that the customer sees, where it is another one than the staff's.
    "ALTER TABLE orders ADD COLUMN customer_status TEXT",
    // What makes new orders suspicious; no part of the ruleset, which every buyer can read.
    "CREATE TABLE review_rules (tenant TEXT PRIMARY KEY, body TEXT NOT NULL, usr TEXT NOT NULL, \
     at_ms BIGINT NOT NULL)",
    // How often the rules were replaced: by it other processes see that they were.
    "ALTER TABLE tenant_head ADD COLUMN rules BIGINT NOT NULL DEFAULT 0",
    // The sign-in that a token came from; none for one that the operator gave out.
    "ALTER TABLE token ADD COLUMN family TEXT",
    "CREATE INDEX token_family ON token (tenant, family)",
    // What makes the next token of a sign-in, asked by hash like a token. A used one is kept: if it comes again, it was copied.
    "CREATE TABLE refresh_token (hash TEXT PRIMARY KEY, tenant TEXT NOT NULL, usr TEXT NOT NULL, \
     role TEXT NOT NULL, family TEXT NOT NULL, expires_ms BIGINT NOT NULL, used_ms BIGINT)",
    "CREATE INDEX refresh_token_family ON refresh_token (tenant, family)",
    // First answers to requests with a key that are no commands; kept for ever.
    "CREATE TABLE first_answer (tenant TEXT NOT NULL, usr TEXT NOT NULL, key TEXT NOT NULL, \
     hash TEXT NOT NULL, status BIGINT NOT NULL, body TEXT NOT NULL, at_ms BIGINT NOT NULL, \
     PRIMARY KEY (tenant, usr, key))",
    // What lists on devices show of an order, for whoever may see all of it. Names and addresses are in it, as in `doc`: whoever
    // erases one erases the other.
    "ALTER TABLE orders ADD COLUMN brief TEXT",
];

/// The row that whoever changes the tables holds.
const LOCK: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS schema_lock (name TEXT PRIMARY KEY, held BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS schema_step (step BIGINT PRIMARY KEY)",
    "INSERT INTO schema_lock (name, held) VALUES ('schema', 0) ON CONFLICT (name) DO NOTHING",
];
/// How often the first tables are tried to be made, which another process may be making.
const TRIES: u32 = 5;
/// How often a process waits for another one that changes the tables; the database waits some seconds each time.
const WAITS: u32 = 60;

/// Takes the steps that are missing, all in one transaction. One process does; others that start meanwhile wait for it.
pub(super) async fn migrate(database: &dyn Database) -> Result<(), StoreError> {
    if taken(database.begin_read().await?.as_mut()).await.is_ok_and(|taken| taken == STEPS.len()) {
        return Ok(());
    }
    let mut tries = 0;
    while let Err(error) = make_lock(database).await {
        tries += 1;
        if tries == TRIES {
            return Err(error.into());
        }
        database.pause(std::time::Duration::from_millis(200)).await;
    }
    let mut connection = lock(database).await?;
    let taken = taken(connection.as_mut()).await?;
    if taken > STEPS.len() {
        return Err(corrupt(format!(
            "the database has {taken} schema steps and this version knows {}; \
             start a newer version",
            STEPS.len()
        )));
    }
    for (step, statement) in (1_i64..).zip(STEPS).skip(taken) {
        query(of_dialect(statement, database.kind())).execute(connection.as_mut()).await?;
        let step = query("INSERT INTO schema_step (step) VALUES ($1)").bind(step);
        step.execute(connection.as_mut()).await?;
    }
    Ok(connection.commit().await?)
}

/// Waits until nobody else changes the tables, which may take longer than any other lock.
async fn lock(database: &dyn Database) -> Result<Box<dyn Connection>, DatabaseError> {
    let mut waits = 0;
    loop {
        match try_lock(database).await {
            Err(DatabaseError::Busy) if waits < WAITS => waits += 1,
            locked => return locked,
        }
    }
}

async fn try_lock(database: &dyn Database) -> Result<Box<dyn Connection>, DatabaseError> {
    let mut connection = database.begin_write("").await?;
    let lock = "UPDATE schema_lock SET held = held + 1 WHERE name = 'schema'";
    query(lock).execute(connection.as_mut()).await?;
    Ok(connection)
}

async fn taken(connection: &mut dyn Connection) -> Result<usize, DatabaseError> {
    let sql = "SELECT COALESCE(MAX(step), 0) FROM schema_step";
    let (taken,): (i64,) = query(sql).fetch_one(connection).await?;
    Ok(usize::try_from(taken).unwrap_or_default())
}

async fn make_lock(database: &dyn Database) -> Result<(), DatabaseError> {
    let mut connection = database.begin_write("").await?;
    for statement in LOCK {
        query(of_dialect(statement, database.kind())).execute(connection.as_mut()).await?;
    }
    connection.commit().await
}

/// A step in the words of an engine. Text is compared byte by byte everywhere, whatever language a database is set to.
pub(super) fn of_dialect(statement: &'static str, kind: Kind) -> Cow<'static, str> {
    let is_of_tables =
        statement.starts_with("CREATE TABLE") || statement.starts_with("ALTER TABLE");
    if kind == Kind::Sqlite || !is_of_tables {
        return Cow::Borrowed(statement);
    }
    Cow::Owned(statement.replace(" TEXT", " TEXT COLLATE \"C\"").replace(" BLOB", " BYTEA"))
}
