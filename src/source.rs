//! Files as they were read, and places in them.
//! In: names and texts. Out: [`FileId`], [`Span`], [`At`]. Knows nothing of what a text means.

/// Which file a place is in; given out by [`Sources::add`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A stretch of one file, in bytes: from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A value and where its author wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> At<T> {
    /// Puts a value and its place together.
    pub fn new(value: T, span: Span) -> Self {
        At { value, span }
    }
}

/// One file: its name as people should see it, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path, relative to the folder that was read, with forward slashes.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// All files that a framework was read from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Keeps a file and gives its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push(Source { name: name.into(), text: text.into() });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file of a number.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// The name of a file; empty for one that was never added.
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |source| source.name.as_str())
    }

    /// The words at a place.
    pub fn words(&self, span: Span) -> &str {
        self.get(span.file).and_then(|source| source.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// Row of a place, counted from 1.
    pub fn row(&self, span: Span) -> usize {
        let before = self.get(span.file).and_then(|source| source.text.get(..span.start as usize)).unwrap_or("");
        before.matches('\n').count() + 1
    }
}

impl FileId {
    /// A place in this file.
    pub fn span(self, range: std::ops::Range<usize>) -> Span {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { file: self, start: narrow(range.start), end: narrow(range.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("a.toml", "one\ntwo\nthree");
        assert_eq!(sources.row(file.span(0..3)), 1);
        assert_eq!(sources.row(file.span(8..13)), 3);
        assert_eq!(sources.words(file.span(4..7)), "two");
    }
}
