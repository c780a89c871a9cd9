//! Why, in one sentence: what became of a person in a measure, the line that decided it, and what came nearest after it.
//! Told from the same answers that decided, so that it cannot tell another story.

use super::Answers;
use super::explain::{Finding, Seen, What, clause_findings, fact_findings};
use super::sentence::{Titles, condition_said, in_small, verdict};
use crate::extract::patient::About;
use crate::framework::calendar::Day;
use crate::framework::{Asks, Clause, Condition, DayTest, Framework, Line, LineNumber, Lines, Outcome, Population, Register};

/// One measure: whom it is of, and what decides.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'f> {
    /// Its id.
    pub id: &'f str,
    /// Its title.
    pub title: &'f str,
    /// Whom it is of.
    pub of: Population,
    /// What decides.
    pub lines: &'f Lines,
}

/// All indicators; or the one indicator, register or pathway of an id.
pub fn measures<'f>(framework: &'f Framework, wanted: Option<&str>) -> Vec<Measure<'f>> {
    let indicators = framework.indicators.iter().map(|one| Measure { id: &one.id, title: &one.title, of: one.of, lines: &one.lines });
    let Some(wanted) = wanted else { return indicators.collect() };
    let registers =
        framework.registers.iter().map(|one| Measure { id: &one.id, title: &one.title, of: Population::List, lines: &one.lines });
    let pathways = framework.pathways.iter().map(|one| Measure {
        id: &one.id,
        title: &one.title,
        of: Population::Register(one.of),
        lines: &one.lines,
    });
    registers.chain(indicators).chain(pathways).filter(|measure| measure.id == wanted).collect()
}

/// Why somebody is not on the list on the reporting day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffTheList {
    /// Died on this day.
    Died(Day),
    /// Left on this day.
    Left(Day),
    /// Registered on this day, later than the reporting day.
    NotYet(Day),
}

impl OffTheList {
    /// Nothing for somebody who is on the list.
    pub fn of(about: &About, day: Day) -> Option<OffTheList> {
        if about.on_the_list(day) {
            return None;
        }
        Some(match (about.died.filter(|died| *died <= day), about.left.filter(|left| *left <= day)) {
            (Some(died), _) => OffTheList::Died(died),
            (None, Some(left)) => OffTheList::Left(left),
            (None, None) => OffTheList::NotYet(about.registered),
        })
    }

    /// `left on 4 May 2016`
    pub fn words(self) -> String {
        match self {
            OffTheList::Died(day) => format!("died on {}", day.long()),
            OffTheList::Left(day) => format!("left on {}", day.long()),
            OffTheList::NotYet(day) => format!("registered on {}, later than that", day.long()),
        }
    }
}

/// What became of a person in a measure.
#[derive(Clone, Copy, Debug)]
pub enum Became<'f> {
    /// One of its lines decided.
    Decided(Outcome),
    /// Not on the register that it is of.
    NotOnRegister(&'f Register),
    /// Not on the list on the reporting day.
    NotOnList(OffTheList),
    /// At another practice of the extract.
    Elsewhere,
    /// Rows tell different things of the person, or could not be understood.
    SetAside,
    /// Nobody of this id is in the extract.
    Unknown,
}

impl Became<'_> {
    /// All words of [`Became::word`] that can be chosen by.
    pub const WORDS: [&'static str; 12] = [
        "achieved",
        "not-achieved",
        "excepted",
        "excluded",
        "selected",
        "rejected",
        "in-pathway",
        "not-on-register",
        "not-on-list",
        "at-another-practice",
        "set-aside",
        "not-in-extract",
    ];

    /// In a word, for files and for choosing.
    pub fn word(&self) -> &'static str {
        match self {
            Became::Decided(Outcome::Achieved) => "achieved",
            Became::Decided(Outcome::NotAchieved) => "not-achieved",
            Became::Decided(Outcome::Excepted(_)) => "excepted",
            Became::Decided(Outcome::Excluded) => "excluded",
            Became::Decided(Outcome::Selected) => "selected",
            Became::Decided(Outcome::Rejected) => "rejected",
            Became::Decided(Outcome::Pathway(_)) => "in-pathway",
            Became::NotOnRegister(_) => "not-on-register",
            Became::NotOnList(_) => "not-on-list",
            Became::Elsewhere => "at-another-practice",
            Became::SetAside => "set-aside",
            Became::Unknown => "not-in-extract",
        }
    }

    /// Whether the measure is of this person.
    pub fn is_of(&self) -> bool {
        matches!(self, Became::Decided(_))
    }

    /// Whether the person is on the list; nothing where that cannot be known.
    pub fn on_the_list(&self) -> Option<bool> {
        match self {
            Became::Decided(_) | Became::NotOnRegister(_) => Some(true),
            Became::NotOnList(_) => Some(false),
            Became::Elsewhere | Became::SetAside | Became::Unknown => None,
        }
    }
}

