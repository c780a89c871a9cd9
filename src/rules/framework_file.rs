//! `framework.toml` → [`FrameworkFile`], and all its problems at once.

use super::forms::{self, NOBODY, ROUNDINGS};
use super::read::{identifier, one_of, own_name, with_toml};
use super::syntax::{AssociateText, FrameworkFile, NamedDate, PaymentText, ReferenceText, ValueText};
use super::table::{Reading, Table, Value};
use crate::problem::Problem;
use crate::source::{At, FileId};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Reads `framework.toml`.
pub fn read_framework_file(file: FileId, text: &str) -> (Option<FrameworkFile>, Vec<Problem>) {
    let mut reading = Reading { file, text, problems: Vec::new() };
    let framework_file = with_toml(&mut reading, &forms::FRAMEWORK_FILE, framework_file);
    (framework_file, reading.problems)
}

fn framework_file(reading: &mut Reading<'_>, mut table: Table<'_>) -> Option<FrameworkFile> {
    let id = table.need_text(reading, "id");
    let name = table.need_text(reading, "name");
    let source = table.text(reading, "source");
    let period = table.need(reading, "period").and_then(|value| reading.open(&forms::PERIOD, value));
    let period = period.and_then(|table| period_of(reading, table));
    let dates = table.take(reading, "dates").and_then(|value| reading.open(&forms::DATES, value));
    let dates = dates.map(|mut table| table.all(reading)).unwrap_or_default();
    let dates = dates.into_iter().filter_map(|(name, value)| named_date(reading, name, value)).collect();
    let values = table.take(reading, "values").and_then(|value| reading.open(&forms::VALUES, value));
    let values = values.map(|mut table| table.all(reading)).unwrap_or_default();
    let values = values.into_iter().filter_map(|(set, value)| value_text(reading, set, value)).collect();
    let strata = table.take(reading, "strata").and_then(|value| reading.open(&forms::STRATA, value));
    let (by_sex, by_age, by_imd_quintile) = strata.map(|table| strata_of(reading, table)).unwrap_or_default();
    let payment = table.take(reading, "payment").and_then(|value| reading.open(&forms::PAYMENT, value));
    let payment = payment.map(|table| payment_text(reading, table)).unwrap_or_else(no_payment);
    let reference = table.take(reading, "reference").and_then(|value| reading.open(&forms::REFERENCES, value));
    let reference = reference.map(|mut table| table.all(reading)).unwrap_or_default();
    let reference = reference.into_iter().filter_map(|(id, value)| reference_text(reading, id, value)).collect();
    let domains = table.take(reading, "domain").map(|value| reading.list(value)).unwrap_or_default();
    let domains = domains.into_iter().filter_map(|value| domain(reading, value)).collect();
    let associations = table.take(reading, "associate").map(|value| reading.list(value)).unwrap_or_default();
    let associations = associations.into_iter().filter_map(|value| associate(reading, value)).collect();
    table.finish(reading);
    let (from, to) = period?;
    Some(FrameworkFile {
        file: reading.file,
        id: id?,
        name: name?,
        source,
        from,
        to,
        dates,
        values,
        by_sex,
        by_age,
        by_imd_quintile,
        payment,
        reference,
        domains,
        associations,
    })
}

fn period_of(reading: &mut Reading<'_>, mut table: Table<'_>) -> Option<(At<NaiveDate>, At<NaiveDate>)> {
    let from = table.need(reading, "from").and_then(|value| reading.date(value));
    let to = table.need(reading, "to").and_then(|value| reading.date(value));
    table.finish(reading);
    Some((from?, to?))
}

fn named_date(reading: &mut Reading<'_>, name: At<String>, value: Value<'_>) -> Option<(At<String>, At<NamedDate>)> {
    let name = own_name(reading, name)?;
    let mut table = reading.open(&forms::DATE, value)?;
    let fixed = table.take(reading, "fixed");
    let each = table.take(reading, "each-period");
    table.finish(reading);
    let date = match (fixed, each) {
        (Some(fixed), None) => NamedDate::Fixed(reading.date(fixed)?.value),
        (None, Some(each)) => each_period(reading, each)?,
        _ => {
            reading.note(
                Problem::error("R040", format!("the date `{}` is neither fixed nor of each period", name.value))
                    .at(value.span, "here")
                    .help("write { fixed = 2013-04-01 } or { each-period = \"08-01\" }"),
            );
            return None;
        }
    };
    Some((name, At::new(date, value.span)))
}

fn each_period(reading: &mut Reading<'_>, value: Value<'_>) -> Option<NamedDate> {
    let text = reading.text(value)?;
    let parts = text.value.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    // A day that every year has: 29 February would move a season.
    let there = parts.filter(|(month, day)| NaiveDate::from_ymd_opt(2001, *month, *day).is_some());
    if there.is_none() {
        reading.note(
            Problem::error("R040", format!("`{}` is not a month and day that every year has", text.value))
                .at(text.span, "here")
                .help("write month and day: \"08-01\" is 1 August"),
        );
    }
    there.map(|(month, day)| NamedDate::EachPeriod(month, day))
}

