//! The rows of one block: plain ones by where their commas are, all others as the crate `csv` reads them. The result is the same.

use super::blocks::{Block, Row};
use super::columns::Table;
use super::dates::Dates;
use super::patient::RowPlace;
use super::quality::{Quality, Reason};
use super::rows::Rows;
use super::separators::Separators;
use super::short::same;
use crate::problem::Problem;
use encoding_rs::WINDOWS_1252;
use memchr::{memchr, memchr_iter};

/// Rows that were read as Windows-1252, since they are not UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct Foreign {
    /// The first of them.
    pub first_row: u64,
    /// Its first byte that cannot be UTF-8.
    pub first_byte: u8,
    /// How many there are.
    pub rows: u64,
}

/// What was seen of a file, or of a part of it, besides its rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Rows.
    pub rows: u64,
    /// Rows that are not UTF-8.
    pub foreign: Option<Foreign>,
}

impl Seen {
    /// Together with what was seen of the part that follows.
    pub fn and(&mut self, later: Seen) {
        self.rows += later.rows;
        self.foreign = match (self.foreign, later.foreign) {
            (Some(mine), Some(theirs)) => Some(Foreign { rows: mine.rows + theirs.rows, ..mine }),
            (mine, theirs) => mine.or(theirs),
        };
    }
}

/// So many cells a short row can have: as many as one of events.
const SHORT: usize = 9;

/// What the row that was gone to is made of.
#[derive(Clone, Copy, Debug, Default)]
enum Current {
    /// Its cells lie in [`BlockRows::row`].
    #[default]
    Copied,
    /// Bytes of the block: where they start, and how far from there each cell begins, the last of them being the next row.
    Short { start: usize, begins: [u32; SHORT + 1] },
    /// Bytes of the block; its commas lie in [`BlockRows::commas`].
    Long { start: usize, end: usize },
}

/// The rows of one block.
#[derive(Default)]
pub struct BlockRows {
    block: Block,
    separators: Separators,
    /// Where the next row begins, and the number of its line.
    next: usize,
    line: u64,
    current: Current,
    /// Where the commas of a long row are.
    commas: Vec<usize>,
    row: Row,
    /// What was seen so far.
    pub seen: Seen,
}

impl BlockRows {
    /// Goes on with another block, and gives back the memory of the last.
    pub fn restart(&mut self, block: Block) -> Vec<u8> {
        self.separators.find(block.bytes.get(..block.end).unwrap_or(&[]));
        self.next = block.start;
        self.line = block.line;
        self.current = Current::Copied;
        std::mem::replace(&mut self.block, block).bytes
    }

    /// What is left of the block.
    pub fn into_rest(self) -> Block {
        Block { start: self.next, line: self.line, ..self.block }
    }

    /// The rest of the block as bytes.
    pub fn rest(&self) -> &[u8] {
        self.block.bytes.get(self.next..self.block.end).unwrap_or(&[])
    }

    /// Whether no row is left.
    pub fn is_done(&self) -> bool {
        self.next >= self.block.end
    }

    /// Reads the header: the cells of the first row that is not empty.
    pub fn header(&mut self) -> Option<Vec<Vec<u8>>> {
        while !self.is_done() {
            let length = memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
            if self.is_empty(self.next + length) {
                self.pass(length + 1);
                continue;
            }
            let (length, _) = self.row.read(self.block.bytes.get(self.next..self.block.end).unwrap_or(&[]));
            self.pass(length);
            return Some(self.row.cells().map(|cell| cell.trim_ascii().to_vec()).collect());
        }
        None
    }

    /// Goes on after so many bytes, which are whole lines.
    fn pass(&mut self, length: usize) {
        self.line += memchr_iter(b'\n', self.rest().get(..length).unwrap_or(&[])).count() as u64;
        self.next += length;
    }

    /// Whether nothing stands between the next row's beginning and the end of its line.
    #[inline]
    fn is_empty(&self, end: usize) -> bool {
        end == self.next || (end == self.next + 1 && self.block.bytes.get(self.next) == Some(&b'\r'))
    }