/// A line, and what is to be said of it for one person.
#[derive(Clone, Debug)]
pub struct Told<'f> {
    /// The line.
    pub line: &'f Line,
    /// Its file.
    pub file: &'f str,
    /// Whether it holds.
    pub holds: bool,
    /// What of it holds, or what stands in its way, with what was found; empty for `otherwise`.
    pub said: String,
    /// The records that were looked at for it, by day.
    pub records: Vec<Seen>,
}

/// Why a person is where they are in a measure.
#[derive(Clone, Debug)]
pub struct Why<'f> {
    /// What became of the person.
    pub became: Became<'f>,
    /// The line that decided: of the measure, or of the register that the person is not on.
    pub line: Option<Told<'f>>,
    /// What came nearest: the next line that would have held; or the first that achieves, and what of it was missing.
    pub nearest: Option<Told<'f>>,
    day: Day,
}

impl<'f> Why<'f> {
    /// Of somebody without a line: set aside, elsewhere, not there at all.
    pub fn without_line(became: Became<'f>, day: Day) -> Why<'f> {
        Why { became, line: None, nearest: None, day }
    }

    /// The records behind: of the line that decided; where that was `otherwise`, of what was missing.
    pub fn records(&self) -> &[Seen] {
        match (&self.line, &self.nearest) {
            (Some(line), Some(nearest)) if line.said.is_empty() => &nearest.records,
            (Some(line), _) => &line.records,
            (None, _) => &[],
        }
    }

    /// The whole answer in one sentence.
    pub fn sentence(&self) -> String {
        let because = match &self.line {
            Some(line) if !line.said.is_empty() => line.said.clone(),
            _ => match &self.nearest {
                Some(nearest) if !nearest.holds => {
                    format!("no line before it held; line {} asks for {}", nearest.line.number.0, nearest.said)
                }
                _ => "no line before it held".to_owned(),
            },
        };
        let number = self.line.as_ref().map_or(0, |line| line.line.number.0);
        match self.became {
            Became::Decided(outcome) => format!("{}, by line {number}: {because}.", verdict(outcome)),
            Became::NotOnRegister(register) => {
                format!("Not counted, as not on the register {}, by its line {number}: {because}.", register.id)
            }
            Became::NotOnList(off) => format!("Not counted, as not on the list on {}: {}.", self.day.long(), off.words()),
            Became::Elsewhere => "Not counted here, as the person is at another practice of this extract.".to_owned(),
            Became::SetAside => {
                "Not counted, as the rows of this person were set aside: quarantine.csv of a run says which rows, and why.".to_owned()
            }
            Became::Unknown => "Not counted, as nobody in this extract has this patient_id.".to_owned(),
        }
    }

    /// Whether what came nearest is not in the sentence already, as it is where the last line decided.
    pub fn nearest_adds(&self) -> bool {
        let told = self.line.as_ref().is_some_and(|line| line.said.is_empty());
        self.nearest.as_ref().is_some_and(|nearest| nearest.holds || !told)
    }

    /// What came nearest, in one sentence; empty where nothing did.
    pub fn nearest_sentence(&self) -> String {
        let Some(nearest) = &self.nearest else { return String::new() };
        let (number, outcome) = (nearest.line.number.0, verdict(nearest.line.outcome));
        match (nearest.holds, nearest.said.is_empty()) {
            (true, true) => format!("Without that, line {number} would decide: {}.", in_small(&outcome)),
            (true, false) => format!("Line {number} would have held too: {}; {}.", in_small(&outcome), nearest.said),
            (false, _) => format!("{outcome}, if line {number} held; in its way: {}.", nearest.said),
        }
    }
}

/// Why a person is where they are in a measure. `titles` are those of code sets.
pub fn why<'f>(answers: &mut Answers<'f>, measure: Measure<'f>, titles: &Titles) -> Why<'f> {
    let framework = answers.framework;
    let day = framework.reporting_day;
    if let Some(off) = OffTheList::of(answers.patient.about, day) {
        return Why::without_line(Became::NotOnList(off), day);
    }
    if let Population::Register(id) = measure.of
        && !answers.on_register(id)
    {
        let register = framework.register(id);
        let number = answers.register(id);
        let (line, nearest) = Telling { answers, lines: &register.lines, titles }.both(number);
        return Why { became: Became::NotOnRegister(register), line, nearest, day };
    }
    let number = answers.decide(measure.lines);
    let outcome = measure.lines.line(number).map_or(Outcome::Excluded, |line| line.outcome);
    let (line, nearest) = Telling { answers, lines: measure.lines, titles }.both(number);
    Why { became: Became::Decided(outcome), line, nearest, day }
}

/// The lines of one file, told for one person.
struct Telling<'t, 'f> {
    answers: &'t mut Answers<'f>,
    lines: &'f Lines,
    titles: &'t Titles,
}

impl<'f> Telling<'_, 'f> {
    /// The line that decided, and what came nearest.
    fn both(&mut self, number: LineNumber) -> (Option<Told<'f>>, Option<Told<'f>>) {
        let lines = self.lines;
        let Some(at) = lines.lines.iter().position(|line| line.number == number) else { return (None, None) };
        let decided = lines.lines.get(at).map(|line| self.told(line));
        let nearest = self.nearest(at).map(|line| self.told(line));
        (decided, nearest)
    }

