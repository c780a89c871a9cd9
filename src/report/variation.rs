//! `variation.csv`: one row a measure and reporting day, what all practices together show. `practices-variation.csv`: one row a practice
//! beside it. No ranks.

use super::csvw::{Column, metadata};
use super::results::ratio;
use super::{csv_of, harmless};
use crate::achievement::Results;
use crate::comparison::{ComparedPractice, Comparison, PracticeStatistics, Statistics};
use crate::disclosure::{Audience, Percentage, Shown};
use crate::variation::{ChanceFrom, Interval};
use std::fmt::Display;

pub(super) const VARIATION: [Column; 58] = [
    ("measure", "string", "The indicator; a register where one was asked for"),
    ("interval_start", "date", "First day of the period"),
    ("interval_end", "date", "The reporting day"),
    ("view", "string", "year-end or rolling; empty where it is not told"),
    ("audience", "string", "For whom: internal, sharing, publish"),
    ("practices", "integer", "Practices in the statistics: those that counted somebody and whose counts are shown"),
    ("left_out", "integer", "Practices that counted somebody and are not in them, as their counts are not shown"),
    ("numerator", "string", "All who achieved; `*` where it is not shown"),
    ("denominator", "string", "All who were counted; `*` where it is not shown"),
    ("rate", "decimal", "One divided by the other"),
    ("rate_lower_95", "decimal", "Where the rate may lie by chance alone: Wilson, 95 per cent, lower end"),
    ("rate_upper_95", "decimal", "Upper end"),
    ("p10", "decimal", "A tenth of the practices have a lower rate, as it is seen"),
    ("p25", "decimal", "A quarter have a lower one"),
    ("median", "decimal", "Half have a lower one"),
    ("p75", "decimal", "Three quarters have a lower one"),
    ("p90", "decimal", "Nine tenths have a lower one"),
    ("deviation", "decimal", "Standard deviation of the rates that are seen"),
    ("deviation_by_chance", "decimal", "The same if practices did not differ"),
    ("chance_share", "decimal", "The share of the variance of rates that chance explains"),
    ("chi_squared", "decimal", "How far practices are from the common rate, in squares"),
    ("degrees", "integer", "Practices less one"),
    ("p", "decimal", "The chance of so uneven practices if none differed"),
    ("p_from", "string", "chi-squared, or how many draws"),
    ("i_squared", "decimal", "The share of chi_squared that is more than chance"),
    ("phi", "decimal", "How many times as far apart as by chance, in squares; 1 is chance"),
    ("tau_squared", "decimal", "The variance between practices on the arcsine scale"),
    ("true_p10", "decimal", "A tenth of the practices truly lie below: the model"),
    ("true_p90", "decimal", "A tenth of the practices truly lie above"),
    ("median_odds_ratio", "decimal", "How many times the odds at the better of two practices, typically"),
    ("intraclass_correlation", "decimal", "The share of what differs between people that lies between practices"),
    ("spread_p", "decimal", "The chance of as good a fit if there were no true spread"),
    ("locality_share", "decimal", "The share of what differs between practices that lies between localities"),
    ("flagged_95", "integer", "Practices outside the 95 per cent limits, those outside 99.8 among them"),
    ("flagged_998", "integer", "Practices outside the 99.8 per cent limits"),
    ("by_chance_95", "decimal", "How many would be flagged at 95 if nobody differed"),
    ("by_chance_998", "decimal", "How many at 99.8"),
    ("even_so_95", "integer", "Practices outside the wider 95 per cent limits; empty where phi is 1 or less"),
    ("even_so_998", "integer", "Practices outside the wider 99.8 per cent limits"),
    ("adjusted_05", "integer", "Practices whose adjusted p is 0.05 or less"),
    ("people_for_07", "integer", "People that a practice must count for a reliability of 0.7"),
    ("people_for_08", "integer", "People for 0.8"),
    ("practices_with_07", "integer", "Practices that count as many as the first"),
    ("gain", "integer", "More people who would achieve if every practice matched the top quarter"),
    ("gain_from", "integer", "The same at the lower limit of the top quarter's rate"),
    ("gain_to", "integer", "The same at its upper limit"),
    ("practices_half_gain", "integer", "So few practices hold half of the gain"),
    ("threshold", "decimal", "The upper threshold of payment, in per cent; empty where none is known"),
    ("practices_at_threshold", "integer", "Practices that meet it"),
    ("people_to_threshold", "integer", "More people who must achieve for all practices to meet it"),
    ("practices_half_people", "integer", "So few practices hold half of these"),
    ("change", "decimal", "The rate of all less that of the reporting day before, in the same view"),
    ("change_lower_95", "decimal", "Its interval, lower end"),
    ("change_upper_95", "decimal", "Upper end"),
    ("a_period", "decimal", "How much the rate of all changes from one period to the next, from three periods that do not overlap"),
    ("a_period_p", "decimal", "The chance of as steady a change if there were none"),
    ("slope_index", "decimal", "The rate of the least deprived less that of the most, on a line through all fifths; internal only"),
    ("relative_index", "decimal", "One divided by the other"),
];

