//! What every chart is drawn on: words, lines and bars as the text of an SVG, all coordinates rounded to a tenth. Knows no chart.
//!
//! A page puts a chart into a box that scrolls by itself, so that words stay large enough on a telephone and the page does not move sideways:
//!
//! ```html
//! <div class="chart" role="group" aria-label="Chart: …" tabindex="0"><svg …></svg></div>
//! ```
//!
//! and takes in [`STYLE`](super::STYLE): a chart is as wide as its box, never narrower than 34 rem, where its smallest words are 10 pixels high.
//! Each chart has a light ground of its own, so that its colours hold on a dark page too. There is no `xmlns`: inside a page none is needed,
//! and a page without any web address is easily checked for having none; a file of its own needs one.
//! Looks are attributes, not styles, so that a page may forbid inline styles. An own SVG crate would save none of this: it is text with escapes.

use super::scale::Scale;
use serde::Deserialize;
use std::fmt::{self, Write as _};

/// All charts are as wide; how high they are, follows from what is in them.
pub(super) const WIDTH: f64 = 640.0;
/// Between what is drawn and the edge.
pub(super) const EDGE: f64 = 12.0;
/// Of most words.
pub(super) const USUAL: f64 = 14.0;
/// Of ticks, labels of points and notes.
pub(super) const SMALL: f64 = 12.5;
const TITLE: f64 = 18.0;

/// Dark words.
pub(super) const INK: &str = "#1d2125";
/// Quiet words and lines that matter.
pub(super) const QUIET: &str = "#3D3D3D";
/// Lines of a grid.
const GRID: &str = "#dde3e7";
/// Everyone who is nobody in particular.
pub(super) const PEER: &str = "#8a949c";
/// What stands out. Dark blue of the Analysis Function's palette.
pub(super) const STRONG: &str = "#12436D";
/// The reader's own. Orange of the same palette.
pub(super) const OWN: &str = "#F46A25";
/// A second line beside the dark blue one.
pub(super) const SECOND: &str = "#801650";
/// Ranges behind points.
pub(super) const PALE: &str = "#dfe6ec";
/// The inner half of such a range.
pub(super) const LESS_PALE: &str = "#b4c3d0";

/// A place: from the left, from the top.
pub(super) type Spot = (f64, f64);

/// What a chart says in words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// What ids in the SVG begin with; no other chart of the page has the same. Letters, digits, hyphens.
    pub id: String,
    /// The finding, in at most ten words or so.
    pub title: String,
    /// The measure, the place and the period.
    pub subtitle: String,
    /// One sentence for those who do not see the chart.
    pub description: String,
}

/// Where words begin, or end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How words look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub size: f64,
    pub anchor: Anchor,
    pub colour: &'static str,
    pub weight: Weight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Plain,
    Bold,
}

impl Words {
    pub const fn small(anchor: Anchor) -> Words {
        Words { size: SMALL, anchor, colour: QUIET, weight: Weight::Plain }
    }

    pub const fn usual(anchor: Anchor) -> Words {
        Words { size: USUAL, anchor, colour: INK, weight: Weight::Plain }
    }

    pub const fn bold(self) -> Words {
        Words { weight: Weight::Bold, colour: INK, ..self }
    }
}

/// The part of a chart that axes go round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// An SVG that is being written.
pub(super) struct Canvas {
    id: String,
    heading: Heading,
    body: String,
    /// Where the heading ends.
    pub top: f64,
}

impl Canvas {
    /// With its heading.
    pub fn new(heading: &Heading) -> Canvas {
        let id = heading.id.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        let mut canvas = Canvas { id, heading: heading.clone(), body: String::new(), top: EDGE };
        let title = Words { size: TITLE, ..Words::usual(Anchor::Start).bold() };
        let subtitle = Words { colour: QUIET, ..Words::usual(Anchor::Start) };
        let bottom = canvas.paragraph(EDGE, EDGE, WIDTH - 2.0 * EDGE, &heading.title, title);
        canvas.top = canvas.paragraph(EDGE, bottom + 2.0, WIDTH - 2.0 * EDGE, &heading.subtitle, subtitle) + 10.0;
        canvas
    }

