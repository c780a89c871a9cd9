//! `practices/<code>.html`: for one practice. Holds no list of people.

use super::figures;
use super::page::Shell;
use super::table::{Cell, Row, Table};
use super::tables::{self, share_of, whole_pounds};
use crate::briefing::{Indicator, OfPractice, Planning, PracticePay, Report, ReportedPractice, Statuses, practice_note, sentences, words};
use crate::numerals::{number, pounds, thousands};
use askama::Template;
use rust_decimal::Decimal;

/// The page of a practice, by its place in the report.
pub(super) fn page(report: &Report, at: usize) -> Result<String, askama::Error> {
    let Some(practice) = report.practices.get(at) else { return Ok(String::new()) };
    Page { shell: Shell::new(), audience: words::audience(report.audience), report, practice, at }.render()
}

#[derive(Template)]
#[template(path = "practice.html")]
struct Page<'r> {
    shell: Shell,
    audience: &'static str,
    report: &'r Report,
    practice: &'r ReportedPractice,
    at: usize,
}

/// The indicators of the page, each with what is said of the practice.
type Own<'r> = (&'r Indicator, &'r OfPractice);

impl<'r> Page<'r> {
    /// Indicators in which somebody was counted here.
    fn own(&self) -> impl Iterator<Item = Own<'r>> {
        let at = self.at;
        self.report.indicators.iter().filter_map(move |indicator| Some((indicator, indicator.practices.get(at)?.as_ref()?)))
    }

    fn pay(&self) -> Option<&'r PracticePay> {
        self.report.payment.as_ref()?.practices.get(self.at)?.as_ref()
    }

    /// What comes first.
    fn answer(&self) -> String {
        use crate::variation::Flag;
        let flags: Vec<Flag> = self.own().filter_map(|(_, one)| one.flag).collect();
        if flags.is_empty() {
            return format!("Of {} nothing is said beside the others: its counts are small or not shown.", self.practice.name_or_code());
        }
        let above = flags.iter().filter(|flag| matches!(flag, Flag::Higher95 | Flag::Higher998)).count();
        let below = flags.iter().filter(|flag| matches!(flag, Flag::Lower95 | Flag::Lower998)).count();
        let chance = 0.05 * flags.len() as f64;
        format!(
            "Of {} in which people are counted here, {} lies above all practices together in {above} and below in {below} by more than chance; in {} it is no different. By chance alone about {} would be above or below.",
            words::counted(flags.len() as u64, "indicator"),
            self.practice.name_or_code(),
            flags.len() - above - below,
            words::tenths(chance)
        )
    }

    fn money(&self) -> Option<String> {
        let pay = self.pay()?;
        let left: Decimal = pay.indicators.iter().map(|one| one.left).sum();
        Some(format!(
            "{} of {} points, {} (indicative). Still to be had, all else equal: {} points and {}.",
            thousands(&format!("{:.1}", pay.money.points)),
            number(pay.money.max_points),
            whole_pounds(pay.money.pounds),
            thousands(&format!("{:.1}", pay.money.max_points - pay.money.points)),
            whole_pounds(left)
        ))
    }

    /// What must be known of so few people.
    fn small_numbers(&self) -> &'static str {
        let mut of: Vec<u64> = self.own().filter_map(|(_, one)| one.rate.of.number()).filter(|of| *of > 0).collect();
        of.sort_unstable();
        practice_note(of.get(of.len() / 2).copied().unwrap_or(0))
    }

    /// How many more people each threshold asks for, and what that would bring.
    fn gaps(&self) -> Table {
        let pay = self.pay();
        let mut table = Table::sorted("More people, and what they would bring").words(["Indicator"]).numbers([
            "Achieved",
            "Of",
            "Rate",
            "Next threshold",
            "More people",
        ]);
        if pay.is_some() {
            table = table.numbers(["Points", "Of", "Pounds still to be had, indicative"]);
        }
        for (indicator, one) in self.own().filter(|(indicator, one)| indicator.pays.is_some() && one.rate.of.number() != Some(0)) {
            let next = one.next;
            let lower = |per_cent| indicator.pays.is_some_and(|pays| pays.from == per_cent);
            let mut cells = vec![Cell::from(indicator.name())];
            cells.extend(
                [words::shown(one.rate.achieved), words::shown(one.rate.of), words::percentage(one.rate.percentage)].map(Cell::from),
            );
            let met = if one.flag.is_some() { "met" } else { "–" };
            cells.push(
                next.map_or(met.to_owned(), |next| {
                    format!("{}% {}", next.per_cent.normalize(), if lower(next.per_cent) { "to begin" } else { "in full" })
                })
                .into(),
            );
            cells.push(next.map_or("–".to_owned(), |next| words::number(next.people)).into());
            if let Some(pay) = pay {
                let own = pay.indicators.iter().find(|own| own.id == indicator.id);
                cells.extend(own.map_or([Cell::from("–"), "–".into(), "–".into()], |own| {
                    let left = if own.left > Decimal::ZERO { whole_pounds(own.left) } else { "–".to_owned() };
                    [thousands(&format!("{:.1}", own.money.points)).into(), number(own.money.max_points).into(), left.into()]
                }));
            }
            table.row(Row::of(cells));
        }
        table.note("More people means people who are counted now and would have to achieve. Whoever becomes excepted, joins or leaves changes the number too.");
        table
    }

    /// Its rate beside its locality's and all together.
    fn beside(&self) -> Table {
        let localities = self.own().any(|(indicator, _)| !indicator.localities.is_empty()) && !self.practice.locality.is_empty();
        let mut table = Table::sorted("Every indicator, beside the others")
            .words(["Indicator"])
            .numbers(["Achieved", "Of", "Here", "95% interval"])
            .words(["Against all together"]);
        if localities {
            table = table.numbers([self.practice.locality.as_str()]);
        }
        table = table.numbers(["All practices", "Middle half of practices"]).words(["Reliability"]);
        for (indicator, one) in self.own() {
            let mut cells = vec![Cell::from(indicator.name())];
            cells.extend(
                [words::shown(one.rate.achieved), words::shown(one.rate.of), words::percentage(one.rate.percentage)].map(Cell::from),
            );
            cells.push(one.rate.interval.map_or("–".to_owned(), words::interval).into());
            cells.push(Cell::marked(tables::flag(one.flag), "f", ""));
            if localities {
                let own = indicator.localities.iter().find(|(name, _)| *name == self.practice.locality);
                cells.push(own.map_or("–".to_owned(), |(_, rate)| words::percentage(rate.percentage)).into());
            }
            cells.push(words::percentage(indicator.all.percentage).into());
            let spread = indicator.statistics.as_ref().filter(|all| words::enough(all)).and_then(|all| all.spread.as_ref().ok());
            cells.push(
                spread
                    .map_or("–".to_owned(), |spread| words::interval(crate::variation::Interval { lower: spread.p25, upper: spread.p75 }))
                    .into(),
            );
            cells.push(Cell::words(one.reliability.unwrap_or("–")));
            table.row(Row::of(cells));
        }
        table
    }

    /// What has changed; empty where nothing can be set against it.
    fn changes(&self) -> Table {
        let mut table = Table::sorted("Since the reporting day before")
            .words(["Indicator"])
            .numbers(["Now", "Change, percentage points"])
            .words(["More than chance?"]);
        for (indicator, one, change) in self.own().filter_map(|(indicator, one)| Some((indicator, one, one.change?))) {
            table.row(Row::of(vec![
                Cell::from(indicator.name()),
                words::percentage(one.rate.percentage).into(),
                words::change(change).into(),
                Cell::words(words::change_in_words(change)),
            ]));
        }
        table
    }

    /// Who was left out, beside who achieved; empty for other audiences.
    fn exceptions(&self) -> Table {
        let mut table = Table::sorted("Who was left out, and why")
            .words(["Indicator"])
            .numbers([
                "Whom it is of",
                "Excluded",
                "Excepted",
                "Excepted here",
                "Excepted in all practices",
                "Rate",
                "Achieved of all it is of",
            ])
            .words(["Reasons"]);
        for (indicator, one) in self.own() {
            let Some(own) = one.exceptions.as_ref().filter(|own| own.population > 0) else { continue };
            let all = indicator.practices.iter().flatten().filter_map(|one| one.exceptions.as_ref());
            let (excepted, of) = all.fold((0, 0), |sum, one| (sum.0 + one.excepted, sum.1 + one.population - one.excluded));
            let reasons: Vec<String> =
                own.by_reason.iter().filter(|(_, people)| *people > 0).map(|(reason, people)| format!("{reason} {people}")).collect();
            table.row(Row::of(vec![
                Cell::from(indicator.name()),
                words::number(own.population).into(),
                words::number(own.excluded).into(),
                words::number(own.excepted).into(),
                share_of(own.excepted, own.population - own.excluded).into(),
                share_of(excepted, of).into(),
                words::percentage(one.rate.percentage).into(),
                share_of(one.rate.achieved.number().unwrap_or(0), own.population).into(),
                Cell::words(reasons.join(", ")),
            ]));
        }
        table.note("The shares of exceptions are of those who are not excluded. A high rate with many exceptions reaches fewer people than it seems.");
        table
    }

    /// Its places in the pathway.
    fn statuses(&self, planning: &'r Planning) -> Option<&'r Statuses> {
        planning.practices.get(self.at).filter(|statuses| statuses.register > 0)
    }

    fn pathway_chart(&self, planning: &Planning, statuses: &Statuses) -> String {
        figures::pathway_of(self.report, planning, statuses, self.practice.name_or_code(), "own").unwrap_or_default()
    }

    /// Where people are and what was done, here, in the locality, and everywhere.
    fn care_planning(&self, planning: &Planning, own: &Statuses) -> Table {
        let locality = planning.localities.iter().find(|(name, _)| *name == self.practice.locality);
        let mut table = Table::new(format!("{}: as shares of everyone on the register", planning.title))
            .words(["What"])
            .numbers(["People here", "Here"]);
        if let Some((name, _)) = locality {
            table = table.numbers([name.as_str()]);
        }
        table = table.numbers(["All practices"]);
        for (at, status) in crate::framework::Status::ALL.iter().enumerate() {
            let people = |statuses: &Statuses| statuses.people.get(at).copied().unwrap_or(0);
            let mut cells = vec![
                Cell::from(words::capital(status.word())),
                words::number(people(own)).into(),
                share_of(people(own), own.register).into(),
            ];
            cells.extend(locality.map(|(_, one)| Cell::from(share_of(people(one), one.register))));
            cells.push(share_of(people(&planning.whole), planning.whole.register).into());
            table.row(Row::of(cells));
        }
        let in_locality: Vec<usize> = (0..self.report.practices.len())
            .filter(|at| self.report.practices.get(*at).is_some_and(|practice| practice.locality == self.practice.locality))
            .collect();
        let of_counts =
            planning.counts.iter().map(|count| (format!("{}, last twelve months", count.title), &count.practices, count.year.0));
        let of_people = planning.people.iter().map(|(title, people, practices)| (title.clone(), practices, *people));
        for (title, practices, all) in of_counts.chain(of_people) {
            let here = practices.get(self.at).copied().unwrap_or(0);
            let mut cells = vec![Cell::from(title), words::number(here).into(), share_of(here, own.register).into()];
            cells.extend(locality.map(|(_, one)| {
                let people = in_locality.iter().filter_map(|at| practices.get(*at)).sum();
                Cell::from(share_of(people, one.register))
            }));
            cells.push(share_of(all, planning.whole.register).into());
            table.row(Row::of(cells));
        }
        table
    }

    /// The titles of the domains, each once, in their order.
    fn domains(&self) -> Vec<&'r str> {
        let mut domains: Vec<&str> = self.report.indicators.iter().map(|indicator| indicator.domain.as_str()).collect();
        domains.dedup();
        domains
    }

    fn spine(&self, domain: &str) -> String {
        figures::spine_of(self.report, self.at, domain).unwrap_or_default()
    }

    fn over_time(&self, indicator: &Indicator) -> String {
        figures::deciles_of(self.report, indicator, Some(self.at)).unwrap_or_default()
    }

    fn funnel(&self, indicator: &Indicator) -> String {
        figures::funnel_of(self.report, indicator, Some(self.at)).unwrap_or_default()
    }

    /// Points and pounds with pence.
    fn schedule(&self) -> Option<Table> {
        let pay = self.pay()?;
        let mut table = Table::sorted("Every indicator, with pence")
            .words(["Indicator"])
            .numbers(["Points", "Of", "Prevalence factor", "Pounds"])
            .words(["Status"]);
        for one in &pay.indicators {
            table.row(Row::of(vec![
                Cell::from(one.id.clone()),
                thousands(&format!("{:.2}", one.money.points)).into(),
                number(one.money.max_points).into(),
                one.prevalence_factor.to_string().into(),
                pounds(one.money.pounds).into(),
                Cell::words(one.status.replace('-', " ")),
            ]));
        }
        table.row(Row::sum(vec![
            "All".into(),
            thousands(&format!("{:.2}", pay.money.points)).into(),
            number(pay.money.max_points).into(),
            "".into(),
            pounds(pay.money.pounds).into(),
            Cell::words(""),
        ]));
        table.note(format!("List used: {} people.", words::number(pay.list)));
        Some(table)
    }

    /// What is awkward in what was counted here.
    fn quality(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let read = self.report.read.as_ref();
        if read.is_some_and(|read| read.without_people.contains(&self.practice.code)) {
            notes.push("The extract holds nobody of this practice: nothing here is of its people.".to_owned());
        }
        let nobody: Vec<&str> =
            self.own().filter(|(_, one)| one.rate.of.number() == Some(0)).map(|(indicator, _)| indicator.id.as_str()).collect();
        if !nobody.is_empty() {
            notes.push(format!("Nobody is counted in {}: {}.", words::counted(nobody.len() as u64, "indicator"), nobody.join(", ")));
        }
        let all = self
            .own()
            .filter(|(_, one)| one.rate.of.number().is_some_and(|of| of >= 10) && one.rate.achieved.number() == one.rate.of.number());
        let all: Vec<&str> = all.map(|(indicator, _)| indicator.id.as_str()).collect();
        if !all.is_empty() {
            notes.push(format!("Everybody achieved in {}: look whether a template records it without asking.", all.join(", ")));
        }
        if let Some(read) = read {
            let rows = read.by_practice.get(&self.practice.code);
            notes.extend(rows.into_iter().flatten().map(|(rule, done, rows)| format!("{} {done}: {rule}.", words::counted(*rows, "row"))));
            if rows.is_some() {
                notes.push("Which rows these are stands in quarantine.csv.".to_owned());
            }
        }
        notes
    }
}
