//! One command after the other, each decided on the order as the one before left it.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use orderkit::{
    Actor, Code, Command, EarlierRules, Envelope, Event, EventRecord, Facts, Issue, Order,
    OrderLog, Role, Rules, Seen,
    replica::protocol::{CommandResult, Verdict},
    status::next_deadline,
};
use uuid::Uuid;

use super::{
    edit, fingerprint,
    next::next,
    stock::{self, Mover},
    tenant_rules, used,
};
use crate::{
    app::App,
    catalog::{Catalog, Retired},
    error::Error,
    failpoint,
    notice::{self, Notices},
    payment,
    secret::Randomness,
    store::{StoreError, StoredCommand, StoredOrder, Transaction},
};

/// How long a client waits after the server failed on a command.
const RETRY_AFTER_MS: i64 = 2_000;

/// What all commands of a request have in common.
pub(super) struct Setting<'a> {
    pub(super) catalog: &'a Catalog,
    notices: Option<&'a Notices>,
    pub(super) random: &'a Randomness,
    pub(super) tenant: &'a str,
    pub(super) client: Uuid,
    pub(super) actor: &'a Actor,
    pub(super) now_ms: i64,
    pub(super) rules: Arc<Rules>,
    pub(super) device: Option<String>,
}

/// Decides commands inside one transaction.
pub(super) struct Decider<'a> {
    pub(super) transaction: &'a mut Transaction,
    pub(super) setting: Setting<'a>,
    seq: u64,
    pub(super) orders: HashMap<Uuid, Touched>,
}

/// An order as the commands so far left it.
pub(super) struct Touched {
    pub(super) now: StoredOrder,
    /// The digest of what is in the database; none if the order is new.
    digest_before: Option<u64>,
    changed: bool,
}

/// Why a command could not be decided, though nothing is wrong with it.
enum Trouble {
    /// The rules panicked, or the stored order cannot be read: only this command is harmed.
    Fault(&'static str),
    /// The database: nothing can be decided now.
    Store(StoreError),
}

/// A number from the server, and the counter that is used up with it.
pub(super) struct Assigned {
    pub(super) number: String,
    pub(super) series: Option<(String, u64)>,
}

/// What the server adds to a `place`.
struct Placing {
    assigned: Option<Assigned>,
    earlier: Option<Retired>,
}

impl<'a> Setting<'a> {
    pub(super) async fn new(
        app: &'a App,
        transaction: &mut Transaction,
        tenant: &'a str,
        client: Uuid,
        actor: &'a Actor,
        now_ms: i64,
    ) -> Result<Self, Error> {
        let rules = tenant_rules(app, transaction, tenant).await?;
        let length = rules.number_pattern().device_length();
        let device = transaction.device(tenant, client, length).await?;
        let (catalog, notices, random) = (&app.catalog, app.notices.as_deref(), &app.random);
        Ok(Self { catalog, notices, random, tenant, client, actor, now_ms, rules, device })
    }
}

impl<'a> Decider<'a> {
    pub(super) fn new(transaction: &'a mut Transaction, setting: Setting<'a>, seq: u64) -> Self {
        Self { transaction, setting, seq, orders: HashMap::new() }
    }

    /// The command that this client sent under a counter before.
    pub(super) async fn known(&mut self, n: u64) -> Result<Option<StoredCommand>, StoreError> {
        self.transaction.command(self.setting.tenant, self.setting.client, n).await
    }

    /// Decides a command and keeps the verdict, unless it is deferred.
    pub(super) async fn decide(
        &mut self,
        envelope: &Envelope,
        hash: &[u8],
    ) -> Result<CommandResult, Error> {
        let first = self.transaction.first_command(self.setting.tenant, envelope.id).await?;
        let result = match first {
            Some(first) => self.repeated(envelope, hash, first).await?,
            None => match self.attempt(envelope).await {
                Ok(result) => result,
                Err(Trouble::Store(error)) => return Err(error.into()),
                Err(Trouble::Fault(what)) => self.fault(envelope, what).await?,
            },
        };
        if result.verdict == Verdict::Rejected {
            self.void_refused(envelope).await?;
        }
        if result.verdict != Verdict::Deferred {
            self.keep(envelope, hash, &result).await?;
        }
        Ok(result)
    }

    /// A command id that was used before: the first verdict, if it is the same command.
    async fn repeated(
        &mut self,
        envelope: &Envelope,
        hash: &[u8],
        first: StoredCommand,
    ) -> Result<CommandResult, StoreError> {
        let sender = self.transaction.client(self.setting.tenant, first.client).await?;
        let is_own = sender.is_some_and(|mark| mark.user == self.setting.actor.user);
        if is_own && fingerprint::is(&first.hash, envelope, hash) {
            return Ok(CommandResult { n: envelope.n, ..first.result });
        }
        Ok(rejected(envelope, vec![Issue::new(Code::CommandIdRepeated, "/id")]))
    }

