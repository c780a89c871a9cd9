//! Two periods side by side, and how each line goes from the one to the other. For ten lines at most: localities, or all together.

use super::frame::{Anchor, Canvas, EDGE, Heading, OWN, Plot, QUIET, SMALL, STRONG, WIDTH, Words, fit, left_out};
use super::labels::apart;
use super::marks::{Named, Shape, Whose};
use super::scale::{Kind, Scale, percentage};
use serde::Deserialize;

/// Lines from one period to the next.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slope {
    /// In words.
    pub heading: Heading,
    /// The period before.
    pub before: String,
    /// This one.
    pub after: String,
    /// Lines.
    pub lines: Vec<SlopeLine>,
    /// The reader's, by code.
    #[serde(default)]
    pub own: Option<String>,
}

/// One that is there in both periods.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlopeLine {
    /// Who it is.
    pub who: Named,
    /// Before; nothing where that may not be shown.
    #[serde(default)]
    pub before: Option<SlopeEnd>,
    /// Now.
    #[serde(default)]
    pub after: Option<SlopeEnd>,
    /// Whether the change is more than chance.
    #[serde(default)]
    pub changed: bool,
}

/// A value, and from where to where it may lie by chance alone.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlopeEnd {
    /// The value.
    pub share: f64,
    /// Its interval.
    #[serde(default)]
    pub interval: Option<(f64, f64)>,
}

const LEFT: f64 = 220.0;
const RIGHT: f64 = 420.0;

/// Draws the lines; nothing without one that has both ends.
pub fn slope(slope: &Slope) -> Option<String> {
    let end = |end: Option<SlopeEnd>| end.filter(|end| end.share.is_finite());
    let lines: Vec<(&SlopeLine, SlopeEnd, SlopeEnd)> =
        slope.lines.iter().filter_map(|line| Some((line, end(line.before)?, end(line.after)?))).collect();
    if lines.is_empty() {
        return None;
    }
    let mut canvas = Canvas::new(&slope.heading);
    let top = canvas.top + 30.0;
    let height = (22.0 * lines.len() as f64).max(180.0);
    let plot = Plot { left: LEFT, right: RIGHT, top, bottom: top + height };
    let ends = lines.iter().flat_map(|(_, before, after)| [before, after]);
    let numbers = ends.flat_map(|end| std::iter::once(end.share).chain(interval(end).into_iter().flat_map(|(low, high)| [low, high])));
    let up = Scale::around(Kind::Share, numbers, 6.0, (plot.bottom, plot.top))?;
    canvas.words((LEFT, top - 16.0), &slope.before, Words::small(Anchor::End).bold());
    canvas.words((RIGHT, top - 16.0), &slope.after, Words::small(Anchor::Start).bold());
    canvas.group("periods", "stroke=\"#dde3e7\" stroke-width=\"2\"");
    canvas.line((LEFT, plot.top), (LEFT, plot.bottom));
    canvas.line((RIGHT, plot.top), (RIGHT, plot.bottom));
    canvas.end();
    let middle = (lines.len() as f64 - 1.0) / 2.0;
    for ((line, before, after), at) in lines.iter().zip(0_u32..) {
        // Side by side, so that no interval hides another.
        let aside = 4.0 * (f64::from(at) - middle).clamp(-4.0, 4.0);
        one(&mut canvas, line, (LEFT + aside, before), (RIGHT + aside, after), &up, slope.own.as_deref());
    }
    for (side, x, anchor) in [(0, LEFT - 24.0, Anchor::End), (1, RIGHT + 24.0, Anchor::Start)] {
        let shares: Vec<f64> = lines.iter().map(|(_, before, after)| if side == 0 { before.share } else { after.share }).collect();
        let heights: Vec<f64> = shares.iter().map(|share| up.at(*share)).collect();
        let placed = apart(&heights, SMALL + 2.0, (plot.top, plot.bottom));
        for ((height, share), (line, ..)) in placed.into_iter().zip(&shares).zip(&lines) {
            let look = Words::small(anchor);
            let look = if Whose::of(&line.who.code, slope.own.as_deref()) == Whose::Own { look.bold() } else { look };
            let value = percentage(*share);
            let words = if side == 0 {
                format!("{} {value}", fit(&line.who.name, look, LEFT - 84.0))
            } else {
                format!("{value} {}", fit(&line.who.name, look, WIDTH - RIGHT - 24.0 - 52.0 - EDGE))
            };
            canvas.words((x, height), &words, look);
        }
    }
    let thick = if lines.iter().any(|(line, ..)| line.changed) {
        "Solid lines changed by more than chance, dashed lines by no more."
    } else {
        "No line changed by more than chance."
    };
    let notes = [thick.to_owned(), left_out(slope.lines.len() - lines.len(), "line", "lines")];
    let height = canvas.notes(plot.bottom + 12.0, &notes);
    Some(canvas.finish(height))
}

fn interval(end: &SlopeEnd) -> Option<(f64, f64)> {
    end.interval.filter(|(low, high)| low.is_finite() && high.is_finite())
}

fn one(canvas: &mut Canvas, line: &SlopeLine, before: (f64, &SlopeEnd), after: (f64, &SlopeEnd), up: &Scale, own: Option<&str>) {
    let colour = match (Whose::of(&line.who.code, own), line.changed) {
        (Whose::Own, _) => OWN,
        (Whose::AnyOther, true) => STRONG,
        (Whose::AnyOther, false) => QUIET,
    };
    let dashes = if line.changed { "stroke-width=\"2.5\"" } else { "stroke-width=\"1.5\" stroke-dasharray=\"5 4\"" };
    canvas.group("line", &format!("stroke=\"{colour}\" {dashes}"));
    canvas.line((before.0, up.at(before.1.share)), (after.0, up.at(after.1.share)));
    canvas.end();
    canvas.group("interval", &format!("stroke=\"{colour}\" stroke-width=\"1.5\""));
    for (x, end) in [before, after] {
        if let Some((low, high)) = interval(end) {
            canvas.line((x, up.at(low)), (x, up.at(high)));
        }
    }
    canvas.end();
    for (x, end) in [before, after] {
        canvas.mark((x, up.at(end.share)), Shape::Circle, 4.0, "point", &line.who, &format!("fill=\"{colour}\" stroke=\"#ffffff\""));
    }
}