    /// Goes to the next row that has the right number of cells; others are set aside. `None` at the end of the block.
    #[inline]
    pub fn next_row(&mut self, table: &Table, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        loop {
            if self.is_done() {
                return Ok(None);
            }
            let start = self.next;
            let sight = self.separators.from(start);
            let (end, cells, odd) = if sight.line_ends == 0 || table.columns() > SHORT {
                self.long_row()
            } else {
                // All bits up to the first end of a line.
                let inside = sight.line_ends ^ (sight.line_ends - 1);
                let ends = (sight.commas | sight.line_ends) & inside;
                self.current = Current::Short { start, begins: begins(ends) };
                (start + sight.line_ends.trailing_zeros() as usize, ends.count_ones() as usize, sight.odd & inside != 0)
            };
            if self.is_empty(end) {
                self.next = end + 1;
                self.line += 1;
                continue;
            }
            quality.rows_read += 1;
            self.seen.rows += 1;
            if odd {
                match self.odd_row(table, quality)? {
                    Some(place) => return Ok(Some(place)),
                    None => continue,
                }
            }
            let place = self.place(table);
            self.next = end + 1;
            self.line += 1;
            if cells != table.columns() {
                quality.set_aside(place, "", Reason::WrongNumberOfFields, "");
                continue;
            }
            if self.may_be_header(table, start) && self.is_header(table) {
                quality.set_aside(place, "", Reason::RepeatedHeader, "");
                continue;
            }
            return Ok(Some(place));
        }
    }

    /// Where the line ends that begins the next row, how many cells it has, and whether anything odd is in it: of a row that is
    /// longer than one look.
    #[inline(never)]
    fn long_row(&mut self) -> (usize, usize, bool) {
        self.commas.clear();
        let (start, mut from) = (self.next, self.next);
        loop {
            let sight = self.separators.from(from);
            let inside = if sight.line_ends == 0 { u64::MAX } else { sight.line_ends ^ (sight.line_ends - 1) };
            let mut commas = sight.commas & inside;
            while commas != 0 {
                self.commas.push(from + commas.trailing_zeros() as usize);
                commas &= commas - 1;
            }
            let odd = sight.odd & inside != 0;
            let end = if sight.line_ends == 0 { from + 64 } else { from + sight.line_ends.trailing_zeros() as usize };
            if odd || sight.line_ends != 0 || end >= self.block.end {
                let end = end.min(self.block.end);
                self.current = Current::Long { start, end };
                return (end, self.commas.len() + 1, odd);
            }
            from = end;
        }
    }

    /// The place of the next row.
    #[inline]
    fn place(&self, table: &Table) -> RowPlace {
        RowPlace { file: table.number, row: u32::try_from(self.line).unwrap_or(u32::MAX) }
    }

    /// Reads a row that is not plain: with quotation marks, perhaps over several lines, in another encoding, with bytes of zero.
    fn odd_row(&mut self, table: &Table, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        let place = self.place(table);
        let row = u64::from(place.row);
        let rest = self.block.bytes.get(self.next..self.block.end).unwrap_or(&[]);
        let (length, _) = self.row.read(rest);
        self.pass(length);
        self.current = Current::Copied;
        if self.row.text().contains(&0) {
            return Err(Problem::error("D006", "this row holds bytes of zero: the file is damaged, or no text")
                .in_data(table.shown.as_str(), Some(row), None)
                .help("a disk that failed leaves zeros where rows were: copy or export the file again"));
        }
        self.decode(row);
        let right_number = self.row.cells().len() == table.columns();
        if self.row.text().contains(&b'\n') && (!right_number || self.holds_another_row(table)) {
            return Err(Problem::error("D009", "a quotation mark is opened in this row and not closed")
                .in_data(table.shown.as_str(), Some(row), None)
                .help("the rows after it would be lost: close the mark, or double it where it belongs to the text"));
        }
        if !right_number {
            quality.set_aside(place, "", Reason::WrongNumberOfFields, "");
            return Ok(None);
        }
        if self.is_header(table) {
            quality.set_aside(place, "", Reason::RepeatedHeader, "");
            return Ok(None);
        }
        Ok(Some(place))
    }

