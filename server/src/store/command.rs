//! What each client has sent: the high-water mark, and the verdict on every command.

use orderkit::replica::protocol::{CommandResult, Verdict};
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, counted, stored};
use crate::database::query;

/// How far a client's commands are decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientMark {
    /// The user it belongs to.
    pub user: String,
    /// The highest `n` that was decided.
    pub last_n: u64,
    /// The highest `n` whose verdict the client has stored.
    pub acked_n: u64,
}

/// A command with its verdict.
#[derive(Clone, Debug)]
pub struct StoredCommand {
    /// The client.
    pub client: Uuid,
    /// The order it is about.
    pub order: Uuid,
    /// The kind with its version.
    pub kind: String,
    /// SHA-256 over what was asked.
    pub hash: Vec<u8>,
    /// The verdict.
    pub result: CommandResult,
    /// The whole command, where support must look at it.
    pub body: Option<String>,
    /// When it was decided.
    pub at_ms: i64,
}

type Row = (String, String, String, Vec<u8>, String, Option<String>, i64);

const COLUMNS: &str = "client, order_id, kind, hash, result, body, at_ms";

impl Transaction {
    /// How far the client has come, if it is known.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn client(
        &mut self,
        tenant: &str,
        client: Uuid,
    ) -> Result<Option<ClientMark>, StoreError> {
        let sql = "SELECT usr, last_n, acked_n FROM client WHERE tenant = $1 AND client = $2";
        let row: Option<(String, i64, i64)> = query(sql)
            .bind(tenant)
            .bind(client.to_string())
            .fetch_optional(self.connection())
            .await?;
        let mark = |(user, last_n, acked_n)| ClientMark {
            user,
            last_n: counted(last_n),
            acked_n: counted(acked_n),
        };
        Ok(row.map(mark))
    }

    /// Keeps how far the client has come.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_client(
        &mut self,
        tenant: &str,
        client: Uuid,
        mark: &ClientMark,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO client (tenant, client, usr, last_n, acked_n) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, client) \
                   DO UPDATE SET last_n = excluded.last_n, acked_n = excluded.acked_n";
        query(sql)
            .bind(tenant)
            .bind(client.to_string())
            .bind(&mark.user)
            .bind(stored(mark.last_n))
            .bind(stored(mark.acked_n))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The command that a client sent under a counter.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn command(
        &mut self,
        tenant: &str,
        client: Uuid,
        n: u64,
    ) -> Result<Option<StoredCommand>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM command WHERE tenant = $1 AND client = $2 AND n = $3");
        let row: Option<Row> = query(&sql)
            .bind(tenant)
            .bind(client.to_string())
            .bind(stored(n))
            .fetch_optional(self.connection())
            .await?;
        row.map(command).transpose()
    }

    /// The first command of an id, whichever client sent it.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn first_command(
        &mut self,
        tenant: &str,
        id: Uuid,
    ) -> Result<Option<StoredCommand>, StoreError> {
        let sql = "SELECT client, n FROM command_id WHERE tenant = $1 AND id = $2";
        let row: Option<(String, i64)> =
            query(sql).bind(tenant).bind(id.to_string()).fetch_optional(self.connection()).await?;
        let Some((client, n)) = row else { return Ok(None) };
        let client = Uuid::parse_str(&client).map_err(corrupt)?;
        self.command(tenant, client, counted(n)).await
    }

    /// The verdicts of a client after `n`, by rising counter.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn verdicts_after(
        &mut self,
        tenant: &str,
        client: Uuid,
        n: u64,
        limit: u32,
    ) -> Result<Vec<CommandResult>, StoreError> {
        let sql = "SELECT result FROM command WHERE tenant = $1 AND client = $2 AND n > $3 \
                   ORDER BY n LIMIT $4";
        let rows: Vec<(String,)> = query(sql)
            .bind(tenant)
            .bind(client.to_string())
            .bind(stored(n))
            .bind(limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(|(text,)| serde_json::from_str(text).map_err(corrupt)).collect()
    }

    /// Keeps a verdict.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_command(
        &mut self,
        tenant: &str,
        command: &StoredCommand,
    ) -> Result<(), StoreError> {
        let result = &command.result;
        let client = command.client.to_string();
        let first = "INSERT INTO command_id (tenant, id, client, n) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (tenant, id) DO NOTHING";
        query(first)
            .bind(tenant)
            .bind(result.id.to_string())
            .bind(&client)
            .bind(stored(result.n))
            .execute(self.connection())
            .await?;
        let sql = "INSERT INTO command (tenant, client, n, id, order_id, kind, hash, verdict, \
                   result, body, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        query(sql)
            .bind(tenant)
            .bind(&client)
            .bind(stored(result.n))
            .bind(result.id.to_string())
            .bind(command.order.to_string())
            .bind(&command.kind)
            .bind(&command.hash)
            .bind(word(result.verdict))
            .bind(serde_json::to_string(result).map_err(corrupt)?)
            .bind(&command.body)
            .bind(command.at_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// When the latest command was decided; 0 if none was.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn last_decided_ms(&mut self, tenant: &str) -> Result<i64, StoreError> {
        let sql = "SELECT COALESCE(MAX(at_ms), 0) FROM command WHERE tenant = $1";
        let (at_ms,): (i64,) = query(sql).bind(tenant).fetch_one(self.connection()).await?;
        Ok(at_ms)
    }

    /// Whether a `place` of this order, by this client, did not come to be.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn is_place_refused(
        &mut self,
        tenant: &str,
        client: Uuid,
        order: Uuid,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM command WHERE tenant = $1 AND order_id = $2 \
                   AND client = $3 AND kind LIKE 'place@%' AND verdict <> $4";
        let (count,): (i64,) = query(sql)
            .bind(tenant)
            .bind(order.to_string())
            .bind(client.to_string())
            .bind(word(Verdict::Accepted))
            .fetch_one(self.connection())
            .await?;
        Ok(count > 0)
    }

    /// Notes that the server failed on a command, and says whether it had done so before.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn note_fault(
        &mut self,
        tenant: &str,
        client: Uuid,
        n: u64,
        id: Uuid,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO fault (tenant, client, n, id, at_ms) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (tenant, client, n) DO NOTHING";
        let done = query(sql)
            .bind(tenant)
            .bind(client.to_string())
            .bind(stored(n))
            .bind(id.to_string())
            .bind(now_ms)
            .execute(self.connection())
            .await?;
        Ok(done == 0)
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Rejected => "rejected",
        Verdict::Deferred => "deferred",
        Verdict::Quarantined => "quarantined",
    }
}

fn command(row: Row) -> Result<StoredCommand, StoreError> {
    let (client, order, kind, hash, result, body, at_ms) = row;
    Ok(StoredCommand {
        client: Uuid::parse_str(&client).map_err(corrupt)?,
        order: Uuid::parse_str(&order).map_err(corrupt)?,
        kind,
        hash,
        result: serde_json::from_str(&result).map_err(corrupt)?,
        body,
        at_ms,
    })
}
