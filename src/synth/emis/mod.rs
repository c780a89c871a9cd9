//! A canonical extract → the same people and records as the bulk extract of EMIS Web, with everything in it that such extracts are known for:
//! GUIDs that several practices share, in several spellings; dummies, temporary residents and people deleted without their records;
//! records replaced, deleted, undated or late, in up to three batches; readings whose parent stands before or after them.
//! None of it changes what is counted.

mod canonical;
mod codes;
mod tables;

pub use tables::Specification;

use super::ids::guid;
use crate::framework::calendar::Day;
use canonical::{Event, Patient, Practice};
use codes::Codes;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use tables::Table;

/// The sharing agreement, made up.
const AGREEMENT: &str = "45E7CD20-EE37-41AB-90D6-DC9D4B03D102";

/// What is made from.
#[derive(Debug)]
pub struct Canonical<P, Q, E> {
    /// `practices.csv`
    pub practices: P,
    /// `patients.csv`
    pub patients: Q,
    /// `events.csv`
    pub events: E,
    /// The day of the extract.
    pub extracted_on: Day,
    /// The scheme of codes that name none.
    pub scheme: String,
}

/// What is made of it.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// By which version of the specification.
    pub version: Specification,
    /// How many batches, one to three.
    pub batches: usize,
    /// Another seed, other traps.
    pub seed: u64,
}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Rows that such an extract has no place for: of schemes that it does not know, or of nobody in particular.
    pub left_out: u64,
}

/// Somebody who must not be counted, with records of somebody who is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shadow {
    DeletedLater,
    Dummy,
    Temporary,
    Private,
}

/// A person of one organisation.
#[derive(Clone, Copy, Debug)]
struct Who {
    organisation: usize,
    number: u64,
}

/// What a row of observations or issues says.
#[derive(Clone, Debug)]
struct Record {
    who: Who,
    guid: u64,
    parent: Option<u64>,
    date: String,
    precision: &'static str,
    code: u64,
    is_drug: bool,
    value: String,
    unit: String,
    episode: String,
    deleted: bool,
    confidential: bool,
}

/// What became of a group of values.
enum Group {
    Held(Box<Record>),
    Of(u64),
}

/// Writes the files: `open` makes one of a name.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write<P: Read, Q: Read, E: Read, W: Write>(
    from: Canonical<P, Q, E>,
    shape: &Shape,
    mut open: impl FnMut(&str) -> io::Result<W>,
) -> io::Result<Made> {
    let practices = canonical::practices(from.practices)?;
    let patients = canonical::patients(from.patients)?;
    let mut files = Vec::new();
    let batches = shape.batches.clamp(1, 3);
    for batch in 0..batches {
        let day = from.extracted_on.plus(-7 * i32::try_from(batches - 1 - batch).unwrap_or(0)).to_string().replace('-', "");
        let ids = if batch == 0 { "291-292".to_owned() } else { (292 + batch).to_string() };
        let mut of_batch = BTreeMap::new();
        for table in Table::ALL {
            let to = open(&format!("{ids}_{}_{day}063000_{AGREEMENT}.csv", table.word()))?;
            let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
            let header = table.header(shape.version);
            csv.write_record(&header)?;
            of_batch.insert(table, (csv, header, 0_u64));
        }
        files.push(of_batch);
    }
    let mut writer = Writer {
        files,
        places: BTreeMap::new(),
        codes: Codes::default(),
        dice: Pcg64::seed_from_u64(shape.seed),
        guids: vec![0; practices.len()],
        shadows: BTreeMap::new(),
        groups: BTreeMap::new(),
        made: Made::default(),
    };
    writer.organisations(&practices)?;
    let people = writer.people(&practices, &patients)?;
    writer.events(from.events, &people, &practices, &from.scheme)?;
    writer.dictionaries()?;
    writer.finish()
}

/// Who is who: the people of an id, by practice.
type People = BTreeMap<String, Vec<Who>>;

