//! From everyone to those who achieved: how many each line takes away, and how many are left.

use super::frame::{Anchor, Canvas, EDGE, Heading, PEER, Plot, QUIET, STRONG, WIDTH, Words, width_of, wrap};
use super::scale::{Kind, Scale, count};
use serde::Deserialize;

/// Lines of an indicator, in their order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waterfall {
    /// In words.
    pub heading: Heading,
    /// From everyone to those who achieved.
    pub steps: Vec<Step>,
}

/// A line, or what is left.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// In words: "Excepted: declined a plan".
    pub name: String,
    /// People.
    pub people: u64,
    /// Which of the three.
    pub kind: StepKind,
}

/// What becomes of the people of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// They are all who are left: everyone, the denominator.
    Left,
    /// They are taken away.
    Away,
    /// They are a part of those who are left, and the finding: who achieved.
    Found,
}

const BAR: f64 = 18.0;
const LEFT: f64 = 220.0;
const GAP: f64 = 8.0;

/// Draws the steps; nothing without people.
pub fn waterfall(waterfall: &Waterfall) -> Option<String> {
    let most = waterfall.steps.iter().map(|step| step.people).max().filter(|most| *most > 0)?;
    let mut canvas = Canvas::new(&waterfall.heading);
    let look = Words::small(Anchor::End);
    let rows: Vec<(&Step, Vec<String>)> = waterfall.steps.iter().map(|step| (step, wrap(&step.name, look, LEFT - 10.0 - EDGE))).collect();
    let number = width_of(&count(most), Words::usual(Anchor::Start).bold()) + 14.0;
    let plot = Plot { left: LEFT, right: WIDTH - EDGE - number, top: canvas.top, bottom: canvas.top };
    let across = Scale::around(Kind::Count, [0.0, most as f64], 4.0, (plot.left, plot.right))?;
    let mut y = plot.top;
    // Where the step before ended, from the left and from the top.
    let mut before: Option<(f64, f64)> = None;
    let mut left: u64 = most;
    for (step, name) in rows {
        let height = (15.0 * name.len() as f64).max(BAR);
        let middle = y + height / 2.0;
        let (from, to) = match step.kind {
            StepKind::Left | StepKind::Found => (0, step.people),
            StepKind::Away => (left.saturating_sub(step.people), left),
        };
        let (class, fill, after) = match step.kind {
            StepKind::Left => ("left", QUIET, to),
            StepKind::Away => ("away", PEER, from),
            StepKind::Found => ("found", STRONG, to),
        };
        let [start, end, edge] = [from, to, after].map(|people| across.at(people as f64));
        let look_of_row = if step.kind == StepKind::Away { look } else { look.bold() };
        for (row, at) in name.iter().zip(0_u32..) {
            let offset = 15.0 * (f64::from(at) - (name.len() as f64 - 1.0) / 2.0);
            canvas.words((LEFT - 10.0, middle + offset), row, look_of_row);
        }
        if let Some((x, bottom)) = before.filter(|_| step.kind != StepKind::Found) {
            canvas.group("step", &format!("stroke=\"{QUIET}\" stroke-dasharray=\"2 2\""));
            canvas.line((x, bottom), (x, middle - BAR / 2.0));
            canvas.end();
        }
        canvas.bar((start, middle - BAR / 2.0), (end, middle + BAR / 2.0), &format!("class=\"{class}\" fill=\"{fill}\""));
        let sign = if step.kind == StepKind::Away && step.people > 0 { "−" } else { "" };
        let number = Words {
            anchor: Anchor::Start,
            ..if step.kind == StepKind::Away { Words::usual(Anchor::Start) } else { Words::usual(Anchor::Start).bold() }
        };
        canvas.words((end.max(start) + 6.0, middle), &format!("{sign}{}", count(step.people)), number);
        before = Some((edge, middle + BAR / 2.0));
        left = after;
        y += height + GAP;
    }
    Some(canvas.finish(y + EDGE - GAP / 2.0))
}
