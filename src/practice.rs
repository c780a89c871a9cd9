//! A practice: who is counted. Knows no person and no rule.

/// One general practice, as `practices.csv` names it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Practice {
    /// Its code; practices are always in the order of their codes.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its locality; may be empty.
    pub locality: String,
    /// The list size that payment uses, when the extract states one.
    pub list_size: Option<u64>,
}
