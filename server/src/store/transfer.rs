//! Moving a whole database to another engine: every row of every table, with the feed's places and epochs, so that devices
//! notice nothing.

use super::{Store, StoreError, corrupt, schema};
use crate::database::{Cell, Connection, Query, Row, Value, query};

/// Rows that are written with one statement.
const ROWS: usize = 200;

/// A table as the steps of the schema make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub name: String,
    /// Each column with its type.
    pub columns: Vec<(String, Type)>,
    pub key: Vec<String>,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Integer,
    Text,
    Bytes,
}

impl Store {
    /// Copies everything into an empty database, all or nothing; says how many rows each table has.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if the other database has shops already.
    pub async fn copy_into(&self, other: &Self) -> Result<Vec<(String, u64)>, StoreError> {
        // Nobody else writes meanwhile.
        let mut from = self.database.begin_write("").await?;
        let mut to = other.database.begin_write("").await?;
        let count = query("SELECT COUNT(*) FROM tenant_head");
        let (shops,): (i64,) = count.fetch_one(to.as_mut()).await?;
        if shops > 0 {
            return Err(corrupt("the database to move to has shops already"));
        }
        let mut counts = Vec::new();
        for table in tables() {
            let count = table.copy(from.as_mut(), to.as_mut()).await?;
            counts.push((table.name, count));
        }
        to.commit().await?;
        Ok(counts)
    }
}

impl Table {
    async fn copy(
        &self,
        from: &mut dyn Connection,
        to: &mut dyn Connection,
    ) -> Result<u64, StoreError> {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        let (columns, table) = (names.join(", "), &self.name);
        let mut copied = 0_u64;
        let mut last: Vec<Value<'static>> = Vec::new();
        loop {
            let rows: Vec<Vec<Cell>> = self.page(&columns, &last, from).await?;
            let Some(end) = rows.last() else { return Ok(copied) };
            last = self.key_of(end)?;
            copied = copied.saturating_add(u64::try_from(rows.len()).unwrap_or_default());
            let mut write = query(format!("INSERT INTO {table} ({columns}) VALUES "));
            for (at, row) in rows.into_iter().enumerate() {
                write.push(if at > 0 { ", (" } else { "(" });
                self.push_row(&mut write, row)?;
                write.push(")");
            }
            write.execute(to).await?;
        }
    }

    /// The rows behind a key, by the key: to count off what was copied before would take longer with each page.
    async fn page(
        &self,
        columns: &str,
        last: &[Value<'static>],
        from: &mut dyn Connection,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        let (table, key) = (&self.name, self.key.join(", "));
        let mut read = query(format!("SELECT {columns} FROM {table}"));
        if !last.is_empty() {
            read.push(&format!(" WHERE ({key}) > (")).push_list(last.iter().cloned()).push(")");
        }
        read.push(&format!(" ORDER BY {key} LIMIT {ROWS}"));
        let rows: Vec<Row> = read.fetch_all(from).await?;
        Ok(rows.into_iter().map(|row| row.cells().collect()).collect())
    }

    fn key_of(&self, row: &[Cell]) -> Result<Vec<Value<'static>>, StoreError> {
        let own = self.columns.iter().zip(row);
        let by_name = |key: &String| own.clone().find(|((name, _), _)| name == key);
        let value = |key: &String| {
            let ((name, of), cell) = by_name(key).ok_or_else(|| self.odd(key))?;
            value(*of, cell.clone()).ok_or_else(|| self.odd(name))
        };
        self.key.iter().map(value).collect()
    }

    fn push_row(&self, write: &mut Query<'_>, row: Vec<Cell>) -> Result<(), StoreError> {
        let mut values = Vec::with_capacity(self.columns.len());
        for ((name, of), cell) in self.columns.iter().zip(row) {
            values.push(value(*of, cell).ok_or_else(|| self.odd(name))?);
        }
        write.push_list(values);
        Ok(())
    }

    fn odd(&self, column: &str) -> StoreError {
        corrupt(format!("{}.{column} holds another type", self.name))
    }
}

/// What a cell is to another database; nothing if it is of another type than its column.
fn value(of: Type, cell: Cell) -> Option<Value<'static>> {
    Some(match (of, cell) {
        (Type::Integer, Cell::Integer(integer)) => Value::from(integer),
        (Type::Integer, Cell::Null) => Value::Integer(None),
        (Type::Text, Cell::Text(text)) => Value::from(text),
        (Type::Text, Cell::Null) => Value::Text(None),
        (Type::Bytes, Cell::Bytes(bytes)) => Value::Bytes(Some(bytes.into())),
        (Type::Bytes, Cell::Null) => Value::Bytes(None),
        _ => return None,
    })
}

/// All tables of the schema with all columns that its steps give them, those of the steps themselves left out.
pub(super) fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for step in schema::STEPS {
        if let Some(rest) = step.strip_prefix("CREATE TABLE ") {
            let (name, inner) = rest.split_once(" (").unwrap_or((rest, ""));
            let mut table = Table { name: name.to_owned(), columns: Vec::new(), key: Vec::new() };
            for part in parts(inner.strip_suffix(')').unwrap_or(inner)) {
                table.take(part);
            }
            tables.push(table);
        } else if let Some(rest) = step.strip_prefix("ALTER TABLE ")
            && let Some((name, column)) = rest.split_once(" ADD COLUMN ")
            && let Some(table) = tables.iter_mut().find(|table| table.name == name)
        {
            table.take(column);
        }
    }
    tables
}

impl Table {
    fn take(&mut self, definition: &str) {
        if let Some(key) = definition.strip_prefix("PRIMARY KEY (") {
            let key = key.trim_end_matches(')');
            self.key = key.split(", ").map(str::to_owned).collect();
            return;
        }
        let mut words = definition.split(' ');
        let (Some(name), Some(of)) = (words.next(), words.next()) else { return };
        let of = match of {
            "BIGINT" => Type::Integer,
            "BLOB" => Type::Bytes,
            _ => Type::Text,
        };
        if definition.contains("PRIMARY KEY") {
            self.key = vec![name.to_owned()];
        }
        self.columns.push((name.to_owned(), of));
    }
}

/// The definitions between the commas that stand outside of brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_u32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}
