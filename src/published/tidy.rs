//! published.csv: every published count in one form, whatever form it came in. What is written here is read here again.

use super::cells::{Column, Columns, may, must};
use super::gather::Gather;
use super::{Figures, Key, Measure, Organisation, Published, Source, Whom};
use crate::dictionary::{self, INTERVAL_END, LOCALITY, PRACTICE_CODE, PRACTICE_NAME, Sheet};
use crate::framework::calendar::Day;
use crate::table::Row;

/// The columns that are written.
pub static PUBLISHED: Sheet = Sheet {
    name: "published.csv",
    title: "Counts that others published, in one form",
    written_by: "dqoh counts read",
    columns: &[
        dictionary::Column::words("source", || Source::ALL.map(Source::word).to_vec(), "Where it was published, or a search"),
        dictionary::Column::text("measure", "The register's group, the indicator, or the name of the search's file"),
        dictionary::Column::text("title", "The same in words, where a file tells it").or_empty(),
        dictionary::Column::text("group", "The group that an indicator belongs to").or_empty(),
        PRACTICE_CODE.saying("The practice; empty for an area").or_empty(),
        PRACTICE_NAME.saying("Its name in that year, or else the latest"),
        dictionary::Column::text("area_code", "The area, or that of the practice: a Clinical Commissioning Group, or a Sub ICB Location")
            .or_empty(),
        dictionary::Column::text("area_name", "Its latest name").or_empty(),
        dictionary::Column::text("network_code", "The practice's primary care network").or_empty(),
        dictionary::Column::text("network_name", "Its name").or_empty(),
        LOCALITY.saying("The practice's locality, where --practices tells it"),
        INTERVAL_END.saying("The day: the end of the year, or the relative date"),
        dictionary::Column::text("list_type", "Whom the list counts").or_empty(),
        dictionary::Column::people("register", "People on the register").or_empty(),
        dictionary::Column::people("list_size", "People on that list").or_empty(),
        dictionary::Column::people("numerator", "People who achieved, or whom the search found").or_empty(),
        dictionary::Column::people("denominator", "People who are counted on, or the search's parent").or_empty(),
        dictionary::Column::people("exceptions", "People left out of the denominator for a reason").or_empty(),
        dictionary::Column::people("excluded", "People whom EMIS Web left out of the search's count").or_empty(),
        dictionary::Column::number("points", "points", "Points earned").or_empty(),
        dictionary::Column::number("max_points", "points", "Points that can be earned").or_empty(),
        dictionary::Column::people("males", "Of the numerator").or_empty(),
        dictionary::Column::people("females", "Of the numerator").or_empty(),
        dictionary::Column::text("file", "Where the count stands").or_empty(),
        dictionary::Column::count("row", "", "In which row; of several rows the first"),
    ],
    key: &["measure", "practice_code", "area_code", "interval_end"],
};

pub(super) const COLUMNS: [Column; 23] = [
    must(&["source"]),
    must(&["measure"]),
    may(&["title"]),
    may(&["group"]),
    must(&["practice_code"]),
    may(&["practice_name"]),
    must(&["area_code"]),
    may(&["area_name"]),
    may(&["network_code"]),
    may(&["network_name"]),
    may(&["locality"]),
    must(&["interval_end"]),
    may(&["list_type"]),
    may(&["register"]),
    may(&["list_size"]),
    may(&["numerator"]),
    may(&["denominator"]),
    may(&["exceptions"]),
    may(&["excluded"]),
    may(&["points"]),
    may(&["max_points"]),
    may(&["males"]),
    may(&["females"]),
];

