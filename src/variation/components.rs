//! Where differences lie: between localities, between practices of one locality, or between people. In closed form, on the scale of proportions.

use super::{Impossible, as_float, possible};

/// Shares of the variance between practices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Components {
    /// The variance between localities, chance and practices removed; nothing at least.
    pub localities: f64,
    /// The variance between practices of one locality, chance removed; nothing at least.
    pub practices: f64,
    /// The variance between people of one practice.
    pub people: f64,
    /// The share of localities in the first two together; nothing known where neither is above nothing.
    pub locality_share: Option<f64>,
}

/// The share of the variance of a person's result, achieved or not, that lies between practices: ICC by analysis of variance.
/// Less than nothing is possible, and means that practices are more alike than chance makes them.
///
/// Source: Ridout, Demétrio and Firth (1999), Biometrics 55:137. Depends on how common the result is: not to be compared between indicators.
/// Errors: fewer than two practices that counted somebody, nobody beside another one anywhere, more achieved than counted, no differences at all.
/// Worked: 2 of 4 and 4 of 4: mean squares 0.5 between and 1/6 within, so (1/2 − 1/6)/(1/2 + 3 × 1/6) = 1/3.
///
/// ```
/// assert!((dqoh::variation::intraclass_correlation(&[(2, 4), (4, 4)]).unwrap() - 1.0 / 3.0).abs() < 1e-12);
/// ```
pub fn intraclass_correlation(practices: &[(u64, u64)]) -> Result<f64, Impossible> {
    let all = Sums::of(practices)?;
    let too_few = |what, needed, got: f64| Impossible::TooFew { what, needed, got: got as u64 };
    if all.groups < 2.0 {
        return Err(too_few("practices", 2, all.groups));
    }
    if all.people <= all.groups {
        return Err(too_few("people in a practice", 2, 1.0));
    }
    let between = all.between / (all.groups - 1.0);
    let within = all.within / (all.people - all.groups);
    let typical = (all.people - all.squares / all.people) / (all.groups - 1.0);
    let whole = between + (typical - 1.0) * within;
    if whole <= 0.0 { Err(Impossible::AllAlike) } else { Ok((between - within) / whole) }
}

/// How much of the differences between practices lies between their localities: one list of practices a locality.
///
/// Source: Searle (1971), Linear Models, section 11.4: nested analysis of variance for groups of unequal sizes, its expected mean squares solved in turn.
/// With five localities the share is uncertain: half as much or twice as much is possible.
/// Errors: fewer than two localities, no locality with two practices, nobody beside another one anywhere, more achieved than counted.
/// Worked: 10 and 12 of 20 in one locality, 16 and 18 of 20 in the other: of the variance between practices, the locality has all.
///
/// ```
/// let found = dqoh::variation::components(&[vec![(10, 20), (12, 20)], vec![(16, 20), (18, 20)]]).unwrap();
/// assert_eq!(found.locality_share, Some(1.0));
/// assert!((found.people - 14.8 / 76.0).abs() < 1e-12);
/// ```
pub fn components(localities: &[Vec<(u64, u64)>]) -> Result<Components, Impossible> {
    let mut inner = Vec::new();
    for practices in localities.iter().filter(|practices| practices.iter().any(|(x, of)| *of > 0 || *x > 0)) {
        inner.push(Sums::of(practices)?);
    }
    let whole = Sums::of(&inner.iter().map(|sums| (sums.achieved, sums.counted)).collect::<Vec<_>>())?;
    let sum = |of: fn(&Sums) -> f64| inner.iter().map(of).sum::<f64>();
    let (groups, people) = (inner.len() as f64, whole.people);
    let practices = sum(|sums| sums.groups);
    let too_few = |what, needed, got: f64| Impossible::TooFew { what, needed, got: got as u64 };
    if groups < 2.0 {
        return Err(too_few("localities", 2, groups));
    }
    if practices <= groups {
        return Err(too_few("practices in a locality", 2, 1.0));
    }
    if people <= practices {
        return Err(too_few("people in a practice", 2, 1.0));
    }
    let of_people = sum(|sums| sums.within) / (people - practices);
    let of_practices = sum(|sums| sums.between) / (practices - groups);
    let of_localities = whole.between / (groups - 1.0);
    let own_shares = sum(|sums| sums.squares / sums.people);
    // How often each variance is in a mean square.
    let practices_in_practices = (people - own_shares) / (practices - groups);
    let practices_in_localities = (own_shares - sum(|sums| sums.squares) / people) / (groups - 1.0);
    let localities_in_localities = (people - whole.squares / people) / (groups - 1.0);
    let practice = ((of_practices - of_people) / practices_in_practices).max(0.0);
    let locality = ((of_localities - of_people - practices_in_localities * practice) / localities_in_localities).max(0.0);
    let both = locality + practice;
    Ok(Components { localities: locality, practices: practice, people: of_people, locality_share: (both > 0.0).then(|| locality / both) })
}

/// Sums of squares of groups of people who achieved or did not.
struct Sums {
    achieved: u64,
    counted: u64,
    people: f64,
    groups: f64,
    /// Σn².
    squares: f64,
    between: f64,
    within: f64,
}

impl Sums {
    /// Of groups that counted somebody.
    fn of(groups: &[(u64, u64)]) -> Result<Sums, Impossible> {
        let mut sums = Sums { achieved: 0, counted: 0, people: 0.0, groups: 0.0, squares: 0.0, between: 0.0, within: 0.0 };
        let mut rates = Vec::new();
        for (achieved, of) in groups.iter().filter(|(x, of)| *of > 0 || *x > 0) {
            possible(*achieved, *of)?;
            let (x, n) = (as_float(*achieved), as_float(*of));
            sums.achieved += achieved;
            sums.counted += of;
            sums.groups += 1.0;
            sums.squares += n * n;
            sums.within += x * (n - x) / n;
            rates.push((n, x / n));
        }
        if sums.counted == 0 {
            return Err(Impossible::NothingCounted);
        }
        sums.people = as_float(sums.counted);
        let rate = as_float(sums.achieved) / sums.people;
        sums.between = rates.iter().map(|(n, own)| n * (own - rate).powi(2)).sum();
        Ok(sums)
    }
}
