//! Probabilities of counts, and where a function crosses nothing: what several methods need.
//! Binomial and Poisson are our own: statrs is exact to 3e-11 only, and flags are strict comparisons.
//! Single probabilities by Loader's saddle point (2000, *Fast and accurate computation of binomial probabilities*), tails by summing
//! outwards from the count, so that the smaller tail is never a difference of large numbers.

use super::as_float;
use statrs::function::gamma::checked_gamma_ur;

/// P(X = x) for x of n, each with chance p.
pub(super) fn binomial(x: u64, n: u64, p: f64) -> f64 {
    if x > n {
        return 0.0;
    }
    let (count, of, rest) = (as_float(x), as_float(n), as_float(n - x));
    if x == 0 {
        return (of * (-p).ln_1p()).exp();
    }
    if x == n {
        return p.powf(of);
    }
    let inner = stirling(of) - stirling(count) - stirling(rest) - deviance(count, of * p) - deviance(rest, of * (1.0 - p));
    inner.exp() * (of / (std::f64::consts::TAU * count * rest)).sqrt()
}

/// P(X ≤ x) for x of n.
pub(super) fn binomial_at_most(x: u64, n: u64, p: f64) -> f64 {
    if x >= n {
        return 1.0;
    }
    if as_float(x) >= as_float(n) * p {
        return 1.0 - binomial_at_least(x + 1, n, p);
    }
    outwards(binomial(x, n, p), (1..=x).rev().map(|k| as_float(k) * (1.0 - p) / (as_float(n - k + 1) * p)))
}

/// P(X ≥ x) for x of n.
pub(super) fn binomial_at_least(x: u64, n: u64, p: f64) -> f64 {
    if x == 0 {
        return 1.0;
    }
    if x > n {
        return 0.0;
    }
    if as_float(x) <= as_float(n) * p {
        return 1.0 - binomial_at_most(x - 1, n, p);
    }
    outwards(binomial(x, n, p), (x..n).map(|k| as_float(n - k) * p / (as_float(k + 1) * (1.0 - p))))
}

/// P(X = x) where so many are expected.
pub(super) fn poisson(x: u64, expected: f64) -> f64 {
    if x == 0 {
        return (-expected).exp();
    }
    let count = as_float(x);
    (-stirling(count) - deviance(count, expected)).exp() / (std::f64::consts::TAU * count).sqrt()
}

/// P(X ≤ x) where so many are expected.
pub(super) fn poisson_at_most(x: u64, expected: f64) -> f64 {
    if as_float(x) >= expected {
        return 1.0 - poisson_at_least(x + 1, expected);
    }
    outwards(poisson(x, expected), (1..=x).rev().map(|k| as_float(k) / expected))
}

/// P(X ≥ x) where so many are expected.
pub(super) fn poisson_at_least(x: u64, expected: f64) -> f64 {
    if x == 0 {
        return 1.0;
    }
    if as_float(x) <= expected {
        return 1.0 - poisson_at_most(x - 1, expected);
    }
    outwards(poisson(x, expected), (x + 1..).map(|k| expected / as_float(k)))
}

/// P(X² > x) of a chi-squared variable; nothing for what is not a number. statrs is exact to 2e-13 here.
pub(super) fn chi_squared_beyond(x: f64, degrees: f64) -> Option<f64> {
    if x <= 0.0 {
        return Some(1.0);
    }
    checked_gamma_ur(degrees / 2.0, x / 2.0).ok().filter(|chance| chance.is_finite())
}

/// Where an increasing function is nothing, between two ends: halved until no number lies between.
pub(super) fn root(from: f64, to: f64, increasing: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (from, to);
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if increasing(middle) < 0.0 { low = middle } else { high = middle }
    }
    low + (high - low) / 2.0
}

/// A sum that starts with one probability and goes on by ratios, until they no longer add anything.
fn outwards(first: f64, ratios: impl Iterator<Item = f64>) -> f64 {
    let (mut term, mut sum) = (first, first);
    for ratio in ratios {
        term *= ratio;
        sum += term;
        if term <= sum * 1e-17 || !sum.is_finite() {
            break;
        }
    }
    sum.min(1.0)
}

/// ln n! less Stirling's formula for it. Small factorials are exact as numbers; for larger ones the series is exact to 1e-16.
fn stirling(n: f64) -> f64 {
    if n <= 15.0 {
        let (mut factorial, mut k) = (1.0, 2.0);
        while k <= n {
            factorial *= k;
            k += 1.0;
        }
        return f64::ln(factorial) - (n + 0.5) * n.ln() + n - 0.5 * std::f64::consts::TAU.ln();
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square) / square) / square) / n
}

/// x ln(x/m) + m − x, without loss where x is near m.
fn deviance(x: f64, mean: f64) -> f64 {
    if (x - mean).abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let v = (x - mean) / (x + mean);
    let (mut sum, mut power, mut odd) = ((x - mean) * v, 2.0 * x * v, 1.0);
    for _ in 0..1000 {
        power *= v * v;
        odd += 2.0;
        let next = sum + power / odd;
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers by hand: 2^10 = 1024.
    #[test]
    fn coins() {
        for (x, ways) in [(0, 1.0), (3, 120.0), (5, 252.0), (10, 1.0)] {
            assert!((binomial(x, 10, 0.5) - ways / 1024.0).abs() < 1e-15, "{x}");
        }
        assert!((binomial_at_most(3, 10, 0.5) - 176.0 / 1024.0).abs() < 1e-15);
        assert!((binomial_at_least(3, 10, 0.5) - 968.0 / 1024.0).abs() < 1e-15);
        assert_eq!((binomial_at_most(10, 10, 0.5), binomial_at_least(11, 10, 0.5), binomial(11, 10, 0.5)), (1.0, 0.0, 0.0));
    }

    /// The tails of a count meet: what is at most x and what is at least x + 1 make one, near the middle and far out.
    #[test]
    fn tails_meet() {
        for n in [1_u64, 20, 400, 30_000] {
            for p in [0.001, 0.2, 0.5, 0.95] {
                for x in [0, n / 5, n / 2, n - 1] {
                    let both = binomial_at_most(x, n, p) + binomial_at_least(x + 1, n, p);
                    assert!((both - 1.0).abs() < 1e-12, "{x} of {n} at {p}: {both}");
                }
            }
        }
        for expected in [0.1, 9.0, 5000.0] {
            for x in [0, 8, 4900, 5100] {
                let both = poisson_at_most(x, expected) + poisson_at_least(x + 1, expected);
                assert!((both - 1.0).abs() < 1e-12, "{x} for {expected}: {both}");
            }
        }
    }

    /// All single probabilities together are one, on both sides of the place where Stirling's series begins.
    #[test]
    fn everything_adds_up() {
        for (n, p) in [(15, 0.3), (16, 0.3), (300, 0.9)] {
            let all: f64 = (0..=n).map(|x| binomial(x, n, p)).sum();
            assert!((all - 1.0).abs() < 1e-14, "{n}: {all}");
        }
        let all: f64 = (0..200).map(|x| poisson(x, 40.0)).sum();
        assert!((all - 1.0).abs() < 1e-14, "{all}");
    }

    /// A chi-squared variable of two degrees is exponential.
    #[test]
    fn chi_squared() {
        assert!((chi_squared_beyond(3.0, 2.0).unwrap() - (-1.5_f64).exp()).abs() < 1e-14);
        assert_eq!(chi_squared_beyond(0.0, 3.0), Some(1.0));
        assert_eq!(chi_squared_beyond(f64::NAN, 3.0), None);
    }
}