/// The cells of every count, in the order of measures, days, areas and practices.
pub fn rows<'p>(published: &'p Published, files: &'p [String]) -> impl Iterator<Item = Vec<String>> + 'p {
    published.counts.iter().map(|(key, count)| {
        let measure = published.measure(&key.measure, key.day).cloned().unwrap_or_default();
        let (practice, area) = match &key.whom {
            Whom::Practice(code) => (code.clone(), None),
            Whom::Area(code) => (String::new(), Some(code.clone())),
        };
        let organisation = published.organisation(&practice, key.day).cloned().unwrap_or_default();
        let area = area.unwrap_or(organisation.area);
        let area_name = if area.is_empty() { String::new() } else { published.area_name(&area).to_owned() };
        let figures = &count.figures;
        let whole = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let decimal = |number: Option<rust_decimal::Decimal>| number.map(|number| number.normalize().to_string()).unwrap_or_default();
        vec![
            count.source.word().to_owned(),
            key.measure.clone(),
            measure.title,
            measure.group,
            practice,
            organisation.name,
            area,
            area_name,
            organisation.network,
            organisation.network_name,
            organisation.locality,
            key.day.to_string(),
            figures.list_type.clone(),
            whole(figures.register),
            whole(figures.list_size),
            whole(figures.numerator),
            whole(figures.denominator),
            whole(figures.exceptions),
            whole(figures.excluded),
            decimal(figures.points),
            decimal(measure.max_points),
            whole(figures.males),
            whole(figures.females),
            files.get(count.file).cloned().unwrap_or_default(),
            count.row.to_string(),
        ]
    })
}

/// The place of a column that is read.
fn at(name: &str) -> usize {
    COLUMNS.iter().position(|column| column.names.contains(&name)).unwrap_or(usize::MAX)
}

pub(super) fn read(gather: &mut Gather<'_>, columns: &Columns, rows: &mut dyn Iterator<Item = Row>) {
    for row in rows {
        if !gather.row(columns, &row) {
            continue;
        }
        let cell = |name| columns.cell(&row, at(name)).to_owned();
        let source = Source::ALL.into_iter().find(|source| source.word() == cell("source"));
        let (Some(source), Some(day)) = (source, Day::parse(cell("interval_end").as_bytes())) else {
            let (column, says) = if source.is_none() { ("source", "there is no such source") } else { ("interval_end", "this is no day") };
            let code = if source.is_none() { "D042" } else { "D043" };
            let problem = columns.problem(code, says, &row, Some(at(column)));
            gather.wrong(problem.help("leave this file as `dqoh counts read` wrote it, or write it anew"));
            continue;
        };
        let numbers = figures(columns, &row).and_then(|figures| Ok((figures, columns.number(&row, at("max_points"))?)));
        let (figures, max_points) = match numbers {
            Ok(numbers) => numbers,
            Err(problem) => {
                gather.wrong(*problem);
                continue;
            }
        };
        gather.area(&cell("area_code"), Some(day), &cell("area_name"));
        gather.measure(&cell("measure"), Some(day), Measure { title: cell("title"), group: cell("group"), max_points });
        let practice = cell("practice_code");
        let whom = if practice.is_empty() { Whom::Area(cell("area_code")) } else { Whom::Practice(practice.clone()) };
        if !practice.is_empty() {
            let told = Organisation {
                name: cell("practice_name"),
                area: cell("area_code"),
                network: cell("network_code"),
                network_name: cell("network_name"),
                locality: cell("locality"),
            };
            gather.organisation(&practice, Some(day), told);
        }
        gather.count(columns, &row, source, Key { measure: cell("measure"), day, whom }, figures);
    }
}

fn figures(columns: &Columns, row: &Row) -> Result<Figures, Box<crate::problem::Problem>> {
    let whole = |name| columns.whole(row, at(name));
    Ok(Figures {
        register: whole("register")?,
        list_type: columns.cell(row, at("list_type")).to_owned(),
        list_size: whole("list_size")?,
        numerator: whole("numerator")?,
        denominator: whole("denominator")?,
        exceptions: whole("exceptions")?,
        excluded: whole("excluded")?,
        points: columns.number(row, at("points"))?,
        males: whole("males")?,
        females: whole("females")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let unread: Vec<&str> =
            PUBLISHED.names().into_iter().filter(|name| !COLUMNS.iter().any(|column| column.names.contains(name))).collect();
        assert_eq!(unread, ["file", "row"], "where a count stood before is not read again");
    }
}