    async fn attempt(&mut self, envelope: &Envelope) -> Result<CommandResult, Trouble> {
        let parsed = catch_unwind(|| envelope.command());
        let command = match parsed.map_err(|_| Trouble::Fault("the rules panicked"))? {
            Ok(command) => command,
            Err(issue) => return Ok(rejected(envelope, vec![issue])),
        };
        self.load(envelope.order).await?;
        let is_place = matches!(command, Command::Place(_));
        if !is_place && !self.orders.contains_key(&envelope.order) {
            let Setting { tenant, client, .. } = self.setting;
            if self.transaction.is_place_refused(tenant, client, envelope.order).await? {
                return Ok(rejected(envelope, vec![Issue::new(Code::ParentRefused, "/order")]));
            }
        }
        let known = self.orders.get(&envelope.order).map(|touched| &touched.now.order);
        if self.setting.actor.role != Role::System
            && let Some(issue) = known.and_then(|order| payment::must_ask(order, &command))
        {
            return Ok(rejected(envelope, vec![issue]));
        }
        let assigned = match self.number_for(&command).await? {
            Ok(assigned) => assigned,
            Err(issue) => return Ok(rejected(envelope, vec![issue])),
        };
        let earlier = self.earlier_rules(&command).await?;
        let device = self.device_for(&command).await?;
        let context = self.context_for(envelope.order, &command, earlier.as_ref()).await?;
        let own_commands = self.own_commands(envelope).await?;
        let review = self.review_of(envelope, &command, context.as_ref()).await?;
        let facts = Facts {
            rules: &self.setting.rules,
            earlier: earlier
                .as_ref()
                .map(|it| EarlierRules { rules: &it.rules, retired_ms: it.retired_ms }),
            now_ms: self.setting.now_ms,
            asked_ms: envelope.at_ms,
            actor: self.setting.actor,
            device: device.as_deref(),
            context: context.as_ref(),
            assigned_number: assigned.as_ref().map(|it| it.number.as_str()),
            seen: Some(Seen { revision: envelope.base, own_commands: &own_commands }),
            review: review.as_ref(),
        };
        let known = self.orders.get(&envelope.order).map(|touched| &touched.now);
        let next = catch_unwind(AssertUnwindSafe(|| {
            failpoint::decide(envelope.id);
            next(known, envelope, &command, &facts)
        }));
        match next.map_err(|_| Trouble::Fault("the rules panicked"))? {
            Err(refusal) if refusal.code() == Code::StoreCorrupt => {
                Err(Trouble::Fault("the events do not fit the order"))
            }
            Err(refusal) => Ok(rejected(envelope, refusal.issues)),
            Ok(None) => Ok(CommandResult::accepted(envelope)),
            Ok(Some((log, order))) => {
                let placing = is_place.then_some(Placing { assigned, earlier });
                self.accept(envelope, log, order, placing).await
            }
        }
    }

    /// Takes the new state over. A `place` comes with the number that the server had ready.
    async fn accept(
        &mut self,
        envelope: &Envelope,
        log: OrderLog,
        order: Order,
        placing: Option<Placing>,
    ) -> Result<CommandResult, Trouble> {
        let tenant = self.setting.tenant;
        let mut result = CommandResult::accepted(envelope);
        if let Some(Placing { assigned, earlier }) = placing {
            if !self.take_number(&order).await? {
                let issue = Issue::new(Code::NumberTaken, "/args/number");
                return Ok(rejected(envelope, vec![issue.with("number", order.number)]));
            }
            for alias in &order.aliases {
                // A provisional number only helps to find the order; two orders may share it.
                self.transaction.claim_number(tenant, alias, order.id).await?;
            }
            if let Some((series, next)) = assigned.and_then(|it| it.series) {
                self.transaction.set_series(tenant, &series, next).await?;
            }
            result.number = Some(order.number.clone());
            self.redeem(&log, earlier.as_ref()).await?;
            let rules = &self.setting.rules;
            edit::follow(self.transaction, tenant, envelope.id, &log, &order, rules).await?;
        } else if let Some(part) = used::given_back(&order, &self.setting.rules) {
            self.transaction.give_back(tenant, order.id, part).await?;
        } else if matches!(
            log.events.last(),
            Some(EventRecord { event: Event::Reinstated { .. }, .. })
        ) {
            self.redeem(&log, None).await?;
        } else {
            let rules = &self.setting.rules;
            edit::follow(self.transaction, tenant, envelope.id, &log, &order, rules).await?;
        }
        let now_ms = self.setting.now_ms;
        payment::follow(self.transaction, tenant, envelope.id, &log, now_ms).await?;
        if let Some(notices) = self.setting.notices {
            let before = self.orders.get(&order.id).map(|it| &it.now.order);
            let ruleset = self.setting.rules.ruleset();
            notice::write(self.transaction, tenant, notices, ruleset, before, &log, now_ms).await?;
        }
        self.follow_goods_and_refunds(&log, &order).await?;
        self.seq = self.seq.saturating_add(1);
        result.seq = Some(self.seq);
        let digest_before = self.orders.get(&order.id).and_then(|it| it.digest_before);
        let deadline_ms = next_deadline(&order, self.setting.rules.ruleset()).map(|it| it.at_ms);
        let now = StoredOrder { log, order, seq: self.seq, deadline_ms };
        self.orders.insert(envelope.order, Touched { now, digest_before, changed: true });
        Ok(result)
    }

