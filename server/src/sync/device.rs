//! Device codes: what keeps the numbers of two devices apart while both are offline.

use std::sync::Arc;

use orderkit::{Code, Rules, numbering::device_code};
use uuid::Uuid;

use super::lease;
use crate::{
    app::App,
    error::Error,
    store::{StoreError, Transaction},
};

/// The server's own place among the clients: it numbers orders of devices that cannot.
const SERVER: Uuid = Uuid::nil();

/// The rules in force, or 404 for a tenant that has none yet.
pub(crate) async fn tenant_rules(
    app: &App,
    transaction: &mut Transaction,
    tenant: &str,
) -> Result<Arc<Rules>, Error> {
    let rules = app.catalog.current(transaction, tenant).await?;
    rules.ok_or(Error::NotFound(Code::RulesetUnknown))
}

/// Gives a code to a client that has none.
pub(super) async fn ensure(
    app: &App,
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
) -> Result<(), Error> {
    let length = tenant_rules(app, transaction, tenant).await?.number_pattern().device_length();
    Ok(give(transaction, tenant, client, length).await.map(|_| ())?)
}

/// The code of a client; empty if the numbers of the shop have none, or all are given out.
pub(super) async fn code(
    app: &App,
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
) -> Result<String, Error> {
    let length = tenant_rules(app, transaction, tenant).await?.number_pattern().device_length();
    Ok(transaction.device(tenant, client, length).await?.unwrap_or_default())
}

/// Leases a block of serials to a client that runs short, where the shop leases any.
pub(super) async fn ensure_block(
    app: &App,
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
) -> Result<(), Error> {
    let rules = tenant_rules(app, transaction, tenant).await?;
    Ok(lease::ensure(transaction, &rules, tenant, client, app.now_ms()).await?)
}

/// Whether the client has no code, or runs short of serials, though the numbers of the shop have
/// one.
pub(super) async fn lacks(
    app: &App,
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
) -> Result<bool, Error> {
    let rules = tenant_rules(app, transaction, tenant).await?;
    let length = rules.number_pattern().device_length();
    let lacks_code = length > 0 && transaction.device(tenant, client, length).await?.is_none();
    Ok(lacks_code || lease::lacks(transaction, &rules, tenant, client).await?)
}

/// The server's own code.
pub(crate) async fn server_code(
    transaction: &mut Transaction,
    tenant: &str,
    length: u8,
) -> Result<String, StoreError> {
    give(transaction, tenant, SERVER, length).await
}

async fn give(
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
    length: u8,
) -> Result<String, StoreError> {
    if length == 0 {
        return Ok(String::new());
    }
    if let Some(code) = transaction.device(tenant, client, length).await? {
        return Ok(code);
    }
    let series = format!("device/{length}");
    let is_server = client == SERVER;
    // The first code is the server's own, whoever comes first.
    let index = if is_server { 0 } else { transaction.series(tenant, &series, 1).await? };
    let Some(code) = device_code(index, length) else {
        // All are given out: the device shows provisional numbers and the server gives the final.
        return Ok(String::new());
    };
    transaction.add_device(tenant, client, &code).await?;
    if !is_server {
        transaction.set_series(tenant, &series, index.saturating_add(1)).await?;
    }
    Ok(code)
}
