//! A rulebook → the book: which pages there are, in which order, and what stands on the first of them.

use super::measures::{points, thresholds, usual_person};
use super::words::{Wording, counted, number, pounds, standing_in_words};
use super::{Association, Book, Domain, Earning, Measure, Piece, Place, Row, sets};
use crate::framework::calendar::{Day, before};
use crate::framework::pathways::Pathway;
use crate::framework::{Framework, Indicator, Population, Rulebook, View};
use crate::rules::phrase::{Length, Unit};
use crate::rules::syntax::{Head, NamedDate, RuleFile};
use rust_decimal::Decimal;

impl Book {
    /// The book of a framework, as at the end of its period. The book says that every example comes out as it is told:
    /// only a rulebook whose examples were all tried may become one.
    pub fn of(rulebook: &Rulebook) -> Book {
        let (framework, _) = rulebook.at(rulebook.period().to, View::YearEnd);
        let registers: Vec<Measure> = framework
            .registers
            .iter()
            .filter_map(|register| {
                let file = file_called(rulebook, &register.lines.file)?;
                Some(Wording { rulebook, framework: &framework, file }.register(register))
            })
            .collect();
        let domains: Vec<Domain> = (0..framework.domains.len()).filter_map(|at| domain(rulebook, &framework, at)).collect();
        let measures = registers.iter().chain(domains.iter().flat_map(|domain| &domain.measures));
        let sets = sets::sets(rulebook, measures);
        Book {
            name: framework.name.clone(),
            period: format!("{} to {}", framework.period.from.long(), framework.period.to.long()),
            source: rulebook.file.source.as_ref().map(|source| source.value.clone()),
            hash: framework.hash.clone(),
            totals: totals(rulebook, &framework),
            money: money(&framework),
            reading: reading(rulebook, &framework),
            dates: dates(rulebook, &framework),
            domains,
            registers,
            earnings: earnings(rulebook, &framework),
            associations: associations(rulebook, &framework),
            sets,
        }
    }
}

fn file_called<'r>(rulebook: &'r Rulebook, path: &str) -> Option<&'r RuleFile> {
    rulebook.files.iter().find(|file| rulebook.path(file.file) == path)
}

fn total_points<'f>(indicators: impl Iterator<Item = &'f Indicator>) -> Decimal {
    indicators.map(|indicator| indicator.points).sum()
}

/// A domain; nothing when no indicator lies in it.
fn domain(rulebook: &Rulebook, framework: &Framework, at: usize) -> Option<Domain> {
    let own: Vec<&Indicator> = framework.indicators.iter().filter(|indicator| indicator.domain == at).collect();
    let about = framework.domains.get(at).filter(|_| !own.is_empty())?;
    // The bands of an indicator share a file, and a page.
    let mut files: Vec<&str> = Vec::new();
    let mut measures = Vec::new();
    for indicator in &own {
        if files.contains(&indicator.lines.file.as_str()) {
            continue;
        }
        files.push(&indicator.lines.file);
        let file = file_called(rulebook, &indicator.lines.file);
        measures.extend(file.map(|file| Wording { rulebook, framework, file }.indicator(indicator)));
    }
    let pathways = framework.pathways.iter().filter_map(|pathway| Some((pathway, file_called(rulebook, &pathway.lines.file)?)));
    let pathways: Vec<_> = pathways.filter(|(_, file)| file.folder == about.id).collect();
    measures.extend(pathways.iter().map(|(pathway, file)| Wording { rulebook, framework, file }.pathway(pathway)));
    let rows = own.iter().map(|indicator| row(rulebook, framework, indicator));
    let pathway_rows = pathways.iter().map(|(pathway, _)| pathway_row(framework, &about.id, pathway));
    Some(Domain {
        id: about.id.clone(),
        title: about.title.clone(),
        number: counted(own.len(), "indicator"),
        points: points(total_points(own.iter().copied())),
        indicators: rows.chain(pathway_rows).collect(),
        measures,
    })
}

/// A pathway among the indicators of its domain: it earns nothing.
fn pathway_row(framework: &Framework, domain: &str, pathway: &Pathway) -> Row {
    let of = framework.register(pathway.of).id.clone();
    Row {
        id: Piece::To(Place::Indicator { domain: domain.to_owned(), id: pathway.id.clone() }, pathway.id.clone()),
        title: pathway.title.clone(),
        of: Piece::To(Place::Register(of.clone()), of),
        points: "–".to_owned(),
        pays: "–".to_owned(),
        standing: "pathway".to_owned(),
    }
}

fn row(rulebook: &Rulebook, framework: &Framework, indicator: &Indicator) -> Row {
    Row {
        id: link(rulebook, framework, indicator),
        title: indicator.title.clone(),
        of: match indicator.of {
            Population::List => Piece::Words("everyone".to_owned()),
            Population::Register(id) => {
                let id = framework.register(id).id.clone();
                Piece::To(Place::Register(id.clone()), id)
            }
        },
        points: number(indicator.points),
        pays: thresholds(indicator),
        standing: indicator.standing.clone(),
    }
}

/// The id of an indicator, leading to its page: for a band, that of its file.
fn link(rulebook: &Rulebook, framework: &Framework, indicator: &Indicator) -> Piece {
    let domain = framework.domains.get(indicator.domain).map_or("", |domain| domain.id.as_str()).to_owned();
    let head = file_called(rulebook, &indicator.lines.file).map(|file| &file.head);
    let id = match head {
        Some(Head::Indicator(head)) => head.id.value.clone(),
        Some(Head::Register(_) | Head::Pathway(_)) | None => indicator.id.clone(),
    };
    Piece::To(Place::Indicator { domain, id }, indicator.id.clone())
}

