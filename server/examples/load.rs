//! How many orders a second: clients that place one order after the other, through the whole of the server but the network.
//!
//! cargo run --release -p orderkit-server --example load -- --clients 8 --tenants 1 --stored 10000 --seconds 10
//!
//! On a new file, or with --database on an empty PostgreSQL. One line: database, clients, shops, orders before, orders a
//! second, median and 99th percentile of a request, load of the machine.

use std::{
    error::Error,
    fs,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use clap::Parser;
use http_body_util::BodyExt;
use orderkit::{Actor, Role, Rules};
use orderkit_server::{
    App, Clock, Settings,
    database::{Database, PostgresDatabase, SqliteDatabase},
    http::{self, Limits},
    store::{Purpose, Store},
};
use serde_json::{Value, json};
use tokio::sync::watch;
use tower::ServiceExt;
use uuid::Uuid;

const TOKEN_MS: i64 = 24 * 60 * 60 * 1_000;
/// Commands in one request while the database is filled.
const BATCH: u64 = 200;

const CUSTOMERS: u64 = 2_500;

#[derive(Parser)]
struct Args {
    /// An empty PostgreSQL; a new file if missing
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Devices that place orders at the same time
    #[arg(long, default_value_t = 8)]
    clients: u64,
    /// Shops that they are spread over
    #[arg(long, default_value_t = 1)]
    tenants: u64,
    /// Orders that are there before
    #[arg(long, default_value_t = 0)]
    stored: u64,
    /// How long
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// A device that places orders.
struct Device {
    router: Router,
    tenant: String,
    token: String,
    client: Uuid,
    place: Value,
    n: u64,
    since: Option<Value>,
}

impl Device {
    /// Places so many orders in one request, and fetches next to nothing of what others did.
    async fn place(&mut self, count: u64) -> Result<(), Box<dyn Error>> {
        let commands: Vec<Value> = (self.n + 1..=self.n + count)
            .map(|n| {
                let mut args = self.place.clone();
                args["draft"]["details"]["customer"]["email"] = json!(customer(n));
                json!({"n": n, "id": random_id(), "order": random_id(), "kind": "place@1",
                    "atMs": now_ms(), "args": args})
            })
            .collect();
        let mut body = json!({"v": 1, "client": self.client, "ack": self.n, "limit": 1,
            "rules": self.place["expect"]["rulesetDigest"], "commands": commands});
        if let Some(since) = &self.since {
            body["since"] = since.clone();
        }
        self.n += count;
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/v1/{}/sync", self.tenant))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::from(body.to_string()))?;
        let response = self.router.clone().oneshot(request).await?;
        let bytes = response.into_body().collect().await?.to_bytes();
        let answer: Value = serde_json::from_slice(&bytes)?;
        let results = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
        let accepted = results.iter().filter(|it| it["verdict"] == "accepted").count();
        if u64::try_from(accepted)? != count {
            return Err(answer.to_string().into());
        }
        // As a device that has seen all up to its own order.
        let seq = results.last().map(|it| &it["seq"]);
        self.since = Some(json!({"epoch": answer["epoch"], "seq": seq}));
        Ok(())
    }
}

fn told(error: orderkit_server::Error) -> String {
    format!("{error:?}")
}

fn random_id() -> Uuid {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// Orders of one buyer are counted at each of theirs: a shop has many buyers.
fn customer(n: u64) -> String {
    format!("customer-{}@example.org", n % CUSTOMERS)
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn rules() -> String {
    json!({
        "version": "load", "name": {"en": "Mugs"}, "currency": "EUR", "homeCountry": "DE",
        "priceBasis": "taxInclusive",
        "products": [{"sku": "MUG", "name": {"en": "Mug"}, "unitPrice": "10.00", "taxClass": "all"}],
        "shippingMethods":
            [{"id": "van", "name": {"en": "Van"}, "priceMinor": 0, "taxClass": "all"}],
        "paymentMethods": [{"id": "card", "name": {"en": "Card"}}],
        "taxClasses": [{"id": "all", "rules": [{"components": [{"percent": "20"}]}]}],
        "numbering": {"pattern": "{date:yyMMdd}{rand:10}"},
        "workflow": {"repeatWithinSeconds": 0},
    })
    .to_string()
}

fn place() -> Result<Value, Box<dyn Error>> {
    let rules = Rules::from_json(rules().as_bytes()).map_err(|refusal| format!("{refusal:?}"))?;
    Ok(json!({
        "draft": {
            "lines": [{"sku": "MUG", "quantity": "1"}],
            "details": {
                "customer": {"name": "Ada Beck", "email": "ada@example.org"},
                "shippingAddress":
                    {"street": ["Weg 1"], "city": "Bonn", "postcode": "53111", "country": "DE"},
                "shippingMethod": "van", "paymentMethod": "card",
            },
        },
        "expect": {"totalMinor": 1_000, "rulesetDigest": rules.digest()},
    }))
}

async fn devices(args: &Args, app: &App) -> Result<Vec<Device>, Box<dyn Error>> {
    let router = http::app(app.clone());
    let place = place()?;
    let mut devices = Vec::new();
    for number in 0..args.clients.max(args.tenants) {
        let tenant = format!("shop-{}", number % args.tenants);
        if number < args.tenants {
            app.open_tenant(&tenant, rules().as_bytes()).await.map_err(told)?;
        }
        let actor = Actor { user: format!("sam-{number}"), role: Role::Staff };
        let (token, _) = app.grant(&tenant, actor, Purpose::All, TOKEN_MS).await?;
        let (router, place, client) = (router.clone(), place.clone(), random_id());
        devices.push(Device { router, tenant, token, client, place, n: 0, since: None });
    }
    Ok(devices)
}

/// Fills the shops, one after the other.
async fn fill(devices: &mut [Device], args: &Args) -> Result<(), Box<dyn Error>> {
    for device in devices.iter_mut().take(usize::try_from(args.tenants)?) {
        let mut left = args.stored / args.tenants;
        while left > 0 {
            let count = left.min(BATCH);
            device.place(count).await?;
            left -= count;
        }
    }
    Ok(())
}

/// How long each request took, of all devices at once.
async fn measure(devices: Vec<Device>, seconds: u64) -> Result<Vec<Duration>, Box<dyn Error>> {
    let until = Instant::now() + Duration::from_secs(seconds);
    let tasks: Vec<_> = devices
        .into_iter()
        .map(|mut device| {
            tokio::spawn(async move {
                let mut took = Vec::new();
                while Instant::now() < until {
                    let asked = Instant::now();
                    device.place(1).await.map_err(|error| error.to_string())?;
                    took.push(asked.elapsed());
                }
                Ok::<_, String>(took)
            })
        })
        .collect();
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await??);
    }
    took.sort_unstable();
    Ok(took)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let folder = tempfile::tempdir()?;
    let database: Arc<dyn Database> = match &args.database {
        Some(url) => Arc::new(PostgresDatabase::connect(url).await?),
        None => Arc::new(SqliteDatabase::open(&folder.path().join("orderkit.db"))?),
    };
    let (_closing, is_closing) = watch::channel(false);
    let settings = Settings { tenant: "shop-0".into(), open_sign_in: false, behind_proxy: false };
    let unlimited =
        Limits { user_rate: None, sync_rate: None, tenant_rate: None, ..Limits::default() };
    let store = Store::on(database).await?;
    let app = App::new(store, Clock::new(now_ms), settings, is_closing).with_limits(unlimited);
    let mut devices = devices(&args, &app).await?;
    fill(&mut devices, &args).await?;
    devices.truncate(usize::try_from(args.clients)?);
    let started = Instant::now();
    let took = measure(devices, args.seconds).await?;
    let seconds = started.elapsed().as_secs_f64();
    let part = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    let Args { clients, tenants, stored, .. } = args;
    let kind = if args.database.is_some() { "PostgreSQL" } else { "SQLite" };
    let rate = took.len() as f64 / seconds;
    let (median, late) = (part(50), part(99));
    println!(
        "{kind} | {clients} | {tenants} | {stored} | {rate:.0} | {median:.1?} | {late:.1?} | {load}"
    );
    Ok(())
}