    /// The whole SVG, so high.
    pub fn finish(self, height: f64) -> String {
        let (id, height) = (&self.id, tenth(height));
        format!(
            "<svg class=\"drawing\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {WIDTH} {height}\" \
             font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
             <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            escape(&self.heading.title),
            escape(&self.heading.description),
            self.body
        )
    }

    /// Begins a group of a class, whose members share a look: attributes as they are written.
    pub fn group(&mut self, class: &str, look: &str) {
        self.body += &format!("<g class=\"{class}\" {look}>\n");
    }

    /// Ends the group.
    pub fn end(&mut self) {
        self.body += "</g>\n";
    }

    /// Something that is written already.
    pub fn put(&mut self, element: &str) {
        self.body += element;
        self.body.push('\n');
    }

    pub fn line(&mut self, from: Spot, to: Spot) {
        self.put(&format!("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", tenth(from.0), tenth(from.1), tenth(to.0), tenth(to.1)));
    }

    /// A line through all places, or nothing where there is but one.
    pub fn polyline(&mut self, spots: &[Spot]) {
        if spots.len() > 1 {
            self.put(&format!("<polyline points=\"{}\"/>", written(spots)));
        }
    }

    /// A bar between two places, whichever comes first.
    pub fn bar(&mut self, from: Spot, to: Spot, look: &str) {
        let (x, y) = (from.0.min(to.0), from.1.min(to.1));
        let (width, height) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        self.put(&format!("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {look}/>", tenth(x), tenth(y), tenth(width), tenth(height)));
    }

    /// Words whose middle is so high.
    pub fn words(&mut self, at: Spot, words: &str, look: Words) {
        self.labelled(at, words, look, "");
    }

    /// Words over points and lines, with a rim, and further attributes.
    pub fn label(&mut self, at: Spot, words: &str, look: Words, attributes: &str) {
        let rim = " stroke=\"#ffffff\" stroke-width=\"5\" stroke-linejoin=\"round\" paint-order=\"stroke\"";
        self.labelled(at, words, look, &format!(" class=\"label\"{rim}{attributes}"));
    }

    fn labelled(&mut self, at: Spot, words: &str, look: Words, attributes: &str) {
        if words.is_empty() {
            return;
        }
        let anchor = match look.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if look.weight == Weight::Bold { " font-weight=\"bold\"" } else { "" };
        let (x, y) = (tenth(at.0), tenth(at.1 + 0.35 * look.size));
        let (size, colour) = (look.size, look.colour);
        self.put(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\"{anchor}{weight}{attributes}>{}</text>",
            escape(words)
        ));
    }

    /// Words in as many rows as they need, from so high downwards. Says where they end.
    pub fn paragraph(&mut self, x: f64, top: f64, width: f64, words: &str, look: Words) -> f64 {
        let step = (look.size * 1.25).round();
        let mut y = top;
        for row in wrap(words, look, width) {
            self.words((x, y + step / 2.0), &row, look);
            y += step;
        }
        y
    }

    /// Notes below everything else. Says where the chart ends.
    pub fn notes(&mut self, top: f64, notes: &[String]) -> f64 {
        let mut bottom = top;
        for note in notes.iter().filter(|note| !note.is_empty()) {
            bottom = self.paragraph(EDGE, bottom, WIDTH - 2.0 * EDGE, note, Words::small(Anchor::Start)) + 2.0;
        }
        bottom + EDGE - 2.0
    }

    /// Lines across and their numbers at the left; what they count stands above, level.
    pub fn y_axis(&mut self, plot: Plot, scale: &Scale, title: &str) {
        self.words((EDGE, plot.top - 16.0), title, Words::small(Anchor::Start));
        self.group("grid", &format!("stroke=\"{GRID}\""));
        for (value, _) in scale.ticks() {
            self.line((plot.left, scale.at(value)), (plot.right, scale.at(value)));
        }
        self.end();
        for (value, words) in scale.ticks() {
            self.words((plot.left - 6.0, scale.at(value)), &words, Words::small(Anchor::End));
        }
    }

    /// Lines downwards and their numbers below; what they count stands under these. Says where it ends.
    pub fn x_axis(&mut self, plot: Plot, scale: &Scale, title: &str) -> f64 {
        self.group("grid", &format!("stroke=\"{GRID}\""));
        for (value, _) in scale.ticks() {
            self.line((scale.at(value), plot.top), (scale.at(value), plot.bottom));
        }
        self.end();
        for (value, words) in scale.ticks() {
            self.words((scale.at(value), plot.bottom + 12.0), &words, Words::small(Anchor::Middle));
        }
        self.words(((plot.left + plot.right) / 2.0, plot.bottom + 31.0), title, Words::small(Anchor::Middle));
        plot.bottom + if title.is_empty() { 24.0 } else { 43.0 }
    }

    /// Times below a plot: as many as there is room for, the last one always. Says where they end.
    pub fn times(&mut self, plot: Plot, times: &[(f64, &str)]) -> f64 {
        let mut free_until = WIDTH;
        for (x, words) in times.iter().rev() {
            let half = width_of(words, Words::small(Anchor::Middle)) / 2.0;
            let x = x.clamp(half, (WIDTH - half).max(half));
            if x + half <= free_until {
                self.words((x, plot.bottom + 12.0), words, Words::small(Anchor::Middle));
                free_until = x - half - 10.0;
            }
        }
        plot.bottom + 24.0
    }
}

