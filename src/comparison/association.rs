//! Whether practices where more people took something up reach an outcome more often, and whether people do within a practice.

use super::{Asked, Pair};
use crate::cells::FinerRead;
use crate::variation::{
    AcrossPractices, Impossible, Level, PlanAndOutcome, RankCorrelation, UptakeAndOutcome, WithinAndBetween, across_practices,
    rank_correlation, within_and_between,
};

/// One association: of people who are in the denominators of both indicators.
#[derive(Clone, Debug)]
pub struct Associated {
    /// Its id.
    pub id: String,
    /// What rules call it; empty where they are not known.
    pub title: String,
    /// The indicator of the uptake.
    pub uptake: String,
    /// The indicator of the outcome.
    pub outcome: String,
    /// Practices with anybody in both denominators.
    pub practices: usize,
    /// Of those who took it up: who achieved the outcome, of how many.
    pub with: Pair,
    /// Of those who did not.
    pub without: Pair,
    /// Across practices, by their ranks.
    pub ranks: Result<RankCorrelation, Impossible>,
    /// Across practices, with uptake in a model.
    pub across: Result<AcrossPractices, Impossible>,
    /// Within practices and between them.
    pub apart: Result<WithinAndBetween, Impossible>,
}

/// All of them, by id; where a measure is asked for, those that it is in.
pub(super) fn associated(read: &FinerRead, asked: &Asked<'_>) -> Vec<Associated> {
    let wanted = |names: &crate::cells::AssociationName| asked.measure.is_none_or(|one| names.uptake == one || names.outcome == one);
    let all = (0_u16..).zip(&read.associations).filter(|(_, names)| wanted(names));
    all.map(|(number, names)| {
        let pairs = read.finer.pairs().filter(|(_, association, _)| *association == number);
        let practices: Vec<PlanAndOutcome> = pairs
            .map(|(_, _, pair)| {
                let of = |[achieved, not_achieved]: [u64; 2]| (achieved, achieved + not_achieved);
                PlanAndOutcome { with: of(pair.with), without: of(pair.without) }
            })
            .collect();
        let title = asked.about.get(&names.id).map(|about| about.title.clone()).unwrap_or_default();
        let both = practices.iter().map(both).collect::<Vec<UptakeAndOutcome>>();
        let share = |(part, whole): Pair| part as f64 / whole.max(1) as f64;
        let shares = |of: fn(&UptakeAndOutcome) -> Pair| both.iter().map(|one| share(of(one))).collect::<Vec<f64>>();
        Associated {
            id: names.id.clone(),
            title,
            uptake: names.uptake.clone(),
            outcome: names.outcome.clone(),
            practices: practices.len(),
            with: super::finer::sum(practices.iter().map(|one| &one.with)),
            without: super::finer::sum(practices.iter().map(|one| &one.without)),
            ranks: rank_correlation(&shares(|one| one.uptake), &shares(|one| one.outcome), Level::Percent95),
            across: across_practices(&both, Level::Percent95),
            apart: within_and_between(&practices, Level::Percent95),
        }
    })
    .collect()
}

/// All people of a practice, by uptake alone and by outcome alone.
fn both(one: &PlanAndOutcome) -> UptakeAndOutcome {
    let all = one.with.1 + one.without.1;
    UptakeAndOutcome { uptake: (one.with.1, all), outcome: (one.with.0 + one.without.0, all) }
}
