//! Where tenths of practices are over time, and one practice among them. Says nothing about chance.

use super::frame::{Anchor, Canvas, EDGE, Heading, OWN, Plot, QUIET, SMALL, STRONG, Spot, WIDTH, Words, drawable, fit};
use super::labels::apart;
use super::marks::{Named, Shape, found_by};
use super::scale::{Kind, Scale, percentage};
use serde::Deserialize;

/// Deciles over time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecileLines {
    /// In words.
    pub heading: Heading,
    /// What the axis shows: "Share who achieved".
    pub shares: String,
    /// Times, in their order and equally far from each other.
    pub times: Vec<DecileTime>,
    /// The reader's practice.
    #[serde(default)]
    pub own: Option<Named>,
}

/// One time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecileTime {
    /// As it is written: "March 2017".
    pub name: String,
    /// The first to the ninth decile of practices; nothing where there are too few.
    #[serde(default)]
    pub deciles: Option<[f64; 9]>,
    /// The reader's practice.
    #[serde(default)]
    pub own: Option<f64>,
}

const HEIGHT: f64 = 280.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 150.0;
const MEDIAN: usize = 4;

/// Draws deciles; nothing with fewer than two times that have them.
pub fn decile_lines(lines: &DecileLines) -> Option<String> {
    let whole = |time: &DecileTime| time.deciles.filter(|deciles| deciles.iter().all(|decile| decile.is_finite()));
    let deciles: Vec<Option<[f64; 9]>> = lines.times.iter().map(whole).collect();
    if deciles.iter().flatten().count() < 2 {
        return None;
    }
    let own: Vec<Option<f64>> = lines.times.iter().map(|time| drawable(time.own)).collect();
    let mut canvas = Canvas::new(&lines.heading);
    let top = canvas.top + 26.0;
    let plot = Plot { left: LEFT, right: WIDTH - RIGHT, top, bottom: top + HEIGHT };
    let numbers = deciles.iter().flatten().flatten().chain(own.iter().flatten()).copied();
    let up = Scale::around(Kind::Share, numbers, 6.0, (plot.bottom, plot.top))?;
    let step = (plot.right - plot.left - 12.0) / (lines.times.len() as f64 - 1.0).max(1.0);
    let at = |time: usize| plot.left + 6.0 + step * time as f64;
    canvas.y_axis(plot, &up, &lines.shares);
    let times: Vec<(f64, &str)> = lines.times.iter().enumerate().map(|(time, one)| (at(time), one.name.as_str())).collect();
    let bottom = canvas.times(plot, &times);

    let mut names: Vec<(f64, String, Words)> = Vec::new();
    for decile in 0..9 {
        let series: Vec<Option<Spot>> =
            deciles.iter().enumerate().map(|(time, all)| Some((at(time), up.at(*all.as_ref()?.get(decile)?)))).collect();
        let look = if decile == MEDIAN {
            format!("stroke=\"{STRONG}\" stroke-width=\"2.5\"")
        } else {
            format!("stroke=\"{STRONG}\" stroke-width=\"1\" stroke-dasharray=\"4 4\"")
        };
        canvas.group(if decile == MEDIAN { "median" } else { "decile" }, &format!("fill=\"none\" {look}"));
        for run in series.split(Option::is_none) {
            let spots: Vec<Spot> = run.iter().flatten().copied().collect();
            canvas.polyline(&spots);
        }
        canvas.end();
        let name = match decile {
            0 => "1st decile",
            MEDIAN => "Median",
            8 => "9th decile",
            _ => continue,
        };
        let look = Words { colour: if decile == MEDIAN { STRONG } else { QUIET }, ..Words::small(Anchor::Start) };
        names.extend(series.iter().rev().flatten().next().map(|(_, y)| (*y, name.to_owned(), look)));
    }
    if let Some(who) = &lines.own {
        let spots: Vec<Option<Spot>> = own.iter().enumerate().map(|(time, share)| Some((at(time), up.at((*share)?)))).collect();
        canvas.put(&format!("<g class=\"own\"{} fill=\"none\" stroke=\"{OWN}\" stroke-width=\"3\">", found_by(who)));
        for run in spots.split(Option::is_none) {
            let run: Vec<Spot> = run.iter().flatten().copied().collect();
            canvas.polyline(&run);
        }
        canvas.end();
        for ((spot, share), time) in spots.iter().zip(&own).zip(&lines.times) {
            if let (Some(spot), Some(share)) = (spot, share) {
                let words = format!("{}, {}: {}", who.name, time.name, percentage(*share));
                let look = format!("fill=\"{OWN}\" stroke=\"#1d2125\"");
                canvas.mark(*spot, Shape::Circle, 4.5, "point own", &Named { words, ..who.clone() }, &look);
            }
        }
        let look = Words::small(Anchor::Start).bold();
        let name = fit(&who.name, look, RIGHT - 8.0 - EDGE);
        names.extend(spots.iter().rev().flatten().next().map(|(_, y)| (*y, name, look)));
    }
    let heights: Vec<f64> = names.iter().map(|(height, ..)| *height).collect();
    for (height, (_, name, look)) in apart(&heights, SMALL + 1.0, (plot.top, plot.bottom)).into_iter().zip(&names) {
        canvas.words((plot.right + 6.0, height), name, *look);
    }
    let gaps = own.iter().filter(|share| share.is_none()).count();
    let gaps = if lines.own.is_some() && gaps > 0 { "Where its line is broken, the practice has no number that may be shown." } else { "" };
    let note = "Dashed lines: a tenth of practices is below the 1st decile, two tenths below the 2nd, and so on.";
    let height = canvas.notes(bottom + 6.0, &[note.to_owned(), gaps.to_owned()]);
    Some(canvas.finish(height))
}
