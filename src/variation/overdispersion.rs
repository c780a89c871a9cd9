//! Practices that differ more than chance allows, nearly all of them: how much more, and limits that take it into account.
//! Done as Spiegelhalter describes it. Known programs differ from that in places: limits found on the square-root scale and never squared,
//! limits with another standard error than the z-scores, an arcsine that turns back at small denominators. None of that is here.

use super::funnel::chance;
use super::{Flag, Impossible, Interval, Level, as_float, number, quantile};

/// On which scale practices are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// The arcsine of the root of a proportion; its error depends on the denominator alone.
    Arcsine,
    /// The root of observed over expected events; its error depends on the expectation alone.
    SquareRoot,
    /// The logarithm of observed over expected events. Nothing observed has no logarithm.
    Log,
    /// The logarithm of one count over another, a half added to each: two kinds of event, neither of them expected.
    LogOfCounts,
}

/// One practice on a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Its value.
    pub value: f64,
    /// Its standard error when only chance is at work.
    pub error: f64,
}

/// What happens to the practices furthest out before the spread is measured, so that outliers do not excuse themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trim {
    /// Their z-scores are moved in to the quantiles that leave such a share on each side.
    Winsorise(f64),
    /// They are left out: such a share on each side, by rank, as the national mortality indicator does.
    Truncate(f64),
}

impl Trim {
    /// A tenth on each side, moved in: Spiegelhalter's proposal.
    pub const USUAL: Trim = Trim::Winsorise(0.1);
}

/// How much more than chance practices differ, on a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Overdispersion {
    /// The scale.
    pub scale: Scale,
    /// The centre, on the scale.
    pub centre: f64,
    /// How many standard errors from the centre, before trimming, in the order of the practices.
    pub z: Vec<f64>,
    /// Practices used.
    pub used: usize,
    /// φ: the mean square of z after trimming. About 1 when only chance is at work.
    pub phi: f64,
    /// τ²: the variance between practices, on the scale, that chance does not explain.
    pub tau_squared: f64,
}

/// Limits of one practice, without and with the spread between practices, on the scale of rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Both {
    /// Limits when practices differ by chance alone.
    pub plain: Interval,
    /// Limits that allow for the spread; none when φ is 1 or less.
    pub widened: Option<Interval>,
}

impl Scale {
    /// A practice on the scale: events or achievements, of people or expected events.
    ///
    /// Source: Spiegelhalter (2005), Statistics in Medicine 24:1185, tables I and II. Errors: nothing to divide by; more achieved than counted, for a
    /// proportion; no events where a logarithm is taken.
    /// Worked: 150 where 112 were expected is 0.2921 on the logarithmic scale, with the error 0.0945.
    ///
    /// ```
    /// use dqoh::variation::Scale;
    /// let point = Scale::Log.point(150, 112.0).unwrap();
    /// assert!((point.value - 0.2921).abs() < 5e-5 && (point.error - 0.0945).abs() < 5e-5);
    /// ```
    pub fn point(self, counted: u64, of: f64) -> Result<Point, Impossible> {
        if number("the denominator", of)? <= 0.0 {
            return Err(Impossible::NothingCounted);
        }
        let x = as_float(counted);
        Ok(match self {
            Scale::Arcsine if x > of => return Err(Impossible::Outside { what: "the number who achieved", from: 0.0, to: of }),
            Scale::Log if counted == 0 => return Err(Impossible::TooFew { what: "events", needed: 1, got: 0 }),
            Scale::Arcsine => Point { value: (x / of).sqrt().asin(), error: 0.5 / of.sqrt() },
            Scale::SquareRoot => Point { value: (x / of).sqrt(), error: 0.5 / of.sqrt() },
            Scale::Log => Point { value: (x / of).ln(), error: 1.0 / of.sqrt() },
            Scale::LogOfCounts => {
                let (above, below) = (x + 0.5, of + 0.5);
                Point { value: (above / below).ln(), error: (x / (above * above) + of / (below * below)).sqrt() }
            }
        })
    }

