//! Results, what the statistics say of them, and the rules → [`Report`]: everything that pages and workbooks tell, worked out once, for one audience.
//! Plain data: whatever that audience may not see is not in it. Knows no file and no form.

mod definition;
mod headline;
mod indicator;
mod indicators;
mod payment;
mod planning;
mod practices;
mod read;
pub mod sentences;
pub mod words;

pub use definition::{Definition, DefinitionLine};
pub use headline::Headline;
pub use indicator::{Curve, Exceptions, Funnel, Indicator, Moment, OfPractice, OfStratum, Rate, Step};
pub use payment::{IndicatorPay, Payment, PracticePay};
pub use planning::{CountRow, Place, Planning, Statuses, TwoRates};
pub use practices::{ReportedPractice, practice_note};
pub use read::{Read, SetAside};

use crate::achievement::{Achievement, ReportedDay, Results};
use crate::book::Book;
use crate::comparison::{Associated, Comparison, FinerComparison};
use crate::disclosure::Audience;
use crate::framework::calendar::{Day, Period};
use crate::framework::{Framework, View};
use crate::planning::Counts;
use crate::practice::Practice;
use crate::tally::Tally;
use std::collections::{BTreeMap, BTreeSet};

/// People by status, of a pathway and a practice's code.
pub type StatusesBefore = BTreeMap<(String, String), [u64; 5]>;

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Material<'a> {
    /// The rows, of the reporting days of now and before.
    pub results: &'a Results<'a>,
    /// What the statistics say of them, for the audience.
    pub comparisons: &'a [Comparison],
    /// For whom.
    pub audience: Audience,
    /// What a run of the rules counted; nothing where others counted.
    pub counted: Option<Counted<'a>>,
    /// What follows from finer counts, where they are there.
    pub finer: Option<&'a FinerComparison>,
    /// The rules in words, where there are rules.
    pub book: Option<&'a Book>,
    /// What was read of an extract and what of it was set aside; nothing where counts were read.
    pub read: Option<&'a Read>,
    /// Only the practices of this locality stand in tables; the statistics are of all.
    pub locality: Option<&'a str>,
    /// The last quarter's day, and people by status then, of a pathway and a practice's code, empty for all together; nothing where it is not told.
    pub statuses_before: Option<(Day, &'a StatusesBefore)>,
}

impl<'a> Material<'a> {
    /// Rows and what the statistics say of them, and nothing besides.
    pub fn of(results: &'a Results<'a>, comparisons: &'a [Comparison], audience: Audience) -> Material<'a> {
        Material {
            results,
            comparisons,
            audience,
            counted: None,
            finer: None,
            book: None,
            read: None,
            locality: None,
            statuses_before: None,
        }
    }
}

/// What a run of the rules counted.
#[derive(Clone, Copy)]
pub struct Counted<'a> {
    /// One a reporting day.
    pub frameworks: &'a [Framework],
    /// By code.
    pub practices: &'a [Practice],
    /// Counts by line.
    pub tally: &'a Tally,
    /// What pathways count.
    pub planning: &'a Counts,
    /// Achievement and payment.
    pub achievement: &'a Achievement,
}

impl<'a> Counted<'a> {
    /// The last reporting day, which is the one that is reported.
    fn last(&self) -> Option<(usize, &'a Framework)> {
        self.frameworks.iter().enumerate().next_back()
    }
}

/// Everything that pages and workbooks tell.
#[derive(Clone, Debug)]
pub struct Report {
    /// The framework's name, or what else was counted.
    pub title: String,
    /// For whom.
    pub audience: Audience,
    /// The reporting day.
    pub on: Day,
    /// The same in words: `31 March 2017`.
    pub day: String,
    /// The view in a sentence, where there is one.
    pub view: Option<&'static str>,
    /// From which day to which the figures are.
    pub period: Option<String>,
    /// What must be said beside every figure.
    pub remarks: Vec<String>,
    /// What is left out for this audience, and why.
    pub left_out: Vec<&'static str>,
    /// What comes first.
    pub headline: Headline,
    /// What was read and what was set aside.
    pub read: Option<Read>,
    /// By locality, then by code.
    pub practices: Vec<ReportedPractice>,
    /// By name.
    pub localities: Vec<String>,
    /// In the order of the framework, else of their ids.
    pub indicators: Vec<Indicator>,
    /// Care planning.
    pub planning: Option<Planning>,
    /// Points and pounds.
    pub payment: Option<Payment>,
    /// Whether what was taken up goes together with an outcome; only for the internal audience.
    pub associations: Vec<Associated>,
    /// What changes are against, in a sentence, or why there are none.
    pub change_note: String,
    /// What is flagged in all indicators together, and how much of that chance would raise.
    pub flags_note: Option<String>,
    /// A name for the rules: the hash of their files.
    pub hash: Option<String>,
}

