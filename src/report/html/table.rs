//! Tables of a page: cells as text, put together by whoever knows what is in them.

use askama::Template;

/// A table. Its first cells are the names of its rows.
#[derive(Template)]
#[template(path = "table.html")]
pub(super) struct Table {
    caption: String,
    /// How it looks: `sort` for one that may be sorted, and others.
    class: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// What must be said under it.
    notes: Vec<String>,
}

struct Column {
    title: String,
    class: &'static str,
}

/// A row.
#[derive(Default)]
pub(super) struct Row {
    /// The code of the practice that it is of; empty for others.
    practice: String,
    class: &'static str,
    cells: Vec<Cell>,
}

/// A cell.
#[derive(Default)]
pub(super) struct Cell {
    text: String,
    /// More of it, for those who cannot see the sign.
    spoken: &'static str,
    class: &'static str,
    link: String,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }
}

impl Cell {
    /// Words, which begin on the left.
    pub fn words(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), class: "t", ..Cell::default() }
    }

    /// A number that looks like something.
    pub fn marked(text: String, class: &'static str, spoken: &'static str) -> Cell {
        Cell { text, class, spoken, ..Cell::default() }
    }

    /// A name that leads somewhere.
    pub fn link(text: impl Into<String>, link: String) -> Cell {
        Cell { text: text.into(), link, ..Cell::default() }
    }
}

impl Row {
    /// A row of anything.
    pub fn of(cells: Vec<Cell>) -> Row {
        Row { cells, ..Row::default() }
    }

    /// A row of a practice.
    pub fn practice(code: &str, cells: Vec<Cell>) -> Row {
        Row { practice: code.to_owned(), cells, class: "" }
    }

    /// A row of all others together.
    pub fn sum(cells: Vec<Cell>) -> Row {
        Row { cells, class: "sum", ..Row::default() }
    }

    /// The heading of the rows below it.
    pub fn group(title: impl Into<String>) -> Row {
        Row { cells: vec![Cell::from(title)], class: "group", ..Row::default() }
    }
}

impl Table {
    pub fn new(caption: impl Into<String>) -> Table {
        Table { caption: caption.into(), class: "", columns: Vec::new(), rows: Vec::new(), notes: Vec::new() }
    }

    /// One whose rows may be sorted by any column.
    pub fn sorted(caption: impl Into<String>) -> Table {
        Table { class: "sort", ..Table::new(caption) }
    }

    /// One of another look.
    pub fn looking(mut self, class: &'static str) -> Table {
        self.class = class;
        self
    }

    /// Columns of numbers.
    pub fn numbers<T: Into<String>>(mut self, titles: impl IntoIterator<Item = T>) -> Table {
        self.columns.extend(titles.into_iter().map(|title| Column { title: title.into(), class: "" }));
        self
    }

    /// Columns of words.
    pub fn words<T: Into<String>>(mut self, titles: impl IntoIterator<Item = T>) -> Table {
        self.columns.extend(titles.into_iter().map(|title| Column { title: title.into(), class: "t" }));
        self
    }

    pub fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Whether it has any row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
