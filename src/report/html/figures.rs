//! What of a report is drawn: its numbers as the charts take them.

use super::mark;
use crate::briefing::{Curve, Indicator, Planning, Report, Statuses, words};
use crate::comparison::Associated;
use crate::framework::Status;
use crate::report::chart::{
    Benchmark, Better, ControlPlot, ControlPoint, ControlStretch, DecileLines, DecileTime, Difference, Funnel, FunnelLimits, FunnelPoint,
    Heading, HeatCell, HeatColumn, HeatRow, Heatmap, LocalityDots, LocalityRow, Named, PathwayBar, PathwayBars, PracticeDot, Scatter,
    ScatterPoint, Spine, SpineRow, StandsOut, Step, StepKind, Told, Turn, Unit, Waterfall, control_plot, decile_lines, funnel, heatmap,
    locality_dots, pathway_bars, scatter, spine, waterfall,
};
use crate::variation::{Flag, Interval, Signal};
use std::cmp::Ordering;

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
        // On a page of all practices a mark is found by its code; on that of one, the others are nobody in particular.
        let code = if own.is_none_or(|own| own == *at) { practice.code.clone() } else { String::new() };
        let who = Named { code, name: practice.code.clone(), ..Named::default() };
        Some(FunnelPoint { who, of: Some(*of), share: Some(*share), difference: difference(*flag) })
    });
    let limits = |of: &dyn Fn(&Curve) -> Option<Interval>| {
        // A page of one practice has many small funnels: half of the places draw the same lines.
        let step = if own.is_some() { 2 } else { 1 };
        let places = || drawn.curves.iter().rev().step_by(step);
        let line = |end: fn(Interval) -> f64| {
            let mut line: Vec<(f64, f64)> = places().filter_map(|curve| Some((curve.of as f64, end(of(curve)?)))).collect();
            line.reverse();
            line
        };
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
            subtitle: match drawn.left_out {
                0 => format!("{}, {}", indicator.name(), report.day),
                left_out => format!(
                    "{}, {}. Without {} whose counts are not shown: the line is of the others.",
                    indicator.name(),
                    report.day,
                    words::counted(left_out as u64, "practice")
                ),
            },
            description,
        },
        points: points.collect(),
        centre: drawn.centre,
        near: limits(&|curve| Some(curve.at_95)),
        far: limits(&|curve| Some(curve.at_998)),
        wider: Some(wider).filter(|wider| !wider.lower.is_empty()),
        own: own.and_then(|at| report.practices.get(at)).map(|practice| practice.code.clone()),
        shares: shares(indicator).to_owned(),
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
        who: Named {
            code: practice.code.clone(),
            name: practice.name_or_code().to_owned(),
            locality: practice.locality.clone(),
            words: String::new(),
        },
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
        name: words::capital(status.word()),
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

/// One practice in all indicators of a domain, among the others.
pub(super) fn spine_of(report: &Report, at: usize, domain: &str) -> Option<String> {
    let practice = report.practices.get(at)?;
    let rows = report.indicators.iter().filter(|indicator| indicator.domain == domain).filter_map(|indicator| {
        let one = indicator.practices.get(at)?.as_ref()?;
        let spread = indicator.statistics.as_ref().filter(|all| words::enough(all))?.spread.as_ref().ok()?;
        let (lowest, highest) = indicator.ends()?;
        Some(SpineRow {
            // There is little room: what follows a comma stands in the table.
            name: format!("{} {}", indicator.id, indicator.title.split([',', ':']).next().unwrap_or_default()).trim_end().to_owned(),
            own: one.rate.share().filter(|_| one.flag.is_some()),
            locality: indicator.localities.iter().find(|(name, _)| *name == practice.locality).and_then(|(_, rate)| rate.share()),
            centre: indicator.all.share()?,
            spread: [lowest, spread.p25, spread.p75, highest],
            // Whoever is paid for more of it is meant to have more of it; of all others nothing is told.
            better: if indicator.pays.is_some() { Better::Higher } else { Better::Neither },
            told: match one.flag {
                None => Told::Unknown,
                Some(Flag::NoDifferent) => Told::NoDifferent,
                Some(_) => Told::Different,
            },
            words: String::new(),
        })
    });
    spine(&Spine {
        heading: Heading {
            id: format!("spine-{}", mark(domain)),
            title: if domain.is_empty() { "All indicators".to_owned() } else { domain.to_owned() },
            subtitle: format!(
                "{} among {}, {}",
                practice.name_or_code(),
                words::counted(report.practices.len() as u64, "practice"),
                report.day
            ),
            description: "Each row is an indicator around the rate of all practices; the numbers stand in the table below.".to_owned(),
        },
        own: practice.name_or_code().to_owned(),
        all: "All".to_owned(),
        locality: practice.locality.clone(),
        rows: rows.collect(),
    })
}

