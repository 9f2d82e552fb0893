//! Fewer and fuller pages of many small ones, a step at a time.

use super::{
    Replica,
    orders::Confirmed,
    packed::{Place, corrupt, logs::LogWriter, rows::RowWriter},
    pages::{NewPages, PageWrites, length},
    stored::Plan,
};
use crate::issue::Issue;

impl Replica {
    /// Pieces of logs that have to be read before [`Replica::pack`] can do all that it would.
    pub fn logs_to_pack(&self) -> Vec<u64> {
        let moved = self.stored.plan().moved.into_iter();
        moved.filter(|key| !self.logs.has(*key)).collect()
    }

    /// Takes the next step to fewer and fuller pages, and says what to write; nothing if none is worth it. A step is small: so
    /// many rows as one answer has, and few pieces of logs. When it is stored, [`Replica::settle_pack`] takes it over.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if a log in memory is not where it should be.
    pub fn pack(&mut self, first_key: u64) -> Result<Option<PageWrites>, Issue> {
        let mut plan = self.stored.plan();
        plan.moved.retain(|key| self.logs.has(*key));
        if plan.is_empty() {
            return Ok(None);
        }
        let new = self.packed(&plan, first_key)?;
        let Plan { merged, moved, dead_pages, dead_pieces } = plan;
        self.new_pages = NewPages {
            remove_rows: merged.into_iter().chain(dead_pages).collect(),
            remove_logs: moved.into_iter().chain(dead_pieces).collect(),
            ..new
        };
        Ok(Some(self.new_pages.writes(first_key)))
    }

    /// The rows of the merged pages, and the logs of the moved pieces with the rows that name them.
    fn packed(&self, plan: &Plan, first_key: u64) -> Result<NewPages, Issue> {
        let concerns = |confirmed: &Confirmed| {
            plan.merged.contains(&confirmed.page) || plan.moved.contains(&confirmed.log.key)
        };
        let all = self.orders.all_confirmed().map(|(_, confirmed)| confirmed);
        let concerned: Vec<&Confirmed> = all.filter(|it| concerns(it)).collect();
        let mut writer = LogWriter::default();
        let mut places = Vec::with_capacity(concerned.len());
        for confirmed in &concerned {
            let Place { key, bytes } = &confirmed.log;
            places.push(if plan.moved.contains(key) {
                let written = writer.log(self.logs.get(&confirmed.log)?)?;
                let key = first_key.saturating_add(u64::from(written.piece));
                (key, written.start, written.end)
            } else {
                (*key, bytes.start, bytes.end)
            });
        }
        let logs = NewPages::keyed(first_key, writer.finish());
        let mut list: Vec<(u64, u32)> = Vec::new();
        let mut rows = RowWriter::default();
        for (confirmed, (key, start, end)) in concerned.iter().zip(places) {
            let position = match list.iter().rposition(|(known, _)| *known == key) {
                Some(position) => position,
                None => {
                    let new = logs.iter().find(|(known, _)| *known == key);
                    let bytes = match new {
                        Some((_, piece)) => length(piece)?,
                        None => self.stored.bytes_of(key).ok_or_else(corrupt)?,
                    };
                    list.push((key, bytes));
                    list.len().saturating_sub(1)
                }
            };
            let position = u32::try_from(position).map_err(|_| corrupt())?;
            rows.order(confirmed.stamp, &confirmed.row, [position, start, end])?;
        }
        for (id, seq, _) in self.orders.gone().filter(|(_, _, page)| plan.merged.contains(page)) {
            rows.gone(id, seq)?;
        }
        NewPages::of(first_key, logs, rows, &list)
    }

    /// Takes over what [`Replica::pack`] proposed, now that it is stored.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if a new page cannot be read, which cannot happen.
    pub fn settle_pack(&mut self) -> Result<(), Issue> {
        let new = core::mem::take(&mut self.new_pages);
        self.take_pages(new)?;
        Ok(())
    }
}
