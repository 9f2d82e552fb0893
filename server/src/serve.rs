//! Starting and stopping: the command `serve`, and giving out tokens.

use std::{
    error, fmt, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use orderkit::{Actor, Language, Role, Rules};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::{App, Settings},
    clock::Clock,
    deadlines,
    error::Error,
    http::{LimitArgs, Limits},
    import,
    notice::{self, Channel, Notices},
    opening::DatabaseArgs,
    payment, pokes,
    session::SessionTimes,
    store::{Purpose, Store, StoreError},
};

mod listen;
mod log;
mod scrape;
mod signals;

use listen::Ending;
pub use log::LogForm;
use signals::Signals;

/// The rules of the demo shop, for a first start without a file of one's own.
const EXAMPLE_RULESET: &[u8] = include_bytes!("../../examples/ruleset.json");

/// A token that the operator gives out lasts a year.
const TOKEN_MS: i64 = 365 * 24 * 60 * 60 * 1_000;

/// Serve page and API.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The shop's rules; a demo shop's if missing and the database has none
    #[arg(long, value_name = "FILE")]
    pub ruleset: Option<PathBuf>,
    /// The shop that the page works with
    #[arg(long, value_name = "NAME", default_value = "main")]
    pub tenant: String,
    /// Fill an empty database with sample orders
    #[arg(long)]
    pub demo: bool,
    /// Take a caller's address from the last entry of X-Forwarded-For, which a proxy before this server writes
    #[arg(long)]
    pub behind_proxy: bool,
    /// Let anybody sign in in any role, for trying things out; only on a loopback address
    #[arg(long)]
    pub open_sign_in: bool,
    /// Take the page back from the devices that keep it for when there is no network: they drop all files of it, and load it from
    /// here each time. What was not sent stays there
    #[arg(long)]
    pub retire_page: bool,
    /// What the payment provider for trying out signs its webhooks with; random if missing
    #[arg(long, value_name = "SECRET", env = "ORDERKIT_PAYMENT_SECRET", hide_env_values = true)]
    pub payment_secret: Option<String>,
    /// How customers are told what happens: `mail` writes messages into the data folder, an https address gets them as signed JSON,
    /// `off` tells nobody. Mail with --open-sign-in, off without
    #[arg(long, value_name = "mail|off|URL", env = "ORDERKIT_NOTICES")]
    pub notices: Option<String>,
    /// What requests of notices are signed with
    #[arg(long, value_name = "SECRET", env = "ORDERKIT_NOTICE_SECRET", hide_env_values = true)]
    pub notice_secret: Option<String>,
    /// The address under which customers see the page, for links in notices
    #[arg(long, value_name = "URL", env = "ORDERKIT_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The address that mail to customers is from
    #[arg(
        long,
        value_name = "EMAIL",
        env = "ORDERKIT_MAIL_FROM",
        default_value = "shop@localhost"
    )]
    pub mail_from: String,
    /// Seconds that a token of a sign-in lasts; the page gets the next one by itself
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    pub token_seconds: u32,
    /// Days after which a sign-in is over that nobody used
    #[arg(long, value_name = "DAYS", default_value_t = 60)]
    pub session_days: u32,
    /// Where to give out figures for Prometheus, such as 127.0.0.1:9090; nowhere if missing
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    /// Have the figures of sync say which shop they are of; for a server with few shops
    #[arg(long, requires = "metrics")]
    pub metrics_by_tenant: bool,
    /// The form of the log
    #[arg(long, value_enum, value_name = "FORM", default_value_t = LogForm::Text)]
    pub log: LogForm,
    /// Seconds to go on taking connections after the signal to stop, so that whoever spreads requests sees that /health is 503
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub drain: u64,
    /// Seconds that requests in hand may still take after that
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub grace: u64,
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// Make an access token and print it once.
#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The shop that the token is for
    #[arg(long, value_name = "NAME", default_value = "main")]
    pub tenant: String,
    /// The user's id in the shop
    #[arg(long, value_name = "ID")]
    pub user: String,
    /// What the user may do: customer, staff or admin
    #[arg(long, value_parser = role)]
    pub role: Role,
}

