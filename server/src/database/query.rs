//! A statement with its values, and rows as tuples.

use std::borrow::Cow;

use super::{Connection, DatabaseError, FromCell, Row, Value};

/// A statement with its values.
#[derive(Clone, Debug)]
pub struct Query<'q> {
    sql: Cow<'q, str>,
    values: Vec<Value<'q>>,
}

/// What a row can be read as.
pub trait FromRow: Sized {
    /// The values of the row, in order.
    ///
    /// # Errors
    ///
    /// [`DatabaseError::Failed`] if the row has other columns.
    fn from_row(row: Row) -> Result<Self, DatabaseError>;
}

/// A statement whose parameters are written `$1`, `$2` and so on.
pub fn query<'q>(sql: impl Into<Cow<'q, str>>) -> Query<'q> {
    Query { sql: sql.into(), values: Vec::new() }
}

impl<'q> Query<'q> {
    /// The same with a value for the next parameter.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Writes more of the statement.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.to_mut().push_str(sql);
        self
    }

    /// Writes the next parameter, which has this value.
    pub fn push_bind(&mut self, value: impl Into<Value<'q>>) -> &mut Self {
        self.values.push(value.into());
        let parameter = format!("${}", self.values.len());
        self.push(&parameter)
    }

    /// Writes parameters with these values and commas between them.
    pub fn push_list<V: Into<Value<'q>>>(
        &mut self,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.push_bind(value);
        }
        self
    }

    /// Runs it, and says how many rows it wrote.
    ///
    /// # Errors
    ///
    /// [`DatabaseError`]
    pub async fn execute(self, connection: &mut dyn Connection) -> Result<u64, DatabaseError> {
        connection.execute(&self.sql, &self.values).await
    }

    /// All rows of its answer.
    ///
    /// # Errors
    ///
    /// [`DatabaseError`]
    pub async fn fetch_all<T: FromRow>(
        self,
        connection: &mut dyn Connection,
    ) -> Result<Vec<T>, DatabaseError> {
        let rows = connection.fetch(&self.sql, &self.values).await?;
        rows.into_iter().map(T::from_row).collect()
    }

    /// The first row of its answer, if there is one.
    ///
    /// # Errors
    ///
    /// [`DatabaseError`]
    pub async fn fetch_optional<T: FromRow>(
        self,
        connection: &mut dyn Connection,
    ) -> Result<Option<T>, DatabaseError> {
        let rows = connection.fetch(&self.sql, &self.values).await?;
        rows.into_iter().next().map(T::from_row).transpose()
    }

    /// The first row of an answer that has one.
    ///
    /// # Errors
    ///
    /// [`DatabaseError`]
    pub async fn fetch_one<T: FromRow>(
        self,
        connection: &mut dyn Connection,
    ) -> Result<T, DatabaseError> {
        let row = self.fetch_optional(connection).await?;
        row.ok_or_else(|| DatabaseError::Failed("a row is missing".to_owned()))
    }
}

impl FromRow for Row {
    fn from_row(row: Row) -> Result<Self, DatabaseError> {
        Ok(row)
    }
}

macro_rules! rows_of_tuples {
    ($($name:ident)+) => {
        impl<$($name: FromCell),+> FromRow for ($($name,)+) {
            fn from_row(mut row: Row) -> Result<Self, DatabaseError> {
                Ok(($(row.take::<$name>()?,)+))
            }
        }
    };
}

rows_of_tuples!(A);
rows_of_tuples!(A B);
rows_of_tuples!(A B C);
rows_of_tuples!(A B C D);
rows_of_tuples!(A B C D E);
rows_of_tuples!(A B C D E F);
rows_of_tuples!(A B C D E F G);
rows_of_tuples!(A B C D E F G H);
rows_of_tuples!(A B C D E F G H I);
rows_of_tuples!(A B C D E F G H I J);
rows_of_tuples!(A B C D E F G H I J K);
rows_of_tuples!(A B C D E F G H I J K L);
