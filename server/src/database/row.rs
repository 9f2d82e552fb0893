//! What a statement answers.

use std::vec;

use super::DatabaseError;

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, of any type.
    Null,
    /// An integer.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row, whose values are taken one after the other.
#[derive(Clone, Debug)]
pub struct Row(vec::IntoIter<Cell>);

/// What a cell can be read as.
pub trait FromCell: Sized {
    /// The value, if the cell is of that type.
    fn from_cell(cell: Cell) -> Option<Self>;
}

impl Row {
    /// A row of these values.
    pub fn new(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter())
    }

    /// The values that were not taken.
    pub fn cells(self) -> vec::IntoIter<Cell> {
        self.0
    }

    /// The next value.
    ///
    /// # Errors
    ///
    /// [`DatabaseError::Failed`] if there is none, or it is of another type.
    pub fn take<T: FromCell>(&mut self) -> Result<T, DatabaseError> {
        let cell = self.0.next();
        cell.and_then(T::from_cell).ok_or_else(|| {
            DatabaseError::Failed(format!("a column is not a {}", std::any::type_name::<T>()))
        })
    }
}

impl FromCell for i64 {
    fn from_cell(cell: Cell) -> Option<Self> {
        if let Cell::Integer(value) = cell { Some(value) } else { None }
    }
}

impl FromCell for bool {
    fn from_cell(cell: Cell) -> Option<Self> {
        i64::from_cell(cell).map(|value| value != 0)
    }
}

impl FromCell for String {
    fn from_cell(cell: Cell) -> Option<Self> {
        if let Cell::Text(value) = cell { Some(value) } else { None }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: Cell) -> Option<Self> {
        if let Cell::Bytes(value) = cell { Some(value) } else { None }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}
