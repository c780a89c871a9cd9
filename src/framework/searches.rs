//! What a fact looks for: sets as ids, bounds as days.

use super::calendar::{Day, FIRST_DAY, before};
use super::from_rules::Table;
use super::names::Scope;
use super::{Companion, Fact, Hang, Near, Search};
use crate::framework::code_sets::SetId;
use crate::problem::{Problem, did_you_mean};
use crate::rules::phrase::{Apart, Bound};
use crate::rules::syntax::{Codes, CompanionText, FactText, Find, SearchText};
use crate::source::At;

/// Which end of a search.
#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

impl Scope<'_, '_> {
    /// A fact's text → the fact; `None` when a name in it is unknown.
    pub fn find(&mut self, text: &FactText) -> Option<Fact> {
        Some(match &text.find {
            Find::Latest(search) => Fact::Latest(self.search(text, search)?),
            Find::Earliest(search) => Fact::Earliest(self.search(text, search)?),
            Find::Pair { search, apart } => Fact::Pair(self.search(text, search)?, apart.value),
            Find::Count { search, of } => Fact::Count(self.search(text, search)?, *of),
            Find::LatestOf(names) => {
                let ids: Vec<_> = names.iter().map(|name| self.fact_with_a_day(name)).collect();
                Fact::LatestOf(ids.into_iter().collect::<Option<_>>()?)
            }
            Find::Registers(names) => {
                let ids: Vec<_> = names.iter().map(|name| self.making.register(name)).collect();
                Fact::Registers(ids.into_iter().collect::<Option<_>>()?)
            }
        })
    }

    fn search(&mut self, text: &FactText, search: &SearchText) -> Option<Search> {
        let (names, reading): (Vec<&At<String>>, bool) = match &search.codes {
            Codes::Sets(sets) => (sets.iter().collect(), false),
            Codes::Values(values) => (values.iter().map(|(_, set)| set).collect(), true),
        };
        if reading && matches!(text.find, Find::Pair { .. } | Find::Count { .. }) {
            let span = names.first().map_or(text.name.span, |name| name.span);
            let help = "several values of one reading are for find = \"latest\" and \"earliest\"";
            self.note(Problem::error("R026", "a pair or a count has no reading").at(span, "does not fit").help(help));
            return None;
        }
        if let Some(extra) = names.get(super::VALUES).filter(|_| reading) {
            self.note(
                Problem::error("R045", format!("a reading has at most {} values", super::VALUES))
                    .at(extra.span, "one too many")
                    .help("look for the others with a second fact"),
            );
            return None;
        }
        let sets = self.sets(&names);
        let anchor = self.anchor_of(search);
        let mut made = Search {
            sets: Vec::new(),
            reading,
            from: search.inside.as_ref().map_or(FIRST_DAY, |length| before(anchor, length.value).plus(1)),
            to: self.making.framework.reporting_day,
            since: None,
            until: None,
            only: Vec::new(),
            new_episode: search.new_episode,
            with: Vec::new(),
        };
        let since = search.since.as_ref().map(|bound| self.bound(bound, anchor, End::First, &mut made));
        let until = search.until.as_ref().map(|bound| self.bound(bound, anchor, End::Last, &mut made));
        let only: Vec<_> = search.only.iter().map(|test| self.value_test(text, test, test.amount.span)).collect();
        let with: Vec<_> = search.with.iter().map(|companion| self.companion(companion)).collect();
        made.sets = sets?;
        made.only = only.into_iter().collect::<Option<_>>()?;
        made.with = with.into_iter().collect::<Option<_>>()?;
        let bounds_known = since.is_none_or(|known| known.is_some()) && until.is_none_or(|known| known.is_some());
        bounds_known.then_some(made)
    }

    /// The day that windows of a fact count back from: its own clock may be the reporting day.
    pub(super) fn anchor_of(&self, search: &SearchText) -> Day {
        if search.from_reporting_day { self.making.framework.reporting_day } else { self.anchor }
    }

    fn bound(&mut self, bound: &At<Bound>, anchor: Day, end: End, search: &mut Search) -> Option<()> {
        let hang = match &bound.value {
            Bound::Age(age) => Hang::Age(*age),
            Bound::Away { days, fact } => Hang::Fact(self.fact_with_a_day(fact)?, *days),
            Bound::BeforeEnd(length) => {
                set_day(search, end, before(anchor, *length));
                return Some(());
            }
            Bound::Name(name) => match self.date(name) {
                Some(day) => {
                    set_day(search, end, day);
                    return Some(());
                }
                None => Hang::Fact(self.fact_with_a_day(&At::new(name.clone(), bound.span))?, 0),
            },
        };
        match end {
            End::First => search.since = Some(hang),
            End::Last => search.until = Some(hang),
        }
        Some(())
    }

    fn companion(&mut self, companion: &CompanionText) -> Option<Companion> {
        let sets = self.sets(&companion.codes.iter().collect::<Vec<_>>());
        let within = match companion.within.value {
            Apart::Days(from, to) => Near::Days(from, to),
            Apart::Before(length) => Near::Since(self.making.day_table(Table::Before, length)),
            Apart::After(length) => Near::Until(self.making.day_table(Table::After, length)),
        };
        Some(Companion { sets: sets?, within })
    }

    fn sets(&mut self, names: &[&At<String>]) -> Option<Vec<SetId>> {
        let ids: Vec<Option<SetId>> = names.iter().map(|name| self.set(name)).collect();
        ids.into_iter().collect()
    }

    fn set(&mut self, name: &At<String>) -> Option<SetId> {
        let id = self.making.rulebook.set_id(&name.value);
        if id.is_none() {
            let sets = self.making.rulebook.sets.iter().map(|set| set.name.as_str());
            let help = did_you_mean(&name.value, sets).unwrap_or_else(|| format!("add code-sets/{}.csv", name.value));
            self.note(
                Problem::error("R011", format!("there is no code set called `{}`", name.value)).at(name.span, "unknown set").help(help),
            );
        }
        id
    }
}

fn set_day(search: &mut Search, end: End, day: Day) {
    match end {
        End::First => search.from = search.from.max(day),
        End::Last => search.to = search.to.min(day),
    }
}
