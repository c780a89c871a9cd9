//! One measure → one `CASE` that yields the number of the line that decided. Twin of `evaluate/decide.rs`.
//! Two-valued: every clause is 1 or 0, so that a test of something absent is false, and `no` turns it round.

use super::find::{amount, count, day};
use crate::framework::calendar::Day;
use crate::framework::{
    Amount, AmountTest, Asks, Clause, Compare, Condition, DayTest, FactId, Framework, Indicator, Joined, Lines, Order, Outcome, Population,
    RegisterId, Sex,
};

/// The number of the deciding line. `otherwise` always holds.
pub fn line(framework: &Framework, lines: &Lines) -> String {
    let whens: Vec<String> =
        lines.lines.iter().map(|line| format!("\n    WHEN {} THEN {}", holds(framework, &line.condition), line.number.0)).collect();
    format!("CASE{}\n  END", whens.concat())
}

/// Whether the person is on a register.
pub fn on_register(framework: &Framework, id: RegisterId) -> String {
    let lines = &framework.register(id).lines.lines;
    let selected: Vec<String> =
        lines.iter().filter(|line| line.outcome == Outcome::Selected).map(|line| line.number.0.to_string()).collect();
    if selected.is_empty() { "1 = 0".to_owned() } else { format!("{} IN ({})", register_column(id), selected.join(", ")) }
}

/// The column that holds the line of a register.
pub fn register_column(id: RegisterId) -> String {
    format!("register_{}", id.0)
}

/// Whether an indicator is of the person.
pub fn is_of(framework: &Framework, indicator: &Indicator) -> String {
    match indicator.of {
        Population::List => "1 = 1".to_owned(),
        Population::Register(id) => on_register(framework, id),
    }
}

/// Whether a sentence holds.
pub fn holds(framework: &Framework, condition: &Condition) -> String {
    let clauses: Vec<String> = condition.clauses.iter().map(|clause| clause_holds(framework, clause)).collect();
    match condition.joined {
        Joined::All => all(&clauses),
        Joined::Any => any(&clauses),
    }
}

/// `no` turns round the whole clause with its commas.
fn clause_holds(framework: &Framework, clause: &Clause) -> String {
    let holds = match &clause.asks {
        Asks::OnRegister(id) => on_register(framework, *id),
        Asks::Condition(id) => holds(framework, framework.condition(*id)),
        Asks::Age(tests) => all(&tests.iter().map(|test| age_passes(framework, *test)).collect::<Vec<_>>()),
        Asks::Sex(sex) => match sex {
            Sex::Female => "p.sex = 'female'".to_owned(),
            Sex::Male => "p.sex = 'male'".to_owned(),
        },
        Asks::Registered(tests) => all(&tests.iter().map(|test| day_passes(*test, "p.registered_day")).collect::<Vec<_>>()),
        Asks::Fact(id, days, amounts) => {
            let mut tests = vec![format!("{} IS NOT NULL", day(*id))];
            tests.extend(days.iter().map(|test| day_passes(*test, &day(*id))));
            tests.extend(amounts.iter().map(|test| amount_passes(*test, &amount(*id, test.value))));
            all(&tests)
        }
        Asks::Count(id, tests) => all(&tests.iter().map(|test| count_passes(framework, *id, *test)).collect::<Vec<_>>()),
    };
    let wanted = if clause.no { 0 } else { 1 };
    format!("CASE WHEN {holds} THEN 1 ELSE 0 END = {wanted}")
}

fn day_passes(test: DayTest, day_of: &str) -> String {
    match test {
        DayTest::Day(order, other) => in_order(order, day_of, &literal(other)),
        DayTest::Fact(order, id) => in_order(order, day_of, &day(id)),
        DayTest::Within { from, to, of } => format!("{day_of} BETWEEN {} AND {}", plus(&day(of), from), plus(&day(of), to)),
    }
}

fn in_order(order: Order, day: &str, other: &str) -> String {
    match order {
        Order::After => format!("{day} > {other}"),
        Order::OnOrAfter => format!("{day} >= {other}"),
        Order::Before => format!("{day} < {other}"),
        Order::OnOrBefore => format!("{day} <= {other}"),
        Order::SameDay => format!("{day} = {other}"),
    }
}

/// A comparison of an amount, in millionths.
pub fn amount_passes(test: AmountTest, amount: &str) -> String {
    match test.compare {
        Compare::AtMost => format!("{amount} <= {}", test.amount.0),
        Compare::AtLeast => format!("{amount} >= {}", test.amount.0),
        Compare::Under => format!("{amount} < {}", test.amount.0),
        Compare::Over => format!("{amount} > {}", test.amount.0),
    }
}

fn count_passes(framework: &Framework, id: FactId, test: AmountTest) -> String {
    amount_passes(test, &format!("{} * 1000000", count(framework, id)))
}

/// Nobody's age is worked out: an age is a comparison of two numbers of the form yyyymmdd.
fn age_passes(framework: &Framework, test: AmountTest) -> String {
    let today = framework.reporting_day.ymd();
    let reached = |age: i64| format!("p.born_ymd + {} <= {today}", age * 10_000);
    let not_reached = |age: i64| format!("p.born_ymd + {} > {today}", age * 10_000);
    let Amount(millionths) = test.amount;
    let (floor, ceiling) = (millionths.div_euclid(1_000_000), -(-millionths).div_euclid(1_000_000));
    match test.compare {
        Compare::AtMost => not_reached(floor + 1),
        Compare::AtLeast => reached(ceiling),
        Compare::Under => not_reached(ceiling),
        Compare::Over => reached(floor + 1),
    }
}

/// A day as a number, with nothing left to work out.
pub fn literal(day: Day) -> String {
    day.0.to_string()
}

/// A day some days later or earlier.
pub fn plus(day: &str, days: i32) -> String {
    match days {
        0 => day.to_owned(),
        1.. => format!("({day} + {days})"),
        _ => format!("({day} - {})", days.unsigned_abs()),
    }
}

fn all(parts: &[String]) -> String {
    if parts.is_empty() { "1 = 1".to_owned() } else { parts.join(" AND ") }
}

fn any(parts: &[String]) -> String {
    if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" OR ")) }
}
