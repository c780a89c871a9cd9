//! How large true differences between practices are: a logistic model in which each practice has a level of its own, drawn from a normal spread.
//! What is seen is spread by chance as well; the model takes chance out.

use super::distributions::chi_squared_beyond;
use super::quadrature::{gauss_hermite, solve};
use super::{Impossible, Interval, as_float, number, possible};

/// Nodes of the quadrature: enough that the variance no longer changes in the sixth figure.
const NODES: u32 = 25;
/// A standard deviation, in log odds, at which practices achieve all or nothing: the likelihood has no top.
const ENDLESS: f64 = 15.0;
/// The normal quantile below which nine in ten lie.
const NINE_IN_TEN: f64 = 1.281_551_565_544_600_4;
/// The normal quantile below which three in four lie.
const THREE_IN_FOUR: f64 = 0.674_489_750_196_081_7;

/// People of one practice who are alike: all of them, or those with a plan and those without.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Who achieved.
    pub achieved: u64,
    /// Who was counted.
    pub of: u64,
    /// What else is known of them, the same list of things in every cell; mostly nothing.
    pub covariates: Vec<f64>,
}

impl Cell {
    /// A cell of whom nothing else is known.
    pub fn plain(achieved: u64, of: u64) -> Self {
        Cell { achieved, of, covariates: Vec::new() }
    }
}

/// The model, fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomIntercept {
    /// The log odds at the middle practice, where all covariates are nothing.
    pub intercept: f64,
    /// How much one more of each covariate adds to the log odds.
    pub slopes: Vec<f64>,
    /// Standard errors of the intercept and then of each slope.
    pub errors: Vec<f64>,
    /// V: the variance of practices' levels, in log odds. Nothing when chance alone explains what is seen.
    pub variance: f64,
    /// How much better the model fits than one without a spread: twice the difference of log likelihoods.
    pub likelihood_ratio: f64,
    /// The chance of as good a fit when there is no spread: half that of a chi-squared variable of one degree, as V cannot be negative.
    pub p: f64,
}

impl RandomIntercept {
    /// The level below which one practice in ten truly lies, and above which one in ten lies, covariates being nothing.
    ///
    /// Worked: log odds of 1.386 in the middle (80 per cent) and V = 0.1 are 72.7 to 85.7 per cent.
    ///
    /// ```
    /// use dqoh::variation::RandomIntercept;
    /// let fit = RandomIntercept { intercept: 4.0_f64.ln(), slopes: vec![], errors: vec![0.1], variance: 0.1, likelihood_ratio: 9.0, p: 0.001 };
    /// assert!((fit.true_centiles().lower - 0.727).abs() < 5e-4 && (fit.true_centiles().upper - 0.857).abs() < 5e-4);
    /// assert!((fit.median_odds_ratio() - 1.352).abs() < 5e-4 && (fit.intraclass_correlation() - 0.0295).abs() < 5e-5);
    /// ```
    pub fn true_centiles(&self) -> Interval {
        let level = |log_odds: f64| 1.0 / (1.0 + (-log_odds).exp());
        let half = NINE_IN_TEN * self.variance.sqrt();
        Interval { lower: level(self.intercept - half), upper: level(self.intercept + half) }
    }

    /// How many times the odds are at the better of two practices taken by chance, in the middle of all such pairs: exp(√(2V)·0.6745).
    ///
    /// Source: Larsen and Merlo (2005), Am J Epidemiol 161:81. Worked: V = 0.1 is 1.352; see [`RandomIntercept::true_centiles`].
    pub fn median_odds_ratio(&self) -> f64 {
        ((2.0 * self.variance).sqrt() * THREE_IN_FOUR).exp()
    }

    /// The share of the variance of a person's hidden tendency that lies between practices: V/(V + π²/3). Not to be compared with
    /// one on the scale of proportions, such as [`intraclass_correlation`](super::intraclass_correlation).
    ///
    /// Source: Snijders and Bosker (1999). Worked: V = 0.1 is 0.0295; see [`RandomIntercept::true_centiles`].
    pub fn intraclass_correlation(&self) -> f64 {
        self.variance / (self.variance + std::f64::consts::PI.powi(2) / 3.0)
    }
}

