//! One practice in all indicators: where it stands among the others, each indicator on a scale of its own around all together.

use super::frame::{
    Anchor, Canvas, EDGE, Heading, LESS_PALE, OWN, PALE, PEER, QUIET, SMALL, STRONG, WIDTH, Words, drawable, left_out, wrap,
};
use super::marks::{Named, Shape};
use super::scale::percentage;
use serde::Deserialize;

/// A practice among others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spine {
    /// In words.
    pub heading: Heading,
    /// Above the practice's numbers: "Ash Surgery".
    pub own: String,
    /// Above those of all together: "All 45".
    pub all: String,
    /// What the diamond is: "Alpha locality". Empty for none.
    #[serde(default)]
    pub locality: String,
    /// Indicators, in their order.
    pub rows: Vec<SpineRow>,
}

/// An indicator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpineRow {
    /// As it is written.
    pub name: String,
    /// The practice; nothing where that may not be shown.
    #[serde(default)]
    pub own: Option<f64>,
    /// Its locality.
    #[serde(default)]
    pub locality: Option<f64>,
    /// All together.
    pub centre: f64,
    /// The lowest practice, those a quarter and three quarters of the way, the highest.
    pub spread: [f64; 4],
    /// Which side is better: it is drawn to the right.
    pub better: Better,
    /// What is known of the difference between the practice and all together.
    pub told: Told,
    /// Said when the practice's mark is hovered over.
    #[serde(default)]
    pub words: String,
}

/// Which side of an indicator is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better: the row is turned round.
    Lower,
    /// Neither is.
    Neither,
}

/// Whether a practice differs from all together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// By more than chance.
    Different,
    /// By no more than chance.
    NoDifferent,
    /// It cannot be told.
    Unknown,
}

const ROW: f64 = 28.0;
const LEFT: f64 = 190.0;
/// Where the two columns of numbers end, and where the drawing begins.
const OWN_ENDS: f64 = 258.0;
const ALL_ENDS: f64 = 322.0;
const FROM: f64 = 342.0;

/// Draws the practice; nothing where it has no number in any indicator.
pub fn spine(spine: &Spine) -> Option<String> {
    let drawn =
        |row: &&SpineRow| drawable(row.own).is_some() && row.centre.is_finite() && row.spread.iter().all(|number| number.is_finite());
    let rows: Vec<&SpineRow> = spine.rows.iter().filter(drawn).collect();
    if rows.is_empty() {
        return None;
    }
    let mut canvas = Canvas::new(&spine.heading);
    let top = head(&mut canvas, spine, &rows);
    let middle = (FROM + WIDTH - EDGE) / 2.0;
    for (row, at) in rows.iter().zip(0_u32..) {
        one(&mut canvas, row, top + ROW * (f64::from(at) + 0.5));
    }
    let bottom = top + ROW * rows.len() as f64;
    canvas.group("centre", &format!("stroke=\"{QUIET}\" stroke-width=\"1.5\""));
    canvas.line((middle, top - 2.0), (middle, bottom));
    canvas.end();
    for (row, at) in rows.iter().zip(0_u32..) {
        marks(&mut canvas, row, top + ROW * (f64::from(at) + 0.5));
    }
    let bottom = key(&mut canvas, spine, &rows, bottom + 14.0);
    let height = canvas.notes(bottom, &[left_out(spine.rows.len() - rows.len(), "indicator", "indicators")]);
    Some(canvas.finish(height))
}

/// What stands above the columns. Says where it ends.
fn head(canvas: &mut Canvas, spine: &Spine, rows: &[&SpineRow]) -> f64 {
    let look = Words::small(Anchor::End).bold();
    let [own, all] =
        [(&spine.own, OWN_ENDS, 80.0), (&spine.all, ALL_ENDS, 56.0)].map(|(name, ends, width)| (wrap(name, look, width), ends));
    let lines = own.0.len().max(all.0.len()).max(1);
    let bottom = canvas.top + 15.0 * lines as f64;
    for (names, ends) in [own, all] {
        for (name, above) in names.iter().rev().zip(0_u32..) {
            canvas.words((ends, bottom - 8.0 - 15.0 * f64::from(above)), name, look);
        }
    }
    let sided = rows.iter().any(|row| row.better != Better::Neither);
    let [left, right] = if sided { ["Worse", "Better"] } else { ["Lower", "Higher"] };
    canvas.words((FROM, bottom - 8.0), left, Words::small(Anchor::Start));
    canvas.words((WIDTH - EDGE, bottom - 8.0), right, Words::small(Anchor::End));
    canvas.words(((FROM + WIDTH - EDGE) / 2.0, bottom - 8.0), &spine.all, Words::small(Anchor::Middle).bold());
    bottom + 4.0
}

