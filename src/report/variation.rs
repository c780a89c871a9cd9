//! `variation.csv`: one row a measure and reporting day, what all practices together show. `practices-variation.csv`: one row a practice
//! beside it. No ranks.

use super::rows::ratio;
use super::{csv_of, harmless};
use crate::achievement::Results;
use crate::comparison::{ComparedPractice, Comparison, PracticeStatistics, Statistics};
use crate::dictionary::{AUDIENCE, Column, INTERVAL_END, INTERVAL_START, LOCALITY, MEASURE, PRACTICE_CODE, PRACTICE_NAME, Sheet, VIEW};
use crate::disclosure::{Audience, Percentage, Shown};
use crate::variation::{ChanceFrom, Flag, Interval};
use std::fmt::Display;

/// The columns of `variation.csv`.
pub(super) static VARIATION: Sheet = Sheet {
    name: "variation.csv",
    title: "How much practices differ, and how much of it is more than chance",
    written_by: "dqoh run, dqoh report, dqoh variation",
    columns: &[
        COMPARED,
        INTERVAL_START.or_empty(),
        INTERVAL_END,
        VIEW.or_empty(),
        AUDIENCE,
        Column::count("practices", "practices", "Practices in the statistics: those that counted somebody and whose counts are shown"),
        Column::count("left_out", "practices", "Practices that counted somebody and are not in them, as their counts are not shown"),
        Column::shown("numerator", "All who achieved; * where it is not shown"),
        Column::shown("denominator", "All who were counted; * where it is not shown"),
        RATE,
        Column::share("rate_lower_95", "Where the rate may lie by chance alone: Wilson, 95 per cent, lower end").or_empty(),
        Column::share("rate_upper_95", "The same interval, upper end").or_empty(),
        Column::share("p10", "A tenth of the practices have a lower rate, as it is seen").or_empty(),
        Column::share("p25", "A quarter have a lower one").or_empty(),
        Column::share("median", "Half have a lower one").or_empty(),
        Column::share("p75", "Three quarters have a lower one").or_empty(),
        Column::share("p90", "Nine tenths have a lower one").or_empty(),
        Column::number("deviation", "", "Standard deviation of the rates that are seen").or_empty(),
        Column::number("deviation_by_chance", "", "The same if practices did not differ").or_empty(),
        Column::number("chance_share", "", "The share of the variance of rates that chance explains").or_empty(),
        Column::number("chi_squared", "", "How far practices are from the common rate, in squares").or_empty(),
        Column::count("degrees", "", "Practices less one").or_empty(),
        Column::share("p", "The chance of so uneven practices if none differed").or_empty(),
        Column::text("p_from", "How p was found: chi-squared, or from how many draws").or_empty(),
        Column::share("i_squared", "The share of chi_squared that is more than chance").or_empty(),
        Column::number("phi", "", "How many times as far apart as by chance, in squares; 1 is chance").or_empty(),
        Column::number("tau_squared", "", "The variance between practices on the arcsine scale").or_empty(),
        Column::share("true_p10", "A tenth of the practices truly lie below: the model").or_empty(),
        Column::share("true_p90", "A tenth of the practices truly lie above").or_empty(),
        Column::number("median_odds_ratio", "", "How many times the odds at the better of two practices, typically").or_empty(),
        Column::share("intraclass_correlation", "The share of what differs between people that lies between practices").or_empty(),
        Column::share("spread_p", "The chance of as good a fit if there were no true spread").or_empty(),
        Column::number("locality_share", "", "The share of what differs between practices that lies between localities").or_empty(),
        Column::count("flagged_95", "practices", "Practices outside the 95 per cent limits, those outside 99.8 among them").or_empty(),
        Column::count("flagged_998", "practices", "Practices outside the 99.8 per cent limits").or_empty(),
        Column::number("by_chance_95", "practices", "How many would be flagged at 95 if nobody differed").or_empty(),
        Column::number("by_chance_998", "practices", "How many at 99.8").or_empty(),
        Column::count("even_so_95", "practices", "Practices outside the wider 95 per cent limits; empty where phi is 1 or less").or_empty(),
        Column::count("even_so_998", "practices", "Practices outside the wider 99.8 per cent limits").or_empty(),
        Column::count("adjusted_05", "practices", "Practices whose adjusted p is 0.05 or less").or_empty(),
        Column::people("people_for_07", "People that a practice must count for a reliability of 0.7").or_empty(),
        Column::people("people_for_08", "People for 0.8").or_empty(),
        Column::count("practices_with_07", "practices", "Practices that count as many as the first").or_empty(),
        Column::people("gain", "More people who would achieve if every practice matched the top quarter").or_empty(),
        Column::people("gain_from", "The same at the lower limit of the top quarter's rate").or_empty(),
        Column::people("gain_to", "The same at its upper limit").or_empty(),
        Column::count("practices_half_gain", "practices", "So few practices hold half of the gain").or_empty(),
        Column::number("threshold", "per cent", "The upper threshold of payment; empty where none is known").or_empty(),
        Column::count("practices_at_threshold", "practices", "Practices that meet it").or_empty(),
        Column::people("people_to_threshold", "More people who must achieve for all practices to meet it").or_empty(),
        Column::count("practices_half_people", "practices", "So few practices hold half of these").or_empty(),
        Column::number("change", "", "The rate of all less that of the reporting day before, in the same view").or_empty(),
        Column::number("change_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("change_upper_95", "", "The same interval, upper end").or_empty(),
        Column::number(
            "a_period",
            "",
            "How much the rate of all changes from one period to the next, from three periods that do not overlap",
        )
        .or_empty(),
        Column::share("a_period_p", "The chance of as steady a change if there were none").or_empty(),
        Column::number(
            "slope_index",
            "",
            "The rate of the least deprived less that of the most, on a line through all fifths; internal only",
        )
        .or_empty(),
        Column::number("relative_index", "", "The rate of the least deprived divided by that of the most, on the same line").or_empty(),
    ],
    key: &["measure", "interval_end", "view"],
};

const COMPARED: Column = MEASURE.saying("The indicator; a register where one was asked for");
const RATE: Column = Column::share("rate", "Numerator divided by denominator").or_empty();

/// The columns of `practices-variation.csv`.
pub(super) static PRACTICES: Sheet = Sheet {
    name: "practices-variation.csv",
    title: "Each practice beside all others, with what chance alone would do",
    written_by: "dqoh run, dqoh report, dqoh variation",
    columns: &[
        COMPARED,
        PRACTICE_CODE,
        PRACTICE_NAME,
        LOCALITY,
        INTERVAL_START.or_empty(),
        INTERVAL_END,
        VIEW.or_empty(),
        AUDIENCE,
        Column::shown("numerator", "Who achieved; * or fewer than 5 where it is not shown"),
        Column::shown("denominator", "Who was counted; * or fewer than 5 where it is not shown"),
        RATE,
        Column::share("lower_95", "Where the rate may lie by chance alone: Wilson, 95 per cent, lower end").or_empty(),
        Column::share("upper_95", "The same interval, upper end").or_empty(),
        Column::share("lower_998", "The same at 99.8 per cent, lower end").or_empty(),
        Column::share("upper_998", "The same interval, upper end").or_empty(),
        Column::words("flag", || Flag::ALL.map(Flag::word).to_vec(), "Against all together: whether it differs by more than chance")
            .or_empty(),
        Column::words(
            "flag_even_so",
            || Flag::ALL.map(Flag::word).to_vec(),
            "The same beside the spread that all share; empty where practices differ by no more than chance",
        )
        .or_empty(),
        Column::share("p", "The chance of a rate as far from that of all").or_empty(),
        Column::share("adjusted_p", "The same, allowing for the number of practices: Benjamini and Hochberg").or_empty(),
        Column::share("reliability", "The share of what sets practices of this size apart that is not chance").or_empty(),
        Column::words("reliability_word", || vec!["high", "fair", "low"], "High from 0.8, fair from 0.7, low below: do not compare")
            .or_empty(),
        Column::share("likely_rate_for_planning_only", "Its rate drawn towards the common one by what of it is chance: never for payment")
            .or_empty(),
        Column::number("threshold", "per cent", "The next threshold that it does not meet").or_empty(),
        Column::people("people_to_threshold", "More people who must achieve to meet it").or_empty(),
        Column::share("chance_of_threshold", "How likely a practice of its likely rate meets it").or_empty(),
        Column::number("change", "", "Its rate less that of the reporting day before, in the same view").or_empty(),
        Column::number("change_lower_95", "", "Its interval, lower end").or_empty(),
        Column::number("change_upper_95", "", "The same interval, upper end").or_empty(),
    ],
    key: &["measure", "practice_code", "interval_end", "view"],
};

/// Both files.
pub fn files_of_variation(results: &Results<'_>, comparisons: &[Comparison]) -> [(&'static str, Vec<u8>); 2] {
    let measures = comparisons.iter().filter_map(|one| measure_cells(results, one));
    let practices = comparisons.iter().flat_map(|one| one.practices.iter().filter_map(|practice| practice_cells(results, one, practice)));
    [(VARIATION.name, csv_of(&VARIATION.names(), measures)), (PRACTICES.name, csv_of(&PRACTICES.names(), practices))]
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
        None => cells.0.resize(VARIATION.columns.len(), String::new()),
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
        None => cells.0.resize(PRACTICES.columns.len(), String::new()),
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
