//! Localities with their intervals, and under each its practices as dots: whether differences lie between localities or within them.

use super::caterpillar::Benchmark;
use super::frame::{Anchor, Canvas, EDGE, Heading, OWN, PEER, Plot, QUIET, STRONG, WIDTH, Words, drawable, left_out, width_of, wrap};
use super::labels::Labels;
use super::marks::{Named, Shape, Whose, found_by};
use super::scale::{Kind, Scale, percentage};
use serde::Deserialize;

/// Localities and practices.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalityDots {
    /// In words.
    pub heading: Heading,
    /// What the axis shows.
    pub shares: String,
    /// In the order in which they are drawn.
    pub localities: Vec<LocalityRow>,
    /// Practices, each of a locality by its name.
    pub practices: Vec<PracticeDot>,
    /// All together.
    #[serde(default)]
    pub benchmark: Option<Benchmark>,
    /// The reader's practice, by code.
    #[serde(default)]
    pub own: Option<String>,
}

/// A locality.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalityRow {
    /// As practices have it.
    pub name: String,
    /// Its share; nothing where that may not be shown.
    #[serde(default)]
    pub share: Option<f64>,
    /// From where to where it may lie by chance alone.
    #[serde(default)]
    pub interval: Option<(f64, f64)>,
}

/// A practice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeDot {
    /// Who it is, and of which locality.
    pub who: Named,
    /// Its share; nothing where that may not be shown.
    #[serde(default)]
    pub share: Option<f64>,
}

const ROW: f64 = 52.0;
const LEFT: f64 = 150.0;
const RIGHT: f64 = 66.0;
const DOT: f64 = 4.0;

/// Draws localities; nothing where none has a share.
pub fn locality_dots(dots: &LocalityDots) -> Option<String> {
    let rows: Vec<(&LocalityRow, f64)> = dots.localities.iter().filter_map(|row| Some((row, drawable(row.share)?))).collect();
    if rows.is_empty() {
        return None;
    }
    let of = |name: &str| -> Vec<(&PracticeDot, f64)> {
        let inside = dots.practices.iter().filter(|practice| practice.who.locality == name);
        inside.filter_map(|practice| Some((practice, drawable(practice.share)?))).collect()
    };
    let benchmark = dots.benchmark.as_ref().filter(|benchmark| benchmark.share.is_finite());
    let mut canvas = Canvas::new(&dots.heading);
    let top = canvas.top + if benchmark.is_some() { 20.0 } else { 4.0 };
    let plot = Plot { left: LEFT, right: WIDTH - RIGHT, top, bottom: top + ROW * rows.len() as f64 };
    let practices = rows.iter().flat_map(|(row, _)| of(&row.name)).map(|(_, share)| share);
    let ends = rows.iter().filter_map(|(row, _)| interval(row)).flat_map(|(low, high)| [low, high]);
    let numbers = rows.iter().map(|(_, share)| *share).chain(practices).chain(ends).chain(benchmark.map(|benchmark| benchmark.share));
    let across = Scale::around(Kind::Share, numbers, 5.0, (plot.left, plot.right))?;
    let bottom = canvas.x_axis(plot, &across, &dots.shares);
    if let Some(benchmark) = benchmark {
        let (x, name) = (across.at(benchmark.share), format!("{} {}", benchmark.name, percentage(benchmark.share)));
        canvas.group("benchmark", &format!("stroke=\"{STRONG}\" stroke-width=\"2\""));
        canvas.line((x, plot.top - 4.0), (x, plot.bottom));
        canvas.end();
        let look = Words { colour: STRONG, ..Words::small(Anchor::Middle).bold() };
        let half = width_of(&name, look) / 2.0;
        canvas.words((x.clamp(EDGE + half, (WIDTH - EDGE - half).max(EDGE + half)), plot.top - 13.0), &name, look);
    }
    for ((row, share), at) in rows.iter().zip(0_u32..) {
        let y = plot.top + ROW * f64::from(at);
        let practices = of(&row.name);
        swarm(&mut canvas, &practices, &across, y + 36.0, dots.own.as_deref());
        locality(&mut canvas, row, *share, &across, y + 15.0);
    }
    let drawn = |dot: &&PracticeDot| drawable(dot.share).is_some() && rows.iter().any(|(row, _)| row.name == dot.who.locality);
    let drawn = dots.practices.iter().filter(drawn).count();
    let notes = [
        "Diamonds: localities, with the interval in which each may lie by chance alone. Dots: their practices.".to_owned(),
        left_out(dots.localities.len() - rows.len(), "locality", "localities"),
        left_out(dots.practices.len() - drawn, "practice", "practices"),
    ];
    let height = canvas.notes(bottom + 4.0, &notes);
    Some(canvas.finish(height))
}

