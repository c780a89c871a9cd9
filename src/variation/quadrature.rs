//! Sums in the place of integrals over a normal spread, and small systems of equations: what fitting a model needs.

use super::distributions::root;

/// Nodes and weights of Gauss–Hermite quadrature, for ∫ exp(−t²) f(t) dt, in rising order.
/// Roots of the Hermite polynomial, found between changes of its sign; weights from all polynomials below it (Golub and Welsch 1969).
pub(super) fn gauss_hermite(nodes: u32) -> Vec<(f64, f64)> {
    let last = |t: f64| hermite(nodes, t).0;
    let end = (2.0 * f64::from(nodes) + 1.0).sqrt();
    // The roots of up to 50 nodes are more than a fifth apart.
    let steps = (end / 0.05).ceil();
    let mut positive = Vec::new();
    let mut step = 0.0;
    while step < steps {
        // Half a step off, so that no root lies on an edge.
        let (from, to) = ((step + 0.5) * end / steps, (step + 1.5) * end / steps);
        if last(from) * last(to) < 0.0 {
            let sign = last(to).signum();
            let t = root(from, to, |t| sign * last(t));
            positive.push((t, 1.0 / hermite(nodes, t).1));
        }
        step += 1.0;
    }
    let mut all: Vec<(f64, f64)> = positive.iter().rev().map(|(t, weight)| (-t, *weight)).collect();
    if nodes % 2 == 1 {
        all.push((0.0, 1.0 / hermite(nodes, 0.0).1));
    }
    all.extend(positive);
    all
}

/// The orthonormal polynomial of that degree, and the sum of squares of all below it.
fn hermite(degree: u32, t: f64) -> (f64, f64) {
    let (mut before, mut now, mut squares) = (0.0, std::f64::consts::PI.powf(-0.25), 0.0);
    for degree in 0..degree {
        squares += now * now;
        let next = f64::from(degree + 1);
        (before, now) = (now, t * (2.0 / next).sqrt() * now - (f64::from(degree) / next).sqrt() * before);
    }
    (now, squares)
}

/// Solves equations whose matrix is symmetric and positive: each row with its right-hand side at its end. Nothing where it is not positive.
pub(super) fn solve(rows: &[Vec<f64>]) -> Option<Vec<f64>> {
    let Some((first, rest)) = rows.split_first() else { return Some(Vec::new()) };
    let (pivot, first) = first.split_first()?;
    if pivot.is_nan() || *pivot <= 0.0 {
        return None;
    }
    let without = |row: &Vec<f64>| {
        let (leading, row) = row.split_first()?;
        let factor = leading / pivot;
        Some(row.iter().zip(first).map(|(a, b)| a - factor * b).collect())
    };
    let reduced: Vec<Vec<f64>> = rest.iter().map(without).collect::<Option<_>>()?;
    let mut found = solve(&reduced)?;
    let known: f64 = first.iter().zip(&found).map(|(a, x)| a * x).sum();
    found.insert(0, (first.last()? - known) / pivot);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moments of the normal distribution come out exactly: of 1, t², t⁴ and of an odd power.
    #[test]
    fn moments() {
        for nodes in [1, 2, 7, 25, 50] {
            let rule = gauss_hermite(nodes);
            assert_eq!(rule.len(), nodes as usize);
            let integral = |f: fn(f64) -> f64| rule.iter().map(|(t, weight)| weight * f(*t)).sum::<f64>() / std::f64::consts::PI.sqrt();
            assert!((integral(|_| 1.0) - 1.0).abs() < 1e-13, "{nodes}");
            assert!(integral(|t| t).abs() < 1e-13);
            assert!(nodes < 2 || (integral(|t| t * t) - 0.5).abs() < 1e-13);
            assert!(nodes < 3 || (integral(|t| t.powi(4)) - 0.75).abs() < 1e-12);
        }
    }

    #[test]
    fn equations() {
        let found = solve(&[vec![4.0, 2.0, 10.0], vec![2.0, 3.0, 9.0]]).unwrap();
        assert!((found[0] - 1.5).abs() < 1e-15 && (found[1] - 2.0).abs() < 1e-15);
        assert_eq!(solve(&[vec![1.0, 2.0, 0.0], vec![2.0, 1.0, 0.0]]), None);
    }
}