/// Localities and their practices in one indicator.
pub(super) fn localities_of(report: &Report, indicator: &Indicator) -> Option<String> {
    if indicator.localities.len() < 2 {
        return None;
    }
    let practices = report.practices.iter().zip(&indicator.practices).filter_map(|(practice, one)| {
        let who =
            Named { code: practice.code.clone(), name: practice.code.clone(), locality: practice.locality.clone(), words: String::new() };
        Some(PracticeDot { who, share: one.as_ref()?.rate.share() })
    });
    let share = indicator.statistics.as_ref().and_then(|all| all.locality_share);
    let title = match (indicator.differ(), share) {
        (Some(true), Some(share)) => format!("{:.0}% of what truly differs lies between localities", 100.0 * share),
        (Some(true), None) => "Practices differ by more than chance".to_owned(),
        _ => indicator.finding.to_owned(),
    };
    locality_dots(&LocalityDots {
        heading: Heading {
            id: format!("where-{}", mark(&indicator.id)),
            title,
            subtitle: format!("{}, {}", indicator.name(), report.day),
            description: "Localities with 95% intervals, and their practices as dots; the numbers stand in the table above.".to_owned(),
        },
        shares: format!("{}, with 95% interval", shares(indicator)),
        localities: indicator
            .localities
            .iter()
            .map(|(name, rate)| LocalityRow {
                name: name.clone(),
                share: rate.share(),
                interval: rate.interval.map(|interval| (interval.lower, interval.upper)),
            })
            .collect(),
        practices: practices.collect(),
        benchmark: indicator.all.share().map(|share| Benchmark { name: "All".to_owned(), share }),
        own: None,
    })
}

/// Where tenths of practices are over time, and one of them among these.
pub(super) fn deciles_of(report: &Report, indicator: &Indicator, own: Option<usize>) -> Option<String> {
    let practice = own.and_then(|at| report.practices.get(at));
    let times = indicator.moments.iter().map(|moment| DecileTime {
        name: moment.day.clone(),
        deciles: moment.deciles,
        own: own.and_then(|at| moment.practices.get(at).copied().flatten()),
    });
    let first = indicator.moments.first().map(|moment| moment.day.as_str()).unwrap_or_default();
    decile_lines(&DecileLines {
        heading: Heading {
            id: format!("time-{}", mark(&indicator.id)),
            title: indicator
                .change
                .map_or("Tenths of practices over time", |change| match words::change_in_words(change) {
                    "may be chance" => "The last change may be chance",
                    "higher, more than chance" => "Higher than before, by more than chance",
                    _ => "Lower than before, by more than chance",
                })
                .to_owned(),
            subtitle: format!("{}, {first} to {}", indicator.name(), report.day),
            description: "Where tenths of practices are on each day; this says nothing about chance.".to_owned(),
        },
        shares: shares(indicator).to_owned(),
        times: times.collect(),
        own: practice.map(|practice| Named { code: practice.code.clone(), name: practice.name_or_code().to_owned(), ..Named::default() }),
    })
}

