//! The counts of the last reporting day in the layout of the Quality and Outcomes Framework's open data, with its names of files and columns as they
//! are since 2019/20, so that what reads the one reads the other. Exclusions, strata and pounds have no place in it.

use super::{Outcomes, csv_of, harmless};
use crate::achievement::{Area, Row, population_of};
use crate::framework::{Framework, Indicator, Population};
use rust_decimal::Decimal;

const PREVALENCE: [&str; 5] = ["PRACTICE_CODE", "GROUP_CODE", "REGISTER", "PATIENT_LIST_TYPE", "PRACTICE_LIST_SIZE"];
const ACHIEVEMENT: [&str; 4] = ["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE"];
const INDICATORS: [&str; 8] = [
    "INDICATOR_CODE",
    "INDICATOR_DESCRIPTION",
    "INDICATOR_POINT_VALUE",
    "GROUP_CODE",
    "GROUP_DESCRIPTION",
    "DOMAIN_CODE",
    "DOMAIN_DESCRIPTION",
    "PATIENT_LIST_TYPE",
];
const ORGANISATIONS: [&str; 15] = [
    "PRACTICE_CODE",
    "PRACTICE_NAME",
    "CCG_CODE",
    "CCG_ONS_CODE",
    "CCG_NAME",
    "STP_ONS_CODE",
    "STP_NAME",
    "REGIONAL_LOCAL_OFFICE_CODE",
    "REGIONAL_LOCAL_OFFICE_ONS_CODE",
    "REGIONAL_LOCAL_OFFICE_NAME",
    "REGION_CODE",
    "REGION_ONS_CODE",
    "REGION_NAME",
    "COUNTRY",
    "REVISED_MAXIMUM_POINTS",
];

/// Everybody on the list, whatever their age.
const WHOLE_LIST: &str = "TOTAL";

/// The four files; none without a reporting day.
pub fn files_of_qof(outcomes: &Outcomes<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let Some((day, framework)) = outcomes.frameworks.iter().enumerate().next_back() else { return Vec::new() };
    let layout = Layout { outcomes, framework, day };
    vec![
        ("ACHIEVEMENT.csv", layout.achievement()),
        ("PREVALENCE.csv", layout.prevalence()),
        ("MAPPING_INDICATORS.csv", layout.indicators()),
        ("ORGANISATION_REFERENCE.csv", layout.organisations()),
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
        csv_of(&PREVALENCE, cells)
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
        csv_of(&ACHIEVEMENT, cells)
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
        csv_of(&INDICATORS, cells)
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
            let mut cells = vec![String::new(); ORGANISATIONS.len()];
            let known =
                [(0, practice.code.clone()), (1, harmless(&practice.name)), (ORGANISATIONS.len() - 1, max_points.normalize().to_string())];
            for (column, text) in known {
                if let Some(cell) = cells.get_mut(column) {
                    *cell = text;
                }
            }
            cells
        });
        csv_of(&ORGANISATIONS, cells)
    }
}