impl Report {
    /// Makes it, of the last reporting day; nothing where no practice was counted.
    pub fn of(material: &Material<'_>) -> Option<Report> {
        let results = material.results;
        let (day, reported) = reported_day(material)?;
        let practices = practices::of(material, day);
        let indicators = indicators::of(material, day, &practices);
        let framework = material.counted.and_then(|counted| counted.last()).map(|(_, framework)| framework);
        let localities: BTreeSet<&str> =
            practices.iter().map(|practice| practice.locality.as_str()).filter(|name| !name.is_empty()).collect();
        let internal = material.audience == Audience::Internal;
        let title = framework.map_or_else(|| "Published counts of practices".to_owned(), |framework| framework.name.clone());
        Some(Report {
            title,
            audience: material.audience,
            on: reported.day,
            day: reported.day.long(),
            view: reported.view.map(view_in_words),
            period: reported.from.map(|from| format!("{} to {}", from.long(), reported.day.long())),
            remarks: framework.map_or_else(|| of_registers(&indicators), Framework::remarks),
            left_out: left_out(material),
            headline: headline::of(&reported, &practices, &indicators, framework.is_some()),
            read: material.read.filter(|_| internal).cloned(),
            localities: localities.into_iter().map(str::to_owned).collect(),
            planning: planning::of(material, &practices),
            payment: payment::of(material, &practices),
            associations: material.finer.filter(|_| internal).map(|finer| finer.associations.clone()).unwrap_or_default(),
            change_note: change_note(results, day, &indicators),
            flags_note: headline::flags_in_all(&indicators),
            hash: framework.map(|framework| framework.hash.clone()),
            practices,
            indicators,
        })
    }

    /// Whether single small counts are in it.
    pub fn is_internal(&self) -> bool {
        self.audience == Audience::Internal
    }

    /// The practices of tables: all, or those of the locality that was asked for.
    pub fn listed(&self) -> impl Iterator<Item = (usize, &ReportedPractice)> {
        self.practices.iter().enumerate().filter(|(_, practice)| practice.listed)
    }
}

/// What must be said where nothing but registers was counted.
fn of_registers(indicators: &[Indicator]) -> Vec<String> {
    let only = indicators.iter().all(|indicator| indicator.of_a_register);
    let says = "These are registers: how many people are known to have an illness. That depends first on how old they are, and is no measure of care.";
    if only { vec![says.to_owned()] } else { Vec::new() }
}

/// The last day of what was counted now.
fn reported_day(material: &Material<'_>) -> Option<(usize, ReportedDay)> {
    let days = material.results.days.iter().enumerate().map(|(at, day)| (at, *day));
    let view = material.counted.and_then(|counted| counted.last()).map(|(_, framework)| framework.view);
    days.filter(|(_, day)| view.is_none() || day.view == view).max_by_key(|(_, day)| day.day)
}

fn view_in_words(view: View) -> &'static str {
    match view {
        View::YearEnd => "Year-end view: windows count back from the end of the period, as payment does",
        View::Rolling => "Rolling view: the twelve months that end on the reporting day; nothing is paid in it",
    }
}

/// Whether the figures of a day are of whole twelve months: only those can be set against others.
fn of_a_year(day: &ReportedDay) -> bool {
    match (day.view, day.from) {
        (Some(View::YearEnd), Some(from)) => Period { from, to: day.day }.is_a_year(),
        _ => true,
    }
}

fn change_note(results: &Results<'_>, day: usize, indicators: &[Indicator]) -> String {
    let Some(now) = results.days.get(day) else { return String::new() };
    let before = results.days.iter().filter(|other| other.view == now.view && other.day < now.day).max_by_key(|other| other.day);
    let Some(before) = before else {
        return "Change is not shown: no earlier reporting day was counted. Pass the last quarter's results with --previous.".to_owned();
    };
    if !of_a_year(now) || !of_a_year(before) {
        return "Change is not shown: in the year-end view a year that is not over cannot be set against an earlier day. Run with --view rolling."
            .to_owned();
    }
    if !indicators.iter().any(|indicator| indicator.change.is_some()) {
        return format!("Change is not shown: nothing of {} may be set against these figures.", before.day.long());
    }
    format!(
        "Change is against {}, in percentage points with its 95% interval; as these are mostly the same people, the intervals are wide.",
        before.day.long()
    )
}

fn left_out(material: &Material<'_>) -> Vec<&'static str> {
    if material.audience == Audience::Internal {
        return Vec::new();
    }
    let mut all = vec![
        "How many people each line decided, exceptions by reason and figures of localities: several small counts would follow from each other",
        "Figures by sex, age and deprivation: nothing hides small counts in them yet",
    ];
    if material.counted.is_some() {
        all.push("Whether care planning and outcomes go together: nothing hides small counts in it yet");
        all.push("Points and pounds: how many people achieved could be worked out from them");
        all.push("Care planning by practice, condition and stage: nothing hides small counts in it yet");
        all.push("What was read of the extract and set aside");
    }
    if material.audience == Audience::Publish {
        all.push("Intervals, flags and funnels of practices: counts are rounded, so nothing is worked out from single practices");
    }
    all
}
