//! Who is reported on.

use super::Material;
use crate::disclosure::Audience;

/// A practice of a report.
#[derive(Clone, Debug)]
pub struct ReportedPractice {
    /// Its place among the results' practices.
    pub(super) at: usize,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its locality; may be empty.
    pub locality: String,
    /// People on its list; only for the internal audience.
    pub list: Option<u64>,
    /// Whether it stands in tables; the statistics are of all.
    pub listed: bool,
}

impl ReportedPractice {
    /// Its name, or its code where no name is told.
    pub fn name_or_code(&self) -> &str {
        if self.name.is_empty() { &self.code } else { &self.name }
    }

    /// Code and name.
    pub fn whole_name(&self) -> String {
        format!("{} {}", self.code, self.name).trim_end().to_owned()
    }
}

/// The practices that have a row on the reporting day, by locality and code.
pub(super) fn of(material: &Material<'_>, day: usize) -> Vec<ReportedPractice> {
    let mut there: Vec<usize> =
        material.comparisons.iter().filter(|one| one.day == day).flat_map(|one| &one.practices).map(|one| one.practice).collect();
    there.sort_unstable();
    there.dedup();
    let one = |at: usize| {
        let practice = material.results.practices.get(at)?;
        Some(ReportedPractice {
            at,
            code: practice.code.clone(),
            name: practice.name.clone(),
            locality: practice.locality.clone(),
            list: list(material, &practice.code),
            listed: material.locality.is_none_or(|locality| locality == practice.locality),
        })
    };
    let mut practices: Vec<ReportedPractice> = there.into_iter().filter_map(one).collect();
    practices.sort_by(|a, b| (&a.locality, &a.code).cmp(&(&b.locality, &b.code)));
    practices
}

fn list(material: &Material<'_>, code: &str) -> Option<u64> {
    let counted = material.counted.filter(|_| material.audience == Audience::Internal)?;
    let (day, _) = counted.last()?;
    let at = counted.practices.binary_search_by(|practice| practice.code.as_str().cmp(code)).ok()?;
    counted.achievement.lists.get(day)?.get(at).copied()
}

/// What must be known of figures of few people, in words.
pub fn practice_note(most: u64) -> &'static str {
    match most {
        0..20 => "Fewer than 20 people are counted: two or three of them decide the rate. Read the number of people, not the per cent.",
        20..100 => "Some tens of people are counted: the rate may move by ten percentage points and more by chance alone.",
        _ => "A hundred people or more are counted; the interval tells how far the rate may move by chance alone.",
    }
}
