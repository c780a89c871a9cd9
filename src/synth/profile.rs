//! profile.toml → what synthetic people have and what practices do, as numbers. Its comments say what each word means.
//! The numbers are the only thing here that is about medicine, and they are data.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::io;

const TEXT: &str = include_str!("profile.toml");

/// Chances of a thousand, by what somebody has. In the order of names, so that nothing depends on a hash map.
pub type ByCondition<N = i64> = BTreeMap<String, N>;

/// Everything in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    ages: Vec<i64>,
    /// How much illness there is, in percent.
    pub illness: i64,
    /// Conditions for which more is unsuitable.
    pub fragile: Vec<String>,
    /// What people have.
    #[serde(rename = "condition")]
    pub conditions: Vec<Condition>,
    /// What they take.
    #[serde(rename = "drug")]
    pub drugs: Vec<Drug>,
    /// What is done for them each year.
    pub care: Vec<Care>,
    /// The same, but drawn last and with other dice, so that more of it leaves everything else as it was.
    pub besides: Vec<Care>,
    /// What is done once after something was found.
    pub after: Vec<After>,
    /// The cycle of care planning.
    pub plans: Plans,
    /// How practices differ.
    #[serde(rename = "practice")]
    pub practices: Vec<Ways>,
    /// What is different where there are more practices than are listed.
    area: Area,
    /// What else practices record.
    pub background: Background,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Condition {
    pub id: String,
    pub codes: String,
    pub or: Vec<String>,
    pub share: Vec<i64>,
    pub in_area: i64,
    pub men: i64,
    pub with: ByCondition,
    pub within: Option<String>,
    pub without: Vec<String>,
    pub any_of: Vec<String>,
    pub from_age: i64,
    pub years: i32,
    pub episode: Option<String>,
    pub resolved: String,
    pub invited: String,
    pub declined: String,
    pub unsuitable: String,
    pub review: String,
}

impl Default for Condition {
    fn default() -> Self {
        let none = String::new;
        Condition {
            id: none(),
            codes: none(),
            or: Vec::new(),
            share: Vec::new(),
            in_area: 100,
            men: 100,
            with: ByCondition::new(),
            within: None,
            without: Vec::new(),
            any_of: Vec::new(),
            from_age: 0,
            years: 18,
            episode: None,
            resolved: none(),
            invited: none(),
            declined: none(),
            unsuitable: none(),
            review: none(),
        }
    }
}

/// Reasons on record why something was not done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reasons {
    pub declined: String,
    pub unsuitable: String,
    pub allergy: String,
    pub unavailable: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Drug {
    pub id: String,
    pub codes: String,
    pub or: Vec<String>,
    pub r#for: ByCondition,
    pub without: Option<String>,
    pub stopped: String,
    #[serde(flatten)]
    pub reasons: Reasons,
}

#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Care {
    pub r#for: ByCondition,
    pub more: ByCondition,
    pub within: Option<String>,
    pub takes: Option<String>,
    pub of: String,
    pub codes: Vec<String>,
    pub or: Vec<String>,
    pub values: Vec<Value>,
    pub group: bool,
    pub day: When,
    pub years: usize,
    pub from_age: i64,
    pub to_age: i64,
    pub of_women: bool,
    pub often: bool,
    pub again: i64,
    pub instead: String,
    #[serde(flatten)]
    pub reasons: Reasons,
}

impl Default for Care {
    fn default() -> Self {
        Care {
            r#for: ByCondition::new(),
            more: ByCondition::new(),
            within: None,
            takes: None,
            of: String::new(),
            codes: Vec::new(),
            or: Vec::new(),
            values: Vec::new(),
            group: false,
            day: When::Review,
            years: 1,
            from_age: 0,
            to_age: i64::MAX,
            of_women: false,
            often: false,
            again: 0,
            instead: String::new(),
            reasons: Reasons::default(),
        }
    }
}

/// On which day of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    Review,
    Any,
    Autumn,
    Lately,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    pub codes: String,
    #[serde(default)]
    pub decimals: u32,
    pub usual: i64,
    pub people: i64,
    pub visits: i64,
    #[serde(default)]
    pub with: ByCondition,
    #[serde(default)]
    pub wide: ByCondition,
    #[serde(default)]
    pub better: i64,
}

#[derive(Debug, Deserialize)]
pub struct After {
    pub of: String,
    pub codes: String,
    #[serde(default)]
    pub value: Option<[i64; 2]>,
    pub days: [i32; 2],
    pub share: i64,
    #[serde(flatten)]
    pub reasons: Reasons,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plans {
    pub of: String,
    pub complex: usize,
    pub frail: String,
    pub several: usize,
    pub prepared: String,
    pub shared: String,
    pub agreed: String,
    pub goals: String,
    pub decision: String,
    pub aid: String,
    pub reviewed: String,
    pub declined: String,
    pub holistic: String,
    pub team: String,
    pub activated: String,
}

/// How a practice works.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Ways {
    pub name: String,
    pub size: usize,
    pub older: u32,
    pub decile: u8,
    pub finds: i64,
    pub records: i64,
    pub excepts: i64,
    pub reviews: i64,
    pub targets: i64,
    pub prevention: i64,
    pub teams: i64,
    pub one_day: i64,
    pub plans: i64,
    pub agreed: i64,
    pub goals: i64,
    pub decisions: i64,
    pub reviewed: i64,
    pub declined: i64,
    pub days: [i32; 3],
    pub pause: i32,
    pub schemes: Vec<String>,
    pub own_code: Option<OwnCode>,
}

/// A code of a practice's own, that is in no set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCode {
    pub set: String,
    pub code: String,
}

