//! What pathways count: practice × reporting day × item × stratum × number → how many. Sparse; merging is addition, so that
//! threads, the order of practices and the way an extract is split cannot change a count. Knows no record: `evaluate` tells
//! what a person's records come to, and so does the SQL.

mod counter;
mod figures;
mod from_rows;

pub use counter::{Counter, EventsOf, PersonOf};
pub use figures::{Figure, PlaceFigure, figures, place_figures, place_figures_of_everybody};
pub use from_rows::from_rows;

use crate::dictionary::{Column, FRAMEWORK_HASH, INTERVAL_END, PERIOD_MOVED, PRACTICE_CODE, Sheet, VIEW};
use crate::framework::own_measures::{self, CODE, LAPSED, OUT_OF_ORDER, PLACE, REGISTER};
use crate::framework::pathways::Pathway;
use crate::framework::{Framework, Stretch};
use crate::sums::Sums;
use crate::tally::{Stratum, strata as strata_of_everyone};

/// What a number counts. The three are never mixed, and every label names its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// People, each once.
    People,
    /// Records, each once.
    Events,
    /// Days on which a person has a record, each once a person.
    ContactDays,
}

impl Unit {
    /// As it is written in results.
    pub fn word(self) -> &'static str {
        match self {
            Unit::People => "people",
            Unit::Events => "events",
            Unit::ContactDays => "contact days",
        }
    }
}

/// What an item is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Everyone whom the pathway is of.
    Register,
    /// People at each place: the number is that of the line.
    Place,
    /// People in whom a stage before the furthest is missing.
    Missing(usize),
    /// People with a step before an earlier one.
    OutOfOrder,
    /// People with both stages: the number is the days from the first to the second. Everybody only.
    Between(usize, usize),
    /// A count, in a stretch of time.
    Count(usize, Stretch),
    /// People of a count by their contact days in a stretch: the number is that of the days.
    Spread(usize, Stretch),
    /// Plans that lapsed, in a stretch of time.
    Lapsed(Stretch),
    /// People for whom a sentence holds.
    Holds(usize),
    /// Records of each code of the counts in the last 12 months: the number is the code. Everybody only.
    Codes,
}

/// One thing that a pathway counts, in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which pathway.
    pub pathway: usize,
    /// Its name in files.
    pub measure: String,
    /// Its name for people.
    pub title: String,
    /// What it is about.
    pub about: About,
    /// What its numbers count.
    pub unit: Unit,
}

impl Item {
    /// The stretch of time; nothing for what is so on the reporting day.
    pub fn stretch(&self) -> Option<Stretch> {
        match self.about {
            About::Count(_, stretch) | About::Spread(_, stretch) | About::Lapsed(stretch) => Some(stretch),
            About::Codes => Some(Stretch::Last12Months),
            About::Register | About::Place | About::Missing(_) | About::OutOfOrder | About::Between(..) | About::Holds(_) => None,
        }
    }

    /// Whether the number of a key says something: a line, days, a code.
    pub fn is_numbered(&self) -> bool {
        match self.about {
            About::Place | About::Between(..) | About::Spread(..) | About::Codes => true,
            About::Register | About::Missing(_) | About::OutOfOrder | About::Count(..) | About::Lapsed(_) | About::Holds(_) => false,
        }
    }

    /// Whether it is counted for everybody only.
    pub fn is_of_everybody_only(&self) -> bool {
        matches!(self.about, About::Between(..) | About::Codes)
    }
}

/// The columns of `planning-counts.csv`, whichever engine counted.
pub static COUNTS: Sheet = Sheet {
    name: "planning-counts.csv",
    title: "The counts that care-planning.csv and pathway.csv are made of, and nothing else; dqoh report --planning reads it",
    written_by: "dqoh run, dqoh report",
    columns: &[
        FRAMEWORK_HASH,
        PATHWAY_ID,
        Column::text("measure", "What is counted, as in care-planning.csv; place for the places of the pathway"),
        PRACTICE_CODE,
        INTERVAL_END,
        VIEW,
        PERIOD,
        Column::words("unit", || vec![Unit::People.word(), Unit::Events.word(), Unit::ContactDays.word()], "What the value counts"),
        STRATUM,
        STRATUM_VALUE,
        Column::whole(
            "number",
            "",
            "Of place the line; of days between steps how many days; of a count by contact days how many of them; otherwise 0",
        ),
        Column::text("code", "Of the measure code the scheme and the code").or_empty(),
        Column::count("value", "as the column unit says", "How many"),
        PERIOD_MOVED,
    ],
    key: &["pathway", "measure", "practice_code", "interval_end", "view", "period", "unit", "stratum", "stratum_value", "number", "code"],
};

/// A pathway, as files have it.
pub const PATHWAY_ID: Column = Column::text("pathway", "The pathway, such as PLANNING");
/// A stretch of time.
pub const PERIOD: Column = Column::words(
    "period",
    || vec!["quarter", "year-to-date", "last-12-months", "on-the-day"],
    "The stretch of time that ends on the reporting day; on-the-day for what is so on it. Quarter and year are those of the framework",
);
/// By what people of a pathway are told apart.
pub const STRATUM: Column = Column::words(
    "stratum",
    || vec!["sex", "age", "imd_quintile", "condition", "conditions", "multimorbidity"],
    "By what people are told apart; condition is everyone on that register, conditions how many of them, multimorbidity two or more; empty for everybody",
)
.or_empty();
/// Which of them.
pub const STRATUM_VALUE: Column = Column::text(
    "stratum_value",
    "Which of them, such as female, 18-39, DM or 4+; nobody is in two values of one stratum, but of condition",
)
.or_empty();

