//! The page of a register or an indicator: what it is, its lines, facts and sets, and its examples as stories.

use super::words::{Wording, number, outcome_in_words, plain, pounds, reason_in_words, standing_in_words};
use super::{Band, Condition, Example, Line, Measure, Piece, Place, Record};
use crate::framework::calendar::{Day, age};
use crate::framework::pathways::Pathway;
use crate::framework::{Asks, Framework, Indicator, Lines, Population, Register, View};
use crate::rules::phrase::Subject;
use crate::rules::syntax::{self, BORN, Codes, ExampleRecord, Find, Head, REGISTERED};
use crate::source::At;
use rust_decimal::Decimal;

impl Wording<'_> {
    /// The page of a register.
    pub fn register(&self, register: &Register) -> Measure {
        let (description, goal) = self.description();
        let mut about = Vec::new();
        let reference = register.reference.filter(|reference| reference.list > 0);
        about.extend(reference.map(|reference| {
            let (people, list) = (Decimal::from(reference.register), Decimal::from(reference.list));
            let share = number((people * Decimal::ONE_HUNDRED / list).round_dp(2));
            let words =
                format!("{} of {} people ({share} %), which a practice's prevalence is compared with", number(people), number(list));
            ("Reference", plain(words))
        }));
        about.extend(self.source(&register.source));
        let place = Place::Register(register.id.clone());
        self.measure(place, &register.id, &register.title, about, description, goal, &register.lines)
    }

    /// The page of an indicator, or of all bands of one.
    pub fn indicator(&self, indicator: &Indicator) -> Measure {
        let (description, goal) = self.description();
        let (id, title) = match &self.file.head {
            Head::Indicator(head) => (head.id.value.as_str(), head.title.value.as_str()),
            Head::Register(_) | Head::Pathway(_) => (indicator.id.as_str(), indicator.title.as_str()),
        };
        let mut about = vec![("Whom it is of", self.of(indicator))];
        if self.file.bands.is_empty() {
            about.push(("Points", plain(self.worth(indicator))));
        }
        about.push(("What adjusts the payment", self.adjusted(indicator)));
        about.push(("Standing", plain(standing(&indicator.standing))));
        about.extend(self.source(&indicator.source));
        let domain = self.framework.domains.get(indicator.domain).map_or("", |domain| domain.id.as_str());
        let place = Place::Indicator { domain: domain.to_owned(), id: id.to_owned() };
        self.measure(place, id, title, about, description, goal, &indicator.lines)
    }

    /// The page of a pathway.
    pub fn pathway(&self, pathway: &Pathway) -> Measure {
        let (description, goal) = self.description();
        let register = self.framework.register(pathway.of);
        let of = Piece::To(Place::Register(register.id.clone()), register.id.clone());
        let mut about = vec![(
            "Whom it is of",
            vec![Piece::Words("Everyone on the register ".to_owned()), of, Piece::Words(format!(": {}", register.title))],
        )];
        let steps: Vec<String> =
            (1..).zip(&pathway.stages).map(|(at, stage)| format!("{at}. {} (to get there: {})", stage.title, stage.next)).collect();
        about.push(("Steps", plain(steps.join("; "))));
        let lapsing = pathway.stages.get(pathway.lapses).map_or("", |stage| stage.title.as_str());
        about.push(("What lapses", plain(format!("“{lapsing}”, on the day on which its record leaves its window"))));
        let what_next = [("Declined", &pathway.if_declined), ("lapsed", &pathway.if_lapsed), ("complete", &pathway.if_complete)];
        about.push(("What to do then", plain(what_next.map(|(status, next)| format!("{status}: {next}")).join("; "))));
        let counts: Vec<&str> = pathway.counts.iter().map(|count| count.title.as_str()).collect();
        about.push(("Counted by people, events and contact days", plain(counts.join("; "))));
        let people: Vec<&str> = pathway.people.iter().map(|count| count.title.as_str()).collect();
        about.push(("Counted by people", plain(people.join("; "))));
        about.extend(self.source(&pathway.source));
        let place = Place::Indicator { domain: self.file.folder.clone(), id: pathway.id.clone() };
        let lines = pathway.lines.lines.iter().map(|line| {
            let (verdict, happens) = outcome_in_words(line.outcome);
            Line {
                number: usize::from(line.number.0),
                rule: String::new(),
                when: plain(line.words.clone()),
                days: Vec::new(),
                outcome: line.outcome,
                verdict,
                happens,
                reason: "",
            }
        });
        let mut page = self.measure(place, &pathway.id, &pathway.title, about, description, goal, &pathway.lines);
        page.lines = lines.collect();
        page
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a page")]
    fn measure(
        &self,
        place: Place,
        id: &str,
        title: &str,
        about: Vec<(&'static str, Vec<Piece>)>,
        description: Option<String>,
        goal: Option<String>,
        lines: &Lines,
    ) -> Measure {
        let lines_of_page = self.lines(lines);
        Measure {
            place,
            id: id.to_owned(),
            title: title.to_owned(),
            question: self.file.question.clone().filter(|question| question.trim_end_matches('.') != title),
            description,
            goal,
            about,
            bands: self.file.bands.iter().filter_map(|band| self.band(band)).collect(),
            official: lines_of_page.iter().any(|line| !line.rule.is_empty()),
            reasons: lines_of_page.iter().any(|line| !line.reason.is_empty()),
            conditions: self.conditions(lines),
            facts: self.facts(lines),
            sets: self.sets(),
            examples: self.file.examples.iter().map(|example| self.example(example, lines)).collect(),
            lines: lines_of_page,
        }
    }

    fn description(&self) -> (Option<String>, Option<String>) {
        let text = |text: &Option<At<String>>| text.as_ref().map(|text| text.value.clone());
        match &self.file.head {
            Head::Register(head) => (text(&head.description), None),
            Head::Indicator(head) => (text(&head.description), text(&head.goal)),
            Head::Pathway(head) => (text(&head.description), text(&head.goal)),
        }
    }

    fn source(&self, source: &str) -> [(&'static str, Vec<Piece>); 2] {
        let source = if source.is_empty() { "Not told" } else { source };
        [("Source", plain(source)), ("File", vec![Piece::Name(self.rulebook.path(self.file.file).to_owned())])]
    }

    fn of(&self, indicator: &Indicator) -> Vec<Piece> {
        match indicator.of {
            Population::List => plain("Everyone on the practice's list"),
            Population::Register(id) => {
                let register = self.framework.register(id);
                let link = Piece::To(Place::Register(register.id.clone()), register.id.clone());
                vec![Piece::Words("Everyone on the register ".to_owned()), link, Piece::Words(format!(": {}", register.title))]
            }
        }
    }

    /// What an indicator is worth, and from when on.
    fn worth(&self, indicator: &Indicator) -> String {
        let Some(pays) = indicator.pays.filter(|_| indicator.points > Decimal::ZERO) else {
            return "None: this is counted and not paid".to_owned();
        };
        let points = points(indicator.points);
        let each = if indicator.points == Decimal::ONE { "the point".to_owned() } else { format!("all {points}") };
        let (from, to) = (number(pays.from), number(pays.to));
        let money = self.framework.payment.pounds_per_point.map_or(String::new(), |per_point| {
            let average =
                self.framework.payment.average_list.map_or("an average practice".to_owned(), |list| {
                    format!("a practice of {} people and average prevalence", number(list))
                });
            format!(". Worth up to {} (indicative) at {average}", pounds(per_point * indicator.points))
        });
        format!("{points}. Nothing at or below {from} %, {each} from {to} %, in proportion between the two{money}")
    }

    fn adjusted(&self, indicator: &Indicator) -> Vec<Piece> {
        let list = match self.framework.payment.average_list {
            Some(list) => format!("The size of the practice's list, against an average of {} people", number(list)),
            None => "Not the size of the list: the framework names no average".to_owned(),
        };
        let Some(id) = indicator.adjusted_by else { return plain(format!("{list}; nothing else")) };
        let register = self.framework.register(id);
        let link = Piece::To(Place::Register(register.id.clone()), register.id.clone());
        let (before, after) = match register.reference {
            Some(_) => {
                (format!("{list}; and how common the register "), " is at the practice, against the reference of that register".to_owned())
            }
            None => (
                format!("{list}. It should also be how common the register "),
                " is at the practice, but the framework has no reference for it: results say “not-adjusted”".to_owned(),
            ),
        };
        vec![Piece::Words(before), link, Piece::Words(after)]
    }

    fn band(&self, band: &syntax::Band) -> Option<Band> {
        let indicator = self.framework.indicators.iter().find(|indicator| indicator.id == band.id.value)?;
        let values: Vec<String> = band.values.iter().map(|(name, value)| format!("{} {}", name.value, value.value)).collect();
        Some(Band {
            id: indicator.id.clone(),
            title: indicator.title.clone(),
            who: self.sentence(&band.is.value),
            values: values.join(", "),
            worth: self.worth(indicator),
        })
    }

    /// The lines as they are written. The line that leaves out everybody outside a band is told by the table of bands.
    fn lines(&self, lines: &Lines) -> Vec<Line> {
        let written = self.file.lines.iter().enumerate();
        let worked_out = |number: usize| lines.lines.iter().find(|line| usize::from(line.number.0) == number);
        let both = written.filter_map(|(at, line)| Some((at + 1, line, worked_out(at + 1)?)));
        both.map(|(number, line, worked_out)| {
            let (verdict, happens) = outcome_in_words(worked_out.outcome);
            Line {
                number,
                rule: worked_out.rule.map_or(String::new(), |rule| rule.to_string()),
                when: line.condition.as_ref().map_or_else(|| plain("otherwise"), |condition| self.sentence(condition)),
                days: line.condition.as_ref().map(|condition| self.days(condition, &worked_out.condition)).unwrap_or_default(),
                outcome: worked_out.outcome,
                verdict,
                happens,
                reason: reason_in_words(worked_out.outcome),
            }
        })
        .collect()
    }

    fn conditions(&self, lines: &Lines) -> Vec<Condition> {
        let all = self.file.conditions.iter();
        all.map(|(name, condition)| Condition {
            name: name.value.clone(),
            when: self.sentence(&condition.value),
            days: self.worked_out(&name.value, lines).map(|worked_out| self.days(&condition.value, worked_out)).unwrap_or_default(),
        })
        .collect()
    }

    /// What a named condition became: it is known by the lines that name it.
    fn worked_out(&self, name: &str, lines: &Lines) -> Option<&crate::framework::Condition> {
        let written = self.file.lines.iter().enumerate();
        let clauses = written.flat_map(|(at, line)| {
            let worked_out = lines.lines.iter().find(|line| usize::from(line.number.0) == at + 1);
            let texts = line.condition.iter().flat_map(|condition| &condition.clauses);
            texts.zip(worked_out.into_iter().flat_map(|line| &line.condition.clauses))
        });
        clauses.filter(|(text, _)| matches!(&text.subject, Subject::Named(named) if named.value == name)).find_map(|(_, clause)| {
            match clause.asks {
                Asks::Condition(id) => Some(self.framework.condition(id)),
                _ => None,
            }
        })
    }

    /// The sets that the file's facts look for, in their order, each once.
    fn sets(&self) -> Vec<usize> {
        let mut sets = Vec::new();
        for fact in &self.file.facts {
            let (Find::Latest(search) | Find::Earliest(search) | Find::Pair { search, .. } | Find::Count { search, .. }) = &fact.find
            else {
                continue;
            };
            let own: Vec<&At<String>> = match &search.codes {
                Codes::Sets(sets) => sets.iter().collect(),
                Codes::Values(values) => values.iter().map(|(_, set)| set).collect(),
            };
            for name in own.into_iter().chain(search.with.iter().flat_map(|companion| &companion.codes)) {
                sets.extend(self.set_at(&name.value).filter(|at| !sets.contains(at)));
            }
        }
        sets
    }

    fn set_at(&self, name: &str) -> Option<usize> {
        self.rulebook.sets.iter().position(|set| set.name == name)
    }

    fn example(&self, example: &syntax::Example, lines: &Lines) -> Example {
        let records: Vec<Record> = example.records.iter().map(|record| self.record(record)).collect();
        let number = example.line.value as usize;
        let outcome = lines.lines.iter().find(|line| usize::from(line.number.0) == number).map(|line| line.outcome);
        let verdict = outcome.map_or(example.then.value.as_str(), |outcome| outcome_in_words(outcome).0);
        let reason = outcome.map_or("", reason_in_words).to_lowercase();
        Example {
            story: example.story.value.clone(),
            who: self.who(example),
            values: records.iter().any(|record| !record.value.is_empty() || !record.remark.is_empty()),
            records,
            verdict: if reason.is_empty() { verdict.to_owned() } else { format!("{verdict}, {reason}") },
            line: number,
        }
    }

    /// `A man of 54, born on 3 March 1963, registered on 1 July 2016`: what an example does not say is left out.
    fn who(&self, example: &syntax::Example) -> String {
        let on = example.at.as_ref().map_or(self.framework.reporting_day, |at| Day::from(at.value));
        let born = example.born.as_ref().map(|born| Day::from(born.value)).or_else(|| Day::from_ymd(BORN.0, BORN.1, BORN.2));
        let years = born.map_or(0, |born| age(born.ymd(), on.ymd()));
        let male = example.sex.as_ref().is_some_and(|sex| sex.value == "male");
        let person = match (male, years < 18) {
            (false, false) => "A woman",
            (true, false) => "A man",
            (false, true) => "A girl",
            (true, true) => "A boy",
        };
        let mut words = format!("{person} of {years}");
        if let Some(born) = &example.born {
            words += &format!(", born on {}", Day::from(born.value).long());
        }
        if let Some(registered) = &example.registered {
            words += &format!(", registered on {}", Day::from(registered.value).long());
        }
        if example.at.is_some() {
            words += &format!(", looked at on {}", on.long());
        }
        if example.view.as_ref().is_some_and(|view| view.value == View::Rolling.word()) {
            words += ", in the rolling view: windows count back from that day";
        }
        words
    }

    fn record(&self, record: &ExampleRecord) -> Record {
        let names: Vec<&str> = record.sets.iter().map(|set| set.value.as_str()).collect();
        let titles: Vec<&str> = names
            .iter()
            .map(|name| self.set_at(name).and_then(|at| self.rulebook.sets.get(at)?.about.title.as_deref()).unwrap_or(name))
            .collect();
        let units = self.rulebook.file.values.iter().filter(|values| names.contains(&values.set.value.as_str()));
        let unit = units.map(|values| values.unit.value.as_str()).next().unwrap_or("");
        let group = record.group.as_ref().map(|group| format!("reading {group}"));
        let episode = record.episode.as_ref().map(|episode| format!("{} episode", episode.value));
        Record {
            day: Day::from(record.date.value).long(),
            what: titles.join("; "),
            names: names.join(", "),
            value: record.value.as_ref().map_or(String::new(), |value| format!("{} {unit}", value.value).trim_end().to_owned()),
            remark: group.into_iter().chain(episode).collect::<Vec<_>>().join(", "),
        }
    }
}

/// How well an indicator is known, and what that means.
fn standing(word: &str) -> String {
    standing_in_words(word).map_or_else(|| word.to_owned(), |meaning| format!("{word}: {meaning}"))
}

/// `1 point`, `17 points`
pub(super) fn points(points: Decimal) -> String {
    format!("{} point{}", number(points), if points == Decimal::ONE { "" } else { "s" })
}

/// `35–75 %`, or a dash where nothing is paid.
pub(super) fn thresholds(indicator: &Indicator) -> String {
    let pays = indicator.pays.filter(|_| indicator.points > Decimal::ZERO);
    pays.map_or_else(|| "–".to_owned(), |pays| format!("{}–{} %", number(pays.from), number(pays.to)))
}

/// When nothing else is said, an example's person is this one.
pub(super) fn usual_person(framework: &Framework) -> String {
    let day = |(year, month, day): (i32, u32, u32)| Day::from_ymd(year, month, day).map(Day::long).unwrap_or_default();
    format!(
        "Where nothing else is said, a person was born on {}, registered with the practice on {}, and is looked at on {}.",
        day(BORN),
        day(REGISTERED),
        framework.reporting_day.long()
    )
}
