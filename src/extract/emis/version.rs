//! Which version of the specification the files of a batch follow: told by their headers, as nothing else in them tells it.

use crate::extract::columns::CsvFile;
use crate::problem::Problem;

/// A version, or several that the columns read here do not tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Up to 5.2: every row repeats the sharing agreement.
    Agreement,
    /// 5.3: it does so no more.
    NoAgreement,
    /// 5.4 to 6.0: codes know their parents.
    ParentCodes,
    /// 7.0 and 7.1: observations without text.
    NoText,
    /// 8.0 and 8.1: episodes.
    Episodes,
    /// From 8.2: how drugs were issued.
    IssueMethods,
}

impl Version {
    /// As it is told.
    pub fn word(self) -> &'static str {
        match self {
            Version::Agreement => "5.2 or before",
            Version::NoAgreement => "5.3",
            Version::ParentCodes => "5.4 to 6.0",
            Version::NoText => "7.0 or 7.1",
            Version::Episodes => "8.0 or 8.1",
            Version::IssueMethods => "8.2 or later",
        }
    }

    /// From the headers of observations, codes and issues of one batch.
    ///
    /// # Errors
    /// When they hold columns that no version has together.
    pub fn of(observations: &CsvFile, codes: &CsvFile, issues: &CsvFile) -> Result<Version, Problem> {
        let agreement = observations.has("AgreementGuid");
        let text = observations.has("AssociatedText");
        let episodes = observations.has("Qualifiers") || observations.has("Episode");
        let parents = codes.has("ParentCodeId");
        match (agreement, parents, episodes) {
            (true, false, false) => Ok(Version::Agreement),
            (true, _, _) => Err(no_version(
                observations,
                "AgreementGuid",
                "the column `AgreementGuid` ended with 5.2, others in these files began later",
            )),
            (false, _, true) if issues.has("IssueMethodDescription") => Ok(Version::IssueMethods),
            (false, _, true) => Ok(Version::Episodes),
            (false, true, false) if text => Ok(Version::ParentCodes),
            (false, true, false) => Ok(Version::NoText),
            (false, false, false) => Ok(Version::NoAgreement),
        }
    }
}

/// What is said of a header that is of no version.
pub fn no_version(file: &CsvFile, column: &str, says: &str) -> Problem {
    Problem::error("D052", format!("these headers are of no version of the extract: {says}"))
        .in_data(file.shown(), Some(1), Some(column))
        .help("use the files as they were sent, all of one batch; versions 5.2 to 8.2 of the specification are read")
}
