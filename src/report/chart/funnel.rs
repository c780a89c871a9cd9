//! All practices by how many people they counted and the share that achieved, and where chance alone would keep them.

use super::frame::{Anchor, Canvas, EDGE, Heading, Plot, QUIET, SECOND, SMALL, STRONG, Spot, WIDTH, Words, drawable, left_out};
use super::labels::{Labels, apart};
use super::marks::{Difference, Named, Whose, found_by, meaning};
use super::scale::{Kind, Scale, percentage, within};
use serde::Deserialize;

/// A funnel. Limits are drawn as they are given: whether a practice differs is said with the point, never read off a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funnel {
    /// In words.
    pub heading: Heading,
    /// Practices.
    pub points: Vec<FunnelPoint>,
    /// Everyone together.
    pub centre: f64,
    /// The 95 per cent limits.
    pub near: FunnelLimits,
    /// The 99.8 per cent limits.
    pub far: FunnelLimits,
    /// The 99.8 per cent limits that allow for the spread that all practices share.
    #[serde(default)]
    pub wider: Option<FunnelLimits>,
    /// The reader's practice, by code.
    #[serde(default)]
    pub own: Option<String>,
    /// What the axis at the left shows; where it is empty, the share who achieved.
    #[serde(default)]
    pub shares: String,
    /// What the axis below counts: "People counted".
    pub people: String,
}

/// Two lines, as places: how many people, which share. From few people to many.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunnelLimits {
    /// The lower line.
    pub lower: Vec<(f64, f64)>,
    /// The upper line.
    pub upper: Vec<(f64, f64)>,
}

/// A practice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunnelPoint {
    /// Who it is.
    pub who: Named,
    /// How many people were counted; nothing where that may not be shown.
    #[serde(default)]
    pub of: Option<u64>,
    /// The share that achieved.
    #[serde(default)]
    pub share: Option<f64>,
    /// Whether it differs from all together.
    #[serde(default)]
    pub difference: Difference,
}

const HEIGHT: f64 = 300.0;
const LEFT: f64 = 52.0;
/// Room for what the lines are called.
const RIGHT: f64 = 92.0;

/// A place on the plot and the practice that is there.
struct Drawn<'f> {
    at: Spot,
    point: &'f FunnelPoint,
    whose: Whose,
}

/// Draws a funnel; nothing without a practice that has a number.
pub fn funnel(funnel: &Funnel) -> Option<String> {
    let numbers: Vec<(f64, f64, &FunnelPoint)> =
        funnel.points.iter().filter_map(|point| Some((point.of.filter(|of| *of > 0)? as f64, drawable(point.share)?, point))).collect();
    let centre = drawable(Some(funnel.centre))?;
    let mut canvas = Canvas::new(&funnel.heading);
    let top = canvas.top + 26.0;
    let plot = Plot { left: LEFT, right: WIDTH - RIGHT, top, bottom: top + HEIGHT };
    let largest = numbers.iter().map(|(of, ..)| *of).reduce(f64::max)?;
    let across = Scale::around(Kind::Count, [0.0, 1.02 * largest], 6.0, (plot.left, plot.right))?;
    let shares = numbers.iter().map(|(_, share, _)| *share).chain([centre]).chain(near_most_practices(funnel, &numbers));
    let up = Scale::around(Kind::Share, shares, 6.0, (plot.bottom, plot.top))?;

    canvas.y_axis(plot, &up, if funnel.shares.is_empty() { "Share who achieved" } else { &funnel.shares });
    let bottom = canvas.x_axis(plot, &across, &funnel.people);
    let names = lines(&mut canvas, funnel, plot, &across, &up);

    let own = funnel.own.as_deref();
    let mut drawn: Vec<Drawn<'_>> = numbers
        .iter()
        .map(|(of, share, point)| Drawn { at: (across.at(*of), up.at(*share)), point, whose: Whose::of(&point.who.code, own) })
        .collect();
    // What stands out is drawn over what does not.
    drawn.sort_by_key(|one| (one.whose == Whose::Own, standing_out(one.point.difference)));
    // A page of one practice asks nothing of the others: many of them are one path.
    let nobody =
        |one: &&Drawn<'_>| one.point.who.code.is_empty() && one.point.who.words.is_empty() && one.point.difference == Difference::Within;
    let peers: Vec<Spot> = drawn.iter().filter(nobody).map(|one| one.at).collect();
    canvas.peers(&peers);
    for one in drawn.iter().filter(|one| !nobody(one)) {
        canvas.practice(one.at, &one.point.who, one.point.difference, one.whose);
    }
    labels(&mut canvas, plot, &drawn, &names);
    let notes = [
        meaning(numbers.iter().map(|(.., point)| point.difference)),
        left_out(funnel.points.len() - numbers.len(), "practice", "practices"),
    ];
    let height = canvas.notes(bottom + 4.0, &notes);
    Some(canvas.finish(height))
}