    fn nearest(&mut self, decided: usize) -> Option<&'f Line> {
        let lines = &self.lines.lines;
        let asks = |line: &&Line| !line.condition.clauses.is_empty();
        let later = || lines.iter().skip(decided + 1);
        if let Some(next) = later().filter(asks).find(|line| self.answers.line_holds(line)) {
            return Some(next);
        }
        let outcome = lines.get(decided).map(|line| line.outcome);
        let wanted = |line: &&Line| matches!(line.outcome, Outcome::Achieved | Outcome::Selected);
        let there = matches!(outcome, Some(Outcome::Achieved | Outcome::Selected));
        let missed = if there { None } else { lines.iter().filter(asks).find(wanted) };
        // Of somebody for whom no line held, the first line tells most; of others, what would decide without the line that did.
        let last = lines.get(decided).is_some_and(|line| line.condition.clauses.is_empty());
        if missed.is_some() || last {
            return missed.or_else(|| lines.iter().take(decided).find(asks));
        }
        later().find(|line| self.answers.line_holds(line))
    }

    fn told(&mut self, line: &'f Line) -> Told<'f> {
        let holds = self.answers.line_holds(line);
        let said = condition_said(self.answers, self.lines, self.titles, &line.condition);
        let mut records: Vec<Seen> = Vec::new();
        for clause in self.of_same_truth(&line.condition, holds) {
            for finding in self.findings(clause) {
                let (What::Day(_, seen) | What::Count(_, seen)) = finding.what else { continue };
                for one in seen {
                    if !records.contains(&one) {
                        records.push(one);
                    }
                }
            }
        }
        records.sort_by_key(|seen| (seen.day, seen.record));
        Told { line, file: &self.lines.file, holds, said, records }
    }

    /// The clauses that make a condition hold, or that stand in its way.
    fn of_same_truth<'c>(&mut self, condition: &'c Condition, holds: bool) -> Vec<&'c Clause> {
        condition.clauses.iter().filter(|clause| self.answers.clause_holds(clause) == holds).collect()
    }

    /// What was found for a clause, and for the facts that it compares with.
    fn findings(&mut self, clause: &Clause) -> Vec<Finding> {
        let mut findings = clause_findings(self.answers, self.lines, clause);
        if let Asks::Fact(_, days, _) = &clause.asks {
            for test in days {
                if let DayTest::Fact(_, id) | DayTest::Within { of: id, .. } = test {
                    fact_findings(self.answers, self.lines, *id, &mut findings);
                }
            }
        }
        findings
    }
}
