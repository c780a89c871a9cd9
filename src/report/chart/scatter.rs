//! Two shares of the same practices against each other: uptake of care planning against an outcome. A link between them proves no cause.

use super::frame::{Anchor, Canvas, EDGE, Heading, OWN, PEER, Plot, QUIET, STRONG, Spot, WIDTH, Words, drawable, left_out};
use super::labels::Labels;
use super::marks::{Named, Shape, Whose, found_by};
use super::scale::{Kind, Scale, within};
use serde::Deserialize;

/// Two shares.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scatter {
    /// In words.
    pub heading: Heading,
    /// What the axis below shows.
    pub across: String,
    /// What the axis at the left shows.
    pub up: String,
    /// Practices.
    pub points: Vec<ScatterPoint>,
    /// A line through them, as places, where one was worked out.
    #[serde(default)]
    pub line: Vec<(f64, f64)>,
    /// What the line is, or what is to be kept in mind. Stands below.
    #[serde(default)]
    pub note: String,
    /// The reader's practice, by code.
    #[serde(default)]
    pub own: Option<String>,
}

/// A practice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScatterPoint {
    /// Who it is.
    pub who: Named,
    /// From left to right; nothing where that may not be shown.
    #[serde(default)]
    pub across: Option<f64>,
    /// From below upwards.
    #[serde(default)]
    pub up: Option<f64>,
    /// How many people it has: larger practices are larger.
    #[serde(default)]
    pub people: Option<u64>,
    /// Whether its name stands beside it.
    #[serde(default)]
    pub named: bool,
}

const HEIGHT: f64 = 320.0;
const LEFT: f64 = 52.0;
const SMALLEST: f64 = 3.5;
const LARGEST: f64 = 9.0;

/// Draws the points; nothing without one.
pub fn scatter(scatter: &Scatter) -> Option<String> {
    let points: Vec<(f64, f64, &ScatterPoint)> =
        scatter.points.iter().filter_map(|point| Some((drawable(point.across)?, drawable(point.up)?, point))).collect();
    if points.is_empty() {
        return None;
    }
    let mut canvas = Canvas::new(&scatter.heading);
    let top = canvas.top + 26.0;
    let plot = Plot { left: LEFT, right: WIDTH - 2.0 * EDGE, top, bottom: top + HEIGHT };
    let across = Scale::around(Kind::Share, points.iter().map(|point| point.0), 7.0, (plot.left, plot.right))?;
    let up = Scale::around(Kind::Share, points.iter().map(|point| point.1), 6.0, (plot.bottom, plot.top))?;
    canvas.y_axis(plot, &up, &scatter.up);
    let bottom = canvas.x_axis(plot, &across, &scatter.across);
    let (low, high) = up.ends();
    let (first, last) = across.ends();
    let line: Vec<(f64, f64)> = scatter.line.iter().copied().filter(|(x, y)| (first..=last).contains(x) && y.is_finite()).collect();
    canvas.group("line", &format!("fill=\"none\" stroke=\"{STRONG}\" stroke-width=\"2\" stroke-dasharray=\"6 4\""));
    for part in within(&line, low, high) {
        let spots: Vec<Spot> = part.iter().map(|(x, y)| (across.at(*x), up.at(*y))).collect();
        canvas.polyline(&spots);
    }
    canvas.end();
    let most = points.iter().filter_map(|(.., point)| point.people).max().unwrap_or_default();
    let own = scatter.own.as_deref();
    let mut labels = Labels::new(Plot { right: WIDTH - EDGE, ..plot });
    let named = |point: &ScatterPoint| point.named || Whose::of(&point.who.code, own) == Whose::Own;
    let mut order: Vec<&(f64, f64, &ScatterPoint)> = points.iter().collect();
    order.sort_by_key(|(.., point)| (Whose::of(&point.who.code, own) == Whose::Own, std::cmp::Reverse(point.people)));
    for (x, y, point) in &order {
        let whose = Whose::of(&point.who.code, own);
        let size = if whose == Whose::Own { radius(point.people, most).max(6.0) } else { radius(point.people, most) };
        let spot = (across.at(*x), up.at(*y));
        let look = match whose {
            Whose::Own => format!("fill=\"{OWN}\" stroke=\"#1d2125\" stroke-width=\"1.5\""),
            Whose::AnyOther => format!("fill=\"{PEER}\" fill-opacity=\"0.6\" stroke=\"{QUIET}\" stroke-width=\"0.8\""),
        };
        let class = if whose == Whose::Own { "point own" } else { "point" };
        canvas.mark(spot, Shape::Circle, size, class, &point.who, &look);
        labels.rather_not(spot, size);
    }
    for (x, y, point) in order.iter().rev().filter(|(.., point)| named(point)) {
        let look =
            if Whose::of(&point.who.code, own) == Whose::Own { Words::usual(Anchor::Start).bold() } else { Words::small(Anchor::Start) };
        let away = radius(point.people, most).max(6.0) + 3.0;
        if let Some((at, anchor)) = labels.beside((across.at(*x), up.at(*y)), &point.who.name, away, look) {
            canvas.label(at, &point.who.name, Words { anchor, ..look }, &found_by(&point.who));
        }
    }
    let size = if most > 0 { "The larger a circle, the more people." } else { "" };
    let notes = [scatter.note.clone(), size.to_owned(), left_out(scatter.points.len() - points.len(), "practice", "practices")];
    let height = canvas.notes(bottom + 4.0, &notes);
    Some(canvas.finish(height))
}

/// Twice the people, twice the area.
fn radius(people: Option<u64>, most: u64) -> f64 {
    match people {
        Some(people) if most > 0 => (LARGEST * (people as f64 / most as f64).sqrt()).max(SMALLEST),
        _ => 5.0,
    }
}
