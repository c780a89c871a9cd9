//! `dqoh explain`: why this person is counted, or not; without a person, how many people each line decided.

use super::read::{Ready, practice_of, ready};
use super::why::{self, Form};
use super::{Stop, When, say};
use crate::evaluate::Answers;
use crate::evaluate::explain::{Explained, ExplainedLine, Finding, Seen, What, explain as explain_lines};
use crate::evaluate::pathway::Step;
use crate::evaluate::why::{Became, OffTheList};
use crate::extract::patient::{Patients, Person};
use crate::extract::{Check, Extract};
use crate::framework::pathways::Pathway;
use crate::framework::{Framework, Indicator, Lines, Population, RegisterId};
use crate::problem::{Problem, did_you_mean};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder of the extract
    extract: PathBuf,
    /// Only this practice
    #[arg(long, value_name = "CODE")]
    practice: Option<String>,
    /// This person, by the extract's patient_id
    #[arg(long, value_name = "ID")]
    pub(super) person: Option<String>,
    /// Only this indicator or register
    #[arg(long, value_name = "ID")]
    pub(super) indicator: Option<String>,
    /// Write one row a person to FILE.csv: the sentence, the line, the records; or with --person a page, FILE.html
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only these people: a text file with one patient_id a line; those who are not counted are told too, and why
    #[arg(long, value_name = "FILE", requires = "out", conflicts_with = "person")]
    pub(super) people: Option<PathBuf>,
    /// Only people of whom this became [default: all whom the indicator is of]
    #[arg(long, value_name = "WORD,…", requires = "out", value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(Became::WORDS))]
    pub(super) outcome: Vec<String>,
    /// Only people whom these lines decided, by number
    #[arg(long, value_name = "NUMBER,…", requires = "out", value_delimiter = ',')]
    pub(super) line: Vec<u16>,
    #[command(flatten)]
    when: When,
}

pub(super) fn explain(options: &Options) -> Result<(), Stop> {
    let form = options.out.as_deref().map(|out| Ok((out, Form::of(out, options.person.as_deref())?))).transpose()?;
    let ready = ready(&options.extract, &options.when, Check::RowsInUse)?;
    if let (Some(wanted), Some(framework)) = (&options.indicator, ready.frameworks.first()) {
        known_measure(framework, wanted)?;
    }
    let practice = options.practice.as_ref().map(|code| practice_of(&ready.extract, code)).transpose()?;
    if let Some((out, form)) = form {
        return why::write(options, out, form, ready, practice);
    }
    let Ready { frameworks, extract, records, .. } = ready;
    let person = options.person.as_deref().map(|typed| extract.person_id(typed).into_owned());
    let codes = frameworks.first().map(|framework| framework.codes.clone()).unwrap_or_default();
    let chosen = records.into_iter().filter(|records| practice.is_none_or(|practice| practice == records.practice));
    let mut found = 0;
    for records in chosen {
        let practice = records.practice;
        let patients = records.patients(&codes);
        for framework in &frameworks {
            match &person {
                Some(id) => {
                    let people = patients.people().iter().filter(|person| extract.id_of(person.number) == id);
                    for person in people {
                        found += 1;
                        Telling { framework, extract: &extract, patients: &patients, practice }
                            .person(person, options.indicator.as_deref());
                    }
                }
                None => {
                    found += 1;
                    Telling { framework, extract: &extract, patients: &patients, practice }.everybody(options.indicator.as_deref());
                }
            }
        }
    }
    if let Some(person) = &person {
        return if found > 0 { Ok(()) } else { Err(no_such_person(&extract, person)) };
    }
    say("For one row a person, with the records behind: add --out why.csv.");
    Ok(())
}

/// What is said of a person who has no records here.
pub(super) fn no_such_person(extract: &Extract, id: &str) -> Stop {
    let elsewhere = extract.everyone().any(|(number, ..)| extract.id_of(number) == id);
    let (says, help) = match (elsewhere, extract.knows(id)) {
        (true, _) => ("this person is at another practice of the extract", "leave out --practice, or name theirs"),
        (false, true) => (
            "the rows of this person were set aside: nobody can be sure of them",
            "after `dqoh run`, quarantine.csv says which rows and why",
        ),
        (false, false) => {
            ("there is no such person in this extract", "the person is named by the extract's patient_id, and --practice must be theirs")
        }
    };
    Stop::usage(Problem::error("U005", says).help(help))
}

