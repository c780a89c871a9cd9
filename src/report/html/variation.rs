//! `variation.html`: for those who plan: where practices differ, how much of it is more than chance, among whom.

use super::figures;
use super::page::Shell;
use super::table::{Cell, Row, Table};
use super::tables::share_of;
use crate::briefing::{Indicator, Planning, Rate, Report, words};
use crate::comparison::Associated;
use crate::variation::{CAVEATS, ChartRules, FEWEST_POINTS, Interval, OddsRatio};
use askama::Template;

/// The whole page.
pub(super) fn page(report: &Report) -> Result<String, askama::Error> {
    Page { shell: Shell::new(), audience: words::audience(report.audience), report }.render()
}

#[derive(Template)]
#[template(path = "variation.html")]
struct Page<'r> {
    shell: Shell,
    audience: &'static str,
    report: &'r Report,
}

impl Page<'_> {
    fn where_chart(&self, indicator: &Indicator) -> String {
        figures::localities_of(self.report, indicator).unwrap_or_default()
    }

    fn time_chart(&self, indicator: &Indicator) -> String {
        figures::deciles_of(self.report, indicator, None).unwrap_or_default()
    }

    /// How far practices lie apart, and how much of that is chance.
    fn spread(&self) -> Table {
        let mut table =
            Table::sorted("How far practices lie apart, and how much of it is chance").words(["Indicator", "More than chance?"]).numbers([
                "All together",
                "Seen, 10th to 90th centile",
                "True, 10th to 90th centile",
                "Chance's share of the spread",
                "I²",
                "Odds at the better of two practices",
                "Between localities",
                "More people if all matched the top quarter",
            ]);
        for indicator in &self.report.indicators {
            table.row(Row::of(spread_cells(indicator)));
        }
        if let Some(note) = &self.report.flags_note {
            table.note(note);
        }
        table.note("The better of two: how many times the odds of achieving are at the better of two practices that are drawn at random. Between localities: the share of what truly differs between practices that lies between their localities; the rest lies between practices of one locality. To match the top quarter is no forecast, as some are there by luck.");
        table
    }

    /// The rate of every locality.
    fn localities(&self) -> Table {
        let names: Vec<&str> = self.report.localities.iter().map(String::as_str).collect();
        let mut table =
            Table::sorted("Localities, with 95% intervals").words(["Indicator"]).numbers(["All together"]).numbers(names.iter().copied());
        for indicator in self.report.indicators.iter().filter(|indicator| !indicator.localities.is_empty()) {
            let mut cells = vec![name(indicator), with_interval(&indicator.all)];
            cells.extend(names.iter().map(|wanted| {
                let own = indicator.localities.iter().find(|(name, _)| name == wanted);
                own.map_or("–".into(), |(_, rate)| with_interval(rate))
            }));
            table.row(Row::of(cells));
        }
        table.note("Overlap of two intervals is no test of a difference.");
        table
    }

    /// Whether what was taken up goes together with outcomes.
    fn together(&self) -> Table {
        let mut table = Table::new("People who are counted in both indicators, and the outcomes that they reached")
            .words(["What with what"])
            .numbers([
                "Outcome, of those who took it up",
                "Of the others",
                "Odds within a practice",
                "Between practices, for ten points more",
                "Rank correlation",
                "Differences explained",
            ]);
        let dash = || Cell::from("–");
        for one in &self.report.associations {
            let name = if one.title.is_empty() { format!("{} and {}", one.uptake, one.outcome) } else { one.title.clone() };
            let share =
                |(achieved, of): (u64, u64)| format!("{} of {} ({})", words::number(achieved), words::number(of), share_of(achieved, of));
            let mut cells = vec![Cell::from(name), share(one.with).into(), share(one.without).into()];
            match &one.apart {
                Ok(found) => cells.extend([odds(&found.within), odds(&found.between)].map(Cell::from)),
                Err(_) => cells.extend([dash(), dash()]),
            }
            cells.push(one.ranks.as_ref().ok().map_or_else(dash, |found| {
                format!("{:.2} ({:.2} to {:.2})", found.rho, found.limits.lower, found.limits.upper).replace('-', "−").into()
            }));
            let explained = one.across.as_ref().ok().and_then(|found| found.explained);
            cells.push(explained.map_or_else(dash, |share| words::per_cent(share).into()));
            table.row(Row::of(cells));
        }
        table
    }

    /// Practices by uptake and outcome.
    fn scatter(&self, one: &Associated) -> String {
        figures::scatter_of(self.report, one).unwrap_or_default()
    }

    /// The days whose figures can be set against each other.
    fn over_time(&self) -> Table {
        let days = self.report.indicators.iter().map(|indicator| &indicator.moments).max_by_key(|moments| moments.len());
        let days: Vec<&str> = days.map(|moments| moments.iter().map(|moment| moment.day.as_str()).collect()).unwrap_or_default();
        let mut table =
            Table::sorted("All practices together, over time").words(["Indicator"]).numbers(days.iter().copied()).numbers(["Last change"]);
        for indicator in self.report.indicators.iter().filter(|indicator| !indicator.moments.is_empty()) {
            let mut cells = vec![name(indicator)];
            cells.extend(days.iter().map(|day| {
                let moment = indicator.moments.iter().find(|moment| moment.day == *day);
                moment.map_or("–".into(), |moment| Cell::from(words::percentage(moment.rate.percentage)))
            }));
            cells.push(indicator.change.map_or("–".to_owned(), words::change).into());
            table.row(Row::of(cells));
        }
        table.note(&self.report.change_note);
        table.note(
            "Figures of twelve months share most of their months from one day to the next, so no control chart is drawn of them: read the changes with their intervals.",
        );
        table
    }

    fn control_chart(&self, planning: &Planning, at: &usize) -> String {
        figures::control_of(planning, *at).unwrap_or_default()
    }

    /// Why quarters of care planning are not charted; empty where they are.
    fn why_no_control_chart(&self, planning: &Planning) -> String {
        let quarters = planning.whole_quarters.len();
        if quarters >= FEWEST_POINTS {
            return String::new();
        }
        format!(
            "Control charts of care planning need {} whole quarters that follow each other, or they call chance a signal; this report has {}. A run of more reporting days has more.",
            words::number(FEWEST_POINTS as u64),
            words::number(quarters as u64)
        )
    }

    /// The numbers of the charts.
    fn quarters(&self, planning: &Planning) -> Table {
        let days = planning.days.get(planning.whole_quarters.clone()).unwrap_or(&[]);
        let mut table = Table::new("People in each whole quarter, by the day on which it ends")
            .words(["What was done"])
            .numbers(["Mean", "Usual ups and downs"])
            .numbers(days.iter().map(String::as_str));
        for row in &planning.counts {
            let people = row.quarters.get(planning.whole_quarters.clone()).unwrap_or(&[]);
            let mut cells = vec![Cell::from(row.title.clone())];
            match &row.chart {
                Ok(chart) => cells.extend([
                    Cell::from(words::tenths(chart.mean)),
                    format!("{} to {}", words::tenths(chart.limits.lower.max(0.0)), words::tenths(chart.limits.upper)).into(),
                ]),
                Err(_) => cells.extend([Cell::from("–"), Cell::from("–")]),
            }
            cells.extend(people.iter().map(|(people, _)| Cell::from(words::number(*people))));
            table.row(Row::of(cells));
        }
        table.note(format!("{}.", ChartRules::MAKING_DATA_COUNT));
        table.note("Quarters are counted each for itself. Figures of twelve months share most of their months from one quarter to the next, so they are not charted.");
        table
    }

    /// The rates of parts of the people.
    fn strata(&self, kind: &str, title: &str) -> Table {
        let mut values: Vec<&str> = Vec::new();
        let of_kind = |indicator: &'_ Indicator| indicator.strata.iter().any(|one| one.kind == kind);
        for one in self.report.indicators.iter().flat_map(|indicator| &indicator.strata).filter(|one| one.kind == kind) {
            if !values.contains(&one.value.as_str()) {
                values.push(&one.value);
            }
        }
        let mut table = Table::sorted(title).words(["Indicator"]).numbers(values.iter().copied());
        let gap = kind == "deprivation"
            && self.report.indicators.iter().any(|one| one.statistics.as_ref().is_some_and(|all| all.inequality.is_some()));
        if gap {
            table = table.numbers(["Least less most deprived, percentage points"]);
        }
        for indicator in self.report.indicators.iter().filter(|indicator| of_kind(indicator)) {
            let mut cells = vec![name(indicator)];
            cells.extend(values.iter().map(|value| {
                let own = indicator.strata.iter().find(|one| one.kind == kind && one.value == *value);
                own.map_or("–".into(), |one| with_interval(&one.rate))
            }));
            if gap {
                let found = indicator.statistics.as_ref().and_then(|all| all.inequality);
                cells.push(
                    found
                        .map_or("–".to_owned(), |found| {
                            words::change(crate::variation::Difference { difference: found.slope_index, interval: found.slope_limits })
                        })
                        .into(),
                );
            }
            table.row(Row::of(cells));
        }
        if gap {
            table.note("The last column is the slope index: the difference between the ends of a line through all fifths.");
        }
        table
    }
}