    /// Takes a row that is not UTF-8 for Windows-1252, which every sequence of bytes is.
    fn decode(&mut self, row: u64) {
        let bad = self.row.cells().find_map(|cell| std::str::from_utf8(cell).err().map(|error| (cell, error.valid_up_to())));
        let Some(first_byte) = bad.map(|(cell, at)| cell.get(at).copied().unwrap_or_default()) else { return };
        self.seen.and(Seen { rows: 0, foreign: Some(Foreign { first_row: row, first_byte, rows: 1 }) });
        let decoded = self.row.cells().map(|cell| WINDOWS_1252.decode_without_bom_handling(cell).0.into_owned().into_bytes());
        let decoded: Vec<Vec<u8>> = decoded.collect();
        self.row.replace(&decoded);
    }

    /// Whether a cell goes on with a line of as many cells as the header has: a quotation mark swallowed it.
    fn holds_another_row(&self, table: &Table) -> bool {
        let commas = |line: &[u8]| line.iter().filter(|byte| **byte == b',').count();
        let mut second_lines = self.row.cells().filter_map(|cell| cell.split(|byte| *byte == b'\n').nth(1));
        second_lines.any(|line| commas(line) + 1 == table.columns())
    }

    /// A cell by where it stands in the file, without white space around it.
    #[inline(always)]
    fn cell_at(&self, at: usize) -> &[u8] {
        let cell = match &self.current {
            Current::Copied => self.row.cell(at),
            Current::Short { start, begins } => {
                let bounds = begins.get(at).zip(begins.get(at + 1)).map(|(from, next)| (*from as usize, *next as usize));
                bounds.and_then(|(from, next)| self.block.bytes.get(start + from..start + next - 1)).unwrap_or(&[])
            }
            Current::Long { start, end } => {
                let from = at.checked_sub(1).map_or(*start, |before| self.commas.get(before).map_or(*end, |comma| comma + 1));
                let to = self.commas.get(at).copied().unwrap_or(*end);
                self.block.bytes.get(from..to).unwrap_or(&[])
            }
        };
        // White space is no higher than a blank, and seldom there.
        match cell {
            [first, .., last] if *first > b' ' && *last > b' ' => cell,
            _ => cell.trim_ascii(),
        }
    }

    /// Whether a row that starts here begins as the header does, or with white space.
    #[inline]
    fn may_be_header(&self, table: &Table, start: usize) -> bool {
        let first = self.block.bytes.get(start).copied().unwrap_or_default();
        first <= b' ' || table.header.first().and_then(|name| name.first()).is_none_or(|begins| *begins == first)
    }

    fn is_header(&self, table: &Table) -> bool {
        let mut header = table.header.iter().enumerate();
        header.all(|(at, name)| same(self.cell_at(at), name))
    }

    /// A cell of the row, by the number of its column among those wanted; empty when the file has no such column.
    #[inline(always)]
    pub fn cell(&self, table: &Table, column: usize) -> &[u8] {
        match table.at.get(column) {
            Some(Some(at)) => self.cell_at(*at),
            _ => &[],
        }
    }
}

/// Where cells begin that end at these bits.
#[inline]
fn begins(ends: u64) -> [u32; SHORT + 1] {
    let (mut begins, mut rest) = ([0; SHORT + 1], ends);
    for begin in begins.iter_mut().skip(1) {
        *begin = rest.trailing_zeros() + 1;
        rest &= rest.wrapping_sub(1);
    }
    begins
}

/// The rows of a block together with what is known of their file.
pub struct RowsOfBlock<'t> {
    /// The file.
    pub table: &'t Table,
    /// Its rows, or some of them.
    pub rows: BlockRows,
}