/// With how many people something was done in each quarter, its mean and its limits; nothing where there are too few quarters.
pub(super) fn control_of(planning: &Planning, at: usize) -> Option<String> {
    let row = planning.counts.get(at)?;
    let chart = row.chart.as_ref().ok().filter(|chart| chart.mean > 0.0)?;
    let days = planning.days.get(planning.whole_quarters.clone())?;
    let points = days.iter().zip(&chart.points).map(|(day, point)| ControlPoint {
        time: day.clone(),
        value: Some(point.value),
        limits: Some((chart.limits.lower.max(0.0), chart.limits.upper)),
        stands_out: point.signal.map(|(why, _)| match why {
            Signal::Beyond => StandsOut::Beyond,
            Signal::Trend => StandsOut::Trend,
            Signal::TwoInThree => StandsOut::TwoInThree,
            Signal::Shift => StandsOut::Shift,
        }),
        turn: Turn::Neither,
        words: format!("{} people in the quarter to {day}", words::number(point.value as u64)),
    });
    let last = chart.points.last().and_then(|point| point.signal);
    let title = match last {
        None => "The last quarter is within the usual ups and downs",
        Some((_, Ordering::Less)) => "Fewer than before, beyond the usual ups and downs",
        Some(_) => "More than before, beyond the usual ups and downs",
    };
    control_plot(&ControlPlot {
        heading: Heading {
            id: format!("quarters-{at}"),
            title: title.to_owned(),
            subtitle: format!("{}, quarters to {} to {}", row.title, days.first()?, days.last()?),
            description:
                "People in each quarter, the mean of all quarters, and the limits within which a number moves by its usual ups and downs."
                    .to_owned(),
        },
        values: "People in the quarter".to_owned(),
        unit: Unit::Number,
        stretches: vec![ControlStretch { mean: chart.mean, points: points.collect() }],
        target: None,
    })
}

/// Practices by uptake and outcome, both of everyone who is counted in them.
pub(super) fn scatter_of(report: &Report, one: &Associated) -> Option<String> {
    let find = |id: &str| report.indicators.iter().find(|indicator| indicator.id == id);
    let (uptake, outcome) = (find(&one.uptake)?, find(&one.outcome)?);
    let points = report.practices.iter().zip(uptake.practices.iter().zip(&outcome.practices)).filter_map(|(practice, (across, up))| {
        let (across, up) = (across.as_ref()?, up.as_ref()?);
        Some(ScatterPoint {
            who: Named { code: practice.code.clone(), name: practice.code.clone(), ..Named::default() },
            across: across.rate.share(),
            up: up.rate.share(),
            people: up.rate.of.number(),
            named: report.practices.len() <= 12,
        })
    });
    let title = match &one.ranks {
        Ok(found) if found.limits.holds(0.0) => "Whether they go together may be chance",
        Ok(found) if found.rho > 0.0 => "Practices with more of the one have more of the other",
        Ok(_) => "Practices with more of the one have less of the other",
        Err(_) => "Too few practices to say whether they go together",
    };
    scatter(&Scatter {
        heading: Heading {
            id: format!("together-{}", mark(&one.id)),
            title: title.to_owned(),
            subtitle: format!("{} and {}, {}", one.uptake, outcome.name(), report.day),
            description: "Each mark is a practice; that two things go together shows no cause.".to_owned(),
        },
        across: format!("{}: share who achieved", uptake.name()),
        up: format!("{}: share who achieved", one.outcome),
        points: points.collect(),
        line: Vec::new(),
        note: "Marks are of everyone who is counted in each indicator; what is said above them is of the people who are counted in both."
            .to_owned(),
        own: None,
    })
}

/// What axes of shares are of.
fn shares(indicator: &Indicator) -> &'static str {
    if indicator.of_a_register { "Share on the register" } else { "Share who achieved" }
}