fn interval(row: &LocalityRow) -> Option<(f64, f64)> {
    row.interval.filter(|(low, high)| low.is_finite() && high.is_finite())
}

fn locality(canvas: &mut Canvas, row: &LocalityRow, share: f64, across: &Scale, y: f64) {
    let look = Words::usual(Anchor::End);
    let names = wrap(&row.name, look, LEFT - 12.0 - EDGE);
    for (name, at) in names.iter().take(3).zip(0_u32..) {
        canvas.words((LEFT - 12.0, y + 15.0 * f64::from(at)), name, look);
    }
    if let Some((low, high)) = interval(row) {
        canvas.group("interval", &format!("stroke=\"{STRONG}\" stroke-width=\"2.5\""));
        canvas.line((across.at(low), y), (across.at(high), y));
        canvas.end();
    }
    let between = interval(row).map_or(String::new(), |(low, high)| format!(", {} to {}", percentage(low), percentage(high)));
    let who = Named { locality: row.name.clone(), words: format!("{}: {}{between}", row.name, percentage(share)), ..Named::default() };
    canvas.mark((across.at(share), y), Shape::Diamond, 7.0, "point locality", &who, &format!("fill=\"{STRONG}\" stroke=\"#ffffff\""));
    canvas.words((WIDTH - EDGE, y), &percentage(share), Words::small(Anchor::End).bold());
}

/// Dots beside each other: one that would lie on another goes a little up or down.
fn swarm(canvas: &mut Canvas, practices: &[(&PracticeDot, f64)], across: &Scale, y: f64, own: Option<&str>) {
    let mut order: Vec<(&PracticeDot, f64)> = practices.iter().map(|(dot, share)| (*dot, across.at(*share))).collect();
    order.sort_by(|one, other| one.1.total_cmp(&other.1).then_with(|| one.0.who.code.cmp(&other.0.who.code)));
    let lanes = [0.0, -DOT * 1.6, DOT * 1.6];
    let mut free_from = [f64::NEG_INFINITY; 3];
    let mut placed: Vec<(&PracticeDot, f64, f64)> = Vec::new();
    for (dot, x) in order {
        let lane = free_from.iter().position(|free| *free <= x).unwrap_or_default();
        for (free, _) in free_from.iter_mut().zip(0..).filter(|(_, at)| *at == lane) {
            *free = x + 2.0 * DOT;
        }
        placed.push((dot, x, y + lanes.get(lane).copied().unwrap_or_default()));
    }
    placed.sort_by_key(|(dot, ..)| Whose::of(&dot.who.code, own) == Whose::Own);
    let mut labels = Labels::new(Plot { left: EDGE, right: WIDTH - EDGE, top: y - ROW / 2.0, bottom: y + ROW / 2.0 });
    for (_, x, y) in &placed {
        labels.rather_not((*x, *y), DOT);
    }
    for (dot, x, y) in placed {
        if Whose::of(&dot.who.code, own) == Whose::AnyOther {
            let look = format!("fill=\"{PEER}\" stroke=\"{QUIET}\" stroke-width=\"0.5\"");
            canvas.mark((x, y), Shape::Circle, DOT, "point", &dot.who, &look);
            continue;
        }
        let look = format!("fill=\"{OWN}\" stroke=\"#1d2125\" stroke-width=\"1.5\"");
        canvas.mark((x, y), Shape::Circle, 6.5, "point own", &dot.who, &look);
        let look = Words::small(Anchor::Start).bold();
        if let Some((at, anchor)) = labels.beside((x, y), &dot.who.name, 9.0, look) {
            canvas.label(at, &dot.who.name, Words { anchor, ..look }, &found_by(&dot.who));
        }
    }
}
