//! Why: every line of a measure for one person, in order, with what was found and the records behind it.
//! Worked out from the same answers that decided, so that it cannot tell another story.

use super::Answers;
use crate::extract::patient::Record;
use crate::framework::calendar::Day;
use crate::framework::{Amount, Asks, Clause, Condition, Fact, FactId, LineNumber, Lines, Outcome, Search};

/// A measure explained for one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Every line.
    pub lines: Vec<ExplainedLine>,
}

/// One line explained.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedLine {
    /// Its number.
    pub number: LineNumber,
    /// The official rule's number.
    pub rule: Option<u32>,
    /// What it concludes.
    pub outcome: Outcome,
    /// Its words.
    pub words: String,
    /// The row of its file.
    pub row: usize,
    /// Whether it holds.
    pub holds: bool,
    /// Whether it is the one that decided.
    pub decides: bool,
    /// What was found for the facts it names.
    pub findings: Vec<Finding>,
}

/// What was found for one fact or subject of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The fact's name, or the subject.
    pub name: String,
    /// What was found.
    pub what: What,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Nothing.
    Nothing,
    /// A day, and the records behind it.
    Day(Day, Vec<Seen>),
    /// A count, and the records behind it.
    Count(i64, Vec<Seen>),
    /// Said in words: an age, a sex, a register.
    Words(String),
}

/// One record that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Which record of the practice.
    pub record: u32,
    /// The code set it was found in.
    pub set: String,
    /// Its day.
    pub day: Day,
    /// Its value.
    pub amount: Option<Amount>,
}

/// Explains the lines of a measure.
pub fn explain(answers: &mut Answers<'_>, lines: &Lines) -> Explained {
    let deciding = answers.decide(lines);
    let explained = lines.lines.iter().map(|line| {
        let holds = answers.line_holds(line);
        let mut findings = Vec::new();
        condition_findings(answers, lines, &line.condition, &mut findings);
        ExplainedLine {
            number: line.number,
            rule: line.rule,
            outcome: line.outcome,
            words: line.words.clone(),
            row: line.row,
            holds,
            decides: line.number == deciding,
            findings,
        }
    });
    Explained { lines: explained.collect() }
}

fn condition_findings(answers: &mut Answers<'_>, lines: &Lines, condition: &Condition, findings: &mut Vec<Finding>) {
    for clause in &condition.clauses {
        for finding in clause_findings(answers, lines, clause) {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
}

pub(super) fn clause_findings(answers: &mut Answers<'_>, lines: &Lines, clause: &Clause) -> Vec<Finding> {
    let framework = answers.framework;
    let words = |name: &str, words: String| vec![Finding { name: name.to_owned(), what: What::Words(words) }];
    match &clause.asks {
        Asks::OnRegister(id) => {
            let on = if answers.on_register(*id) { "on it" } else { "not on it" };
            words(&format!("register {}", framework.register(*id).id), on.to_owned())
        }
        Asks::Condition(id) => {
            let mut findings = Vec::new();
            condition_findings(answers, lines, framework.condition(*id), &mut findings);
            findings
        }
        Asks::Age(_) => words("age", format!("{} on {}", answers.age(), framework.reporting_day)),
        Asks::Sex(_) => words(
            "sex",
            match answers.patient.about.sex {
                Some(crate::framework::Sex::Female) => "female".to_owned(),
                Some(crate::framework::Sex::Male) => "male".to_owned(),
                None => "neither told".to_owned(),
            },
        ),
        Asks::Registered(_) => words("registered", answers.patient.about.registered.to_string()),
        Asks::Fact(id, ..) | Asks::Count(id, _) => {
            let mut findings = Vec::new();
            fact_findings(answers, lines, *id, &mut findings);
            findings
        }
    }
}

/// What was found for a fact, and for the facts that it hangs on.
pub(super) fn fact_findings(answers: &mut Answers<'_>, lines: &Lines, id: FactId, findings: &mut Vec<Finding>) {
    let framework = answers.framework;
    let found = answers.found(id);
    let what = match framework.fact(id) {
        Fact::Latest(search) | Fact::Earliest(search) | Fact::Pair(search, _) => match found.day {
            Some(day) => {
                let records: Vec<u32> = found.records.iter().flatten().copied().collect();
                let mut seen = seen(answers, &search.sets, &records);
                seen.extend(companions(answers, search, day));
                What::Day(day, seen)
            }
            None => What::Nothing,
        },
        Fact::Count(search, _) => {
            let records: Vec<u32> = answers.records(search).map(|record| record.record).collect();
            What::Count(found.count, seen(answers, &search.sets, &records))
        }
        Fact::LatestOf(ids) => {
            for id in ids {
                fact_findings(answers, lines, *id, findings);
            }
            found.day.map_or(What::Nothing, |day| What::Day(day, Vec::new()))
        }
        Fact::Registers(ids) => {
            let on: Vec<&str> = ids.iter().filter(|id| answers.on_register(**id)).map(|id| framework.register(*id).id.as_str()).collect();
            What::Words(if on.is_empty() { "on none of the registers".to_owned() } else { format!("on {}: {}", on.len(), on.join(", ")) })
        }
    };
    findings.push(Finding { name: lines.fact_name(id).to_owned(), what });
}

fn seen(answers: &Answers<'_>, sets: &[crate::framework::code_sets::SetId], records: &[u32]) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for set in sets {
        let of_set = answers.of(*set).iter().filter(|record| records.contains(&record.record));
        for record in of_set {
            if !all.iter().any(|other| other.record == record.record) {
                all.push(one(answers, record));
            }
        }
    }
    all.sort_by_key(|seen| (seen.day, seen.record));
    all
}

fn companions(answers: &Answers<'_>, search: &Search, day: Day) -> Vec<Seen> {
    search.with.iter().filter_map(|companion| answers.companion(companion, day)).map(|record| one(answers, record)).collect()
}

fn one(answers: &Answers<'_>, record: &Record) -> Seen {
    Seen { record: record.record, set: answers.framework.set_name(record.set).to_owned(), day: record.day, amount: record.amount }
}