pub(super) const PRACTICES: [Column; 28] = [
    ("measure", "string", "The indicator; a register where one was asked for"),
    ("practice_code", "string", "The practice"),
    ("practice_name", "string", "Its name"),
    ("locality", "string", "Its locality"),
    ("interval_start", "date", "First day of the period"),
    ("interval_end", "date", "The reporting day"),
    ("view", "string", "year-end or rolling; empty where it is not told"),
    ("audience", "string", "For whom: internal, sharing, publish"),
    ("numerator", "string", "Who achieved; `*` or fewer than 5 where it is not shown"),
    ("denominator", "string", "Who was counted; `*` or fewer than 5 where it is not shown"),
    ("rate", "decimal", "One divided by the other"),
    ("lower_95", "decimal", "Where the rate may lie by chance alone: Wilson, 95 per cent, lower end"),
    ("upper_95", "decimal", "Upper end"),
    ("lower_998", "decimal", "The same at 99.8 per cent, lower end"),
    ("upper_998", "decimal", "Upper end"),
    ("flag", "string", "Against all together: lower 99.8, lower 95, no different, higher 95, higher 99.8"),
    ("flag_even_so", "string", "The same beside the spread that all share; empty where practices differ by no more than chance"),
    ("p", "decimal", "The chance of a rate as far from that of all"),
    ("adjusted_p", "decimal", "The same, allowing for the number of practices: Benjamini and Hochberg"),
    ("reliability", "decimal", "The share of what sets practices of this size apart that is not chance"),
    ("reliability_word", "string", "high from 0.8, fair from 0.7, low below: do not compare"),
    ("likely_rate_for_planning_only", "decimal", "Its rate drawn towards the common one by what of it is chance: never for payment"),
    ("threshold", "decimal", "The next threshold that it does not meet, in per cent"),
    ("people_to_threshold", "integer", "More people who must achieve to meet it"),
    ("chance_of_threshold", "decimal", "How likely a practice of its likely rate meets it"),
    ("change", "decimal", "Its rate less that of the reporting day before, in the same view"),
    ("change_lower_95", "decimal", "Its interval, lower end"),
    ("change_upper_95", "decimal", "Upper end"),
];

/// The four files.
pub fn files_of_variation(results: &Results<'_>, comparisons: &[Comparison]) -> [(&'static str, Vec<u8>); 4] {
    let names = |columns: &[Column]| columns.iter().map(|(name, _, _)| *name).collect::<Vec<_>>();
    let measures = comparisons.iter().filter_map(|one| measure_cells(results, one));
    let practices = comparisons.iter().flat_map(|one| one.practices.iter().filter_map(|practice| practice_cells(results, one, practice)));
    let title = "How much practices differ, and how much of it is more than chance";
    let of_practices = "Each practice beside all others, with what chance alone would do";
    [
        ("variation.csv", csv_of(&names(&VARIATION), measures)),
        ("variation.csv-metadata.json", metadata("variation.csv", title, &VARIATION).into_bytes()),
        ("practices-variation.csv", csv_of(&names(&PRACTICES), practices)),
        ("practices-variation.csv-metadata.json", metadata("practices-variation.csv", of_practices, &PRACTICES).into_bytes()),
    ]
}

/// As an audience is written.
pub(super) fn audience_word(audience: Audience) -> &'static str {
    match audience {
        Audience::Internal => "internal",
        Audience::Sharing => "sharing",
        Audience::Publish => "publish",
    }
}

/// The cells of a row, one after another.
#[derive(Default)]
pub(super) struct Cells(pub(super) Vec<String>);

impl Cells {
    pub(super) fn text(&mut self, text: impl Display) {
        self.0.push(text.to_string());
    }

    pub(super) fn whole(&mut self, number: Option<impl Display>) {
        self.0.push(number.map(|number| number.to_string()).unwrap_or_default());
    }

    /// To six decimals; nothing is written as a negative nothing.
    pub(super) fn six(&mut self, number: Option<impl Display>) {
        let text = number.map(|number| format!("{number:.6}")).unwrap_or_default();
        self.0.push(if text == "-0.000000" { "0.000000".to_owned() } else { text });
    }

    pub(super) fn both(&mut self, interval: Option<Interval>) {
        self.six(interval.map(|interval| interval.lower));
        self.six(interval.map(|interval| interval.upper));
    }

    /// Counts and their share, as they may be shown.
    fn counts(&mut self, achieved: Shown, of: Shown, percentage: Option<Percentage>) {
        self.text(achieved);
        self.text(of);
        self.0.push(match (achieved, of, percentage) {
            (Shown::Exactly(achieved), Shown::Exactly(of), _) => ratio(achieved, of),
            (_, _, Some(Percentage::Whole(per_cent))) => format!("{}.{:02}", per_cent / 100, per_cent % 100),
            _ => String::new(),
        });
    }

    pub(super) fn day(&mut self, results: &Results<'_>, at: usize, audience: Audience) -> Option<()> {
        let day = results.days.get(at)?;
        self.whole(day.from);
        self.text(day.day);
        self.text(day.view.map_or("", |view| view.word()));
        self.text(audience_word(audience));
        Some(())
    }
}