    /// Moves stock and balances with the order, so that the next command finds them moved.
    async fn follow_goods_and_refunds(
        &mut self,
        log: &OrderLog,
        order: &Order,
    ) -> Result<(), StoreError> {
        let Setting { tenant, client, actor, now_ms, rules, .. } = &self.setting;
        used::follow_refunds(self.transaction, tenant, log, order).await?;
        let mover = Mover { tenant, client: *client, actor, now_ms: *now_ms, rules };
        let before = self.orders.get(&order.id).map(|touched| &touched.now.order);
        stock::follow(self.transaction, mover, before, order).await
    }

    /// Takes what the order uses, so that the next command finds it taken.
    async fn redeem(
        &mut self,
        log: &OrderLog,
        earlier: Option<&Retired>,
    ) -> Result<(), StoreError> {
        let placed = used::placed(log).map(|(_, _, quote)| quote);
        let priced_by =
            |rules: &Rules| placed.is_some_and(|quote| quote.ruleset_digest == rules.digest());
        let current = &self.setting.rules;
        let rules = match earlier {
            Some(earlier) if !priced_by(current) => &earlier.rules,
            _ => current,
        };
        used::redeem(self.transaction, self.setting.tenant, log, rules).await
    }

    /// Whether there is such an order; it is then at hand.
    pub(super) async fn is_loaded(&mut self, id: Uuid) -> Result<bool, StoreError> {
        match self.load(id).await {
            Ok(()) => Ok(self.orders.contains_key(&id)),
            Err(Trouble::Store(error)) => Err(error),
            // One broken order is no reason to refuse another.
            Err(Trouble::Fault(_)) => Ok(false),
        }
    }

    async fn load(&mut self, id: Uuid) -> Result<(), Trouble> {
        if self.orders.contains_key(&id) {
            return Ok(());
        }
        if let Some(now) = self.transaction.order(self.setting.tenant, id).await? {
            let digest_before = Some(now.digest());
            self.orders.insert(id, Touched { now, digest_before, changed: false });
        }
        Ok(())
    }

    /// The first time the client is asked to come again; the second time the command is set aside,
    /// so that it does not hold up all others for ever.
    async fn fault(
        &mut self,
        envelope: &Envelope,
        what: &'static str,
    ) -> Result<CommandResult, StoreError> {
        let Setting { tenant, client, now_ms, .. } = self.setting;
        tracing::error!(command = %envelope.id, kind = envelope.kind, what, "cannot decide");
        let (n, id) = (envelope.n, envelope.id);
        let again = self.transaction.note_fault(tenant, client, n, id, now_ms).await?;
        let (verdict, code) = if again {
            (Verdict::Quarantined, Code::CommandQuarantined)
        } else {
            (Verdict::Deferred, Code::TryLater)
        };
        Ok(CommandResult {
            retry_after_ms: (!again).then_some(RETRY_AFTER_MS),
            ..CommandResult::refused(envelope, verdict, vec![Issue::new(code, "")])
        })
    }

    async fn keep(
        &mut self,
        envelope: &Envelope,
        hash: &[u8],
        result: &CommandResult,
    ) -> Result<(), StoreError> {
        let for_support = result.verdict == Verdict::Quarantined;
        let body = if for_support { serde_json::to_string(envelope).ok() } else { None };
        let command = StoredCommand {
            client: self.setting.client,
            order: envelope.order,
            kind: envelope.kind.clone(),
            hash: hash.to_vec(),
            result: result.clone(),
            body,
            at_ms: self.setting.now_ms,
        };
        self.transaction.add_command(self.setting.tenant, &command).await
    }

    /// The order as the commands so far left it.
    pub(super) fn order(&self, id: Uuid) -> Option<&StoredOrder> {
        self.orders.get(&id).map(|touched| &touched.now)
    }

    /// Writes what changed, and says where the feed stands now.
    pub(super) async fn finish(self) -> Result<u64, StoreError> {
        let tenant = self.setting.tenant;
        let changed = self.orders.values().filter(|touched| touched.changed);
        let changed: Vec<_> =
            changed.map(|touched| (&touched.now, touched.digest_before)).collect();
        self.transaction.put_orders(tenant, &changed).await?;
        self.transaction.set_head(tenant, self.seq).await?;
        Ok(self.seq)
    }
}

fn rejected(envelope: &Envelope, issues: Vec<Issue>) -> CommandResult {
    CommandResult::refused(envelope, Verdict::Rejected, issues)
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) => Self::Fault("the stored order cannot be read"),
            error => Self::Store(error),
        }
    }
}
