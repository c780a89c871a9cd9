//! One number over time, its mean and its limits: XmR, p and p′ charts alike. What stands out is said with the point, and has a shape and a colour.

use super::frame::{
    Anchor, Canvas, EDGE, Heading, OWN, PEER, Plot, QUIET, SECOND, SMALL, STRONG, Spot, WIDTH, Words, drawable, left_out, width_of,
};
use super::labels::apart;
use super::marks::{Named, Shape};
use super::scale::{Kind, Scale, number, percentage};
use serde::Deserialize;

/// A number over time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlPlot {
    /// In words.
    pub heading: Heading,
    /// What the axis shows.
    pub values: String,
    /// How values are written.
    pub unit: Unit,
    /// In their order; each has a mean of its own.
    pub stretches: Vec<ControlStretch>,
    /// What is aimed at.
    #[serde(default)]
    pub target: Option<f64>,
}

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// From 0 to 1, written in per cent.
    Share,
    /// Anything else.
    Number,
}

/// A stretch of time with one mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlStretch {
    /// Its mean.
    pub mean: f64,
    /// In their order.
    pub points: Vec<ControlPoint>,
}

/// A time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlPoint {
    /// As it is written.
    pub time: String,
    /// The value; nothing where that may not be shown.
    #[serde(default)]
    pub value: Option<f64>,
    /// Between these it moves by its usual ups and downs.
    #[serde(default)]
    pub limits: Option<(f64, f64)>,
    /// Why it stands out.
    #[serde(default)]
    pub stands_out: Option<StandsOut>,
    /// Whether that is for the better.
    #[serde(default)]
    pub turn: Turn,
    /// Said when it is hovered over.
    #[serde(default)]
    pub words: String,
}

/// Why a point stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StandsOut {
    /// Beyond a limit.
    Beyond,
    /// One of a run that rises or falls.
    Trend,
    /// One of two in three that are far from the mean.
    TwoInThree,
    /// One of a run on one side of the mean.
    Shift,
}

/// Whether a point that stands out does so for the better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// An improvement.
    Better,
    /// A concern.
    Worse,
    /// There is no better side.
    #[default]
    Neither,
}

impl StandsOut {
    const ALL: [StandsOut; 4] = [StandsOut::Beyond, StandsOut::Trend, StandsOut::TwoInThree, StandsOut::Shift];

    fn shape(self) -> Shape {
        match self {
            StandsOut::Beyond => Shape::Diamond,
            StandsOut::Trend => Shape::Up,
            StandsOut::TwoInThree => Shape::Down,
            StandsOut::Shift => Shape::Square,
        }
    }

    fn words(self) -> &'static str {
        match self {
            StandsOut::Beyond => "beyond a limit",
            StandsOut::Trend => "rises or falls again and again",
            StandsOut::TwoInThree => "two of three far from the mean",
            StandsOut::Shift => "stays on one side of the mean",
        }
    }
}

impl Turn {
    fn colour(self) -> &'static str {
        match self {
            Turn::Better => STRONG,
            Turn::Worse => OWN,
            Turn::Neither => SECOND,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Turn::Better => "for the better",
            Turn::Worse => "for the worse",
            Turn::Neither => "neither better nor worse",
        }
    }
}

const HEIGHT: f64 = 260.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 110.0;