fn associations(rulebook: &Rulebook, framework: &Framework) -> Vec<Association> {
    let to = |at: usize| framework.indicators.get(at).map(|indicator| link(rulebook, framework, indicator));
    let association = |one: &crate::framework::Association| {
        Some(Association { id: one.id.clone(), title: one.title.clone(), uptake: to(one.uptake)?, outcome: to(one.outcome)? })
    };
    framework.associations.iter().filter_map(association).collect()
}

fn totals(rulebook: &Rulebook, framework: &Framework) -> Vec<(String, &'static str)> {
    let count = |count: usize| number(Decimal::from(count));
    let of_pathways = framework.pathways.iter().map(|pathway| pathway.lines.lines.len());
    let lines: usize = rulebook.files.iter().map(|file| file.lines.len()).chain(of_pathways).sum();
    let examples: usize = rulebook.files.iter().map(|file| file.examples.len()).sum();
    let codes: usize = rulebook.sets.iter().map(|set| set.codes.len()).sum();
    vec![
        (number(total_points(framework.indicators.iter())), "points"),
        (count(framework.indicators.len()), "indicators"),
        (count(framework.registers.len()), "registers"),
        (count(lines), "lines"),
        (count(examples), "examples"),
        (count(rulebook.sets.len()), "code sets"),
        (count(codes), "codes"),
    ]
}

fn money(framework: &Framework) -> Vec<String> {
    let Some(per_point) = framework.payment.pounds_per_point else { return vec!["This framework pays nothing.".to_owned()] };
    let all = total_points(framework.indicators.iter());
    let average = framework.payment.average_list.map_or("an average practice".to_owned(), |list| {
        format!("a practice with a list of {} people and average prevalence", number(list))
    });
    vec![
        format!("A point is worth {} (indicative) at {average}.", pounds(per_point)),
        format!("All {} together are worth {} (indicative) there.", points(all), pounds(per_point * all)),
        "Indicative means: these are the figures of this framework, not the payer's calculation.".to_owned(),
    ]
}

fn reading(rulebook: &Rulebook, framework: &Framework) -> Vec<(&'static str, String)> {
    let examples: usize = rulebook.files.iter().map(|file| file.examples.len()).sum();
    vec![
        (
            "Lines",
            "A register or an indicator is a list of lines. They are asked in their order, and the first line that holds decides about a person; \
             the lines below it are not asked. A sentence about something that is not in the record does not hold; “no” and “not” turn a sentence round."
                .to_owned(),
        ),
        (
            "Counting",
            "Whoever achieved counts in numerator and denominator, whoever did not achieve in the denominator only. Whoever is excepted or excluded \
             counts in neither. Achievement is the numerator as a percentage of the denominator."
                .to_owned(),
        ),
        ("Windows", windows(framework)),
        ("Standing", standings(framework)),
        (
            "Examples",
            format!(
                "Every page tells of people who do not exist, and what becomes of them; {} in all, each tried before this book was written, \
                 and each came out as it is told. {}",
                counted(examples, "example"),
                usual_person(framework)
            ),
        ),
        (
            "Codes",
            "A code set is a list of codes that mean the same to a rule. Complete means all codes of its source, abridged the commonest, \
             unverified that no source confirms them: put in the codes that your practices use."
                .to_owned(),
        ),
    ]
}

/// The words that tell how well indicators are known, in the order of the indicators.
fn standings(framework: &Framework) -> String {
    let mut words: Vec<&str> = Vec::new();
    for indicator in &framework.indicators {
        if !words.contains(&indicator.standing.as_str()) {
            words.push(&indicator.standing);
        }
    }
    let told = words.into_iter().map(|word| match standing_in_words(word) {
        Some(meaning) => format!("“{word}”: {meaning}"),
        None => format!("“{word}”"),
    });
    format!("How well an indicator is known. {}.", told.collect::<Vec<_>>().join(". "))
}

/// What a window means, with the framework's own days.
fn windows(framework: &Framework) -> String {
    let year = Length { number: 12, unit: Unit::Months };
    let window = |end: Day| format!("{} to {}", before(end, year).plus(1).long(), end.long());
    let early = framework.period.quarter_ends().into_iter().nth(1).unwrap_or(framework.end);
    format!(
        "In an indicator, “in the last 12 months” counts back from the end of the period: {}. In a register, in a pathway, and in a fact that says so, it counts \
         back from the reporting day, the day on which people are looked at: on {} that is {}; this book is written as at {}, where the two are the same.",
        window(framework.end),
        early.long(),
        window(early),
        framework.reporting_day.long()
    )
}

fn dates(rulebook: &Rulebook, framework: &Framework) -> Vec<[String; 3]> {
    let dates = rulebook.file.dates.iter();
    dates
        .map(|(name, date)| {
            let (day, moves) = match date.value {
                NamedDate::Fixed(day) => (Day::from(day), "always this day"),
                NamedDate::EachPeriod(month, day) => (framework.period.day_of(month, day), "this day of each period"),
            };
            [name.value.clone(), day.long(), moves.to_owned()]
        })
        .collect()
}

fn earnings(rulebook: &Rulebook, framework: &Framework) -> Vec<Earning> {
    let all = framework.earn_in_several().into_iter();
    all.map(|earning| {
        let title = rulebook.sets.iter().find(|set| set.name == earning.set).and_then(|set| set.about.title.clone());
        Earning {
            set: Piece::To(Place::Set(earning.set.to_owned()), title.unwrap_or_else(|| earning.set.to_owned())),
            name: earning.set.to_owned(),
            indicators: earning.indicators.iter().map(|indicator| link(rulebook, framework, indicator)).collect(),
            points: number(earning.points),
        }
    })
    .collect()
}