/// All stretches, in the order of [`Framework::stretches`].
const STRETCHES: [Stretch; 3] = [Stretch::Quarter, Stretch::YearToDate, Stretch::Last12Months];

/// All items of a framework; the same, in the same order, on every reporting day.
pub fn items(framework: &Framework) -> Vec<Item> {
    let pathways = framework.pathways.iter().enumerate();
    pathways.flat_map(|(at, pathway)| items_of(at, pathway)).collect()
}

fn items_of(at: usize, pathway: &Pathway) -> Vec<Item> {
    let mut items = Vec::new();
    let mut add = |measure: &str, title: &str, about: About, unit: Unit| {
        items.push(Item { pathway: at, measure: measure.to_owned(), title: title.to_owned(), about, unit });
    };
    add(REGISTER, "Everyone on the register", About::Register, Unit::People);
    add(PLACE, "People at each place of the pathway", About::Place, Unit::People);
    for (stage_at, stage) in pathway.stages.iter().enumerate() {
        let title = format!("A later stage without this one: {}", stage.title);
        add(&own_measures::missing(&stage.name), &title, About::Missing(stage_at), Unit::People);
    }
    add(OUT_OF_ORDER, "A step before an earlier one", About::OutOfOrder, Unit::People);
    for (from, first) in pathway.stages.iter().enumerate() {
        for (to, last) in pathway.stages.iter().enumerate().skip(from + 1) {
            let title = format!("Days from {} to {}", first.title, last.title);
            add(&own_measures::between(&first.name, &last.name), &title, About::Between(from, to), Unit::People);
        }
    }
    for (count_at, count) in pathway.counts.iter().enumerate() {
        for stretch in STRETCHES {
            for unit in [Unit::People, Unit::Events, Unit::ContactDays] {
                add(&count.id, &count.title, About::Count(count_at, stretch), unit);
            }
            if count.spread {
                add(&count.id, &count.title, About::Spread(count_at, stretch), Unit::People);
            }
        }
    }
    for stretch in STRETCHES {
        for unit in [Unit::People, Unit::Events, Unit::ContactDays] {
            add(LAPSED, "Plans that lapsed before another was agreed", About::Lapsed(stretch), unit);
        }
    }
    for (people_at, people) in pathway.people.iter().enumerate() {
        add(&people.id, &people.title, About::Holds(people_at), Unit::People);
    }
    add(CODE, "Records of one code", About::Codes, Unit::Events);
    items
}

/// How many conditions are told apart: this many or more are one group.
pub const MOST_CONDITIONS: usize = 4;

/// The stratum of people with several conditions; its only value is [`TWO_OR_MORE`].
pub const MULTIMORBIDITY: &str = "multimorbidity";
/// Two conditions or more. A stratum of its own, so that the numbers of conditions do not overlap.
pub const TWO_OR_MORE: &str = "2+";

/// The strata of a pathway, everybody first: those of every measure, each condition, how many conditions, and several.
pub fn strata(framework: &Framework, pathway: &Pathway) -> Vec<Stratum> {
    let mut all = strata_of_everyone(&framework.strata);
    if !pathway.conditions.is_empty() {
        let of = |kind: &'static str, value: String| Stratum { kind, value };
        all.extend(pathway.conditions.iter().map(|id| of("condition", framework.register(*id).id.clone())));
        all.extend((1..=MOST_CONDITIONS).map(|number| of("conditions", number_of_conditions(number))));
        all.push(of(MULTIMORBIDITY, TWO_OR_MORE.to_owned()));
    }
    all
}

/// `1`, `2`, `3`, `4+`
pub fn number_of_conditions(number: usize) -> String {
    if number < MOST_CONDITIONS { number.to_string() } else { format!("{MOST_CONDITIONS}+") }
}

/// Where a count belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which practice, in the order of their codes.
    pub practice: u32,
    /// Which reporting day, in the order asked for.
    pub day: u16,
    /// Which item: see [`items`].
    pub item: u16,
    /// Which stratum: see [`strata`]. 0 is everybody.
    pub stratum: u16,
    /// A line, days or a code, as the item says; 0 otherwise.
    pub number: i32,
}

/// How many, by [`Key`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    counts: Sums<Key, u64>,
}

impl Counts {
    /// How many of a key.
    pub fn get(&self, key: Key) -> u64 {
        self.counts.get(key)
    }

    /// All counts above 0, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (Key, u64)> {
        self.counts.iter()
    }

    /// Both together.
    pub fn merged(self, other: Counts) -> Counts {
        Counts { counts: self.counts.merged(other.counts) }
    }
}

/// Of numbers in any order; those of one key are added.
impl FromIterator<(Key, u64)> for Counts {
    fn from_iter<I: IntoIterator<Item = (Key, u64)>>(numbers: I) -> Self {
        Counts { counts: numbers.into_iter().collect() }
    }
}
