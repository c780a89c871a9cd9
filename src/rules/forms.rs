//! What every table of a rule file may hold. The reader asks by these forms, and the schema for editors is made of them:
//! a key that is not here cannot be read, and one that is here and is not read fails every test (`Table::finish`).

/// One kind of table.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// What it is called in messages.
    pub what: &'static str,
    /// What it is, in one sentence.
    pub says: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
    /// What stands under names of the author's own choice, when it holds such.
    pub names: Option<(Names, Takes)>,
    /// Of these keys exactly one must be there.
    pub one_of: &'static [&'static str],
}

/// One key of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// Whether it must be there.
    pub needed: bool,
    /// What it takes.
    pub takes: Takes,
    /// What it is for, in one sentence.
    pub says: &'static str,
}

/// Which names an author may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Small letters, digits and hyphens.
    Own,
    /// Names of code sets.
    Sets,
    /// Ids of registers.
    Registers,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any text.
    Text,
    /// An id: letters, digits and hyphens.
    Id,
    /// A sentence of the grammar.
    Sentence,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A number.
    Number,
    /// A whole number of at least 0.
    Whole,
    /// A date without quotation marks.
    Date,
    /// A month and day in quotation marks.
    MonthDay,
    /// `true` or `false`.
    Truth,
    /// One text, or a list of texts.
    Texts,
    /// Whole numbers.
    Wholes,
    /// `value under 10`
    AmountTests,
    /// `last 3 months`
    Window,
    /// What `since` and `until` hold.
    Bound,
    /// `7 days`
    Days,
    /// What a companion's `within` holds.
    Apart,
    /// Records of an example, one a row.
    Records,
    /// A table.
    Table(&'static Form),
    /// A list of tables.
    Tables(&'static Form),
    /// A list of tables, each of one form or the other.
    TablesEither(&'static Form, &'static Form),
    /// One text or a list of texts, or a table.
    TextsOr(&'static Form),
    /// A fact: its keys depend on `find`.
    Fact,
}

const fn need(name: &'static str, takes: Takes, says: &'static str) -> Key {
    Key { name, needed: true, takes, says }
}

const fn may(name: &'static str, takes: Takes, says: &'static str) -> Key {
    Key { name, needed: false, takes, says }
}

const fn form(what: &'static str, says: &'static str, keys: &'static [Key]) -> Form {
    Form { what, says, keys, names: None, one_of: &[] }
}

const fn named(what: &'static str, says: &'static str, names: Names, takes: Takes) -> Form {
    Form { what, says, keys: &[], names: Some((names, takes)), one_of: &[] }
}

/// What becomes of the person of an example.
pub const OUTCOMES: &[&str] = &["achieved", "not achieved", "excluded", "excepted", "selected", "rejected"];
/// Where the person of a pathway's example is.
pub const STATUSES: &[&str] = &["not started", "in progress", "complete", "declined", "lapsed"];
/// Episodes of an example's record.
pub const EPISODES: &[&str] = &["first", "new", "review", "other"];
/// The sexes that an example can name.
pub const SEXES: &[&str] = &["female", "male"];
/// The views that an example can name.
pub const VIEWS: &[&str] = &["year-end", "rolling"];
/// What a count can count.
pub const COUNTS: &[&str] = &["records", "days", "sets"];
/// Whether a step of the payment is rounded.
pub const ROUNDINGS: &[&str] = &["exact", "two-decimals"];
/// What becomes of points that nobody can earn.
pub const NOBODY: &[&str] = &["out-of-maximum", "in-maximum"];
/// How well a definition is known.
pub const STANDINGS: &[&str] = &["documented", "official", "qof-2016-17", "reconstructed"];
/// Why a person is excepted.
pub const REASONS: &[&str] = &[
    "unsuitable",
    "maximum-treatment",
    "declined",
    "combination",
    "no-response",
    "service-unavailable",
    "newly-diagnosed",
    "newly-registered",
];
/// What can stand in a register after `otherwise`, and in an indicator.
pub const OTHERWISE: &[&str] = &["selected", "rejected", "not achieved"];

/// A register or an indicator.
pub static RULE_FILE: Form = Form {
    what: "the file",
    says: "One register or one indicator, with its facts, lines and examples.",
    keys: &[
        may("register", Takes::Table(&REGISTER), "A group of people."),
        may("indicator", Takes::Table(&INDICATOR), "A measure of care."),
        may("pathway", Takes::Table(&PATHWAY), "A cycle of care."),
        may("stages", Takes::Table(&STAGES), "The steps of a pathway."),
        may("count", Takes::Tables(&COUNT), "What a pathway counts by people, events and contact days."),
        may("people", Takes::Tables(&PEOPLE), "What a pathway counts by people only."),
        may("facts", Takes::Table(&FACTS), "What to look for in the record, each under a name of your choice."),
        may("conditions", Takes::Table(&CONDITIONS), "Sentences with a name, for where `and` and `or` are needed together."),
        may("band", Takes::Tables(&BAND), "Groups of people, told by age and sex, with values of their own: each becomes an indicator."),
        may("rules", Takes::Table(&RULES), "What to conclude, in order."),
        may("example", Takes::TablesEither(&EXAMPLE, &PATHWAY_EXAMPLE), "Made-up people, and what must become of them."),
        may("mutant", Takes::Tables(&MUTANT), "Small changes of this file that no example can notice, and why."),
    ],
    names: None,
    one_of: &["register", "indicator", "pathway"],
};

/// `[register]`
pub static REGISTER: Form = form(
    "[register]",
    "A group of people.",
    &[
        need("id", Takes::Id, "Its id, such as DM."),
        need("title", Takes::Text, "Its title."),
        may("source", Takes::Text, "Where the definition comes from."),
        may("description", Takes::Text, "Who is on it and why, in a few sentences."),
    ],
);

/// `[indicator]`
pub static INDICATOR: Form = form(
    "[indicator]",
    "A measure of care.",
    &[
        need("id", Takes::Id, "Its id, such as CP004."),
        need("title", Takes::Text, "Its title."),
        need("of", Takes::Id, "The register it is of, or \"list\" for everyone."),
        may("points", Takes::Number, "Points that can be earned."),
        may("pays", Takes::Table(&PAYS), "Per cent: nothing at or below `from`, all points from `to` on."),
        may("adjusted-by", Takes::Id, "The register whose prevalence adjusts the payment."),
        need("standing", Takes::Words(STANDINGS), "How well the definition is known."),
        need("source", Takes::Text, "Where the definition comes from."),
        may("description", Takes::Text, "Who, what and why, in a few sentences."),
        may("goal", Takes::Text, "What it is meant to bring about for people."),
    ],
);

/// `[pathway]`
pub static PATHWAY: Form = form(
    "[pathway]",
    "A cycle of care: ordered stages, one cycle a person.",
    &[
        need("id", Takes::Id, "Its id, such as PLANNING."),
        need("title", Takes::Text, "Its title."),
        need("of", Takes::Id, "The register it is of."),
        may("source", Takes::Text, "Where the definition comes from."),
        may("description", Takes::Text, "Who, what and why, in a few sentences."),
        may("goal", Takes::Text, "What it is meant to bring about for people."),
        may("conditions", Takes::Text, "A fact that counts registers: people are also counted by each of them, and by how many."),
    ],
);

/// `[stages]`
pub static STAGES: Form = form(
    "[stages]",
    "The steps of a pathway.",
    &[
        need("in-order", Takes::Tables(&STAGE), "The steps, first to last."),
        need("declined", Takes::Text, "The fact of a refusal; any later step overrides it."),
        need("lapses", Takes::Text, "The stage that lapses when its record leaves its window."),
        need("if-declined", Takes::Text, "What to do next when the person declined."),
        need("if-lapsed", Takes::Text, "What to do next when the plan lapsed."),
        need("if-complete", Takes::Text, "What to do next when the cycle is complete."),
    ],
);

/// One stage
pub static STAGE: Form = form(
    "a stage",
    "One step.",
    &[
        need("stage", Takes::Text, "The fact that shows it; also its name."),
        need("title", Takes::Text, "For people."),
        need("next", Takes::Text, "What to do when this is the next step."),
    ],
);

/// `[[count]]`
pub static COUNT: Form = form(
    "[[count]]",
    "All records of a fact, by people, events and contact days, in the quarter, the year to date and the last 12 months.",
    &[
        need("id", Takes::Id, "Its id."),
        need("title", Takes::Text, "For people: what is counted."),
        need("fact", Takes::Text, "A fact that counts records."),
        may("again", Takes::Days, "Only records of a code that the person also has on one of so many days before."),
        may("spread", Takes::Truth, "Also how many people have 1, 2, 3 … contact days."),
    ],
);

/// `[[people]]`
pub static PEOPLE: Form = form(
    "[[people]]",
    "People for whom a sentence holds on the reporting day.",
    &[need("id", Takes::Id, "Its id."), need("title", Takes::Text, "For people: who is counted."), need("is", Takes::Sentence, "When.")],
);

/// `pays`
pub static PAYS: Form = form(
    "`pays`",
    "Thresholds in per cent.",
    &[need("from", Takes::Number, "Nothing is paid at or below this."), need("to", Takes::Number, "Everything is paid from this on.")],
);

/// `[facts]`
pub static FACTS: Form = named("[facts]", "What to look for in the record.", Names::Own, Takes::Fact);

/// The kinds of facts, by their `find`, with the keys of each.
pub static FACT_KINDS: [(&str, &Form); 6] = [
    ("latest", &FACT_RECORD),
    ("earliest", &FACT_RECORD),
    ("pair", &FACT_PAIR),
    ("count", &FACT_COUNT),
    ("latest-of", &FACT_LATEST_OF),
    ("registers", &FACT_REGISTERS),
];

const FIND: Key = need("find", Takes::Words(&["latest", "earliest", "pair", "count", "latest-of", "registers"]), "What to find.");
const CODES: Key = need("codes", Takes::TextsOr(&VALUES_OF_A_READING), "One code set, several, or a set for each value of a reading.");
const WHERE: Key = may("where", Takes::AmountTests, "Only records whose value passes, such as \"value under 10\".");
const EPISODE: Key = may("episode", Takes::Words(&["new"]), "Only first and new episodes, and those that do not say.");
const CLOCK: Key = may("clock", Takes::Words(&["reporting-day"]), "Windows count back from the reporting day in both views.");
const IN: Key = may("in", Takes::Window, "Only in these last days, months or years: \"last 3 months\".");
const SINCE: Key =
    may("since", Takes::Bound, "The first day: a date, a fact, \"7 days after\" a fact, \"age 26\", \"12 months before the end\".");
const UNTIL: Key = may("until", Takes::Bound, "The last day, written as `since` is.");
const WITH: Key = may("with", Takes::Table(&COMPANIONS), "Records that must lie near, each under a name of your choice.");

/// A fact of one record or reading; also every fact before its `find` is known.
pub static FACT_RECORD: Form = form("a fact", "One record, or one reading.", &[FIND, CODES, WHERE, EPISODE, CLOCK, IN, SINCE, UNTIL, WITH]);

/// A fact of two records.
pub static FACT_PAIR: Form = form(
    "a fact",
    "The earliest record, and the earliest one at least so long after it.",
    &[FIND, CODES, need("apart", Takes::Days, "How long after: \"7 days\"."), WHERE, EPISODE, CLOCK, IN, SINCE, UNTIL, WITH],
);

/// A count.
pub static FACT_COUNT: Form = form(
    "a fact",
    "How many.",
    &[FIND, CODES, need("of", Takes::Words(COUNTS), "What is counted."), WHERE, EPISODE, CLOCK, IN, SINCE, UNTIL, WITH],
);

/// The latest of several facts.
pub static FACT_LATEST_OF: Form = form("a fact", "The latest day of several facts.", &[FIND, need("of", Takes::Texts, "The facts.")]);

/// A count of registers.
pub static FACT_REGISTERS: Form =
    form("a fact", "On how many of these registers the person is.", &[FIND, need("of", Takes::Texts, "The registers.")]);

/// `codes`, when a reading has several values
pub static VALUES_OF_A_READING: Form = named("`codes`", "The values of one reading, each from its code set.", Names::Own, Takes::Text);

/// `with`
pub static COMPANIONS: Form = named("`with`", "Records that must lie near.", Names::Own, Takes::Table(&COMPANION));

/// One entry of `with`
pub static COMPANION: Form = form(
    "a companion",
    "A record that must lie near.",
    &[
        need("codes", Takes::Texts, "Its code sets."),
        need("within", Takes::Apart, "How near: \"same day\", \"30 days\", \"7 days after\", \"1 month before\"."),
    ],
);

/// `[conditions]`
pub static CONDITIONS: Form = named("[conditions]", "Sentences with a name.", Names::Own, Takes::Sentence);

/// `[[band]]`
pub static BAND: Form = form(
    "[[band]]",
    "A group of people with values of its own.",
    &[
        need("id", Takes::Id, "The id of the indicator that it becomes."),
        may("title", Takes::Text, "A title of its own."),
        need("is", Takes::Sentence, "Who is in it, by age and sex."),
        may("values", Takes::Table(&BAND_VALUES), "Numbers that lines and facts may name."),
        may("points", Takes::Number, "Points of its own."),
        may("pays", Takes::Table(&PAYS), "Thresholds of its own."),
    ],
);

/// `values` of a band
pub static BAND_VALUES: Form = named("`values`", "Numbers with names.", Names::Own, Takes::Number);

/// `[rules]`
pub static RULES: Form =
    form("[rules]", "What to conclude.", &[need("in-order", Takes::Tables(&LINE), "The lines. The first that holds decides.")]);

/// One line
pub static LINE: Form = Form {
    what: "a line",
    says: "One conclusion, and when it is drawn.",
    keys: &[
        may("rejected-if", Takes::Sentence, "In a register: the person is not on it."),
        may("selected-if", Takes::Sentence, "In a register: the person is on it."),
        may("excluded-if", Takes::Sentence, "The person is not what the indicator is about."),
        may("achieved-if", Takes::Sentence, "In numerator and denominator."),
        may("excepted-if", Takes::Sentence, "Left out of the denominator, for a reason."),
        may("otherwise", Takes::Words(OTHERWISE), "What is left: always the last line."),
        may("because", Takes::Words(REASONS), "Why the person is excepted."),
        may("rule", Takes::Whole, "The number of the official rule."),
    ],
    names: None,
    one_of: &["rejected-if", "selected-if", "excluded-if", "achieved-if", "excepted-if", "otherwise"],
};

const STORY: Key = need("story", Takes::Text, "What it is about, in a sentence.");
const BORN: Key = may("born", Takes::Date, "Birth day; 1 January 1960 unless it is given.");
const SEX: Key = may("sex", Takes::Words(SEXES), "Female unless it is given.");
const REGISTERED: Key = may("registered", Takes::Date, "Day of registration; 1 January 2000 unless it is given.");
const AT: Key = may("at", Takes::Date, "Reporting day; the end of the period unless it is given.");
const VIEW: Key = may("view", Takes::Words(VIEWS), "Year-end unless it is given.");
const RECORDS: Key = may("records", Takes::Records, "One record a row: 2016-06-10 HBA1C 58 group=a episode=first");

/// `[[example]]`
pub static EXAMPLE: Form = form(
    "[[example]]",
    "A made-up person, and what must become of them.",
    &[
        STORY,
        BORN,
        SEX,
        REGISTERED,
        AT,
        VIEW,
        RECORDS,
        need("then", Takes::Words(OUTCOMES), "What becomes of the person."),
        need("line", Takes::Whole, "The line that must decide."),
    ],
);

/// `[[example]]` of a pathway
pub static PATHWAY_EXAMPLE: Form = form(
    "[[example]]",
    "A made-up person, and where they must be.",
    &[
        STORY,
        BORN,
        SEX,
        REGISTERED,
        AT,
        VIEW,
        RECORDS,
        need("then", Takes::Words(STATUSES), "The status."),
        need("furthest", Takes::Text, "The furthest stage, or \"none\"."),
        may("missing", Takes::Texts, "The stages missing before the furthest."),
        may("counts", Takes::Table(&EXAMPLE_COUNTS), "How many events of a count lie in the last 12 months."),
        may("people", Takes::Texts, "Exactly those of [[people]] whose sentence holds."),
        may("lapses", Takes::Date, "The day on which the plan lapses or lapsed."),
        may("drops", Takes::Date, "The first day on which something will have dropped out of its window."),
    ],
);

/// `counts` of an example
pub static EXAMPLE_COUNTS: Form = named("`counts`", "Events of the last 12 months, by count.", Names::Registers, Takes::Whole);

/// `[[mutant]]`
pub static MUTANT: Form = form(
    "[[mutant]]",
    "A small change of the file that no example can notice.",
    &[
        need("change", Takes::Text, "The change, as `dqoh check --mutate` prints it."),
        need("survives-because", Takes::Text, "Why nobody could tell the difference."),
    ],
);

/// `framework.toml`
pub static FRAMEWORK_FILE: Form = form(
    "the file",
    "A framework: its year, its money, and how its domains are called.",
    &[
        need("id", Takes::Text, "Short name."),
        need("name", Takes::Text, "Long name."),
        may("source", Takes::Text, "Where it comes from."),
        need("period", Takes::Table(&PERIOD), "The year that is reported on."),
        may("dates", Takes::Table(&DATES), "Dates that rules may name."),
        may("values", Takes::Table(&VALUES), "Unit and limits of every code set whose value is looked at."),
        may("strata", Takes::Table(&STRATA), "By what else people are counted."),
        may("payment", Takes::Table(&PAYMENT), "Money."),
        may("reference", Takes::Table(&REFERENCES), "Register and list counts that a prevalence is compared with."),
        may("domain", Takes::Tables(&DOMAIN), "Folders of indicators, in report order."),
        may("associate", Takes::Tables(&ASSOCIATE), "What is held against what: care plans against outcomes."),
    ],
);

/// `[period]`
pub static PERIOD: Form = form(
    "[period]",
    "The year that is reported on.",
    &[need("from", Takes::Date, "Its first day."), need("to", Takes::Date, "Its last day.")],
);

/// `[dates]`
pub static DATES: Form = named("[dates]", "Dates that rules may name.", Names::Own, Takes::Table(&DATE));

/// One entry of `[dates]`
pub static DATE: Form = Form {
    what: "a date",
    says: "A date, fixed or of each period.",
    keys: &[
        may("fixed", Takes::Date, "This day, whatever the period."),
        may("each-period", Takes::MonthDay, "This month and day of the period: \"08-01\"."),
    ],
    names: None,
    one_of: &["fixed", "each-period"],
};

/// `[values]`
pub static VALUES: Form = named("[values]", "Unit and limits by code set.", Names::Sets, Takes::Table(&SET_VALUES));

/// One entry of `[values]`
pub static SET_VALUES: Form = form(
    "a set's values",
    "Which values are believed.",
    &[
        need("unit", Takes::Text, "The unit."),
        may("spellings", Takes::Texts, "Other spellings of the same unit."),
        need("from", Takes::Number, "The lowest value that is believed."),
        need("to", Takes::Number, "The highest value that is believed."),
    ],
);

/// `[strata]`
pub static STRATA: Form = form(
    "[strata]",
    "By what else people are counted.",
    &[
        may("sex", Takes::Truth, "By sex."),
        may("age", Takes::Wholes, "By age: the lower edge of each band, from young to old."),
        may("imd-quintile", Takes::Truth, "By fifth of deprivation."),
    ],
);

/// `[payment]`
pub static PAYMENT: Form = form(
    "[payment]",
    "Money.",
    &[
        may("pounds-per-point", Takes::Number, "Pounds for one point at an average practice."),
        may("average-list", Takes::Number, "People on the average list."),
        may("factors", Takes::Words(ROUNDINGS), "Whether list and prevalence factors are rounded before multiplying."),
        may("points", Takes::Words(ROUNDINGS), "Whether points are rounded before multiplying."),
        may("nobody-to-count", Takes::Words(NOBODY), "What becomes of the points of an indicator without anyone to count."),
    ],
);

/// `[reference]`
pub static REFERENCES: Form = named("[reference]", "Register and list counts, by register.", Names::Registers, Takes::Table(&REFERENCE));

/// One entry of `[reference]`
pub static REFERENCE: Form = form(
    "a reference count",
    "A register and the lists it was counted on.",
    &[need("register", Takes::Whole, "People on the register."), need("list", Takes::Whole, "People on the lists.")],
);

/// `[[domain]]`
pub static DOMAIN: Form =
    form("[[domain]]", "A folder of indicators.", &[need("id", Takes::Text, "The folder."), need("title", Takes::Text, "Its title.")]);

/// `[[associate]]`
pub static ASSOCIATE: Form = form(
    "[[associate]]",
    "Two indicators whose people are also counted together: those who are in the denominators of both.",
    &[
        need("id", Takes::Id, "Its id, such as PLAN-HBA1C."),
        need("title", Takes::Text, "For people: what is held against what."),
        need("uptake", Takes::Id, "The indicator that people took something up by, such as a care plan."),
        need("outcome", Takes::Id, "The indicator that shows what came of it."),
    ],
);