/// Where a value of a row stands.
fn place(row: &SpineRow, value: f64) -> f64 {
    let [lowest, .., highest] = row.spread;
    let half = (highest - row.centre).abs().max((lowest - row.centre).abs());
    let part = if half > 0.0 { ((value - row.centre) / half).clamp(-1.0, 1.0) } else { 0.0 };
    let part = if row.better == Better::Lower { -part } else { part };
    let (middle, reach) = ((FROM + WIDTH - EDGE) / 2.0, (WIDTH - EDGE - FROM) / 2.0 - 9.0);
    middle + part * reach
}

/// The name, the numbers and the range.
fn one(canvas: &mut Canvas, row: &SpineRow, y: f64) {
    let look = Words::small(Anchor::End);
    let name = if row.better == Better::Neither { format!("{} ↔", row.name) } else { row.name.clone() };
    let names = wrap(&name, look, LEFT - EDGE);
    for (name, at) in names.iter().take(2).zip(0_u32..) {
        canvas.words((LEFT, y + 13.0 * (f64::from(at) - (names.len().min(2) as f64 - 1.0) / 2.0)), name, look);
    }
    canvas.words((OWN_ENDS, y), &row.own.map(percentage).unwrap_or_default(), look.bold());
    canvas.words((ALL_ENDS, y), &percentage(row.centre), look);
    let [lowest, quarter, three_quarters, highest] = row.spread.map(|value| place(row, value));
    canvas.bar((lowest, y - 8.0), (highest, y + 8.0), &format!("class=\"range\" fill=\"{PALE}\""));
    canvas.bar((quarter, y - 8.0), (three_quarters, y + 8.0), &format!("class=\"half\" fill=\"{LESS_PALE}\""));
}

fn marks(canvas: &mut Canvas, row: &SpineRow, y: f64) {
    if let Some(locality) = drawable(row.locality) {
        locality_mark(canvas, place(row, locality), y);
    }
    if let Some(own) = drawable(row.own) {
        own_mark(canvas, place(row, own), y, row.told, &row.words);
    }
}

fn locality_mark(canvas: &mut Canvas, x: f64, y: f64) {
    let look = format!("fill=\"#ffffff\" stroke=\"{STRONG}\" stroke-width=\"2\"");
    canvas.mark((x, y), Shape::Diamond, 6.0, "point locality", &Named::default(), &look);
}

fn own_mark(canvas: &mut Canvas, x: f64, y: f64, told: Told, words: &str) {
    let who = Named { words: words.to_owned(), ..Named::default() };
    let (shape, size, class, look) = match told {
        Told::Different => (Shape::Circle, 7.0, "point own different", format!("fill=\"{OWN}\" stroke=\"#1d2125\" stroke-width=\"1.5\"")),
        Told::NoDifferent => (Shape::Circle, 6.5, "point own", format!("fill=\"#ffffff\" stroke=\"{OWN}\" stroke-width=\"3\"")),
        Told::Unknown => (Shape::Square, 6.0, "point own unknown", format!("fill=\"#ffffff\" stroke=\"{PEER}\" stroke-width=\"2\"")),
    };
    canvas.mark((x, y), shape, size, class, &who, &look);
}

/// What the marks and the bars are, beside one of each. Says where it ends.
fn key(canvas: &mut Canvas, spine: &Spine, rows: &[&SpineRow], top: f64) -> f64 {
    let look = Words::small(Anchor::Start);
    let mut x = EDGE + 8.0;
    let mut y = top;
    let mut entry = |canvas: &mut Canvas, words: &str, draw: &dyn Fn(&mut Canvas, f64, f64)| {
        let width = super::frame::width_of(words, look) + 34.0;
        if x + width > WIDTH {
            x = EDGE + 8.0;
            y += SMALL + 8.0;
        }
        draw(canvas, x, y);
        canvas.words((x + 12.0, y), words, look);
        x += width;
    };
    let told = [
        (Told::Different, "differs from all by more than chance"),
        (Told::NoDifferent, "no more than chance"),
        (Told::Unknown, "cannot be told"),
    ];
    for (told, words) in told {
        if rows.iter().any(|row| row.told == told) {
            entry(canvas, words, &|canvas, x, y| own_mark(canvas, x, y, told, ""));
        }
    }
    if rows.iter().any(|row| drawable(row.locality).is_some()) {
        entry(canvas, &spine.locality, &|canvas, x, y| locality_mark(canvas, x, y));
    }
    entry(canvas, "all practices", &|canvas, x, y| canvas.bar((x - 8.0, y - 6.0), (x + 8.0, y + 6.0), &format!("fill=\"{PALE}\"")));
    entry(canvas, "middle half of them", &|canvas, x, y| {
        canvas.bar((x - 8.0, y - 6.0), (x + 8.0, y + 6.0), &format!("fill=\"{LESS_PALE}\""));
    });
    if rows.iter().any(|row| row.better == Better::Neither) {
        entry(canvas, "neither side is better, higher is right", &|canvas, x, y| canvas.words((x, y), "↔", Words::small(Anchor::Middle)));
    }
    y + SMALL + 4.0
}