/// A problem unless there is such a measure.
pub(super) fn known_measure(framework: &Framework, wanted: &str) -> Result<(), Stop> {
    if framework.measures().any(|(id, _)| id == wanted) {
        return Ok(());
    }
    let ids: Vec<&str> = framework.measures().map(|(id, _)| id).collect();
    let help = did_you_mean(wanted, ids.iter().copied()).unwrap_or_else(|| format!("there are {}", ids.join(", ")));
    Err(Stop::usage(Problem::error("U006", format!("there is no indicator or register `{wanted}`")).help(help)))
}

/// One practice on one reporting day.
struct Telling<'a> {
    framework: &'a Framework,
    extract: &'a Extract,
    patients: &'a Patients,
    practice: usize,
}

impl Telling<'_> {
    fn heading(&self) {
        let practice = self.extract.practices.get(self.practice);
        let (code, name) = practice.map_or(("", ""), |practice| (practice.code.as_str(), practice.name.as_str()));
        let view = self.framework.view.word();
        say(&format!("{name} ({code}), {view} view as at {}", self.framework.reporting_day.long()));
        for remark in self.framework.remarks() {
            say(&remark);
        }
    }

    fn person(&self, person: &Person, wanted: Option<&str>) {
        self.heading();
        let about = &person.about;
        let day = self.framework.reporting_day;
        if let Some(off) = OffTheList::of(about, day) {
            say(&format!("Not on the list on {}: {}. Not counted anywhere.", day.long(), off.words()));
            return;
        }
        let mut answers = Answers::new(self.framework, self.patients.patient(person));
        for (at, register) in (0..).zip(&self.framework.registers) {
            if wanted == Some(register.id.as_str()) {
                say(&format!("\n{}  {}  ({})", register.id, register.title, register.lines.file));
                self.lines(&explain_lines(&mut answers, &register.lines), &register.lines);
            } else if wanted.is_none() && answers.on_register(RegisterId(at)) {
                say(&format!("On the register {}: {}", register.id, register.title));
            }
        }
        for indicator in self.framework.indicators.iter().filter(|indicator| wanted.is_none_or(|wanted| wanted == indicator.id)) {
            self.indicator(&mut answers, indicator, wanted.is_some());
        }
        for pathway in self.framework.pathways.iter().filter(|pathway| wanted.is_none_or(|wanted| wanted == pathway.id)) {
            self.pathway(&mut answers, pathway, wanted.is_some());
        }
    }

    /// An indicator; for a person not on its register, why not, when it was asked for by name.
    fn indicator(&self, answers: &mut Answers<'_>, indicator: &Indicator, asked_for: bool) {
        let of = answers.is_of(indicator);
        if !of && !asked_for {
            return;
        }
        say(&format!("\n{}  {}  ({}; {})", indicator.id, indicator.title, indicator.lines.file, indicator.standing));
        if of {
            self.lines(&explain_lines(answers, &indicator.lines), &indicator.lines);
        } else if let Population::Register(id) = indicator.of {
            let register = self.framework.register(id);
            say(&format!("  Not counted: not on the register {} ({}), because:", register.id, register.lines.file));
            self.lines(&explain_lines(answers, &register.lines), &register.lines);
        }
    }

    /// Where the person is in a pathway, and what follows.
    fn pathway<'f>(&self, answers: &mut Answers<'f>, pathway: &'f Pathway, asked_for: bool) {
        let Some(standing) = answers.pathway(pathway) else {
            if asked_for {
                let register = self.framework.register(pathway.of);
                say(&format!("\n{}  {}  ({})", pathway.id, pathway.title, pathway.lines.file));
                say(&format!("  Not counted: not on the register {} ({}), because:", register.id, register.lines.file));
                self.lines(&explain_lines(answers, &register.lines), &register.lines);
            }
            return;
        };
        say(&format!("\n{}  {}  ({})", pathway.id, pathway.title, pathway.lines.file));
        let title = |at: usize| pathway.stages.get(at).map_or("", |stage| stage.title.as_str());
        let furthest = standing.place.furthest.checked_sub(1).map_or("none", title);
        say(&format!("  {}; furthest stage: {furthest}. Next: {}.", standing.place.status.word(), standing.next));
        for (at, day) in standing.days.iter().enumerate() {
            let day = day.map_or_else(|| "not within its window".to_owned(), |day| day.to_string());
            let missing = if standing.missing.contains(&at) { "  (missing before the furthest stage)" } else { "" };
            say(&format!("        {}: {day}{missing}", title(at)));
        }
        for (from, to, days) in standing.between() {
            let order = if days < 0 { "  (out of order)" } else { "" };
            say(&format!("        from {} to {}: {days} days{order}", title(from), title(to)));
        }
        if let Some(lapses) = standing.lapses {
            let says = if lapses > self.framework.reporting_day { "lapses" } else { "lapsed" };
            say(&format!("        the plan {says} on {lapses}"));
        }
        if let Some(drops) = standing.drops {
            let what = match drops.what {
                Step::Stage(at) => title(at),
                Step::Refusal => "the refusal",
            };
            say(&format!("        next to drop out of its window: {what}, on {}", drops.on));
        }
        if asked_for {
            self.lines(&explain_lines(answers, &pathway.lines), &pathway.lines);
        }
    }

    fn lines(&self, explained: &Explained, lines: &Lines) {
        let decided = explained.lines.iter().position(|line| line.decides);
        for (at, line) in explained.lines.iter().enumerate() {
            let after = decided.is_some_and(|decided| at > decided);
            say(&self.line(line, lines, after));
            for finding in line.findings.iter().filter(|_| !after || line.holds) {
                say(&self.finding(finding));
            }
        }
    }

    fn line(&self, line: &ExplainedLine, lines: &Lines, after: bool) -> String {
        let mark = if line.decides { "►" } else { " " };
        let held = match (line.decides, after, line.holds) {
            (true, _, _) => "decides",
            (false, true, true) if !line.findings.is_empty() => "would have held",
            (false, true, _) => "not needed",
            (false, false, _) => "does not hold",
        };
        let rule = line.rule.map_or(String::new(), |rule| format!(", official rule {rule}"));
        format!("{mark} {:>2}  {}  [{held}; {} row {}{rule}]", line.number.0, line.words, lines.file, line.row)
    }

    fn finding(&self, finding: &Finding) -> String {
        let name = &finding.name;
        let (what, seen): (String, &[Seen]) = match &finding.what {
            What::Nothing => ("none found".to_owned(), &[]),
            What::Day(day, seen) => (day.to_string(), seen),
            What::Count(count, seen) => (count.to_string(), seen),
            What::Words(words) => (words.clone(), &[]),
        };
        let records: Vec<String> = seen.iter().map(|seen| self.record(seen)).collect();
        let records = if records.is_empty() { String::new() } else { format!("  ← {}", records.join("; ")) };
        format!("        {name}: {what}{records}")
    }

    fn record(&self, seen: &Seen) -> String {
        let amount = seen.amount.map_or(String::new(), |amount| format!(" {}", amount.to_decimal()));
        let place = self.patients.place(seen.record).map(|(place, _)| place).unwrap_or_default();
        let file = self.extract.files.get(usize::from(place.file)).map_or("", |file| file.name.as_str());
        format!("{} {}{amount} ({file} row {})", seen.day, seen.set, place.row)
    }

    /// How many people each line decided.
    fn everybody(&self, wanted: Option<&str>) {
        self.heading();
        for (measure, lines) in self.framework.measures().filter(|(id, _)| wanted.is_none_or(|wanted| wanted == *id)) {
            let mut counts = vec![0_u32; lines.lines.len()];
            for person in self.patients.people().iter().filter(|person| person.about.on_the_list(self.framework.reporting_day)) {
                let mut answers = Answers::new(self.framework, self.patients.patient(person));
                let indicator = self.framework.indicators.iter().find(|indicator| indicator.id == measure);
                let pathway = self.framework.pathways.iter().find(|pathway| pathway.id == measure);
                let not_of = pathway.is_some_and(|pathway| !answers.on_register(pathway.of));
                if not_of || indicator.is_some_and(|indicator| !answers.is_of(indicator)) {
                    continue;
                }
                let decided = answers.decide(lines);
                if let Some(count) = lines.lines.iter().position(|line| line.number == decided).and_then(|at| counts.get_mut(at)) {
                    *count += 1;
                }
            }
            say(&format!("\n{measure}  ({})", lines.file));
            for (line, people) in lines.lines.iter().zip(&counts) {
                say(&format!("  {:>2}  {people:>7}  {}", line.number.0, line.words));
            }
        }
        say("");
    }
}