    /// The rate of all together, on the scale.
    fn of_rate(self, rate: f64) -> Result<f64, Impossible> {
        Ok(match self {
            Scale::Arcsine => chance("the centre of the funnel", rate)?.sqrt().asin(),
            Scale::SquareRoot | Scale::Log | Scale::LogOfCounts if number("the centre of the funnel", rate)? <= 0.0 => {
                return Err(Impossible::NothingCounted);
            }
            Scale::SquareRoot => rate.sqrt(),
            Scale::Log | Scale::LogOfCounts => rate.ln(),
        })
    }

    /// A value of the scale as a rate. An angle or a root beyond its end is the end: it must not turn back.
    fn back(self, value: f64) -> f64 {
        match self {
            Scale::Arcsine => value.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2),
            Scale::SquareRoot => value.max(0.0).powi(2),
            Scale::Log | Scale::LogOfCounts => value.exp(),
        }
    }
}

/// How much more than chance practices differ around a rate: that of all together, or 1 for observed over expected.
///
/// Source: Spiegelhalter (2005), Statistics in Medicine 24:1185 and Qual Saf Health Care 14:347; τ² after DerSimonian and Laird (1986).
/// Assumes that the spread is the same for all, large and small. With few practices τ² is itself uncertain: ten are little.
/// Errors: fewer than three practices, or nothing left after trimming; a rate without a place on the scale; an error that is not above 0.
/// Worked: 100, 150, 180, 80, 120, 225 observed where 108, 112, 165, 95, 100, 220 were expected: φ = 2.948 and τ² = 0.01948 on the logarithmic scale.
///
/// ```
/// use dqoh::variation::{Scale, Trim, overdispersion};
/// let seen = [(100, 108.0), (150, 112.0), (180, 165.0), (80, 95.0), (120, 100.0), (225, 220.0)];
/// let points: Vec<_> = seen.iter().map(|(x, of)| Scale::Log.point(*x, *of).unwrap()).collect();
/// let found = overdispersion(Scale::Log, 1.0, &points, Trim::Truncate(0.1)).unwrap();
/// assert!((found.phi - 2.948).abs() < 5e-4 && (found.tau_squared - 0.01948).abs() < 5e-6);
/// ```
pub fn overdispersion(scale: Scale, rate: f64, points: &[Point], trim: Trim) -> Result<Overdispersion, Impossible> {
    let centre = scale.of_rate(rate)?;
    let too_few = |got: usize| Impossible::TooFew { what: "practices", needed: 3, got: got as u64 };
    if points.len() < 3 {
        return Err(too_few(points.len()));
    }
    let mut z = Vec::with_capacity(points.len());
    for point in points {
        if number("a standard error", point.error)? <= 0.0 {
            return Err(Impossible::Outside { what: "a standard error", from: 0.0, to: f64::INFINITY });
        }
        z.push(number("a z-score", (point.value - centre) / point.error)?);
    }
    let kept = trimmed(&z, points, trim)?;
    let used = kept.len();
    if used < 3 {
        return Err(too_few(used));
    }
    let count = used as f64;
    let sum: f64 = kept.iter().map(|(z, _)| z * z).sum();
    let (weights, squares) = kept.iter().fold((0.0, 0.0), |(sum, squares), (_, error)| (sum + error.powi(-2), squares + error.powi(-4)));
    let tau_squared = ((sum - (count - 1.0)) / (weights - squares / weights)).max(0.0);
    Ok(Overdispersion { scale, centre, z, used, phi: sum / count, tau_squared })
}