/// Fits the model by maximum likelihood: adaptive Gauss–Hermite quadrature with 25 nodes, and Newton's steps.
/// Cells that counted nobody say nothing and are left out; one list of cells a practice.
///
/// Source: Pinheiro and Bates (1995), J Comput Graph Stat 4:12; derivatives after Louis (1982). Recommended for this use by Abel and Elliott (2019),
/// BMJ Qual Saf 28:851. Assumes levels spread normally in log odds, and people independent within a practice.
/// Errors: fewer than three practices, more achieved than counted, everybody or nobody achieved, cells with different covariates,
/// practices at which all achieved or none did and no others, covariates that cannot be told apart, or one that divides those who achieved from the others without fail.
/// Worked: 8, 15, 25 and 30 of 40 each: V = 0.80, p far below 0.001; and of 18, 20, 21 and 19 of 40 there is no spread.
///
/// ```
/// use dqoh::variation::{Cell, random_intercept};
/// let practices = |counts: [u64; 4]| counts.map(|achieved| vec![Cell::plain(achieved, 40)]);
/// let fit = random_intercept(&practices([8, 15, 25, 30])).unwrap();
/// assert!((fit.variance - 0.80).abs() < 0.005 && fit.p < 0.001);
/// assert_eq!(random_intercept(&practices([18, 20, 21, 19])).unwrap().variance, 0.0);
/// ```
pub fn random_intercept(practices: &[Vec<Cell>]) -> Result<RandomIntercept, Impossible> {
    let groups = checked(practices)?;
    let width = groups.iter().flatten().map(|row| row.known.len()).next().unwrap_or(0);
    let model = Model { groups, rule: gauss_hermite(NODES) };
    let fixed = model.climb(vec![0.0; width], Spread::None)?;
    let mut start = fixed.at.clone();
    start.push(0.3);
    let spread = model.climb(start, Spread::Fitted)?;
    let ratio = 2.0 * (spread.log_likelihood - fixed.log_likelihood);
    let deviation = spread.at.last().copied().unwrap_or(0.0);
    if deviation.abs() > ENDLESS {
        return Err(Impossible::NoAnswer);
    }
    // Where no spread fits best, the climb ends at one too small to tell.
    let none = ratio < 1e-9 || deviation.abs() < 1e-4;
    let best = if none { &fixed } else { &spread };
    let errors = errors(&best.information).ok_or(Impossible::NoAnswer)?.into_iter().take(width).collect();
    let mut slopes: Vec<f64> = best.at.iter().copied().take(width).collect();
    let intercept = slopes.remove(0);
    let (variance, ratio) = if none { (0.0, 0.0) } else { (deviation * deviation, ratio) };
    let p = if none { 1.0 } else { 0.5 * chi_squared_beyond(ratio, 1.0).ok_or(Impossible::NoAnswer)? };
    Ok(RandomIntercept { intercept, slopes, errors, variance, likelihood_ratio: ratio, p })
}

/// A cell as the model reckons with it: the leading 1 of `known` is the intercept's.
struct Row {
    achieved: f64,
    of: f64,
    known: Vec<f64>,
}

fn checked(practices: &[Vec<Cell>]) -> Result<Vec<Vec<Row>>, Impossible> {
    let width = practices.iter().flatten().map(|cell| cell.covariates.len()).next().unwrap_or(0);
    let mut groups = Vec::new();
    let (mut achieved, mut counted) = (0, 0);
    for cells in practices {
        let mut rows = Vec::new();
        for cell in cells.iter().filter(|cell| cell.of > 0 || cell.achieved > 0) {
            possible(cell.achieved, cell.of)?;
            if cell.covariates.len() != width {
                return Err(Impossible::DifferentLengths { first: width, second: cell.covariates.len() });
            }
            let mut known = vec![1.0];
            for covariate in &cell.covariates {
                known.push(number("a covariate", *covariate)?);
            }
            (achieved, counted) = (achieved + cell.achieved, counted + cell.of);
            rows.push(Row { achieved: as_float(cell.achieved), of: as_float(cell.of), known });
        }
        if !rows.is_empty() {
            groups.push(rows);
        }
    }
    if groups.len() < 3 {
        return Err(Impossible::TooFew { what: "practices", needed: 3, got: groups.len() as u64 });
    }
    if achieved == 0 || achieved == counted {
        return Err(Impossible::AllAlike);
    }
    Ok(groups)
}

