//! A value and its interval for each practice, one below the other, in the order that is given: by name or by size, never by rank.

use super::frame::{Anchor, Canvas, EDGE, Heading, OWN, Plot, QUIET, STRONG, WIDTH, Words, drawable, fit, left_out};
use super::marks::{Difference, Named, Whose, found_by, meaning};
use super::scale::{Kind, Scale, percentage};
use serde::Deserialize;

/// Values with intervals.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caterpillar {
    /// In words.
    pub heading: Heading,
    /// In the order in which they are drawn.
    pub rows: Vec<CaterpillarRow>,
    /// What all are held against.
    #[serde(default)]
    pub benchmark: Option<Benchmark>,
    /// The reader's practice, by code.
    #[serde(default)]
    pub own: Option<String>,
    /// What the axis shows: "Share who achieved, with 95% interval".
    pub shares: String,
}

/// A line that values are held against.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// What it is: "All practices".
    pub name: String,
    /// Where it is.
    pub share: f64,
}

/// A practice, or a locality.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaterpillarRow {
    /// Who it is.
    pub who: Named,
    /// Its value; nothing where that may not be shown.
    #[serde(default)]
    pub share: Option<f64>,
    /// From where to where it may lie by chance alone.
    #[serde(default)]
    pub interval: Option<(f64, f64)>,
    /// Whether it differs from the benchmark.
    #[serde(default)]
    pub difference: Difference,
}

const ROW: f64 = 19.0;
/// Room for names.
const LEFT: f64 = 190.0;
/// Room for values.
const RIGHT: f64 = 66.0;

/// Draws values with intervals; nothing without a value.
pub fn caterpillar(caterpillar: &Caterpillar) -> Option<String> {
    let rows: Vec<(&CaterpillarRow, f64)> = caterpillar.rows.iter().filter_map(|row| Some((row, drawable(row.share)?))).collect();
    if rows.is_empty() {
        return None;
    }
    let benchmark = caterpillar.benchmark.as_ref().filter(|benchmark| benchmark.share.is_finite());
    let mut canvas = Canvas::new(&caterpillar.heading);
    let top = canvas.top + if benchmark.is_some() { 20.0 } else { 4.0 };
    let plot = Plot { left: LEFT, right: WIDTH - RIGHT, top, bottom: top + ROW * rows.len() as f64 + 4.0 };
    let ends = rows.iter().flat_map(|(row, _)| interval(row)).flat_map(|(low, high)| [low, high]);
    let numbers = rows.iter().map(|(_, share)| *share).chain(ends).chain(benchmark.map(|benchmark| benchmark.share));
    let across = Scale::around(Kind::Share, numbers, 5.0, (plot.left, plot.right))?;
    let bottom = canvas.x_axis(plot, &across, &caterpillar.shares);
    if let Some(benchmark) = benchmark {
        line(&mut canvas, plot, across.at(benchmark.share), &format!("{} {}", benchmark.name, percentage(benchmark.share)));
    }
    for ((row, share), at) in rows.iter().zip(0_u32..) {
        let y = plot.top + ROW * (f64::from(at) + 0.5) + 2.0;
        let whose = Whose::of(&row.who.code, caterpillar.own.as_deref());
        let look = if whose == Whose::Own { Words::small(Anchor::End).bold() } else { Words::small(Anchor::End) };
        canvas.put(&format!("<g class=\"row\"{}>", found_by(&row.who)));
        canvas.words((LEFT - 10.0, y), &fit(&row.who.name, look, LEFT - 10.0 - EDGE), look);
        if let Some((low, high)) = interval(row) {
            canvas.group("interval", &format!("stroke=\"{}\" stroke-width=\"2\"", if whose == Whose::Own { OWN } else { QUIET }));
            canvas.line((across.at(low), y), (across.at(high), y));
            canvas.end();
        }
        let point = Named { code: String::new(), locality: String::new(), ..row.who.clone() };
        canvas.practice((across.at(*share), y), &point, row.difference, whose);
        canvas.words((WIDTH - EDGE, y), &percentage(*share), look);
        canvas.end();
    }
    let several =
        "Each bar says where one value may lie by chance alone. Whether two bars overlap is no test of whether two practices differ.";
    let notes = [
        several.to_owned(),
        meaning(rows.iter().map(|(row, _)| row.difference)),
        left_out(caterpillar.rows.len() - rows.len(), "practice", "practices"),
    ];
    let height = canvas.notes(bottom + 4.0, &notes);
    Some(canvas.finish(height))
}

fn interval(row: &CaterpillarRow) -> Option<(f64, f64)> {
    row.interval.filter(|(low, high)| low.is_finite() && high.is_finite())
}

fn line(canvas: &mut Canvas, plot: Plot, x: f64, name: &str) {
    canvas.group("benchmark", &format!("stroke=\"{STRONG}\" stroke-width=\"2\""));
    canvas.line((x, plot.top - 4.0), (x, plot.bottom));
    canvas.end();
    let look = Words { colour: STRONG, ..Words::small(Anchor::Middle).bold() };
    let half = super::frame::width_of(name, look) / 2.0;
    canvas.words((x.clamp(EDGE + half, (WIDTH - EDGE - half).max(EDGE + half)), plot.top - 13.0), name, look);
}