/// Why the server did not start or stopped, as a sentence with the remedy.
#[derive(Debug)]
pub struct ServeError(String);

/// Serves until a signal to stop comes.
///
/// # Errors
///
/// If the address is taken, the rules are not usable, or the database cannot be opened.
pub async fn run(args: ServeArgs) -> Result<(), ServeError> {
    log::start(args.log);
    if args.open_sign_in && !args.listen.ip().is_loopback() {
        return Err(ServeError(format!(
            "--open-sign-in lets everybody in and {} is not a loopback address; \
             listen on 127.0.0.1, or give out tokens with `orderkit token`",
            args.listen
        )));
    }
    let document = document(args.ruleset.as_deref())?;
    let store = args.database.open().await?;
    let (closing, is_closing) = watch::channel(false);
    let settings = Settings {
        tenant: args.tenant.clone(),
        open_sign_in: args.open_sign_in,
        behind_proxy: args.behind_proxy,
    };
    let app = App::new(store.clone(), Clock::system(), settings, is_closing)
        .with_limits(Limits::from(&args.limits))
        .with_session_times(session_times(&args));
    // Where anybody may sign in, payments are played as well.
    let secret = args.payment_secret.clone().unwrap_or_else(|| app.random.token());
    let app = if args.open_sign_in { app.with_local_provider(&secret) } else { app };
    let app = if args.retire_page { app.retiring_page() } else { app };
    let app = match notices(&args)? {
        Some(notices) => app.with_notices(notices),
        None => app,
    };
    app.open_tenant(&args.tenant, &document).await?;
    if args.ruleset.is_some() {
        app.put_rules(&args.tenant, &document).await?;
    }
    // Before the demo data: a port that is taken should be said at once.
    let listener =
        TcpListener::bind(args.listen).await.map_err(|error| cannot_listen(&args, &error))?;
    if args.demo {
        fill_demo(&store, &args.tenant).await?;
    }
    let address = listener.local_addr().map_err(|error| ServeError(error.to_string()))?;
    let figures = match args.metrics {
        Some(address) => Some(scrape::start(address, args.metrics_by_tenant).await?),
        None => None,
    };
    let signals = Signals::listen().map_err(|error| ServeError(error.to_string()))?;
    println!("orderkit is ready on http://{address}/");
    let work = tokio::spawn(deadlines::run(app.clone(), closing.subscribe()));
    let payments = tokio::spawn(payment::run(app.clone(), closing.subscribe()));
    let notices = tokio::spawn(notice::run(app.clone(), closing.subscribe()));
    let others = tokio::spawn(pokes::run(app.clone(), closing.subscribe()));
    tokio::spawn(signals.watch(closing));
    let (drain, grace) = (Duration::from_secs(args.drain), Duration::from_secs(args.grace));
    listen::serve(listener, app, Ending { drain, grace }).await;
    // It ends by itself once the server closes; what it has in hand is one transaction.
    let _ = work.await;
    let _ = payments.await;
    let _ = notices.await;
    let _ = others.await;
    store.close().await;
    if let Some(figures) = figures {
        figures.abort();
    }
    Ok(())
}

fn session_times(args: &ServeArgs) -> SessionTimes {
    let days = i64::from(args.session_days);
    SessionTimes {
        token_ms: i64::from(args.token_seconds) * 1_000,
        refresh_ms: days * 24 * 60 * 60 * 1_000,
    }
}

/// How customers are told, as the operator says.
fn notices(args: &ServeArgs) -> Result<Option<Notices>, ServeError> {
    let usual = if args.open_sign_in { "mail" } else { "off" };
    let channel = match args.notices.as_deref().unwrap_or(usual) {
        "off" => return Ok(None),
        "mail" => Channel::Folder(args.database.data.join("mail")),
        url if url.starts_with("https://") || url.starts_with("http://") => {
            let secret = args.notice_secret.clone().filter(|secret| !secret.is_empty());
            let secret = secret.ok_or_else(|| {
                ServeError(
                    "notices to an address are signed: set ORDERKIT_NOTICE_SECRET".to_owned(),
                )
            })?;
            Channel::Webhook { url: url.to_owned(), secret }
        }
        other => {
            let message = format!("--notices is `mail`, `off` or an address, and not {other}");
            return Err(ServeError(message));
        }
    };
    let page = args.public_url.clone();
    // For trying out the page is where the server listens, unless the port is any.
    let page = page.or_else(|| {
        let is_known = args.open_sign_in && args.listen.port() != 0;
        is_known.then(|| format!("http://{}", args.listen))
    });
    Ok(Some(Notices { channel, page, from: args.mail_from.clone() }))
}