#[derive(Clone, Copy, PartialEq)]
enum Spread {
    None,
    Fitted,
}

struct Model {
    groups: Vec<Vec<Row>>,
    rule: Vec<(f64, f64)>,
}

/// The likelihood at one place: its height, its slope and how it curves.
struct Place {
    at: Vec<f64>,
    log_likelihood: f64,
    slope: Vec<f64>,
    information: Vec<Vec<f64>>,
}

impl Model {
    /// Newton's way up; where the likelihood does not curve downwards it goes along the slope instead, and steps that lead down are halved.
    fn climb(&self, start: Vec<f64>, spread: Spread) -> Result<Place, Impossible> {
        let mut place = self.place(start, spread);
        for _ in 0..200 {
            let step = place.step().ok_or(Impossible::NoAnswer)?;
            let gain: f64 = step.iter().zip(&place.slope).map(|(step, slope)| step * slope).sum();
            if gain.abs() < 1e-16 * (1.0 + place.log_likelihood.abs()) {
                return Ok(place);
            }
            let mut share = 1.0;
            let next = loop {
                let next = self.place(place.at.iter().zip(&step).map(|(at, step)| at + share * step).collect(), spread);
                if next.log_likelihood > place.log_likelihood {
                    break Some(next);
                }
                share /= 2.0;
                if share < 1e-12 {
                    break None;
                }
            };
            match next {
                Some(next) => place = next,
                // No step leads further up: this is the top, but for what the quadrature leaves; a three-hundredth of a standard error at most.
                None if gain < 1e-5 => return Ok(place),
                None => return Err(Impossible::NoAnswer),
            }
        }
        Err(Impossible::NoAnswer)
    }

    fn place(&self, at: Vec<f64>, spread: Spread) -> Place {
        let size = at.len();
        let mut place = Place { at, log_likelihood: 0.0, slope: vec![0.0; size], information: vec![vec![0.0; size]; size] };
        for rows in &self.groups {
            let group = Group::new(rows, &place.at, spread);
            group.add_to(&mut place, &self.rule);
        }
        place
    }
}

impl Place {
    fn step(&self) -> Option<Vec<f64>> {
        let largest = self.information.iter().flatten().fold(1e-8_f64, |most, value| most.max(value.abs()));
        let mut ridge = 0.0;
        while ridge < 1e6 * largest {
            let with_ridge = |(row, (values, slope)): (usize, (&Vec<f64>, &f64))| {
                let on_diagonal = |(column, value): (usize, &f64)| if row == column { value + ridge } else { *value };
                values.iter().enumerate().map(on_diagonal).chain([*slope]).collect()
            };
            let rows: Vec<Vec<f64>> = self.information.iter().zip(&self.slope).enumerate().map(with_ridge).collect();
            // Rounding can make a matrix without an answer look as if it had one, of no size that means anything.
            if let Some(step) = solve(&rows).filter(|step| step.iter().all(|step| step.abs() < 1e4)) {
                return Some(step);
            }
            ridge = (ridge * 4.0).max(largest * 1e-4);
        }
        None
    }
}

/// One practice at one place of the likelihood.
struct Group<'a> {
    /// Each row with its log odds before the practice's own level.
    rows: Vec<(&'a Row, f64)>,
    deviation: f64,
    spread: Spread,
}

impl<'a> Group<'a> {
    fn new(rows: &'a [Row], at: &[f64], spread: Spread) -> Self {
        let log_odds = |row: &Row| row.known.iter().zip(at).map(|(known, slope)| known * slope).sum();
        let deviation = match spread {
            Spread::None => 0.0,
            Spread::Fitted => at.last().copied().unwrap_or(0.0),
        };
        Group { rows: rows.iter().map(|row| (row, log_odds(row))).collect(), deviation, spread }
    }