fn standing_out(difference: Difference) -> u8 {
    match difference {
        Difference::Within => 0,
        Difference::Below | Difference::Above => 1,
        Difference::FarBelow | Difference::FarAbove => 2,
    }
}

/// The outer limits where most practices are: very small practices must not squeeze all others.
fn near_most_practices(funnel: &Funnel, numbers: &[(f64, f64, &FunnelPoint)]) -> Vec<f64> {
    let mut sizes: Vec<f64> = numbers.iter().map(|(of, ..)| *of).collect();
    sizes.sort_by(f64::total_cmp);
    let from = sizes.get(sizes.len() / 4).copied().unwrap_or_default();
    let outer = [&funnel.far.lower, &funnel.far.upper];
    outer.into_iter().flatten().filter(|(of, _)| *of >= from).map(|(_, share)| share.clamp(0.0, 1.0)).collect()
}

/// The centre and the limits, and what they are called, at their ends. Says where these names are.
fn lines(canvas: &mut Canvas, funnel: &Funnel, plot: Plot, across: &Scale, up: &Scale) -> Vec<Spot> {
    let (low, high) = up.ends();
    let last = across.ends().1;
    let mut names: Vec<(f64, String, &'static str)> = Vec::new();
    let mut limits = |class: &str, limits: &FunnelLimits, colour: &'static str, dashes: &str, name: &str| {
        canvas.group(class, &format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.3\"{dashes}"));
        for line in [&limits.lower, &limits.upper] {
            let line: Vec<(f64, f64)> =
                line.iter().copied().filter(|(of, share)| of.is_finite() && share.is_finite() && *of <= last).collect();
            for part in within(&line, low, high) {
                let spots: Vec<Spot> = part.iter().map(|(of, share)| (across.at(*of), up.at(*share))).collect();
                canvas.polyline(&spots);
            }
            names.extend(
                line.last().filter(|(_, share)| (low..=high).contains(share)).map(|(_, share)| (up.at(*share), name.to_owned(), colour)),
            );
        }
        canvas.end();
    };
    limits("limit near", &funnel.near, QUIET, " stroke-dasharray=\"5 4\"", "95%");
    limits("limit far", &funnel.far, QUIET, "", "99.8%");
    if let Some(wider) = &funnel.wider {
        limits("limit wider", wider, SECOND, " stroke-dasharray=\"2 3\"", "99.8% wider");
    }
    let centre = up.at(funnel.centre);
    canvas.group("centre", &format!("stroke=\"{STRONG}\" stroke-width=\"2\""));
    canvas.line((plot.left, centre), (plot.right, centre));
    canvas.end();
    names.push((centre, format!("All {}", percentage(funnel.centre)), STRONG));
    let heights: Vec<f64> = names.iter().map(|(height, ..)| *height).collect();
    let placed = apart(&heights, SMALL + 1.0, (plot.top - 6.0, plot.bottom + 6.0));
    for (height, (_, name, colour)) in placed.iter().copied().zip(&names) {
        let look = Words { colour, ..Words::small(Anchor::Start) };
        let look = if *colour == STRONG { Words { colour, ..look.bold() } } else { look };
        canvas.words((plot.right + 6.0, height), name, look);
    }
    placed.into_iter().map(|height| (plot.right + 30.0, height)).collect()
}

/// Names of practices that stand out, and of the reader's, as far as there is room.
fn labels(canvas: &mut Canvas, plot: Plot, drawn: &[Drawn<'_>], names: &[Spot]) {
    let mut labels = Labels::new(Plot { right: WIDTH - EDGE, ..plot });
    for name in names {
        labels.keep_off(*name, 25.0);
    }
    for one in drawn {
        match (one.whose, one.point.difference) {
            (Whose::AnyOther, Difference::Within) => labels.rather_not(one.at, 4.0),
            _ => labels.keep_off(one.at, 5.0),
        }
    }
    for one in drawn.iter().rev() {
        let look = match (one.whose, one.point.difference) {
            (Whose::Own, _) => Words::usual(Anchor::Start).bold(),
            (Whose::AnyOther, Difference::Within) => continue,
            (Whose::AnyOther, _) => Words::small(Anchor::Start),
        };
        let away = if one.whose == Whose::Own { 11.0 } else { 8.0 };
        if let Some((at, anchor)) = labels.beside(one.at, &one.point.who.name, away, look) {
            canvas.label(at, &one.point.who.name, Words { anchor, ..look }, &found_by(&one.point.who));
        }
    }
}
