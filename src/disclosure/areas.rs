//! The usual table: how many achieved of how many, in every practice, every locality and all together.

use super::{Cell, DoesNotAddUp, Table};
use std::collections::BTreeMap;

/// What is counted in a practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PracticeCounts {
    /// Its locality, by any number; a practice without one is in the whole only.
    pub locality: Option<usize>,
    /// People who achieved.
    pub achieved: u64,
    /// People who were counted.
    pub of: u64,
}

/// The cells of one area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaCells {
    /// People who achieved.
    pub achieved: Cell,
    /// People who were counted, achieved or not.
    pub of: Cell,
    /// People who did not achieve; never printed.
    pub not_achieved: Cell,
}

/// The cells of all areas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Areas {
    /// In the order of the practices.
    pub practices: Vec<AreaCells>,
    /// By the numbers of the localities.
    pub localities: BTreeMap<usize, AreaCells>,
    /// All practices together.
    pub whole: AreaCells,
}

/// Puts the counts of practices, of their localities and of all together into a table, with everything that adds up among them.
/// Errors: more achieved than were counted.
pub fn areas(table: &mut Table, practices: &[PracticeCounts]) -> Result<Areas, DoesNotAddUp> {
    let cells: Vec<AreaCells> = practices.iter().map(|one| area(table, one.achieved, one.of)).collect::<Result<_, _>>()?;
    let mut within: BTreeMap<usize, Vec<AreaCells>> = BTreeMap::new();
    let mut outside = Vec::new();
    for (one, cells) in practices.iter().zip(&cells) {
        match one.locality {
            Some(locality) => within.entry(locality).or_default().push(*cells),
            None => outside.push(*cells),
        }
    }
    let mut localities = BTreeMap::new();
    for (locality, parts) in within {
        localities.insert(locality, together(table, &parts)?);
    }
    outside.extend(localities.values());
    let whole = together(table, &outside)?;
    Ok(Areas { practices: cells, localities, whole })
}

fn area(table: &mut Table, achieved: u64, of: u64) -> Result<AreaCells, DoesNotAddUp> {
    let (achieved, of) = (table.count(achieved), table.count(of));
    let not_achieved = table.rest(of, &[achieved])?;
    Ok(AreaCells { achieved, of, not_achieved })
}

fn together(table: &mut Table, parts: &[AreaCells]) -> Result<AreaCells, DoesNotAddUp> {
    let sum = |of: fn(&AreaCells) -> Cell| -> (u64, Vec<Cell>) {
        let cells: Vec<Cell> = parts.iter().map(of).collect();
        (table.sum_of(&cells).unwrap_or(u64::MAX), cells)
    };
    let (achieved, all_achieved) = sum(|part| part.achieved);
    let (of, all_of) = sum(|part| part.of);
    let (_, all_not_achieved) = sum(|part| part.not_achieved);
    let cells = area(table, achieved, of)?;
    table.adds_up(cells.achieved, &all_achieved)?;
    table.adds_up(cells.of, &all_of)?;
    table.adds_up(cells.not_achieved, &all_not_achieved)?;
    Ok(cells)
}
