//! ORGANISATION_REFERENCE and MAPPING_NHS_GEOGRAPHIES of the Quality and Outcomes Framework, practices by year, and practices.csv of an extract:
//! what practices are called, and where they belong. Areas are Clinical Commissioning Groups, from 2022 on Sub Integrated Care Board Locations.

use super::Organisation;
use super::cells::{Column, Columns, may, must};
use super::gather::Gather;
use crate::table::Row;

pub(super) const COLUMNS: [Column; 8] = [
    must(&["practice_code", "practice"]),
    must(&["practice_name", "name"]),
    may(&["ccg_code", "ccg_ods_code", "sub_icb_loc_ods_code", "ccg"]),
    may(&["ccg_name", "sub_icb_loc_name"]),
    may(&["pcn_ods_code", "pcn_code", "pcn"]),
    may(&["pcn_name"]),
    may(&["locality"]),
    may(&["year"]),
];
const PRACTICE: usize = 0;
const NAME: usize = 1;
const AREA: usize = 2;
const AREA_NAME: usize = 3;
const NETWORK: usize = 4;
const NETWORK_NAME: usize = 5;
const LOCALITY: usize = 6;
const YEAR: usize = 7;

pub(super) fn read(gather: &mut Gather<'_>, columns: &Columns, rows: &mut dyn Iterator<Item = Row>, name: &str) {
    for row in rows {
        if !gather.row(columns, &row) {
            continue;
        }
        let Some(day) = gather.day_if_any(columns, &row, YEAR, name) else { continue };
        let cell = |column| columns.cell(&row, column).to_owned();
        if cell(PRACTICE).is_empty() {
            gather.not_used("rows without a practice's code");
            continue;
        }
        gather.area(&cell(AREA), day, &cell(AREA_NAME));
        let told = Organisation {
            name: cell(NAME),
            area: cell(AREA),
            network: cell(NETWORK),
            network_name: cell(NETWORK_NAME),
            locality: cell(LOCALITY),
        };
        if let Some(file) = gather.this_file() {
            file.days.extend(day);
            file.practices.insert(cell(PRACTICE));
        }
        gather.organisation(&cell(PRACTICE), day, told);
    }
}