/// What a chart says of those that have no number: they are not drawn.
pub(super) fn left_out(count: usize, one: &str, several: &str) -> String {
    match count {
        0 => String::new(),
        1 => format!("1 {one} is not drawn: it has no number that may be shown."),
        _ => format!("{count} {several} are not drawn: they have no number that may be shown."),
    }
}

/// A number that can be drawn.
pub(super) fn drawable(number: Option<f64>) -> Option<f64> {
    number.filter(|number| number.is_finite())
}

/// A coordinate: a tenth at the finest, so that the same chart has the same bytes everywhere.
pub(super) fn tenth(coordinate: f64) -> Tenths {
    Tenths((coordinate * 10.0).round() as i64)
}

/// So many tenths, shown with as many digits as they need. A report has hundreds of thousands: whole numbers are shown several times faster.
/// Worked: -15 is `-1.5`, 120 is `12`.
pub(super) struct Tenths(i64);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{rest}") }
    }
}

/// Places as the attribute `points` has them.
pub(super) fn written(spots: &[Spot]) -> String {
    let mut text = String::new();
    for (x, y) in spots {
        let before = if text.is_empty() { "" } else { " " };
        // Writing to memory cannot fail.
        let _ = write!(text, "{before}{},{}", tenth(*x), tenth(*y));
    }
    text
}

/// A text inside an element or an attribute. What XML cannot hold is left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// About how wide words are in Arial and its likes, rather too wide than too narrow.
pub(super) fn width_of(words: &str, look: Words) -> f64 {
    let of_letter = |letter: char| match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' => 0.28,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.36,
        'm' | 'w' | 'M' | 'W' | '%' | '…' | '—' => 0.92,
        'A'..='Z' | '&' => 0.72,
        '0'..='9' | 'a'..='z' => 0.57,
        _ => 0.8,
    };
    let weight = if look.weight == Weight::Bold { 1.08 } else { 1.0 };
    words.chars().map(of_letter).sum::<f64>() * look.size * weight
}

/// Words in rows that are not wider than this.
pub(super) fn wrap(words: &str, look: Words, width: f64) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match rows.last_mut() {
            Some(row) if width_of(&format!("{row} {word}"), look) <= width => {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push(fit(word, look, width)),
        }
    }
    rows
}

/// Words in rows, so many at most: the last one says that there were more.
pub(super) fn wrap_to(words: &str, look: Words, width: f64, most: usize) -> Vec<String> {
    let mut rows = wrap(words, look, width);
    if rows.len() > most {
        rows.truncate(most);
        if let Some(last) = rows.last_mut() {
            *last = fit(&format!("{last} …"), look, width);
        }
    }
    rows
}

/// Words cut short where they are wider than this.
pub(super) fn fit(words: &str, look: Words, width: f64) -> String {
    if width_of(words, look) <= width {
        return words.to_owned();
    }
    let mut short = String::new();
    for letter in words.chars() {
        if width_of(&format!("{short}{letter}…"), look) > width {
            break;
        }
        short.push(letter);
    }
    short.trim_end().to_owned() + "…"
}