impl Rows for RowsOfBlock<'_> {
    #[inline]
    fn next_row(&mut self, quality: &mut Quality) -> Result<Option<RowPlace>, Problem> {
        self.rows.next_row(self.table, quality)
    }

    #[inline(always)]
    fn cell(&self, column: usize) -> &[u8] {
        self.rows.cell(self.table, column)
    }

    fn name(&self, column: usize) -> &'static str {
        self.table.name(column)
    }

    fn dates(&self) -> Dates {
        self.table.reading.dates
    }

    fn bytes_read(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::BlockRows;
    use crate::extract::blocks::Cutter;
    use crate::extract::columns::Table;
    use crate::extract::content::Content;
    use crate::extract::quality::Quality;
    use proptest::prelude::*;

    const HEADER: &str = "one,two,three\n";

    /// A row: its line, and its cells.
    type Found = (u64, Vec<Vec<u8>>);

    /// Rows of three cells by the crate `csv`, with the lines on which they begin, and how many other rows there are.
    fn by_csv(text: &[u8]) -> (Vec<Found>, usize) {
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).terminator(csv::Terminator::Any(b'\n')).from_reader(text);
        let mut row = csv::ByteRecord::new();
        let (mut rows, mut others, mut before) = (Vec::new(), 0, 0);
        while reader.read_byte_record(&mut row).unwrap() {
            let ended = reader.position().byte() as usize;
            // A row begins after the empty lines that were passed over.
            let read = text.get(before..ended).unwrap();
            let passed = read.iter().take_while(|byte| **byte == b'\n').count();
            let line = 1 + text.get(..before + passed).unwrap().iter().filter(|byte| **byte == b'\n').count() as u64;
            let cells: Vec<Vec<u8>> = row.iter().map(|cell| cell.trim_ascii().to_vec()).collect();
            // An empty line as Windows ends it, but not an empty cell between quotation marks.
            let empty = row.len() == 1 && row.as_slice() == b"\r" && !read.contains(&b'"');
            before = ended;
            match cells.as_slice() {
                _ if empty => {}
                [one, two, three] if [&one[..], two, three] != [&b"one"[..], b"two", b"three"] => rows.push((line, cells)),
                _ => others += 1,
            }
        }
        (rows, others)
    }

    /// The same by blocks of so many bytes; nothing when a row stops the reading.
    fn by_blocks(text: Vec<u8>, size: usize) -> Option<(Vec<Found>, usize)> {
        let (content, _) = Content::new(std::io::Cursor::new(text), "events.csv", None).into_text().unwrap();
        let mut cutter = Cutter::into_blocks_of(content, size);
        let mut table = Table::default();
        let (mut quality, mut rows, mut all) = (Quality::default(), BlockRows::default(), Vec::new());
        while let Some(block) = cutter.next_block(Vec::new()).unwrap() {
            rows.restart(block);
            if table.header.is_empty() {
                table.header = rows.header().unwrap();
                table.at = vec![Some(0), Some(1), Some(2)];
            }
            while let Some(place) = rows.next_row(&table, &mut quality).ok()? {
                all.push((u64::from(place.row), (0..3).map(|column| rows.cell(&table, column).to_vec()).collect()));
            }
        }
        let others = quality.rows.len();
        assert_eq!(quality.rows_read as usize, all.len() + others);
        Some((all, others))
    }

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            6 => "[a-z0-9 ]{0,12}",
            1 => "[a-z]{0,90}\r?",
            2 => "\"([a-z,]|\"\"|\r?\n){0,9}\"",
            1 => "[a-z]{0,3}\"[a-z]{0,3}",
            1 => "(caf\u{e9}|\u{2014}){1,2}",
        ]
    }

    fn row() -> impl Strategy<Value = String> {
        let end = prop::sample::select(vec!["\n", "\n", "\r\n", "\n\n", "\n\r\n"]);
        (prop::collection::vec(cell(), 1..5), prop::bool::weighted(0.05), end).prop_map(|(mut cells, header, end)| {
            if cells.len() != 4 {
                cells.resize(3, String::new());
            }
            if header { HEADER.to_owned() } else { cells.join(",") + end }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn rows_are_those_of_the_crate_csv(rows in prop::collection::vec(row(), 0..12), size in 1_usize..200, last in cell()) {
            let text = (HEADER.to_owned() + &rows.concat() + &last).into_bytes();
            let Some(found) = by_blocks(text.clone(), size) else { return Ok(()) };
            let (mut expected, others) = by_csv(text.get(HEADER.len()..).unwrap_or_default());
            // The header is the first line.
            expected.iter_mut().for_each(|(line, _)| *line += 1);
            prop_assert_eq!(found, (expected, others));
        }
    }
}