fn name(indicator: &Indicator) -> Cell {
    Cell::link(indicator.name(), format!("report.html#{}", super::mark(&indicator.id)))
}

/// `62.4% (58 to 66)`, or a dash.
fn with_interval(rate: &Rate) -> Cell {
    let interval = rate.interval.map(|limits| format!(" ({:.0} to {:.0})", 100.0 * limits.lower, 100.0 * limits.upper));
    format!("{}{}", words::percentage(rate.percentage), interval.unwrap_or_default()).into()
}

/// `1.84 times (1.20 to 2.81)`
fn odds(found: &OddsRatio) -> String {
    format!("{:.2} times ({:.2} to {:.2})", found.ratio, found.limits.lower, found.limits.upper)
}

fn spread_cells(indicator: &Indicator) -> Vec<Cell> {
    let mut cells = vec![
        name(indicator),
        Cell::words(match indicator.differ() {
            Some(true) => "more than chance",
            Some(false) => "may be chance",
            None => "too few to say",
        }),
        words::percentage(indicator.all.percentage).into(),
    ];
    let dash = || "–".to_owned();
    let all = indicator.statistics.as_ref().filter(|all| words::enough(all));
    let spread = all.and_then(|all| all.spread.as_ref().ok());
    cells.push(spread.map_or_else(dash, |one| words::interval(Interval { lower: one.p10, upper: one.p90 })).into());
    let model = all.and_then(|all| all.model.as_ref().ok()).filter(|model| model.variance > 0.0);
    cells.push(model.map_or_else(dash, |model| words::interval(model.true_centiles())).into());
    cells.push(spread.map_or_else(dash, |one| words::per_cent(one.chance_share.min(1.0))).into());
    cells.push(all.and_then(|all| all.heterogeneity.as_ref().ok()).map_or_else(dash, |found| words::per_cent(found.i_squared)).into());
    cells.push(model.map_or_else(dash, |model| format!("{} times", words::tenths(model.median_odds_ratio()))).into());
    cells.push(all.and_then(|all| all.locality_share).map_or_else(dash, words::per_cent).into());
    let gain = all.and_then(|all| all.gain.as_ref());
    cells.push(
        gain.map_or_else(dash, |gain| {
            format!("{} ({} to {})", words::number(gain.in_all), words::number(gain.from), words::number(gain.to))
        })
        .into(),
    );
    cells
}