fn measure_cells(results: &Results<'_>, comparison: &Comparison) -> Option<Vec<String>> {
    let mut cells = Cells::default();
    cells.text(&comparison.measure);
    cells.day(results, comparison.day, comparison.audience)?;
    let all = comparison.statistics.as_ref();
    cells.text(all.map_or(0, |all| all.practices));
    cells.text(comparison.left_out);
    cells.counts(comparison.achieved, comparison.of, comparison.percentage);
    cells.both(comparison.interval);
    match all {
        Some(all) => statistics_cells(&mut cells, all, comparison),
        None => cells.0.resize(VARIATION.len(), String::new()),
    }
    Some(cells.0)
}

fn statistics_cells(cells: &mut Cells, all: &Statistics, comparison: &Comparison) {
    let spread = all.spread.as_ref().ok();
    for share in [spread.map(|one| one.p10), spread.map(|one| one.p25), spread.map(|one| one.median), spread.map(|one| one.p75)] {
        cells.six(share);
    }
    cells.six(spread.map(|one| one.p90));
    cells.six(spread.map(|one| one.deviation));
    cells.six(spread.map(|one| one.by_chance));
    cells.six(spread.map(|one| one.chance_share));
    let differ = all.heterogeneity.as_ref().ok();
    cells.six(differ.map(|one| one.chi_squared));
    cells.whole(differ.map(|one| one.degrees));
    cells.six(differ.map(|one| one.p));
    cells.whole(differ.map(|one| match one.by {
        ChanceFrom::ChiSquared => "chi-squared".to_owned(),
        ChanceFrom::Simulation => format!("{} draws", all.draws),
    }));
    cells.six(differ.map(|one| one.i_squared));
    let dispersion = all.overdispersion.as_ref().ok();
    cells.six(dispersion.map(|one| one.phi));
    cells.six(dispersion.map(|one| one.tau_squared));
    let model = all.model.as_ref().ok();
    cells.both(model.map(|one| one.true_centiles()));
    cells.six(model.map(|one| one.median_odds_ratio()));
    cells.six(model.map(|one| one.intraclass_correlation()));
    cells.six(model.map(|one| one.p));
    cells.six(all.locality_share);
    cells.text(all.flagged.at_95);
    cells.text(all.flagged.at_998);
    cells.six(Some(all.by_chance.at_95));
    cells.six(Some(all.by_chance.at_998));
    cells.whole(all.flagged_even_so.map(|flagged| flagged.at_95));
    cells.whole(all.flagged_even_so.map(|flagged| flagged.at_998));
    cells.text(all.kept);
    for people in all.people_for {
        cells.whole(people.ok());
    }
    cells.whole(all.people_for.first().filter(|people| people.is_ok()).map(|_| all.reliable));
    let gain = all.gain.as_ref();
    cells.whole(gain.map(|one| one.in_all));
    cells.whole(gain.map(|one| one.from));
    cells.whole(gain.map(|one| one.to));
    cells.whole(all.half_of_gain.map(|one| one.practices));
    cells.whole(all.threshold.and(comparison.about.pays).map(|pays| pays.to.normalize()));
    cells.whole(all.threshold.map(|one| one.met));
    cells.whole(all.threshold.map(|one| one.people));
    cells.whole(all.threshold.and_then(|one| one.half).map(|half| half.practices));
    cells.six(all.change.map(|one| one.difference));
    cells.both(all.change.map(|one| one.interval));
    cells.six(all.trend.map(|one| one.a_step));
    cells.six(all.trend.map(|one| one.p));
    cells.six(all.inequality.map(|one| one.slope_index));
    cells.six(all.inequality.map(|one| one.relative_index));
}

fn practice_cells(results: &Results<'_>, comparison: &Comparison, compared: &ComparedPractice) -> Option<Vec<String>> {
    let practice = results.practices.get(compared.practice)?;
    let mut cells = Cells::default();
    cells.text(&comparison.measure);
    cells.text(&practice.code);
    cells.text(harmless(&practice.name));
    cells.text(harmless(&practice.locality));
    cells.day(results, comparison.day, comparison.audience)?;
    cells.counts(compared.achieved, compared.of, compared.percentage);
    match &compared.statistics {
        Some(one) => of_practice(&mut cells, one),
        None => cells.0.resize(PRACTICES.len(), String::new()),
    }
    Some(cells.0)
}

fn of_practice(cells: &mut Cells, one: &PracticeStatistics) {
    for interval in one.intervals {
        cells.both(Some(interval));
    }
    cells.text(one.flag.word());
    cells.whole(one.even_so.map(|flag| flag.word()));
    cells.six(Some(one.p));
    cells.six(Some(one.adjusted_p));
    cells.six(one.reliability);
    cells.whole(one.reliability_word());
    cells.six(one.likely_rate);
    cells.whole(one.next.map(|next| next.per_cent.normalize()));
    cells.whole(one.next.map(|next| next.people));
    cells.six(one.next.and_then(|next| next.chance));
    cells.six(one.change.map(|change| change.difference));
    cells.both(one.change.map(|change| change.interval));
}