    /// The log likelihood where the practice lies so many deviations from the middle, without what does not depend on the model.
    fn log_likelihood(&self, level: f64) -> f64 {
        let each = |(row, log_odds): &(&Row, f64)| {
            let log_odds = log_odds + self.deviation * level;
            // ln(1 + e^x) without overflow.
            row.achieved * log_odds - row.of * (log_odds.max(0.0) + (-log_odds.abs()).exp().ln_1p())
        };
        self.rows.iter().map(each).sum()
    }

    /// What of the practice is still to be explained at such a level, and how much information it holds; summed over its rows.
    fn rest(&self, level: f64) -> (f64, f64) {
        self.rows.iter().fold((0.0, 0.0), |(rest, held), (row, log_odds)| {
            let p = 1.0 / (1.0 + (-(log_odds + self.deviation * level)).exp());
            (rest + row.achieved - row.of * p, held + row.of * p * (1.0 - p))
        })
    }

    /// The practice's most likely level, and how sharply it is known.
    fn mode(&self) -> (f64, f64) {
        let mut level = 0.0;
        for _ in 0..100 {
            let (rest, held) = self.rest(level);
            let step = (self.deviation * rest - level) / (self.deviation * self.deviation * held + 1.0);
            // Far out a whole step can lead back and forth.
            level += f64::clamp(step, -2.0, 2.0);
            if step.abs() < 1e-12 {
                break;
            }
        }
        let (_, held) = self.rest(level);
        (level, 1.0 / (self.deviation * self.deviation * held + 1.0).sqrt())
    }

    fn add_to(&self, place: &mut Place, rule: &[(f64, f64)]) {
        if self.spread == Spread::None {
            place.log_likelihood += self.log_likelihood(0.0);
            return self.derivatives(&[(0.0, 1.0)], place);
        }
        let (mode, width) = self.mode();
        let points = rule.iter().map(|(t, weight)| {
            let level = mode + std::f64::consts::SQRT_2 * width * t;
            (level, weight.ln() + t * t + self.log_likelihood(level) - level * level / 2.0)
        });
        let points: Vec<(f64, f64)> = points.collect();
        let most = points.iter().fold(f64::NEG_INFINITY, |most, (_, height)| most.max(*height));
        let sum: f64 = points.iter().map(|(_, height)| (height - most).exp()).sum();
        place.log_likelihood += most + sum.ln() + width.ln() - std::f64::consts::PI.ln() / 2.0;
        let shares: Vec<(f64, f64)> = points.iter().map(|(level, height)| (*level, (height - most).exp() / sum)).collect();
        self.derivatives(&shares, place);
    }

    /// Adds the slope, and the information: what is held at each level less how much the slope differs between levels.
    fn derivatives(&self, shares: &[(f64, f64)], place: &mut Place) {
        let size = place.at.len();
        let mut mean = vec![0.0; size];
        for (level, share) in shares {
            let mut slope = vec![0.0; size];
            for (row, log_odds) in &self.rows {
                let p = 1.0 / (1.0 + (-(log_odds + self.deviation * level)).exp());
                let own: Vec<f64> = match self.spread {
                    Spread::None => row.known.clone(),
                    Spread::Fitted => row.known.iter().copied().chain([*level]).collect(),
                };
                add(&mut slope, &own, row.achieved - row.of * p);
                add_products(&mut place.information, &own, share * row.of * p * (1.0 - p));
            }
            add(&mut mean, &slope, *share);
            add_products(&mut place.information, &slope, -share);
        }
        add(&mut place.slope, &mean, 1.0);
        add_products(&mut place.information, &mean, 1.0);
    }
}

fn add(to: &mut [f64], values: &[f64], factor: f64) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += factor * value;
    }
}

fn add_products(to: &mut [Vec<f64>], values: &[f64], factor: f64) {
    for (row, value) in to.iter_mut().zip(values) {
        add(row, values, factor * value);
    }
}

/// Roots of the diagonal of the inverse.
fn errors(information: &[Vec<f64>]) -> Option<Vec<f64>> {
    let size = information.len();
    let one = |place: usize| {
        let unit = |(row, values): (usize, &Vec<f64>)| values.iter().copied().chain([f64::from(u8::from(row == place))]).collect();
        let rows: Vec<Vec<f64>> = information.iter().enumerate().map(unit).collect();
        solve(&rows)?.get(place).map(|variance| variance.sqrt())
    };
    (0..size).map(one).collect()
}
