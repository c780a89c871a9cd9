//! Content of NHS Primary Care Domain reference sets: many clusters in one file or sheet, one code a row.
//! Two layouts are published, and their names of columns drifted: that of the reference set portal (`Cluster_ID`,
//! `Cluster_Description`, `SNOMED_code`, `SNOMED_code_description`, `PCD_Refset_ID`, with tabs; a second file repeats the rows by
//! `Output_ID`), and that of TRUD (`Cluster_ID`, `Cluster_Desc`, `Active_in_Refset`, `Refset_Status_Date`, `RefsetId`, `ConceptId`,
//! `ConceptId_Description`, with commas; codes that left a set stay in the file with a 0).

use super::incoming::{Found, Incoming, Place, Wanted, column, day};
use crate::framework::calendar::Day;
use crate::table::Row;

/// Where the cells of a row stand.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    cluster: usize,
    title: Option<usize>,
    code: usize,
    term: Option<usize>,
    refset: Option<usize>,
    active: Option<usize>,
    since: Option<usize>,
    names: Vec<String>,
}

impl Columns {
    /// The columns, if this is the header of such a file.
    pub fn of(header: &[String]) -> Option<Columns> {
        const CODE: [&str; 8] =
            ["conceptid", "snomedcode", "snomedctconceptid", "snomedconceptid", "snomedctcode", "snomedct", "snomedctid", "code"];
        const TERM: [&str; 10] = [
            "conceptiddescription",
            "snomedcodedescription",
            "snomedctconceptiddescription",
            "snomedctcodedescription",
            "snomedconceptiddescription",
            "conceptdescription",
            "codedescription",
            "fsn",
            "fullyspecifiedname",
            "term",
        ];
        Some(Columns {
            cluster: column(header, &["clusterid", "cluster", "clustername"])?,
            title: column(header, &["clusterdesc", "clusterdescription"]),
            code: column(header, &CODE)?,
            term: column(header, &TERM),
            refset: column(header, &["refsetid", "pcdrefsetid"]),
            active: column(header, &["activeinrefset"]),
            since: column(header, &["refsetstatusdate"]),
            names: header.to_vec(),
        })
    }

    fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }
}

/// Reads the rows of the clusters that are wanted.
pub(super) fn read(rows: impl Iterator<Item = Row>, columns: &Columns, place: &Place, wanted: Wanted<'_>, on: Option<Day>) -> Incoming {
    let mut incoming = Incoming { dated: columns.since.is_some(), ..Incoming::default() };
    for row in rows {
        let cluster = row.cell(columns.cluster);
        if row.several_lines {
            let says = "a quotation mark is opened in this row and not closed";
            incoming.problems.push(place.not_understood(says, row.number, ""));
            continue;
        }
        if cluster.is_empty() {
            let says = "this row does not say which cluster it is of";
            incoming.problems.push(place.not_understood(says, row.number, columns.name(columns.cluster)));
            continue;
        }
        if incoming.others.contains(cluster) {
            continue;
        }
        if !incoming.groups.contains_key(cluster) {
            let refset = columns.refset.map_or("", |at| row.cell(at)).trim_start_matches('^');
            let sets = wanted.sets_of(&[cluster, refset]);
            incoming.names.extend([cluster, refset].map(str::to_owned));
            if sets.is_empty() {
                incoming.others.insert(cluster.to_owned());
                continue;
            }
            let group = incoming.groups.entry(cluster.to_owned()).or_default();
            group.sets = sets;
            group.title = columns.title.map_or("", |at| row.cell(at)).to_owned();
            // A cluster of one code has that code where others have their reference set.
            group.refset = Some(refset.to_owned()).filter(|id| is_id(id) && *id != row.cell(columns.code));
        }
        let Some(group) = incoming.groups.get_mut(cluster) else { continue };
        let code = row.cell(columns.code);
        if code.contains(' ') && !code.bytes().any(|byte| byte.is_ascii_digit()) {
            group.elsewhere = Some(row.number);
            continue;
        }
        if code.is_empty() {
            group.problems.push(place.not_understood("this row has no code", row.number, columns.name(columns.code)));
            continue;
        }
        if let Some(at) = columns.since {
            match day(row.cell(at)) {
                None => group.problems.push(place.not_understood("this is not a day such as 20240913", row.number, columns.name(at))),
                Some(since) => {
                    group.latest = group.latest.max(Some(since));
                    if on.is_some_and(|on| since > on) {
                        group.changed_after = group.changed_after.or(Some(row.number));
                    }
                }
            }
        }
        match columns.active.map(|at| (at, row.cell(at))) {
            None | Some((_, "1")) => {}
            Some((_, "0")) => {
                group.retired += 1;
                continue;
            }
            Some((at, _)) => {
                group.problems.push(place.not_understood("this is neither 1 nor 0", row.number, columns.name(at)));
                continue;
            }
        }
        let term = columns.term.map_or("", |at| row.cell(at)).to_owned();
        group.codes.push(Found { scheme: None, code: code.to_owned(), term, row: row.number });
    }
    incoming
}

/// Whether a cell can be the id of a reference set.
fn is_id(text: &str) -> bool {
    (6..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Columns {
    /// The name of the column of codes.
    pub fn code_name(&self) -> &str {
        self.name(self.code)
    }
}
