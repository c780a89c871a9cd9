//! The counts of the last reporting day in the layout of the Quality and Outcomes Framework's open data, with its names of files and columns as they
//! are since 2019/20, so that what reads the one reads the other. Exclusions, strata and pounds have no place in it.

use super::{Outcomes, csv_of, harmless};
use crate::achievement::{Area, Row, population_of};
use crate::dictionary::{Column, Sheet};
use crate::framework::{Framework, Indicator, Population};
use rust_decimal::Decimal;

const WRITTEN_BY: &str = "dqoh run --layout qof, dqoh report --layout qof";
const PRACTICE: Column = Column::text("PRACTICE_CODE", "The practice");
const LIST_TYPE: Column = Column::words("PATIENT_LIST_TYPE", || vec![WHOLE_LIST], "Whom the list counts: everybody, whatever their age");

pub(super) static PREVALENCE: Sheet = Sheet {
    name: "PREVALENCE.csv",
    title: "In the layout of the QOF publication: register and list of each practice",
    written_by: WRITTEN_BY,
    columns: &[
        PRACTICE,
        Column::text("GROUP_CODE", "The register"),
        Column::people("REGISTER", "People on it"),
        LIST_TYPE,
        Column::people("PRACTICE_LIST_SIZE", "People on the list"),
    ],
    key: &["PRACTICE_CODE", "GROUP_CODE"],
};

pub(super) static ACHIEVEMENT: Sheet = Sheet {
    name: "ACHIEVEMENT.csv",
    title: "In the layout of the QOF publication: one number of a practice and indicator in a row",
    written_by: WRITTEN_BY,
    columns: &[
        PRACTICE,
        Column::text("INDICATOR_CODE", "The indicator"),
        Column::words("MEASURE", || vec!["ACHIEVED_POINTS", "DENOMINATOR", "NUMERATOR", "PCAS"], "Which number; PCAS are exceptions"),
        Column::number("VALUE", "people, or points", "The number"),
    ],
    key: &["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE"],
};

pub(super) static INDICATORS: Sheet = Sheet {
    name: "MAPPING_INDICATORS.csv",
    title: "In the layout of the QOF publication: what indicators are, and what they are worth",
    written_by: WRITTEN_BY,
    columns: &[
        Column::text("INDICATOR_CODE", "The indicator"),
        Column::text("INDICATOR_DESCRIPTION", "Its title"),
        Column::number("INDICATOR_POINT_VALUE", "points", "Points that can be earned"),
        Column::text("GROUP_CODE", "The register that it is of, or the list"),
        Column::text("GROUP_DESCRIPTION", "Its title"),
        Column::text("DOMAIN_CODE", "The domain").or_empty(),
        Column::text("DOMAIN_DESCRIPTION", "Its title").or_empty(),
        LIST_TYPE,
    ],
    key: &["INDICATOR_CODE"],
};

const NOT_KNOWN: &str = "Always empty: it is not known";

pub(super) static ORGANISATIONS: Sheet = Sheet {
    name: "ORGANISATION_REFERENCE.csv",
    title: "In the layout of the QOF publication: practices, and the points that each could earn",
    written_by: WRITTEN_BY,
    columns: &[
        PRACTICE,
        Column::text("PRACTICE_NAME", "Its name").or_empty(),
        Column::text("CCG_CODE", NOT_KNOWN).or_empty(),
        Column::text("CCG_ONS_CODE", NOT_KNOWN).or_empty(),
        Column::text("CCG_NAME", NOT_KNOWN).or_empty(),
        Column::text("STP_ONS_CODE", NOT_KNOWN).or_empty(),
        Column::text("STP_NAME", NOT_KNOWN).or_empty(),
        Column::text("REGIONAL_LOCAL_OFFICE_CODE", NOT_KNOWN).or_empty(),
        Column::text("REGIONAL_LOCAL_OFFICE_ONS_CODE", NOT_KNOWN).or_empty(),
        Column::text("REGIONAL_LOCAL_OFFICE_NAME", NOT_KNOWN).or_empty(),
        Column::text("REGION_CODE", NOT_KNOWN).or_empty(),
        Column::text("REGION_ONS_CODE", NOT_KNOWN).or_empty(),
        Column::text("REGION_NAME", NOT_KNOWN).or_empty(),
        Column::text("COUNTRY", NOT_KNOWN).or_empty(),
        Column::number("REVISED_MAXIMUM_POINTS", "points", "Points that the practice could earn"),
    ],
    key: &["PRACTICE_CODE"],
};