async fn fill_demo(store: &Store, tenant: &str) -> Result<(), ServeError> {
    let head = store.read().await?.head(tenant).await?;
    if head.is_some_and(|head| head.seq > 0) {
        return Ok(());
    }
    let filled = import::fill_demo(store, tenant).await;
    let count = filled.map_err(|error| ServeError(format!("no sample orders: {error}")))?;
    tracing::info!(orders = count, "sample orders are in");
    Ok(())
}

/// A ruleset document that can be used.
fn document(path: Option<&Path>) -> Result<Vec<u8>, ServeError> {
    let bytes = match path {
        None => EXAMPLE_RULESET.to_vec(),
        Some(path) => std::fs::read(path)
            .map_err(|error| ServeError(format!("cannot read {}: {error}", path.display())))?,
    };
    if let Err(refusal) = Rules::from_json(&bytes) {
        let first = refusal.issues.first();
        let message =
            first.map(|issue| format!("{}: {}", issue.path, issue.message(Language::English)));
        return Err(ServeError(format!(
            "the ruleset cannot be used; {}. `orderkit lint` shows all findings",
            message.unwrap_or_default()
        )));
    }
    Ok(bytes)
}

/// Makes a token, and the tenant if there is none. Works beside a running server.
///
/// # Errors
///
/// If the database cannot be opened or the user has no name.
pub async fn issue_token(
    database: &DatabaseArgs,
    tenant: &str,
    user: &str,
    role: Role,
) -> Result<String, ServeError> {
    if user.is_empty() || tenant.is_empty() {
        return Err(ServeError("a token needs a tenant and a user".to_owned()));
    }
    let store = database.open().await?;
    let settings = Settings { tenant: tenant.to_owned(), open_sign_in: false, behind_proxy: false };
    let (_closing, is_closing) = watch::channel(false);
    let app = App::new(store.clone(), Clock::system(), settings, is_closing);
    let actor = Actor { user: user.to_owned(), role };
    let (token, _) = app.grant(tenant, actor, Purpose::All, TOKEN_MS).await?;
    store.close().await;
    Ok(token)
}

/// Makes a token and prints it; it cannot be shown again.
///
/// # Errors
///
/// As [`issue_token`].
pub async fn print_token(args: TokenArgs) -> Result<(), ServeError> {
    let token = issue_token(&args.database, &args.tenant, &args.user, args.role).await?;
    println!("{token}");
    Ok(())
}

fn role(text: &str) -> Result<Role, String> {
    let known = [Role::Customer, Role::Staff, Role::Admin];
    known
        .into_iter()
        .find(|role| role.as_str() == text)
        .ok_or_else(|| "customer, staff or admin".to_owned())
}

fn cannot_listen(args: &ServeArgs, error: &io::Error) -> ServeError {
    let address = args.listen;
    ServeError(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "{address} is in use, perhaps by another orderkit; stop that one, \
             or choose another port, such as --listen {}:{}",
            address.ip(),
            address.port().saturating_add(1)
        ),
        io::ErrorKind::PermissionDenied => {
            format!("{address} needs more rights than this user has; choose a port above 1023")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}

impl ServeError {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for ServeError {}

impl From<StoreError> for ServeError {
    fn from(error: StoreError) -> Self {
        Self(format!("the database cannot be used: {error}"))
    }
}

impl From<Error> for ServeError {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => error.into(),
            Error::Refused(refusal) => {
                let messages = refusal.issues.iter().map(|issue| issue.message(Language::English));
                Self(messages.collect::<Vec<_>>().join("; "))
            }
            other => Self(format!("{other:?}")),
        }
    }
}