/// Draws the chart; nothing with fewer than two points.
pub fn control_plot(plot: &ControlPlot) -> Option<String> {
    let points: Vec<&ControlPoint> = plot.stretches.iter().flat_map(|stretch| &stretch.points).collect();
    let drawn = points.iter().filter(|point| drawable(point.value).is_some()).count();
    if drawn < 2 {
        return None;
    }
    let target = drawable(plot.target);
    let mut canvas = Canvas::new(&plot.heading);
    let top = canvas.top + 26.0;
    let area = Plot { left: LEFT, right: WIDTH - RIGHT, top, bottom: top + HEIGHT };
    let limits = points.iter().filter_map(|point| point.limits).flat_map(|(low, high)| [low, high]);
    let means = plot.stretches.iter().filter(|stretch| !stretch.points.is_empty()).map(|stretch| stretch.mean);
    let numbers = points.iter().filter_map(|point| point.value).chain(limits).chain(means).chain(target);
    let kind = if plot.unit == Unit::Share { Kind::Share } else { Kind::Number };
    let up = Scale::around(kind, numbers, 6.0, (area.bottom, area.top))?;
    let step = (area.right - area.left - 16.0) / (points.len() as f64 - 1.0);
    let at = |time: usize| area.left + 8.0 + step * time as f64;
    canvas.y_axis(area, &up, &plot.values);
    let times: Vec<(f64, &str)> = points.iter().enumerate().map(|(time, point)| (at(time), point.time.as_str())).collect();
    let bottom = canvas.times(area, &times);

    let mut names: Vec<(f64, String, &'static str)> = Vec::new();
    if let Some(target) = target {
        canvas.group("target", &format!("stroke=\"{SECOND}\" stroke-width=\"1.5\" stroke-dasharray=\"8 3\""));
        canvas.line((area.left, up.at(target)), (area.right, up.at(target)));
        canvas.end();
        names.push((up.at(target), format!("Target {}", written(plot, target)), SECOND));
    }
    let mut first = 0;
    for stretch in &plot.stretches {
        let last = first + stretch.points.len();
        names_of_lines(&mut canvas, plot, stretch, &up, (first, step), area, if last == points.len() { Some(&mut names) } else { None });
        first = last;
    }
    let spots: Vec<Option<Spot>> = points.iter().enumerate().map(|(time, point)| Some((at(time), up.at(drawable(point.value)?)))).collect();
    canvas.group("values", &format!("fill=\"none\" stroke=\"{PEER}\" stroke-width=\"1.5\""));
    for run in spots.split(Option::is_none) {
        let run: Vec<Spot> = run.iter().flatten().copied().collect();
        canvas.polyline(&run);
    }
    canvas.end();
    for (spot, point) in spots.iter().zip(&points) {
        if let Some(spot) = spot {
            mark(&mut canvas, *spot, point.stands_out, point.turn, &point.words);
        }
    }
    let heights: Vec<f64> = names.iter().map(|(height, ..)| *height).collect();
    for (height, (_, name, colour)) in apart(&heights, SMALL + 1.0, (area.top, area.bottom)).into_iter().zip(&names) {
        canvas.words((area.right + 6.0, height), name, Words { colour, ..Words::small(Anchor::Start) });
    }
    let bottom = key(&mut canvas, &points, bottom + 12.0);
    let height = canvas.notes(bottom, &[left_out(points.len() - drawn, "point", "points")]);
    Some(canvas.finish(height))
}

fn written(plot: &ControlPlot, value: f64) -> String {
    match plot.unit {
        Unit::Share => percentage(value),
        Unit::Number => number(value, if value.fract() == 0.0 { 0 } else { 1 }),
    }
}

/// The mean and the limits of a stretch, limits as steps; what they are called, where it is the last one.
fn names_of_lines(
    canvas: &mut Canvas,
    plot: &ControlPlot,
    stretch: &ControlStretch,
    up: &Scale,
    (first, step): (usize, f64),
    area: Plot,
    names: Option<&mut Vec<(f64, String, &'static str)>>,
) {
    if stretch.points.is_empty() || !stretch.mean.is_finite() {
        return;
    }
    // Half a step to either side of a point.
    let edge = |time: usize| (area.left + 8.0 + step * (time as f64 - 0.5)).clamp(area.left, area.right);
    let mean = up.at(stretch.mean);
    canvas.group("mean", &format!("stroke=\"{QUIET}\" stroke-width=\"1.5\""));
    canvas.line((edge(first), mean), (edge(first + stretch.points.len()), mean));
    canvas.end();
    canvas.group("limit", &format!("fill=\"none\" stroke=\"{QUIET}\" stroke-dasharray=\"5 4\""));
    let limits: Vec<Option<(f64, f64)>> =
        stretch.points.iter().map(|point| point.limits.filter(|(low, high)| low.is_finite() && high.is_finite())).collect();
    let mut ends: Option<(f64, f64)> = None;
    for side in [0_u8, 1] {
        let mut time = first;
        for run in limits.split(Option::is_none) {
            let mut steps: Vec<Spot> = Vec::new();
            for (low, high) in run.iter().flatten() {
                let height = up.at(if side == 0 { *low } else { *high });
                steps.extend([(edge(time), height), (edge(time + 1), height)]);
                time += 1;
                ends = Some((*low, *high));
            }
            time += 1;
            canvas.polyline(&steps);
        }
    }
    canvas.end();
    if let Some(names) = names {
        names.push((mean, format!("Mean {}", written(plot, stretch.mean)), QUIET));
        let limits = ends.into_iter().flat_map(|(low, high)| [("Lower", low), ("Upper", high)]);
        names.extend(limits.map(|(which, limit)| (up.at(limit), format!("{which} {}", written(plot, limit)), QUIET)));
    }
}

fn mark(canvas: &mut Canvas, spot: Spot, stands_out: Option<StandsOut>, turn: Turn, words: &str) {
    let who = Named { words: words.to_owned(), ..Named::default() };
    match stands_out {
        None => canvas.mark(spot, Shape::Circle, 3.5, "point", &who, &format!("fill=\"{PEER}\"")),
        Some(why) => {
            let look = format!("fill=\"{}\" stroke=\"#ffffff\"", turn.colour());
            canvas.mark(spot, why.shape(), 6.0, "point stands-out", &who, &look);
        }
    }
}

/// What shapes and colours mean, of those that are there. Says where it ends.
fn key(canvas: &mut Canvas, points: &[&ControlPoint], top: f64) -> f64 {
    let look = Words::small(Anchor::Start);
    let mut spot = (EDGE + 8.0, top);
    for why in StandsOut::ALL {
        for turn in [Turn::Better, Turn::Worse, Turn::Neither] {
            if points.iter().any(|point| point.value.is_some() && point.stands_out == Some(why) && point.turn == turn) {
                let words = format!("{}, {}", why.words(), turn.words());
                let width = width_of(&words, look) + 34.0;
                if spot.0 + width > WIDTH {
                    spot = (EDGE + 8.0, spot.1 + SMALL + 8.0);
                }
                mark(canvas, spot, Some(why), turn, "");
                canvas.words((spot.0 + 12.0, spot.1), &words, look);
                spot.0 += width;
            }
        }
    }
    if spot == (EDGE + 8.0, top) { top } else { spot.1 + SMALL + 2.0 }
}
