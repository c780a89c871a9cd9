//! Random frameworks, written as an author would write them: whatever the grammar can say, they say at some time.

use super::chance::Chance;
use std::collections::BTreeSet;

/// The code sets. Codes of the first two are partly the same, and so are those of the last two.
const SETS: [&str; 8] = ["PLAN", "CHECK", "DIAGNOSED", "RESOLVED", "INVITED", "HBA1C", "SYSTOLIC", "DIASTOLIC"];
const SHARED: [(&str, &str); 2] = [("PLAN", "CHECK"), ("SYSTOLIC", "DIASTOLIC")];
const DATES: [&str; 5] = ["period-start", "period-end", "reporting-day", "fixed-day", "each-august"];
const REASONS: [&str; 8] = [
    "combination",
    "declined",
    "maximum-treatment",
    "newly-diagnosed",
    "newly-registered",
    "no-response",
    "service-unavailable",
    "unsuitable",
];
const COMPARES: [&str; 4] = ["at most", "at least", "under", "over"];
const ORDERS: [&str; 5] = ["after", "on or after", "before", "on or before", "on the same day as"];

/// A whole framework: paths and contents.
pub fn random(seed: u64) -> Vec<(String, Vec<u8>)> {
    let mut writer = Writer { chance: Chance::new(seed), used: BTreeSet::new(), registers: Vec::new() };
    let mut files = Vec::new();
    // The order of the ids is not the order in which registers ask for each other.
    let ids = writer.chance.some(&["ALL", "MIDDLE", "OLD", "ZEST"], 4);
    for id in ids {
        files.push((format!("registers/{}.toml", id.to_lowercase()), writer.register(id)));
        writer.registers.push(id);
    }
    let mut indicators = Vec::new();
    for number in 1..=writer.chance.up_to(3) {
        let text = writer.indicator(&format!("I{number}"));
        indicators.extend(indicator_ids(&text));
        files.push((format!("cases/i{number}.toml"), text));
    }
    let pathways = 1 + usize::from(writer.chance.once_in(4));
    for number in 1..=pathways {
        files.push((format!("cases/p{number}.toml"), writer.pathway(&format!("P{number}"))));
    }
    files.extend(writer.used.iter().map(|set| (format!("code-sets/{set}.csv"), code_set(set))));
    let associations = associations(&indicators);
    files.push(("framework.toml".to_owned(), framework(&writer.used) + &associations));
    files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

fn framework(used: &BTreeSet<&str>) -> String {
    let values: Vec<String> = used.iter().map(|set| format!("{set} = {{ unit = \"number\", from = -10, to = 500 }}\n")).collect();
    format!(
        "id = \"random\"\nname = \"A random framework\"\n[period]\nfrom = 2016-04-01\nto = 2017-03-31\n[dates]\n\
         fixed-day = {{ fixed = 2016-02-29 }}\neach-august = {{ each-period = \"08-01\" }}\n[values]\n{}\
         [strata]\nsex = true\nage = [17, 45, 60]\nimd-quintile = true\n\
         [[domain]]\nid = \"cases\"\ntitle = \"Cases\"\n",
        values.concat()
    )
}

/// The ids of the indicators that a file becomes: those of its bands, or its own.
fn indicator_ids(text: &str) -> Vec<String> {
    let ids = |part: &str| part.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"').map(str::to_owned));
    let bands: Vec<String> = text.split("[[band]]").skip(1).filter_map(ids).collect();
    if bands.is_empty() { ids(text).into_iter().collect() } else { bands }
}

/// Each indicator against the next.
fn associations(indicators: &[String]) -> String {
    let pairs = indicators.windows(2).enumerate();
    let text = |(at, pair): (usize, &[String])| {
        format!("[[associate]]\nid = \"Y{at}\"\ntitle = \"Both\"\nuptake = \"{}\"\noutcome = \"{}\"\n", pair[0], pair[1])
    };
    pairs.map(text).collect()
}

fn code_set(set: &str) -> String {
    let mut text = "# source: made up\n# licence: none needed\n# coverage: complete\nscheme,code,term\n".to_owned();
    text += &format!("local,{set}-1,one\nlocal,{set}-2,two\n");
    for (one, other) in SHARED {
        if set == one || set == other {
            text += &format!("local,{one}-{other},both\n");
        }
    }
    text
}

struct Writer {
    chance: Chance,
    used: BTreeSet<&'static str>,
    /// Registers written so far: later files may ask for them.
    registers: Vec<&'static str>,
}

/// A fact written so far.
#[derive(Clone)]
struct Written {
    name: String,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    /// It has a day, and perhaps values of these names.
    Day { values: Vec<&'static str>, sets: Vec<&'static str> },
    /// It is a number.
    Count,
}

/// One file being written.
#[derive(Default)]
struct File {
    register: bool,
    /// The name of a value that every band has, if there are bands.
    of_band: Option<&'static str>,
    facts: Vec<Written>,
    text: String,
    conditions: Vec<String>,
    mentioned: BTreeSet<String>,
}

impl Writer {
    fn register(&mut self, id: &str) -> String {
        let mut file = File { register: true, ..File::default() };
        let body = self.body(&mut file);
        let words = self.chance.of(&["selected", "rejected"]);
        let mut lines = Vec::new();
        for sentence in body {
            let verb = self.chance.of(&["selected-if", "selected-if", "rejected-if"]);
            lines.push(format!("  {{ {verb} = \"{sentence}\" }},\n"));
        }
        let head = format!("[register]\nid = \"{id}\"\ntitle = \"{id}\"\n");
        finished(&head, &file, &lines, &format!("  {{ otherwise = \"{words}\" }},\n"))
    }

    fn indicator(&mut self, id: &str) -> String {
        let bands = self.chance.once_in(3);
        let mut file = File { of_band: bands.then_some("limit"), ..File::default() };
        let body = self.body(&mut file);
        let mut lines = Vec::new();
        // Achieved lines stand above exceptions.
        let achieved = self.chance.up_to(body.len());
        for (at, sentence) in body.iter().enumerate() {
            let line = match at {
                _ if self.chance.once_in(4) => format!("excluded-if = \"{sentence}\""),
                at if at < achieved => format!("achieved-if = \"{sentence}\""),
                _ => format!("excepted-if = \"{sentence}\", because = \"{}\"", self.chance.of(&REASONS)),
            };
            lines.push(format!("  {{ {line} }},\n"));
        }
        let of = if self.registers.is_empty() || self.chance.once_in(3) { "list" } else { self.chance.of(&self.registers) };
        let mut head =
            format!("[indicator]\nid = \"{id}\"\ntitle = \"{id}\"\nof = \"{of}\"\nstanding = \"documented\"\nsource = \"made up\"\n");
        if bands {
            let cut = self.chance.of(&[17, 45, 57, 80]);
            let (young, old) = self.chance.of(&[
                ("age under N".to_owned(), "age at least N".to_owned()),
                ("age at most N".to_owned(), "age over N".to_owned()),
                ("sex is female".to_owned(), "sex is male and age at least N".to_owned()),
            ]);
            for (name, is, limit) in [("A", young, 58), ("B", old, 75)] {
                let is = is.replace('N', &cut.to_string());
                head += &format!("[[band]]\nid = \"{id}-{name}\"\nis = \"{is}\"\nvalues = {{ limit = {limit} }}\n");
            }
        }
        finished(&head, &file, &lines, "  { otherwise = \"not achieved\" },\n")
    }

    /// A cycle of two to four steps; counts of records, by other periods and as repeats; people for whom a sentence holds.
    fn pathway(&mut self, id: &str) -> String {
        let mut file = File::default();
        let steps = 1 + self.chance.up_to(3);
        let mut stages = String::new();
        for number in 1..=steps {
            let name = format!("step{number}");
            self.step(&mut file, &name, 1);
            stages += &format!("  {{ stage = \"{name}\", title = \"step {number}\", next = \"go on\" }},\n");
        }
        let seldom = self.chance.of(&[1, 2]);
        self.step(&mut file, "refused", seldom);
        let lapses = self.chance.up_to(steps);
        let mut counts = String::new();
        for number in 1..=self.chance.up_to(3) {
            self.counted(&mut file, number, &mut counts);
        }
        let mut head =
            format!("[pathway]\nid = \"{id}\"\ntitle = \"{id}\"\nof = \"{}\"\nsource = \"made up\"\n", self.chance.of(&self.registers));
        if self.chance.once_in(2) {
            head += "conditions = \"ill\"\n";
            file.text += &format!("ill = {{ find = \"registers\", of = {:?} }}\n", self.chance.some(&self.registers, 4));
        }
        let people: String = (1..self.chance.up_to(3))
            .map(|number| {
                let is = self.sentence(&mut file, 3);
                format!("[[people]]\nid = \"such-{number}\"\ntitle = \"such people\"\nis = \"{is}\"\n")
            })
            .collect();
        format!(
            "{head}[facts]\n{}[stages]\nin-order = [\n{stages}]\ndeclined = \"refused\"\nlapses = \"step{lapses}\"\n\
             if-declined = \"wait\"\nif-lapsed = \"begin again\"\nif-complete = \"rest\"\n{counts}{people}",
            file.text
        )
    }

    /// The latest record of something, once in so many times without a window.
    fn step(&mut self, file: &mut File, name: &str, windows: u32) {
        let (codes, values, sets) = if self.chance.once_in(6) {
            self.reading()
        } else {
            let sets = self.sets(2);
            (format!("{sets:?}"), vec!["value"], sets)
        };
        let mut parts = vec!["find = \"latest\"".to_owned(), format!("codes = {codes}")];
        if windows == 1 || self.chance.once_in(windows) {
            let length = self.chance.of(&["12 months", "12 months", "6 months", "1 month", "30 days", "0 days", "2 years"]);
            parts.push(format!("in = \"last {length}\""));
        }
        if self.chance.once_in(6) {
            let date = self.chance.of(&DATES);
            parts.push(format!("since = \"{date}\""));
        }
        self.which(file, &values, &mut parts);
        file.text += &format!("{name} = {{ {} }}\n", parts.join(", "));
        file.facts.push(Written { name: name.to_owned(), kind: Kind::Day { values, sets } });
    }

    /// Only records with a value, an episode or another record near.
    fn which(&mut self, file: &File, values: &[&'static str], parts: &mut Vec<String>) {
        if self.chance.once_in(6) {
            parts.push(format!("where = \"{}\"", self.value_test(file, values)));
        }
        if self.chance.once_in(8) {
            parts.push("episode = \"new\"".to_owned());
        }
        if self.chance.once_in(5) {
            parts.push(format!("with = {{ {} }}", self.companion("goals")));
        }
    }

    /// A count of a pathway, and perhaps another of the same fact.
    fn counted(&mut self, file: &mut File, number: usize, counts: &mut String) {
        let (fact, sets) = (format!("all{number}"), self.sets(3));
        let mut parts = vec![
            "find = \"count\"".to_owned(),
            format!("codes = {sets:?}"),
            format!("of = {:?}", self.chance.of(&["records", "days", "sets"])),
        ];
        self.which(file, &["value"], &mut parts);
        file.text += &format!("{fact} = {{ {} }}\n", parts.join(", "));
        file.facts.push(Written { name: fact.clone(), kind: Kind::Count });
        for more in ["", "again = \"D days\"\n"].into_iter().take(self.chance.up_to(2)) {
            let more = more.replace('D', &self.chance.of(&[1, 7, 14, 30, 366]).to_string());
            let spread = if self.chance.once_in(2) { "spread = true\n" } else { "" };
            let id = format!("{fact}{}", if more.is_empty() { "" } else { "-again" });
            *counts += &format!("[[count]]\nid = \"{id}\"\ntitle = \"{id}\"\nfact = \"{fact}\"\n{more}{spread}");
        }
    }

    /// Facts and conditions into the file; back come the sentences of its lines, which use all of them.
    fn body(&mut self, file: &mut File) -> Vec<String> {
        for number in 1..=1 + self.chance.up_to(4) {
            let written = self.fact(file, format!("f{number}"));
            file.facts.push(written);
        }
        if self.chance.once_in(2) {
            for name in ["first-reason", "second-reason"].into_iter().take(self.chance.up_to(2)) {
                let sentence = self.sentence(file, 3);
                file.conditions.push(format!("{name} = \"{sentence}\"\n"));
                file.mentioned.insert(name.to_owned());
            }
        }
        let mut names: Vec<String> = file.mentioned.iter().filter(|name| name.ends_with("-reason")).cloned().collect();
        let mut sentences: Vec<String> = (0..self.chance.up_to(4)).map(|_| self.sentence(file, 3)).collect();
        for written in file.facts.clone() {
            if !file.mentioned.contains(&written.name) {
                sentences.push(self.clause_about(file, &written));
            }
        }
        // The value of the bands is there to be used.
        if let (Some(limit), Some(written)) = (file.of_band, file.facts.iter().find(|fact| !fact.values().is_empty())) {
            sentences.push(format!("{} {} at most {limit}", written.name, written.values()[0]));
        }
        for sentence in &mut sentences {
            if let Some(name) = names.pop() {
                *sentence = format!("{}{name}", if self.chance.once_in(2) { "no " } else { "" });
            }
        }
        let mut left: Vec<String> = names;
        // What a condition took the place of may have been the only line about a fact.
        for written in file.facts.clone() {
            let named = |text: &str| text.split([' ', ',']).any(|word| word == written.name);
            let in_conditions = file.conditions.iter().any(|text| named(&text.replace('"', " ")));
            let in_facts = file.text.replace('"', " ").lines().any(|line| line.split_once(" = ").is_some_and(|(_, rest)| named(rest)));
            if !in_conditions && !in_facts && !sentences.iter().any(|text| named(text)) {
                left.push(self.clause_about(file, &written));
            }
        }
        sentences.extend(left);
        sentences
    }

    fn sets(&mut self, most: usize) -> Vec<&'static str> {
        let sets = self.chance.some(&SETS, most);
        self.used.extend(sets.iter().copied());
        sets
    }

    fn fact(&mut self, file: &mut File, name: String) -> Written {
        let find =
            self.chance.of(&["latest", "latest", "latest", "earliest", "earliest", "pair", "count", "count", "latest-of", "registers"]);
        let days: Vec<String> = file.facts.iter().filter(|fact| fact.has_day()).map(|fact| fact.name.clone()).collect();
        if find == "latest-of" && !days.is_empty() {
            let of = self.chance.some(&days, 3);
            file.text += &format!("{name} = {{ find = \"latest-of\", of = {of:?} }}\n");
            return Written { name, kind: Kind::Day { values: Vec::new(), sets: Vec::new() } };
        }
        if find == "registers" && !self.registers.is_empty() {
            let of = self.chance.some(&self.registers, 3);
            file.text += &format!("{name} = {{ find = \"registers\", of = {of:?} }}\n");
            return Written { name, kind: Kind::Count };
        }
        let find = if ["latest-of", "registers"].contains(&find) { "latest" } else { find };
        let reading = ["latest", "earliest"].contains(&find) && self.chance.once_in(3);
        let (codes, values, sets) = if reading {
            self.reading()
        } else {
            let sets = self.sets(3);
            let codes = if let [only] = sets[..] { format!("{only:?}") } else { format!("{sets:?}") };
            (codes, vec!["value"], sets)
        };
        let mut parts = vec![format!("find = {find:?}"), format!("codes = {codes}")];
        match find {
            "pair" => parts.push(format!("apart = \"{} days\"", self.chance.of(&[0, 1, 7, 30, 90]))),
            "count" => parts.push(format!("of = {:?}", self.chance.of(&["records", "days", "sets"]))),
            _ => {}
        }
        self.limits(file, &days, &values, &mut parts);
        file.text += &format!("{name} = {{ {} }}\n", parts.join(", "));
        let kind = if find == "count" { Kind::Count } else { Kind::Day { values, sets } };
        Written { name, kind }
    }

    /// Two to four values of one reading.
    fn reading(&mut self) -> (String, Vec<&'static str>, Vec<&'static str>) {
        let sets = self.chance.of(&[
            vec!["SYSTOLIC", "DIASTOLIC"],
            vec!["DIASTOLIC", "HBA1C"],
            vec!["HBA1C", "SYSTOLIC", "PLAN"],
            vec!["CHECK", "SYSTOLIC", "DIASTOLIC", "PLAN"],
        ]);
        let values: Vec<&str> = ["upper", "lower", "third", "fourth"].into_iter().take(sets.len()).collect();
        self.used.extend(sets.iter().copied());
        let pairs: Vec<String> = values.iter().zip(&sets).map(|(value, set)| format!("{value} = {set:?}")).collect();
        (format!("{{ {} }}", pairs.join(", ")), values, sets)
    }

    fn limits(&mut self, file: &mut File, days: &[String], values: &[&'static str], parts: &mut Vec<String>) {
        if self.chance.once_in(5) {
            let tests: Vec<String> = (0..self.chance.up_to(2)).map(|_| self.value_test(file, values)).collect();
            parts.push(format!("where = \"{}\"", tests.join(", ")));
        }
        if self.chance.once_in(5) {
            parts.push("episode = \"new\"".to_owned());
        }
        if self.chance.once_in(5) {
            parts.push("clock = \"reporting-day\"".to_owned());
        }
        if self.chance.once_in(4) {
            parts.push(format!("in = \"last {}\"", self.length()));
        }
        for end in ["since", "until"] {
            if self.chance.once_in(4) {
                let bound = self.bound(file, days);
                parts.push(format!("{end} = \"{bound}\""));
            }
        }
        if self.chance.once_in(4) {
            let companions: Vec<String> =
                ["goals", "plans"].into_iter().take(self.chance.up_to(2)).map(|name| self.companion(name)).collect();
            parts.push(format!("with = {{ {} }}", companions.join(", ")));
        }
    }

    fn companion(&mut self, name: &str) -> String {
        let sets = self.sets(2);
        let within = match self.chance.up_to(5) {
            1 => "same day".to_owned(),
            2 => format!("{} days", self.chance.of(&[0, 7, 30])),
            3 => format!("{} days {}", self.chance.of(&[1, 31, 90]), self.chance.of(&["before", "after"])),
            _ => format!("{} {}", self.long(), self.chance.of(&["before", "after"])),
        };
        format!("{name} = {{ codes = {sets:?}, within = \"{within}\" }}")
    }

    fn bound(&mut self, file: &mut File, days: &[String]) -> String {
        match self.chance.up_to(6) {
            1 => self.chance.of(&DATES).to_owned(),
            2 => format!("age {}", self.chance.of(&[16, 17, 44, 45, 57, 80])),
            3 => format!("{} before the end", self.length()),
            _ if days.is_empty() => self.chance.of(&DATES).to_owned(),
            4 => self.mention(file, days),
            _ => {
                let fact = self.mention(file, days);
                format!("{} days {} {fact}", self.chance.of(&[1, 7, 30, 366, 731]), self.chance.of(&["after", "before"]))
            }
        }
    }

    fn mention(&mut self, file: &mut File, names: &[String]) -> String {
        let name = self.chance.of(names);
        file.mentioned.insert(name.clone());
        name
    }

    fn length(&mut self) -> String {
        if self.chance.once_in(3) { format!("{} days", self.chance.of(&[0, 1, 7, 93, 279])) } else { self.long() }
    }

    fn long(&mut self) -> String {
        self.chance
            .of(&["1 month", "3 months", "6 months", "12 months", "15 months", "42 months", "1 year", "2 years", "5 years"])
            .to_owned()
    }

    fn value_test(&mut self, file: &File, values: &[&'static str]) -> String {
        let number = match file.of_band {
            Some(limit) if self.chance.once_in(2) => limit.to_owned(),
            _ => self.chance.of(&["58", "59", "75", "80", "140", "140.5", "-2.5"]).to_owned(),
        };
        format!("{} {} {number}", self.chance.of(values), self.chance.of(&COMPARES))
    }

    fn sentence(&mut self, file: &mut File, most: usize) -> String {
        let clauses: Vec<String> = (0..self.chance.up_to(most)).map(|_| self.clause(file)).collect();
        clauses.join(self.chance.of(&[" and ", " or "]))
    }

    fn clause(&mut self, file: &mut File) -> String {
        let no = if self.chance.once_in(3) { "no " } else { "" };
        match self.chance.up_to(8) {
            1 => format!("{no}age {}", self.age_tests()),
            2 => format!("{no}sex is {}", self.chance.of(&["female", "male"])),
            3 => {
                let test = self.day_test(file, &[]);
                format!("{no}registered {test}")
            }
            4 if !self.registers.is_empty() => {
                format!("{}on the {} register", self.chance.of(&["", "not "]), self.chance.of(&self.registers))
            }
            _ => {
                let written = self.chance.of(&file.facts);
                format!("{no}{}", self.clause_about(file, &written))
            }
        }
    }

    fn age_tests(&mut self) -> String {
        let tests: Vec<String> = (0..self.chance.up_to(2))
            .map(|_| format!("{} {}", self.chance.of(&COMPARES), self.chance.of(&["16", "17", "44.5", "45", "57", "80"])))
            .collect();
        tests.join(", ")
    }

    fn clause_about(&mut self, file: &mut File, written: &Written) -> String {
        file.mentioned.insert(written.name.clone());
        let name = &written.name;
        match &written.kind {
            Kind::Count => format!("{name} {} {}", self.chance.of(&COMPARES), self.chance.of(&["0", "1", "2", "3"])),
            Kind::Day { values, sets } => {
                let mut tests = Vec::new();
                if self.chance.once_in(2) {
                    tests.push(self.day_test(file, sets));
                }
                if values.len() > 1 || (!values.is_empty() && self.chance.once_in(3)) {
                    tests.push(self.value_test(file, values));
                }
                let comma = if !tests.is_empty() && self.chance.once_in(2) { "," } else { "" };
                format!("{name}{comma} {}", tests.join(", ")).trim_end().to_owned()
            }
        }
    }

    /// A test of the day of a fact of these sets.
    fn day_test(&mut self, file: &mut File, sets: &[&'static str]) -> String {
        let order = self.chance.of(&ORDERS);
        // In a register a code may not be a diagnosis and its end.
        let clear = |other: &Written| !file.register || !order.ends_with("after") || other.shares_no_code(sets);
        let days: Vec<String> = file.facts.iter().filter(|fact| fact.has_day() && clear(fact)).map(|fact| fact.name.clone()).collect();
        match self.chance.up_to(4) {
            1 => format!("in the last {}", self.length()),
            2 if !days.is_empty() => format!("{order} {}", self.mention(file, &days)),
            3 if !days.is_empty() => {
                let side = self.chance.of(&["after", "before", "of"]);
                format!("within {} days {side} {}", self.chance.of(&[0, 1, 7, 30, 279]), self.mention(file, &days))
            }
            _ => format!("{order} {}", self.chance.of(&DATES)),
        }
    }
}

impl Written {
    fn has_day(&self) -> bool {
        matches!(self.kind, Kind::Day { .. })
    }

    fn values(&self) -> &[&'static str] {
        match &self.kind {
            Kind::Day { values, .. } => values,
            Kind::Count => &[],
        }
    }

    fn shares_no_code(&self, others: &[&'static str]) -> bool {
        let Kind::Day { sets, .. } = &self.kind else { return true };
        let shared = |one: &str, other: &str| SHARED.contains(&(one, other)) || SHARED.contains(&(other, one));
        !others.iter().any(|other| sets.iter().any(|set| shared(set, other)))
    }
}

fn finished(head: &str, file: &File, lines: &[String], otherwise: &str) -> String {
    // TOML wants the tables of a file before its arrays of tables go on; bands stand after the facts.
    let (head, bands) = head.split_once("[[band]]").map_or((head, String::new()), |(head, bands)| (head, format!("[[band]]{bands}")));
    let conditions = if file.conditions.is_empty() { String::new() } else { format!("[conditions]\n{}", file.conditions.concat()) };
    format!("{head}[facts]\n{}{conditions}{bands}[rules]\nin-order = [\n{}{otherwise}]\n", file.text, lines.concat())
}