impl Default for Ways {
    fn default() -> Self {
        Ways {
            name: String::new(),
            size: 100,
            older: 100,
            decile: 5,
            finds: 100,
            records: 100,
            excepts: 100,
            reviews: 0,
            targets: 0,
            prevention: 0,
            teams: 450,
            one_day: 650,
            plans: 700,
            agreed: 900,
            goals: 650,
            decisions: 500,
            reviewed: 700,
            declined: 130,
            days: [10, 20, 190],
            pause: 0,
            schemes: vec!["snomed".to_owned()],
            own_code: None,
        }
    }
}

/// Many practices, as a town has them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Where they lie.
    pub localities: Vec<String>,
    /// People of the smallest practice, of the next tenth, and so on to the largest.
    pub lists: Vec<usize>,
    /// Between what the ways of practices lie that are not listed.
    pub ways: Between,
}

/// From … to, for each of the ways that practices differ in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Between {
    pub older: [u32; 2],
    pub decile: [u8; 2],
    pub finds: [i64; 2],
    pub records: [i64; 2],
    pub excepts: [i64; 2],
    pub reviews: [i64; 2],
    pub targets: [i64; 2],
    pub prevention: [i64; 2],
    pub teams: [i64; 2],
    pub one_day: [i64; 2],
    pub plans: [i64; 2],
    pub agreed: [i64; 2],
    pub goals: [i64; 2],
    pub decisions: [i64; 2],
    pub reviewed: [i64; 2],
    pub declined: [i64; 2],
    pub days: [[i32; 2]; 3],
    pub pause: [i32; 2],
}

/// Records of codes that are in no set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Background {
    pub years: i32,
    pub earlier: i64,
    pub contacts: Vec<i64>,
    pub people: Vec<i64>,
    pub women: i64,
    pub conditions: i64,
    pub read: i64,
    pub tail: Vec<i64>,
    #[serde(rename = "kind")]
    pub kinds: Vec<Kind>,
}

/// One kind of such records.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Kind {
    /// What it is, for the reader of the file.
    #[expect(dead_code, reason = "it is there for the reader of profile.toml")]
    of: String,
    pub scheme: Writing,
    pub codes: usize,
    pub rows: i64,
    #[serde(default)]
    pub episodes: i64,
    #[serde(default)]
    pub with_value: i64,
    #[serde(default)]
    pub values: Vec<Amounts>,
    #[serde(default)]
    pub repeats: Vec<i64>,
    #[serde(default)]
    pub lasting: i32,
    #[serde(default)]
    pub every: Vec<i32>,
}

/// How codes of a kind are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Writing {
    /// As the practice writes what people have and what is done for them.
    Clinical,
    /// As medicines.
    Dmd,
    /// As the practice system's own.
    Emis,
}

/// Values of some codes of a kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    pub unit: String,
    #[serde(default)]
    pub decimals: u32,
    pub between: [i64; 2],
}

impl Profile {
    /// What is different where there are so many practices; nothing where all of them are listed.
    pub fn area(&self, practices: usize) -> Option<&Area> {
        (practices > self.practices.len()).then_some(&self.area)
    }

    /// The numbers, and every text among them: the names of code sets are some of these.
    ///
    /// # Errors
    /// When profile.toml does not have the form that is described in it.
    pub fn read() -> io::Result<(Profile, Vec<String>)> {
        let unlike = |error: toml::de::Error| io::Error::new(io::ErrorKind::InvalidData, format!("profile.toml: {error}"));
        let table: toml::Table = toml::from_str(TEXT).map_err(unlike)?;
        let mut texts = Vec::new();
        table.values().for_each(|value| collect(value, &mut texts));
        let profile = table.try_into().map_err(unlike)?;
        Ok((profile, texts))
    }

    /// The share for an age of those that are given by age.
    pub fn at_age(&self, shares: &[i64], age: i64) -> i64 {
        let band = self.ages.iter().filter(|from| age >= **from).count();
        shares.get(band).copied().unwrap_or(0)
    }
}

fn collect(value: &toml::Value, texts: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => texts.push(text.clone()),
        toml::Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        toml::Value::Table(table) => table.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_named_that_there_are() {
        let (profile, _) = Profile::read().unwrap();
        let known: Vec<&str> = profile.conditions.iter().map(|condition| condition.id.as_str()).chain(["everyone"]).collect();
        let mut named: Vec<&String> = [&profile.plans.of, &profile.plans.frail].into_iter().chain(&profile.fragile).collect();
        for condition in &profile.conditions {
            assert!(condition.share.len() == profile.ages.len() + 1 || !condition.any_of.is_empty(), "{}", condition.id);
            named.extend(condition.with.keys().chain(&condition.within).chain(&condition.without).chain(&condition.any_of));
        }
        for care in &profile.care {
            named.extend(care.r#for.keys().chain(care.more.keys()).chain(&care.within));
            named.extend(care.values.iter().flat_map(|value| value.with.keys().chain(value.wide.keys())));
        }
        named.extend(profile.drugs.iter().flat_map(|drug| drug.r#for.keys()));
        named.extend(profile.after.iter().map(|after| &after.of));
        for name in named {
            assert!(known.contains(&name.as_str()), "no condition is called {name}");
        }
        let drugs: Vec<&String> = profile.drugs.iter().map(|drug| &drug.id).collect();
        let others = profile.drugs.iter().filter_map(|drug| drug.without.as_ref());
        for name in others.chain(profile.care.iter().filter_map(|care| care.takes.as_ref())) {
            assert!(drugs.contains(&name), "no drug is called {name}");
        }
    }
}