impl Overdispersion {
    /// The limits of a practice with such an error, as rates, without and with the spread.
    ///
    /// Errors: an error that is not above 0. Worked: with the six of [`overdispersion`], where 108 were expected: 0.828 to 1.208 by chance, 0.717 to
    /// 1.394 with the spread.
    ///
    /// ```
    /// use dqoh::variation::{Level, Scale, Trim, overdispersion};
    /// let seen = [(100, 108.0), (150, 112.0), (180, 165.0), (80, 95.0), (120, 100.0), (225, 220.0)];
    /// let points: Vec<_> = seen.iter().map(|(x, of)| Scale::Log.point(*x, *of).unwrap()).collect();
    /// let found = overdispersion(Scale::Log, 1.0, &points, Trim::Truncate(0.1)).unwrap();
    /// let limits = found.limits(points[0].error, Level::Percent95).unwrap();
    /// assert!((limits.plain.upper - 1.208).abs() < 5e-4 && (limits.widened.unwrap().upper - 1.394).abs() < 5e-4);
    /// ```
    pub fn limits(&self, error: f64, level: Level) -> Result<Both, Impossible> {
        if number("a standard error", error)? <= 0.0 {
            return Err(Impossible::Outside { what: "a standard error", from: 0.0, to: f64::INFINITY });
        }
        let around = |half: f64| Interval { lower: self.scale.back(self.centre - half), upper: self.scale.back(self.centre + half) };
        let plain = around(level.z() * error);
        let widened = (self.phi > 1.0).then(|| around(level.z() * error.hypot(self.tau_squared.sqrt())));
        Ok(Both { plain, widened })
    }

    /// Whether a practice stands out even so: its flag by the wider limits, or by those of chance where φ is 1 or less. On the limit is not outside.
    ///
    /// Errors: those of [`Overdispersion::limits`], or a value that is no number.
    /// Worked: of the six of [`overdispersion`], 150 where 112 were expected lies 3.09 standard errors out by chance, 1.73 with the spread: no different.
    ///
    /// ```
    /// use dqoh::variation::{Flag, Scale, Trim, overdispersion};
    /// let seen = [(100, 108.0), (150, 112.0), (180, 165.0), (80, 95.0), (120, 100.0), (225, 220.0)];
    /// let points: Vec<_> = seen.iter().map(|(x, of)| Scale::Log.point(*x, *of).unwrap()).collect();
    /// let found = overdispersion(Scale::Log, 1.0, &points, Trim::Truncate(0.1)).unwrap();
    /// assert!((found.z[1] - 3.09).abs() < 0.005);
    /// assert_eq!(found.flag(points[1]), Ok(Flag::NoDifferent));
    /// ```
    pub fn flag(&self, point: Point) -> Result<Flag, Impossible> {
        if number("a standard error", point.error)? <= 0.0 {
            return Err(Impossible::Outside { what: "a standard error", from: 0.0, to: f64::INFINITY });
        }
        let error = if self.phi > 1.0 { point.error.hypot(self.tau_squared.sqrt()) } else { point.error };
        let z = number("a z-score", (point.value - self.centre) / error)?;
        Ok(match z {
            low if low < -Level::Percent998.z() => Flag::Lower998,
            low if low < -Level::Percent95.z() => Flag::Lower95,
            high if high > Level::Percent998.z() => Flag::Higher998,
            high if high > Level::Percent95.z() => Flag::Higher95,
            _ => Flag::NoDifferent,
        })
    }
}

/// Z-scores after trimming, with their standard errors.
fn trimmed(z: &[f64], points: &[Point], trim: Trim) -> Result<Vec<(f64, f64)>, Impossible> {
    let pairs = z.iter().copied().zip(points.iter().map(|point| point.error));
    let (Trim::Winsorise(share) | Trim::Truncate(share)) = trim;
    if !(0.0..0.5).contains(&number("the share to trim", share)?) {
        return Err(Impossible::Outside { what: "the share to trim", from: 0.0, to: 0.5 });
    }
    match trim {
        Trim::Winsorise(_) => {
            let (least, most) = (quantile(z, share)?, quantile(z, 1.0 - share)?);
            Ok(pairs.map(|(z, error)| (z.max(least).min(most), error)).collect())
        }
        Trim::Truncate(_) => {
            let mut ranked: Vec<(f64, f64)> = pairs.collect();
            ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let (count, each) = (ranked.len() as f64, share);
            // In groups of so many by rank, the first and the last are left out.
            let group = |rank: usize| ((rank as f64 + 1.0) / (count + 1.0) / each).floor();
            let inside = |rank: usize| each == 0.0 || (group(rank) >= 1.0 && group(rank) <= 1.0 / each - 2.0 + 1e-9);
            Ok(ranked.into_iter().enumerate().filter(|(rank, _)| inside(*rank)).map(|(_, pair)| pair).collect())
        }
    }
}
