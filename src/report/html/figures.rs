//! What of a report is drawn: its numbers as the charts take them.

use super::mark;
use crate::briefing::{Curve, Indicator, Planning, Report, Statuses, words};
use crate::framework::Status;
use crate::report::chart::{
    Difference, Funnel, FunnelLimits, FunnelPoint, Heading, HeatCell, HeatColumn, HeatRow, Heatmap, Named, PathwayBar, PathwayBars, Step,
    StepKind, Waterfall, funnel, heatmap, pathway_bars, waterfall,
};
use crate::variation::{Flag, Interval};

/// How a practice compares, as charts say it.
pub(super) fn difference(flag: Flag) -> Difference {
    match flag {
        Flag::Lower998 => Difference::FarBelow,
        Flag::Lower95 => Difference::Below,
        Flag::NoDifferent => Difference::Within,
        Flag::Higher95 => Difference::Above,
        Flag::Higher998 => Difference::FarAbove,
    }
}

/// The funnel of an indicator; the reader's practice, by its place, stands out.
pub(super) fn funnel_of(report: &Report, indicator: &Indicator, own: Option<usize>) -> Option<String> {
    let drawn = indicator.funnel.as_ref()?;
    let points = drawn.points.iter().filter_map(|(at, of, share, flag)| {
        let practice = report.practices.get(*at)?;
        // Whom a point stands for is written where it is flagged; a page finds it by its code.
        let who = Named { code: practice.code.clone(), name: practice.code.clone(), ..Named::default() };
        Some(FunnelPoint { who, of: Some(*of), share: Some(*share), difference: difference(*flag) })
    });
    let limits = |of: &dyn Fn(&Curve) -> Option<Interval>| {
        let line = |end: fn(Interval) -> f64| drawn.curves.iter().filter_map(|curve| Some((curve.of as f64, end(of(curve)?)))).collect();
        FunnelLimits { lower: line(|limits| limits.lower), upper: line(|limits| limits.upper) }
    };
    let wider = limits(&|curve| curve.wider.map(|(_, far)| far));
    let flagged = drawn.points.iter().filter(|(_, _, _, flag)| *flag != Flag::NoDifferent).count();
    let description = format!(
        "Funnel of {}, all together {}: {flagged} outside the 95% limits.",
        words::counted(drawn.points.len() as u64, "practice"),
        words::per_cent(drawn.centre)
    );
    funnel(&Funnel {
        heading: Heading {
            id: format!("funnel-{}", mark(&indicator.id)),
            title: indicator.finding.to_owned(),
            subtitle: format!("{} {}, {}", indicator.id, indicator.title, report.day),
            description,
        },
        points: points.collect(),
        centre: drawn.centre,
        near: limits(&|curve| Some(curve.at_95)),
        far: limits(&|curve| Some(curve.at_998)),
        wider: Some(wider).filter(|wider| !wider.lower.is_empty()),
        own: own.and_then(|at| report.practices.get(at)).map(|practice| practice.code.clone()),
        people: "People counted".to_owned(),
    })
}

/// From everyone to those who achieved.
pub(super) fn waterfall_of(report: &Report, indicator: &Indicator) -> Option<String> {
    let last = indicator.steps.len().checked_sub(1)?;
    let steps = indicator.steps.iter().enumerate().map(|(at, step)| Step {
        name: step.label.clone(),
        people: step.people,
        kind: match step.leave {
            true => StepKind::Away,
            false if at == last => StepKind::Found,
            false => StepKind::Left,
        },
    });
    let everyone = indicator.steps.first().map_or(0, |step| step.people);
    let achieved = indicator.steps.last().map_or(0, |step| step.people);
    waterfall(&Waterfall {
        heading: Heading {
            id: format!("steps-{}", mark(&indicator.id)),
            title: format!("{} of {} people achieved", words::number(achieved), words::number(everyone)),
            subtitle: format!("{}, all practices, {}: who is left out, and who is left", indicator.id, report.day),
            description: format!(
                "From {} people whom the indicator is of to {} who achieved; the numbers stand in the table below.",
                words::number(everyone),
                words::number(achieved)
            ),
        },
        steps: steps.collect(),
    })
}

/// Every practice in every indicator of a domain.
pub(super) fn heatmap_of(report: &Report, domain: &str, own: Option<&str>) -> Option<String> {
    let indicators: Vec<&Indicator> = report.indicators.iter().filter(|indicator| indicator.domain == domain).collect();
    let column = |indicator: &&Indicator| HeatColumn {
        name: indicator.id.clone(),
        link: format!("#{}", mark(&indicator.id)),
        words: indicator.title.clone(),
    };
    let rows = report.listed().map(|(at, practice)| HeatRow {
        who: Named { code: practice.code.clone(), name: practice.name_or_code().to_owned(), locality: practice.locality.clone(), words: String::new() },
        cells: indicators
            .iter()
            .map(|indicator| {
                let one = indicator.practices.get(at).and_then(Option::as_ref);
                HeatCell {
                    share: one.and_then(|one| one.rate.share()),
                    difference: one.and_then(|one| one.flag).map_or(Difference::Within, difference),
                }
            })
            .collect(),
    });
    heatmap(&Heatmap {
        heading: Heading {
            id: format!("heat-{}", mark(domain)),
            title: if domain.is_empty() { "All indicators".to_owned() } else { domain.to_owned() },
            subtitle: format!("By locality and code, {}.", report.day),
            description: "One row a practice, one column an indicator.".to_owned(),
        },
        columns: indicators.iter().map(column).collect(),
        rows: rows.collect(),
        own: own.map(str::to_owned),
    })
}

/// Where people are in the pathway.
pub(super) fn pathway_of(report: &Report, planning: &Planning, statuses: &Statuses, whose: &str, id: &str) -> Option<String> {
    if statuses.register == 0 {
        return None;
    }
    let share = |people: u64| people as f64 / statuses.register as f64;
    let bars = Status::ALL.iter().zip(statuses.people).map(|(status, people)| PathwayBar {
        name: capital(status.word()),
        people: Some(people),
        share: Some(share(people)),
    });
    let complete = Status::ALL.iter().zip(statuses.people).find(|(status, _)| **status == Status::Complete).map_or(0, |(_, people)| people);
    pathway_bars(&PathwayBars {
        heading: Heading {
            id: format!("pathway-{id}"),
            title: format!("{} of {} people have completed the cycle", words::number(complete), words::number(statuses.register)),
            subtitle: format!("{}, {whose}, {}", planning.title, report.day),
            description: "People on the register by where they are in the cycle; the numbers stand in the table below.".to_owned(),
        },
        of: format!("{} people on the register", words::number(statuses.register)),
        bars: bars.collect(),
    })
}

/// With a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