type Files<W> = BTreeMap<Table, (csv::Writer<W>, Vec<&'static str>, u64)>;

struct Writer<W: Write> {
    files: Vec<Files<W>>,
    /// For rows of a table with so many cells, which cell each column is.
    places: BTreeMap<(Table, usize), Vec<Option<usize>>>,
    codes: Codes,
    dice: Pcg64,
    /// GUIDs given in each organisation: the same ones in each.
    guids: Vec<u64>,
    shadows: BTreeMap<(usize, u64), Who>,
    groups: BTreeMap<(usize, u64, String), Group>,
    made: Made,
}

impl<W: Write> Writer<W> {
    /// One row: the cells that matter by name, something that nobody reads in all others.
    fn row(&mut self, batch: usize, table: Table, cells: &[(&str, String)]) -> io::Result<()> {
        let Some((csv, header, number)) = self.files.get_mut(batch).and_then(|files| files.get_mut(&table)) else { return Ok(()) };
        *number += 1;
        let processing = number.to_string();
        // Rows of a table that tell as many cells tell the same ones: where each stands is looked up once.
        let places = self
            .places
            .entry((table, cells.len()))
            .or_insert_with(|| header.iter().map(|column| cells.iter().position(|(name, _)| name.eq_ignore_ascii_case(column))).collect());
        let row = header.iter().zip(places.iter()).map(|(column, place)| {
            let told = place.and_then(|place| cells.get(place)).map(|(_, cell)| cell.as_str());
            told.unwrap_or(match *column {
                "ProcessingId" => &processing,
                "AgreementGuid" => AGREEMENT,
                "GivenName" | "Surname" | "CarerName" | "Title" => "Nobody",
                "NhsNumber" => "9999999999",
                "NumberAndStreet" => "1, Nowhere Street",
                "AssociatedText" | "Dosage" => "said \"so\", and\r\nnothing else",
                "EnteredTime" => "11:00:00",
                "OrganisationType" => "General Practice",
                "ObservationType" => "Observation",
                "Abnormal" => "FALSE",
                _ => "",
            })
        });
        Ok(csv.write_record(row)?)
    }

    fn latest(&self) -> usize {
        self.files.len() - 1
    }

    /// A later batch; the only one where there is but one.
    fn later(&mut self) -> usize {
        let latest = self.latest();
        if latest == 0 { 0 } else { self.dice.random_range(1..=latest) }
    }

    fn one_in(&mut self, times: u32) -> bool {
        self.dice.random_ratio(1, times)
    }

    /// A GUID of an organisation, in one of the spellings that there are.
    fn spelt(&mut self, number: u64) -> String {
        let guid = guid(number);
        match self.dice.random_range(0..20) {
            0 => guid,
            1 => guid.to_ascii_lowercase(),
            2 => ["{", &guid.to_ascii_lowercase(), "}"].concat(),
            _ => ["{", &guid, "}"].concat(),
        }
    }

    fn flag(&mut self, is: bool) -> String {
        let words = if is { ["TRUE", "True", "true"] } else { ["FALSE", "False", "false"] };
        words.choose(&mut self.dice).map(|word| (*word).to_owned()).unwrap_or_default()
    }

    fn new_guid(&mut self, organisation: usize) -> u64 {
        let last = self.guids.get_mut(organisation);
        last.map_or(0, |last| {
            *last += 1;
            *last
        })
    }

    fn organisations(&mut self, practices: &[Practice]) -> io::Result<()> {
        for (number, practice) in practices.iter().enumerate() {
            let cells = [
                ("OrganisationGuid", self.spelt(of_organisation(number))),
                ("OrganisationName", practice.name.clone()),
                ("ODSCode", practice.code.clone()),
            ];
            self.row(0, Table::Organisation, &cells)?;
        }
        // Some that nobody is registered with, one of them without a code.
        for (number, code) in [(practices.len(), ""), (practices.len() + 1, "Q99")] {
            let cells = [("OrganisationGuid", self.spelt(of_organisation(number))), ("ODSCode", code.to_owned())];
            self.row(0, Table::Organisation, &cells)?;
        }
        Ok(())
    }

    fn people(&mut self, practices: &[Practice], patients: &[Patient]) -> io::Result<People> {
        let mut people = People::new();
        let mut told = BTreeSet::new();
        let mut repeated = BTreeSet::new();
        for patient in patients {
            if !told.insert((&patient.practice, &patient.id)) {
                repeated.insert((&patient.practice, &patient.id));
            }
        }
        for patient in patients {
            let organisation = practices.iter().position(|practice| practice.code == patient.practice).unwrap_or(practices.len() + 2);
            let all = people.entry(patient.id.clone()).or_default();
            let who = match all.iter().find(|who| who.organisation == organisation) {
                Some(who) => *who,
                None => {
                    let number = self.new_guid(organisation);
                    let who = Who { organisation, number };
                    all.push(who);
                    who
                }
            };
            if repeated.contains(&(&patient.practice, &patient.id)) {
                self.patient(0, who, patient, None)?;
                continue;
            }
            let later = self.later();
            if later > 0 && self.one_in(25) {
                // Mended since.
                let wrong =
                    Patient { born: "1901-01-01".to_owned(), sex: "I".to_owned(), died: patient.registered.clone(), ..patient.clone() };
                self.patient(0, who, &wrong, None)?;
                self.patient(later, who, patient, None)?;
            } else {
                // Some arrive later.
                let batch = if self.one_in(40) { later } else { 0 };
                self.patient(batch, who, patient, None)?;
            }
            if self.one_in(25) {
                self.shadow(who, patient, later)?;
            }
        }
        Ok(people)
    }

    fn shadow(&mut self, of: Who, patient: &Patient, later: usize) -> io::Result<()> {
        let kinds = [Shadow::DeletedLater, Shadow::Dummy, Shadow::Temporary, Shadow::Private];
        let kind = kinds.choose(&mut self.dice).copied().unwrap_or(Shadow::Dummy);
        let who = Who { organisation: of.organisation, number: self.new_guid(of.organisation) };
        self.shadows.insert((of.organisation, of.number), who);
        if kind == Shadow::DeletedLater && later > 0 {
            self.patient(0, who, patient, None)?;
        }
        self.patient(later, who, patient, Some(kind))
    }

    fn patient(&mut self, batch: usize, who: Who, patient: &Patient, shadow: Option<Shadow>) -> io::Result<()> {
        let kind = match shadow {
            Some(Shadow::Temporary) => "Temporary",
            Some(Shadow::Private) => "  Private",
            _ => ["Regular", "  Regular", "Regular "].choose(&mut self.dice).copied().unwrap_or("Regular"),
        };
        let (sensitive, confidential) = (self.one_in(100), self.one_in(100));
        let person = [
            ("PatientGuid", self.spelt(who.number)),
            ("OrganisationGuid", self.spelt(of_organisation(who.organisation))),
            ("Deleted", self.flag(shadow == Some(Shadow::DeletedLater))),
        ];
        if shadow == Some(Shadow::DeletedLater) {
            return self.row(batch, Table::Patient, &person);
        }
        let rest = [
            ("Sex", patient.sex.clone()),
            ("DateOfBirth", patient.born.clone()),
            ("DateOfDeath", patient.died.clone()),
            ("DateOfRegistration", patient.registered.clone()),
            ("DateOfDeactivation", patient.left.clone()),
            ("PatientTypeDescription", kind.to_owned()),
            ("DummyType", self.flag(shadow == Some(Shadow::Dummy))),
            ("SpineSensitive", self.flag(sensitive)),
            ("IsConfidential", self.flag(confidential)),
        ];
        let all: Vec<(&str, String)> = person.into_iter().chain(rest).collect();
        self.row(batch, Table::Patient, &all)
    }

    fn events(&mut self, events: impl Read, people: &People, practices: &[Practice], scheme: &str) -> io::Result<()> {
        let mut cells = canonical::Cells::new(events)?;
        while cells.next()? {
            let mut event = canonical::event(&cells);
            if event.scheme.is_empty() {
                scheme.clone_into(&mut event.scheme);
            }
            let organisation = practices.iter().position(|practice| practice.code == event.practice);
            let who = match people.get(&event.id).map_or(&[][..], Vec::as_slice) {
                [one] if event.practice.is_empty() || organisation == Some(one.organisation) => Some(*one),
                several => several.iter().find(|who| Some(who.organisation) == organisation).copied(),
            };
            let is_somebody = people.contains_key(&event.id);
            let nobody = || Who { organisation: organisation.unwrap_or(0), number: u64::MAX >> 8 };
            match who.or_else(|| (!is_somebody).then(nobody)) {
                Some(who) => self.event(who, &event)?,
                None => self.made.left_out += 1,
            }
        }
        // A group of one: its parent has no value of its own.
        for ((organisation, ..), group) in std::mem::take(&mut self.groups) {
            let Group::Held(record) = group else { continue };
            let parent = self.new_guid(organisation);
            self.record(Record { parent: Some(parent), ..(*record).clone() })?;
            self.panel(&record, parent)?;
        }
        Ok(())
    }

    fn event(&mut self, who: Who, event: &Event) -> io::Result<()> {
        let Some(scheme) = codes::known(&event.scheme) else {
            self.made.left_out += 1;
            return Ok(());
        };
        let code = self.codes.id(scheme, &event.code, &mut self.dice);
        let precision = match event.date.get(4..) {
            Some("-01-01") if self.one_in(2) => "Y",
            Some(rest) if rest.ends_with("-01") && self.one_in(2) => "YM",
            _ if self.one_in(5) => "YMDT",
            _ => "YMD",
        };
        let record = Record {
            who,
            guid: self.new_guid(who.organisation),
            parent: None,
            date: event.date.clone(),
            precision,
            code,
            is_drug: scheme == "dmd",
            value: event.value.clone(),
            unit: event.unit.clone(),
            episode: event.episode.clone(),
            deleted: false,
            confidential: self.one_in(60),
        };
        if let Some(shadow) = self.shadows.get(&(who.organisation, who.number)).copied() {
            let guid = self.new_guid(who.organisation);
            self.write(0, &Record { who: shadow, guid, ..record.clone() })?;
        }
        self.decoys(&record)?;
        if record.is_drug || event.group.is_empty() {
            return self.record(record);
        }
        let key = (who.organisation, who.number, event.group.clone());
        match self.groups.remove(&key) {
            None => {
                self.groups.insert(key, Group::Held(Box::new(record)));
            }
            Some(Group::Of(parent)) => {
                self.groups.insert(key, Group::Of(parent));
                self.record(Record { parent: Some(parent), ..record })?;
            }
            Some(Group::Held(first)) => {
                let parent = self.pair(*first, record)?;
                self.groups.insert(key, Group::Of(parent));
            }
        }
        Ok(())
    }

    /// Two values of one reading: one is the parent of the other, or both have a parent without a value; in any order.
    fn pair(&mut self, first: Record, second: Record) -> io::Result<u64> {
        let own = self.one_in(2);
        let parent = if own { first.guid } else { self.new_guid(first.who.organisation) };
        let panel = first.clone();
        let first = Record { parent: Some(parent).filter(|_| !own), ..first };
        let second = Record { parent: Some(parent), ..second };
        let first_first = self.one_in(2);
        if !own && first_first {
            self.panel(&panel, parent)?;
        }
        let [one, other] = if first_first { [first, second] } else { [second, first] };
        self.record(one)?;
        self.record(other)?;
        if !own && !first_first {
            self.panel(&panel, parent)?;
        }
        Ok(parent)
    }

    /// A row without a value that others belong to.
    fn panel(&mut self, of: &Record, guid: u64) -> io::Result<()> {
        let code = self.codes.id("emis", "EMISPANEL", &mut self.dice);
        let nothing = String::new;
        self.record(Record { guid, code, parent: None, value: nothing(), unit: nothing(), episode: nothing(), ..of.clone() })
    }

    /// Rows that must not be counted: deleted, undated, of a code that nobody knows.
    fn decoys(&mut self, record: &Record) -> io::Result<()> {
        let other =
            |writer: &mut Self| Record { guid: writer.new_guid(record.who.organisation), date: moved(&record.date, 41), ..record.clone() };
        if self.one_in(40) {
            let decoy = other(self);
            let later = self.later();
            if later > 0 {
                self.write(0, &decoy)?;
            }
            self.write(later, &Record { deleted: true, ..decoy })?;
        }
        if self.one_in(80) {
            let decoy = other(self);
            let date = if self.one_in(2) { String::new() } else { decoy.date.clone() };
            self.write(0, &Record { precision: "U", date, ..decoy })?;
        }
        if self.one_in(2000) {
            let decoy = other(self);
            self.write(0, &Record { code: 77, ..decoy })?;
        }
        Ok(())
    }

    /// A record that counts: in the first batch, or later, or mended later.
    fn record(&mut self, record: Record) -> io::Result<()> {
        let later = self.later();
        if later > 0 && self.one_in(30) {
            let wrong = Record { date: moved(&record.date, -47), value: String::new(), parent: None, ..record.clone() };
            self.write(0, &wrong)?;
            return self.write(later, &record);
        }
        let batch = if self.one_in(30) { later } else { 0 };
        self.write(batch, &record)
    }

    fn write(&mut self, batch: usize, record: &Record) -> io::Result<()> {
        let table = if record.is_drug { Table::Issue } else { Table::Observation };
        let episode = match record.episode.as_str() {
            "" => ["", "None"].choose(&mut self.dice).copied().unwrap_or(""),
            "first" => "First",
            "new" => "New",
            "review" => "Review",
            _ => "Flare Up",
        };
        let common = [
            (if record.is_drug { "IssueRecordGuid" } else { "ObservationGuid" }, self.spelt(record.guid)),
            ("PatientGuid", self.spelt(record.who.number)),
            ("OrganisationGuid", self.spelt(of_organisation(record.who.organisation))),
            ("EffectiveDate", record.date.clone()),
            ("EffectiveDatePrecision", record.precision.to_owned()),
            ("EnteredDate", record.date.clone()),
            ("CodeId", record.code.to_string()),
            ("Deleted", self.flag(record.deleted)),
            ("IsConfidential", self.flag(record.confidential)),
        ];
        let parent = record.parent.map(|parent| self.spelt(parent)).unwrap_or_default();
        let own = [
            ("ParentObservationGuid", parent),
            ("Value", record.value.clone()),
            ("NumericUnit", record.unit.clone()),
            ("Episode", episode.to_owned()),
        ];
        let all: Vec<(&str, String)> = common.into_iter().chain(own).collect();
        self.row(batch, table, &all)
    }

    /// The dictionaries are sent whole with every batch; earlier ones lack some codes, and have some wrong.
    fn dictionaries(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.codes.rows);
        for batch in 0..self.files.len() {
            for (at, row) in rows.iter().enumerate() {
                let is_latest = batch == self.latest();
                if !is_latest && at % 7 == 3 {
                    continue;
                }
                let row = if is_latest { row.clone() } else { row.earlier() };
                let common = [("CodeId", row.id.to_string()), ("Term", format!("Code {}", row.id))];
                let (table, own) = if row.product.is_empty() {
                    (Table::ClinicalCode, vec![("ReadTermId", row.read), ("SnomedCTConceptId", row.snomed)])
                } else {
                    (Table::DrugCode, vec![("DmdProductCodeId", row.product)])
                };
                let all: Vec<(&str, String)> = common.into_iter().chain(own).collect();
                self.row(batch, table, &all)?;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<Made> {
        for (csv, ..) in self.files.iter_mut().flat_map(BTreeMap::values_mut) {
            csv.flush()?;
        }
        Ok(self.made)
    }
}

/// So many days later, of what is a day.
fn moved(date: &str, days: i32) -> String {
    Day::parse(date.as_bytes()).map_or_else(|| date.to_owned(), |day| day.plus(days).to_string())
}

/// Organisations are numbered from further up than anything in them.
fn of_organisation(number: usize) -> u64 {
    u64::MAX - number as u64
}
