//! Primary care outcome frameworks: from the words of a rule to points and pounds, every number explained.
//!
//! Everything hangs on one idea: **a person's answer for an indicator is the number of the rule line that decided it.**
//! The story has seven steps, and they go one way only:
//!
//! 1. [`source`]: files as they were read, and places in them; [`problem`] points at such places.
//! 2. [`rules`]: text → a rule file, as its author wrote it.
//! 3. [`framework`]: rule files → a framework for one reporting day. Names are ids by now, and "12 months" is a day.
//! 4. [`extract`]: files of practices → people and their records, code by code set.
//! 5. [`evaluate`]: framework × person → the number of the line that decided.
//! 6. [`tally`] counts people by line; [`achievement`] turns counts into numerators, points and pounds.
//! 7. [`report`] writes them down, with the intervals of [`variation`]; [`cli`] is the program around it all.
//!
//! Beside the story, [`inspect`] looks at an extract before anything is counted, [`canonical`] writes any extract in one form,
//! [`sql`] says the same rules to a database, [`synth`] makes people of them, and [`book`] tells them to people.
//!
//! Here are one person and one line on the whole way:
//!
//! ```
//! use dqoh::achievement::achieve;
//! use dqoh::evaluate::Answers;
//! use dqoh::extract::patient::{About, Episode, Patients, RawRecord, RowPlace};
//! use dqoh::framework::calendar::Day;
//! use dqoh::framework::{Asks, DayTest, LineNumber, Order, Rules, Sex, View};
//! use dqoh::practice::Practice;
//! use dqoh::report::{Outcomes, results_csv};
//! use dqoh::tally::{Counter, first_indicator};
//!
//! // 1, 2: the files of a small framework, by their paths.
//! let files = [
//!     ("framework.toml", r#"
//!         id = "small"
//!         name = "A small framework"
//!         period = { from = 2016-04-01, to = 2017-03-31 }
//!         payment = { pounds-per-point = 165.18, average-list = 7460 }
//!         domain = [{ id = "care-planning", title = "Care planning" }]
//!     "#),
//!     ("care-planning/cp.toml", r#"
//!         [indicator]
//!         id = "CP"
//!         title = "Care plan agreed in the last 12 months"
//!         of = "list"
//!         points = 10
//!         pays = { from = 40, to = 90 }
//!         standing = "reconstructed"
//!         source = "An example"
//!         [facts]
//!         care-plan = { find = "latest", codes = "PLAN" }
//!         [rules]
//!         in-order = [
//!             { achieved-if = "care-plan in the last 12 months" },
//!             { otherwise = "not achieved" },
//!         ]
//!     "#),
//!     ("code-sets/PLAN.csv", "# source: an example\n# licence: none\n# coverage: complete\nscheme,code,term\nlocal,PLAN1,Plan agreed\n"),
//! ]
//! .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
//! let rules = Rules::read(&files);
//! let rulebook = rules.sound().expect("no problems");
//! let words = &rulebook.files[0].lines[0].words;
//! assert_eq!(words.value, "care-plan in the last 12 months");
//! assert_eq!((rules.sources.name(words.span.file), rules.sources.row(words.span)), ("care-planning/cp.toml", 14));
//!
//! // 3: the framework for a reporting day: the twelve months are a day now.
//! let day = |text: &str| Day::parse(text.as_bytes()).expect("a day");
//! let (framework, _) = rulebook.at(day("2017-03-31"), View::YearEnd);
//! let indicator = &framework.indicators[0];
//! let Asks::Fact(_, days, _) = &indicator.lines.lines[0].condition.clauses[0].asks else { panic!("not a fact") };
//! assert_eq!(days[..], [DayTest::Day(Order::After, day("2016-03-31"))]);
//!
//! // 4: one person with one record, as an extract would tell it.
//! let born = day("1958-03-02");
//! let registered = day("2000-01-01");
//! let about =
//!     About { born, born_ymd: born.ymd(), sex: Some(Sex::Female), registered, left: None, died: None, imd_quintile: None };
//! let record = RawRecord {
//!     person: 0,
//!     day: day("2016-06-10"),
//!     code: framework.codes.find("local", b"PLAN1").expect("a code of the set"),
//!     written: 0,
//!     group: 0,
//!     episode: Episode::Untold,
//!     amount: None,
//!     place: RowPlace { file: 0, row: 2 },
//! };
//! let patients = Patients::new([(0, about)], vec![record], &framework.codes);
//!
//! // 5: the first line that holds decides.
//! let line = Answers::new(&framework, patients.patient(&patients.people()[0])).indicator(indicator);
//! assert_eq!(line, Some(LineNumber(1)));
//!
//! // 6: counted, and worth something: 10 points of 10 at a practice of one person.
//! let mut counter = Counter::new(&framework);
//! counter.person(&about);
//! counter.count(first_indicator(&framework), LineNumber(1));
//! let tally = counter.tally(0, 0);
//! let practices = [Practice { code: "Y90001".into(), name: "North Road".into(), locality: "Alpha".into(), list_size: None }];
//! let frameworks = [framework];
//! let achievement = achieve(&frameworks, &practices, &tally);
//! let money = achievement.payments[0].money;
//! assert_eq!((money.points.to_string(), money.pounds.to_string()), ("10.00".to_owned(), "0.22".to_owned()));
//!
//! // 7: a row of results.csv.
//! let planning = dqoh::planning::Counts::default(); // this framework has no pathway
//! let outcomes =
//!     Outcomes { frameworks: &frameworks, practices: &practices, tally: &tally, planning: &planning, achievement: &achievement };
//! let results = String::from_utf8(results_csv(&outcomes.results())).expect("text");
//! let row = results.lines().find(|row| row.contains("North Road")).expect("a row of the practice");
//! assert!(row.starts_with("CP,Y90001,North Road,Alpha,2016-04-01,2017-03-31,year-end,,,1,0,0,,1,1,1.000000,"));
//! assert!(row.ends_with(",10.00,10,0.22,list-size-only,no"));
//! ```

pub mod achievement;
pub mod book;
pub mod briefing;
pub mod canonical;
pub mod cells;
pub mod cli;
pub mod codes;
pub mod comparison;
pub mod dictionary;
pub mod disclosure;
pub mod evaluate;
pub mod extract;
pub mod findings;
pub mod framework;
pub mod inspect;
mod numerals;
pub mod planning;
pub mod practice;
pub mod problem;
pub mod published;
pub mod recall;
pub mod report;
pub mod rules;
pub mod source;
pub mod sql;
mod sums;
pub mod synth;
mod table;
pub mod tally;
pub mod threads;
pub mod variation;
pub mod worth;
