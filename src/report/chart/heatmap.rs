//! Practices by indicators, grouped by locality, the number in each cell. Not a drawing but a table of HTML: each cell is a number that
//! one wants to read, copy and sort, headings stay in sight while it is moved, and a screen reader finds row and column by itself.
//!
//! The order is the caller's: by locality and name, never by how good a practice is. Five classes of blue, and a sign in words' stead, so that
//! neither needs the other. The page has [`STYLE`](super::STYLE), and puts the table into
//! `<div class="heat-box" role="group" aria-label="…" tabindex="0">`.

use super::frame::{Heading, drawable, escape};
use super::marks::{Difference, Named, Whose, found_by};
use serde::Deserialize;

/// Practices by indicators.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heatmap {
    /// In words. The description is said to screen readers in the caption.
    pub heading: Heading,
    /// Indicators.
    pub columns: Vec<HeatColumn>,
    /// Practices; those of a locality follow each other.
    pub rows: Vec<HeatRow>,
    /// The reader's practice, by code.
    #[serde(default)]
    pub own: Option<String>,
}

/// An indicator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeatColumn {
    /// As it stands above the column.
    pub name: String,
    /// Where a page says more of it, as a link: `#indicator-…`. Empty for none.
    #[serde(default)]
    pub link: String,
    /// Said when it is hovered over.
    #[serde(default)]
    pub words: String,
}

/// A practice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeatRow {
    /// Who it is.
    pub who: Named,
    /// One for each column, in their order; a cell that is missing is one without a number.
    pub cells: Vec<HeatCell>,
}

/// A practice's share in an indicator.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeatCell {
    /// The share; nothing where nobody was counted or it may not be shown.
    #[serde(default)]
    pub share: Option<f64>,
    /// Whether it differs from all together.
    #[serde(default)]
    pub difference: Difference,
}

/// Writes the table; nothing without a single number.
pub fn heatmap(heatmap: &Heatmap) -> Option<String> {
    let cells = heatmap.rows.iter().flat_map(|row| row.cells.iter().take(heatmap.columns.len()));
    cells.clone().find(|cell| drawable(cell.share).is_some())?;
    let heading = &heatmap.heading;
    let mut table = format!(
        "<table class=\"heat\">\n<caption><span class=\"says\"><b>{}</b> {}. <span class=\"unseen\">{}</span> {}</span></caption>\n<thead>\n<tr><th scope=\"col\">Practice</th>",
        escape(&heading.title),
        escape(&heading.subtitle),
        escape(&heading.description),
        key()
    );
    for column in &heatmap.columns {
        let words = if column.words.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(&column.words)) };
        let name = escape(&column.name);
        let name = if column.link.is_empty() { name } else { format!("<a href=\"{}\">{name}</a>", escape(&column.link)) };
        table += &format!("<th scope=\"col\"{words}>{name}</th>");
    }
    table += "</tr>\n</thead>\n";
    for group in heatmap.rows.chunk_by(|one, next| one.who.locality == next.who.locality) {
        table += &group_of(heatmap, group);
    }
    Some(table + "</table>\n")
}

/// What the signs mean, in the caption.
fn key() -> String {
    let sign = |difference: Difference| format!("{} {}", difference.sign(), difference.words());
    let signs: Vec<String> = Difference::ALL.into_iter().filter(|one| *one != Difference::Within).map(sign).collect();
    format!("Per cent who achieved. {} all together by more than chance; hatched: no number.", signs.join(", "))
}

/// The practices of a locality, under its name.
fn group_of(heatmap: &Heatmap, rows: &[HeatRow]) -> String {
    let mut group = "<tbody>\n".to_owned();
    let locality = rows.first().map(|row| row.who.locality.as_str()).unwrap_or_default();
    if !locality.is_empty() {
        let columns = heatmap.columns.len() + 1;
        group += &format!(
            "<tr class=\"group\" data-locality=\"{0}\"><th class=\"group\" scope=\"rowgroup\" colspan=\"{columns}\"><span>{0}</span></th></tr>\n",
            escape(locality)
        );
    }
    for row in rows {
        let own = Whose::of(&row.who.code, heatmap.own.as_deref()) == Whose::Own;
        let class = if own { "row own" } else { "row" };
        group += &format!("<tr class=\"{class}\"{}><th scope=\"row\">{}</th>", found_by(&row.who), escape(&row.who.name));
        for (_, cell) in heatmap.columns.iter().zip(row.cells.iter().map(Some).chain(std::iter::repeat(None))) {
            group += &cell_of(cell);
        }
        group += "</tr>\n";
    }
    group + "</tbody>\n"
}

fn cell_of(cell: Option<&HeatCell>) -> String {
    let Some((share, difference)) = cell.and_then(|cell| Some((drawable(cell.share)?, cell.difference))) else {
        return "<td class=\"unknown\">–<span class=\"unseen\"> no number</span></td>".to_owned();
    };
    let number = format!("{:.0}", 100.0 * share + 0.0);
    match difference {
        Difference::Within => format!("<td class=\"within\">{number}</td>"),
        other => format!(
            "<td class=\"{}\"><span aria-hidden=\"true\">{} </span>{number}<span class=\"unseen\"> {}</span></td>",
            other.class(),
            other.sign(),
            other.words()
        ),
    }
}