/// Everybody on the list, whatever their age.
const WHOLE_LIST: &str = "TOTAL";

/// The four files; none without a reporting day.
pub fn files_of_qof(outcomes: &Outcomes<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let Some((day, framework)) = outcomes.frameworks.iter().enumerate().next_back() else { return Vec::new() };
    let layout = Layout { outcomes, framework, day };
    vec![
        (ACHIEVEMENT.name, layout.achievement()),
        (PREVALENCE.name, layout.prevalence()),
        (INDICATORS.name, layout.indicators()),
        (ORGANISATIONS.name, layout.organisations()),
    ]
}

struct Layout<'o> {
    outcomes: &'o Outcomes<'o>,
    framework: &'o Framework,
    day: usize,
}

impl Layout<'_> {
    /// The rows of practices on the day, everybody together, with the practice's code; by practice and measure.
    fn rows(&self, wanted: impl Fn(&str) -> bool) -> Vec<(&str, &Row)> {
        let of_day = self.outcomes.achievement.rows.iter().filter(|row| row.day == self.day && row.stratum == 0 && wanted(&row.measure));
        let of_practice = of_day.filter_map(|row| match row.area {
            Area::Practice(at) => Some((self.outcomes.practices.get(at)?.code.as_str(), row)),
            Area::Whole | Area::Locality(_) => None,
        });
        let mut rows: Vec<(&str, &Row)> = of_practice.collect();
        rows.sort_by(|(a, first), (b, second)| (a, &first.measure).cmp(&(b, &second.measure)));
        rows
    }

    fn prevalence(&self) -> Vec<u8> {
        let rows = self.rows(|measure| self.framework.registers.iter().any(|register| register.id == measure));
        let cells = rows.into_iter().map(|(practice, row)| {
            let counts = [row.counts.numerator.to_string(), WHOLE_LIST.to_owned(), row.counts.denominator.to_string()];
            [practice.to_owned(), row.measure.clone()].into_iter().chain(counts).collect()
        });
        csv_of(&PREVALENCE.names(), cells)
    }

    fn achievement(&self) -> Vec<u8> {
        let rows = self.rows(|measure| self.framework.indicators.iter().any(|indicator| indicator.id == measure));
        let cells = rows.into_iter().flat_map(|(practice, row)| {
            let counts = &row.counts;
            let points = row.money.map(|money| ("ACHIEVED_POINTS", money.points.normalize().to_string()));
            let numbers = [
                ("DENOMINATOR", counts.denominator.to_string()),
                ("NUMERATOR", counts.numerator.to_string()),
                ("PCAS", counts.all_excepted().to_string()),
            ];
            let one = |(measure, value): (&str, String)| vec![practice.to_owned(), row.measure.clone(), measure.to_owned(), value];
            points.into_iter().chain(numbers).map(one).collect::<Vec<_>>()
        });
        csv_of(&ACHIEVEMENT.names(), cells)
    }

    fn indicators(&self) -> Vec<u8> {
        let cells = self.framework.indicators.iter().map(|indicator| {
            let domain = self.framework.domains.get(indicator.domain);
            vec![
                indicator.id.clone(),
                indicator.title.clone(),
                indicator.points.normalize().to_string(),
                population_of(self.framework, indicator).to_owned(),
                self.title_of_population(indicator),
                domain.map(|domain| domain.id.clone()).unwrap_or_default(),
                domain.map(|domain| domain.title.clone()).unwrap_or_default(),
                WHOLE_LIST.to_owned(),
            ]
        });
        csv_of(&INDICATORS.names(), cells)
    }

    fn title_of_population(&self, indicator: &Indicator) -> String {
        match indicator.of {
            Population::List => "Everybody on the list".to_owned(),
            Population::Register(id) => self.framework.register(id).title.clone(),
        }
    }

    fn organisations(&self) -> Vec<u8> {
        let cells = self.outcomes.practices.iter().enumerate().map(|(at, practice)| {
            let payments = self.outcomes.achievement.payments.iter().filter(|payment| payment.day == self.day && payment.practice == at);
            let max_points: Decimal = payments.map(|payment| payment.money.max_points).sum();
            let mut cells = vec![String::new(); ORGANISATIONS.columns.len()];
            let known = [
                (0, practice.code.clone()),
                (1, harmless(&practice.name)),
                (ORGANISATIONS.columns.len() - 1, max_points.normalize().to_string()),
            ];
            for (column, text) in known {
                if let Some(cell) = cells.get_mut(column) {
                    *cell = text;
                }
            }
            cells
        });
        csv_of(&ORGANISATIONS.names(), cells)
    }
}
