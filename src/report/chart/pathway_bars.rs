//! How far people have come on a pathway: a bar for each stage, of all who are on it.

use super::frame::{Anchor, Canvas, EDGE, Heading, PALE, STRONG, WIDTH, Words, drawable, left_out, wrap};
use super::scale::{count, percentage};
use serde::Deserialize;

/// Stages of a pathway.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathwayBars {
    /// In words.
    pub heading: Heading,
    /// What all bars are of: "people with a long-term condition".
    pub of: String,
    /// The stages, in their order.
    pub bars: Vec<PathwayBar>,
}

/// A stage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathwayBar {
    /// In words: "Care plan agreed".
    pub name: String,
    /// People; nothing where that may not be shown.
    #[serde(default)]
    pub people: Option<u64>,
    /// Their share of all.
    #[serde(default)]
    pub share: Option<f64>,
}

const BAR: f64 = 22.0;
const GAP: f64 = 10.0;
const LEFT: f64 = 200.0;
/// Room for "99,999 100.0%".
const RIGHT: f64 = 126.0;

/// Draws the stages; nothing without a share.
pub fn pathway_bars(pathway: &PathwayBars) -> Option<String> {
    let bars: Vec<(&PathwayBar, f64)> = pathway.bars.iter().filter_map(|bar| Some((bar, drawable(bar.share)?.clamp(0.0, 1.0)))).collect();
    if bars.is_empty() {
        return None;
    }
    let mut canvas = Canvas::new(&pathway.heading);
    let look = Words::usual(Anchor::End);
    let width = WIDTH - RIGHT - LEFT;
    let mut y = canvas.top;
    for (bar, share) in &bars {
        let name = wrap(&bar.name, look, LEFT - 10.0 - EDGE);
        let height = (17.0 * name.len() as f64).max(BAR);
        let middle = y + height / 2.0;
        for (row, at) in name.iter().zip(0_u32..) {
            canvas.words((LEFT - 10.0, middle + 17.0 * (f64::from(at) - (name.len() as f64 - 1.0) / 2.0)), row, look);
        }
        let (top, bottom) = (middle - BAR / 2.0, middle + BAR / 2.0);
        canvas.bar((LEFT, top), (LEFT + width, bottom), &format!("class=\"all\" fill=\"{PALE}\""));
        canvas.bar((LEFT, top), (LEFT + width * share, bottom), &format!("class=\"reached\" fill=\"{STRONG}\""));
        canvas.words((WIDTH - RIGHT + 66.0, middle), &percentage(*share), Words::usual(Anchor::End).bold());
        canvas.words((WIDTH - EDGE, middle), &bar.people.map(count).unwrap_or_default(), Words::small(Anchor::End));
        y += height + GAP;
    }
    let all = if pathway.of.is_empty() { String::new() } else { format!("Each bar is of all {}.", pathway.of) };
    let height = canvas.notes(y, &[all, left_out(pathway.bars.len() - bars.len(), "stage", "stages")]);
    Some(canvas.finish(height))
}
