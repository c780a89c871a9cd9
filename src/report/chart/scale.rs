//! From numbers to places, over a range that begins and ends at round numbers; and numbers as a chart writes them.

/// What a number is, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// From 0 to 1, written in per cent.
    Share,
    /// People.
    Count,
    /// Anything else.
    Number,
}

/// An axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    kind: Kind,
    /// At its beginning and its end.
    from: f64,
    to: f64,
    step: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// For all these numbers, with round numbers at both ends and so many steps about, from one place to another.
    /// Shares stay within 0 and 1. Nothing without a number.
    pub fn around(kind: Kind, numbers: impl IntoIterator<Item = f64>, steps: f64, (start, end): (f64, f64)) -> Option<Scale> {
        let (low, high) = numbers
            .into_iter()
            .filter(|number| number.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| (low.min(number), high.max(number)));
        if low > high {
            return None;
        }
        // A single number has some room on either side.
        let least = match kind {
            Kind::Share => 0.02,
            Kind::Count => 1.0,
            Kind::Number => (high.abs() / 10.0).max(1.0),
        };
        let room = (least - (high - low)).max(0.0) / 2.0;
        let (low, high) = (low - room, high + room);
        let step = round_step((high - low) / steps, kind);
        let (from, to) = ((low / step + 1e-6).floor() * step, (high / step - 1e-6).ceil() * step);
        let (from, to) = match kind {
            Kind::Share => (from.clamp(0.0, 1.0 - step.min(1.0)), to.clamp(step.min(1.0), 1.0)),
            Kind::Count => (from.max(0.0), to.max(step)),
            Kind::Number => (from, to),
        };
        Some(Scale { kind, from, to, step, start, end })
    }

    /// Where a number stands; at the nearer end where it is outside.
    pub fn at(&self, number: f64) -> f64 {
        let part = (number.clamp(self.from, self.to) - self.from) / (self.to - self.from);
        self.start + part * (self.end - self.start)
    }

    /// Where the axis ends, in its numbers: the first and the last.
    pub fn ends(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// Round numbers along the axis, as they are written.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let steps = ((self.to - self.from) / self.step).round();
        let mut at = 0.0;
        let mut ticks = Vec::new();
        while at <= steps {
            let value = self.from + at * self.step;
            ticks.push((value, self.written(value)));
            at += 1.0;
        }
        ticks
    }

    /// A number with as many places as the steps need.
    fn written(&self, value: f64) -> String {
        let places = |step: f64| {
            if step >= 0.999 {
                0
            } else if step >= 0.0999 {
                1
            } else {
                2
            }
        };
        match self.kind {
            Kind::Share => format!("{:.*}%", places(100.0 * self.step), 100.0 * value),
            Kind::Count => count(value.round() as u64),
            Kind::Number => number(value, places(self.step)),
        }
    }
}

/// The next of 1, 2, 5, 10 … that is not below this.
fn round_step(raw: f64, kind: Kind) -> f64 {
    let least = if kind == Kind::Count { 1.0 } else { 0.002 };
    let raw = raw.max(least);
    let tens = 10.0_f64.powf(raw.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|round| round * tens).find(|step| *step >= raw * 0.999).unwrap_or(10.0 * tens)
}

/// A share in per cent, with one decimal.
pub(super) fn percentage(share: f64) -> String {
    format!("{:.1}%", 100.0 * share + 0.0)
}

/// A count, with its thousands apart.
pub(super) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut written = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// A number with so many decimals, its thousands apart.
pub(super) fn number(value: f64, places: usize) -> String {
    let written = format!("{:.places$}", value.abs());
    let (whole, rest) = written.split_once('.').unwrap_or((&written, ""));
    let whole = whole.parse().map_or(whole.to_owned(), count);
    let sign = if value < 0.0 && written.chars().any(|digit| ('1'..='9').contains(&digit)) { "−" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// The part of a line that is between two heights: it is cut where it leaves them, and may come in several parts.
pub(super) fn within(line: &[(f64, f64)], from: f64, to: f64) -> Vec<Vec<(f64, f64)>> {
    let mut parts: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut part: Vec<(f64, f64)> = Vec::new();
    for (one, next) in line.iter().zip(line.iter().skip(1)) {
        let Some((enters, leaves)) = cut(*one, *next, from, to) else { continue };
        if part.last() != Some(&enters) {
            parts.push(std::mem::replace(&mut part, vec![enters]));
        }
        part.push(leaves);
    }
    parts.push(part);
    parts.retain(|part| part.len() > 1);
    parts
}

fn cut(one: (f64, f64), next: (f64, f64), from: f64, to: f64) -> Option<((f64, f64), (f64, f64))> {
    if one.1.max(next.1) < from || one.1.min(next.1) > to {
        return None;
    }
    let at = |y: f64| {
        let wanted = y.clamp(from, to);
        if wanted == y { None } else { Some((one.0 + (wanted - one.1) / (next.1 - one.1) * (next.0 - one.0), wanted)) }
    };
    Some((at(one.1).unwrap_or(one), at(next.1).unwrap_or(next)))
}