fn value_text(reading: &mut Reading<'_>, set: At<String>, value: Value<'_>) -> Option<ValueText> {
    let mut table = reading.open(&forms::SET_VALUES, value)?;
    let unit = table.need_text(reading, "unit");
    let spellings = table.take(reading, "spellings").map(|value| reading.texts(value)).unwrap_or_default();
    let from = table.need(reading, "from").and_then(|value| reading.number(value));
    let to = table.need(reading, "to").and_then(|value| reading.number(value));
    table.finish(reading);
    let (from, to) = (from?, to?);
    if from.value > to.value {
        reading.note(
            Problem::error("R020", "the lowest value lies above the highest")
                .at(from.span, "lowest")
                .also(to.span, "highest")
                .help("swap them"),
        );
    }
    Some(ValueText { set, unit: unit?, spellings, from, to })
}

fn strata_of(reading: &mut Reading<'_>, mut table: Table<'_>) -> (bool, Vec<At<i32>>, bool) {
    let sex = table.take(reading, "sex").is_some_and(|value| reading.truth(value));
    let ages = table.take(reading, "age").map(|value| reading.list(value)).unwrap_or_default();
    let mut edges: Vec<At<i32>> = Vec::new();
    for value in ages {
        let Some(edge) = reading.whole(value) else { continue };
        let age = i32::try_from(edge.value).unwrap_or(i32::MAX);
        if edges.last().is_some_and(|last| last.value >= age) || age > 120 {
            reading.note(
                Problem::error("R020", "the ages do not rise")
                    .at(edge.span, "here")
                    .help("write the lower edge of each band, from young to old"),
            );
            continue;
        }
        edges.push(At::new(age, edge.span));
    }
    let quintile = table.take(reading, "imd-quintile").is_some_and(|value| reading.truth(value));
    table.finish(reading);
    (sex, edges, quintile)
}

fn payment_text(reading: &mut Reading<'_>, mut table: Table<'_>) -> PaymentText {
    let payment = PaymentText {
        pounds_per_point: positive(reading, &mut table, "pounds-per-point"),
        average_list: positive(reading, &mut table, "average-list"),
        factors: one_of(reading, &mut table, "factors", ROUNDINGS),
        points: one_of(reading, &mut table, "points", ROUNDINGS),
        nobody_to_count: one_of(reading, &mut table, "nobody-to-count", NOBODY),
    };
    table.finish(reading);
    payment
}

fn no_payment() -> PaymentText {
    PaymentText { pounds_per_point: None, average_list: None, factors: None, points: None, nobody_to_count: None }
}

fn positive(reading: &mut Reading<'_>, table: &mut Table<'_>, key: &'static str) -> Option<At<Decimal>> {
    let number = table.number(reading, key)?;
    if number.value > Decimal::ZERO {
        return Some(number);
    }
    reading.note(
        Problem::error("R020", format!("`{key}` must be more than 0")).at(number.span, "here").help("leave it out where nothing is paid"),
    );
    None
}

fn reference_text(reading: &mut Reading<'_>, id: At<String>, value: Value<'_>) -> Option<ReferenceText> {
    let mut table = reading.open(&forms::REFERENCE, value)?;
    let register = table.need(reading, "register").and_then(|value| reading.whole(value));
    let list = table.need(reading, "list").and_then(|value| reading.whole(value));
    table.finish(reading);
    let (register, list) = (register?, list?);
    if register.value == 0 || register.value > list.value {
        reading.note(
            Problem::error("R020", "these counts cannot be a prevalence")
                .at(register.span, "people on the register")
                .also(list.span, "people on the lists")
                .help("the register must be more than 0 and no more than the list"),
        );
        return None;
    }
    Some(ReferenceText { id, register, list })
}

fn domain(reading: &mut Reading<'_>, value: Value<'_>) -> Option<(At<String>, At<String>)> {
    let mut table = reading.open(&forms::DOMAIN, value)?;
    let id = table.need_text(reading, "id");
    let title = table.need_text(reading, "title");
    table.finish(reading);
    Some((id?, title?))
}

fn associate(reading: &mut Reading<'_>, value: Value<'_>) -> Option<AssociateText> {
    let mut table = reading.open(&forms::ASSOCIATE, value)?;
    let id = table.need_text(reading, "id").map(|id| identifier(reading, id));
    let title = table.need_text(reading, "title");
    let uptake = table.need_text(reading, "uptake");
    let outcome = table.need_text(reading, "outcome");
    table.finish(reading);
    Some(AssociateText { id: id?, title: title?, uptake: uptake?, outcome: outcome? })
}
