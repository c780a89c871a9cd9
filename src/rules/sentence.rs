//! One sentence → its parts, by the grammar in `phrase.rs`. Tokenised, never split on words (`on or after` holds an *or*).

use super::phrase::{
    AmountTest, AmountText, Apart, Bound, Clause, Compare, Condition, Joined, Length, Order, Sex, Subject, Test, Unit, Words, is_name,
};
use crate::problem::Problem;
use crate::source::{At, Span};
use rust_decimal::Decimal;

/// Reads `care-plan in the last 12 months and no declined`.
pub fn condition(words: Words<'_>) -> Result<Condition, Problem> {
    let mut parser = Parser::new(words)?;
    let mut clauses = vec![parser.clause()?];
    let mut joined: Option<(Joined, Span)> = None;
    while let Some(token) = parser.next() {
        let this = match token.text {
            "and" => Joined::All,
            "or" => Joined::Any,
            _ => return Err(parser.expected_at(token, "`and`, `or`, a comma and a further test, or the end of the sentence")),
        };
        let span = parser.span(token);
        match joined {
            Some((before, place)) if before != this => {
                return Err(Problem::error("R015", "`and` and `or` stand in one sentence")
                    .at(span, "this one")
                    .also(place, "and this one")
                    .help("write two lines, one for each side of the `or`, or give a part a name in [conditions]"));
            }
            _ => joined = joined.or(Some((this, span))),
        }
        clauses.push(parser.clause()?);
    }
    Ok(Condition { joined: joined.map_or(Joined::All, |(joined, _)| joined), clauses })
}

/// Reads `value under 10`, or several such with commas.
pub fn amount_tests(words: Words<'_>) -> Result<Vec<AmountTest>, Problem> {
    let mut parser = Parser::new(words)?;
    let mut tests = vec![parser.amount_test()?];
    while parser.take(",") {
        tests.push(parser.amount_test()?);
    }
    parser.end()?;
    Ok(tests)
}

/// Reads what `since` and `until` hold.
pub fn bound(words: Words<'_>) -> Result<Bound, Problem> {
    let mut parser = Parser::new(words)?;
    let bound = parser.bound()?;
    parser.end()?;
    Ok(bound)
}

/// Reads `last 3 months`.
pub fn window(words: Words<'_>) -> Result<Length, Problem> {
    let mut parser = Parser::new(words)?;
    parser.must("last")?;
    let length = parser.length()?;
    parser.end()?;
    Ok(length)
}

/// Reads `7 days`.
pub fn days(words: Words<'_>) -> Result<i32, Problem> {
    let mut parser = Parser::new(words)?;
    let days = parser.days()?;
    parser.end()?;
    Ok(days)
}

/// Reads the `within` of a companion.
pub fn apart(words: Words<'_>) -> Result<Apart, Problem> {
    let mut parser = Parser::new(words)?;
    let apart = parser.apart()?;
    parser.end()?;
    Ok(apart)
}

#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    text: &'a str,
    start: usize,
}

struct Parser<'a> {
    words: Words<'a>,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn new(words: Words<'a>) -> Result<Self, Problem> {
        let tokens = tokens(words)?;
        Ok(Parser { words, tokens, at: 0 })
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    fn sees(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.text == text)
    }

    fn sees_second(&self, text: &str) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|token| token.text == text)
    }

    fn take(&mut self, text: &str) -> bool {
        let here = self.sees(text);
        self.at += usize::from(here);
        here
    }

    fn must(&mut self, text: &'static str) -> Result<(), Problem> {
        if self.take(text) { Ok(()) } else { Err(self.expected(&format!("`{text}`"))) }
    }

    fn end(&self) -> Result<(), Problem> {
        if self.peek().is_none() { Ok(()) } else { Err(self.expected("nothing more")) }
    }

    fn span(&self, token: Token<'a>) -> Span {
        self.span_of(token.start, token.start + token.text.len())
    }

    fn span_of(&self, start: usize, end: usize) -> Span {
        if !self.words.plain {
            return self.words.span;
        }
        let base = self.words.span.start as usize + 1;
        self.words.span.file.span(base + start..base + end)
    }

    fn expected(&self, what: &str) -> Problem {
        match self.peek() {
            Some(token) => self.expected_at(token, what),
            None => {
                let end = self.words.text.len();
                Problem::error("R006", "the sentence stops too early").at(self.span_of(end, end), format!("expected {what}"))
            }
        }
    }

    fn expected_at(&self, token: Token<'a>, what: &str) -> Problem {
        Problem::error("R006", format!("`{}` cannot stand here", token.text)).at(self.span(token), format!("expected {what}"))
    }

    fn clause(&mut self) -> Result<Clause, Problem> {
        let from = self.peek();
        let no = self.take("no");
        let not = !no && self.take("not");
        let (subject, tests) = if self.sees("on") && !no {
            (self.register()?, Vec::new())
        } else {
            let subject = self.subject(not)?;
            self.take(",");
            (subject, self.tests()?)
        };
        let start = from.map_or(0, |token| token.start);
        let end = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |last| last.start + last.text.len());
        Ok(Clause { no: no || not, subject, tests, span: self.span_of(start, end) })
    }

    fn register(&mut self) -> Result<Subject, Problem> {
        self.must("on")?;
        self.must("the")?;
        let id = self.name("the id of a register")?;
        self.must("register")?;
        Ok(Subject::Register(id))
    }

    fn subject(&mut self, not: bool) -> Result<Subject, Problem> {
        let Some(token) = self.peek() else { return Err(self.expected("a subject: a fact, a condition, `age`, `sex` or `registered`")) };
        if not {
            return Err(self
                .expected_at(token, "`on the … register`")
                .help("`not` belongs to `on the … register`; before a fact or a condition write `no`"));
        }
        self.at += 1;
        match token.text {
            "age" => Ok(Subject::Age),
            "sex" => Ok(Subject::Sex),
            "registered" => Ok(Subject::Registered),
            text if is_name(text) => Ok(Subject::Named(At::new(text.to_owned(), self.span(token)))),
            _ => Err(self.expected_at(token, "a subject: a fact, a condition, `age`, `sex` or `registered`")),
        }
    }

    fn tests(&mut self) -> Result<Vec<At<Test>>, Problem> {
        let mut tests = Vec::new();
        if self.peek().is_none() || self.sees("and") || self.at_or() {
            return Ok(tests);
        }
        loop {
            let start = self.peek().map_or(0, |token| token.start);
            let test = self.test()?;
            let end = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |last| last.start + last.text.len());
            tests.push(At::new(test, self.span_of(start, end)));
            if !self.take(",") {
                return Ok(tests);
            }
        }
    }

    fn at_or(&self) -> bool {
        self.sees("or")
    }

    fn test(&mut self) -> Result<Test, Problem> {
        let Some(token) = self.peek() else { return Err(self.expected(TESTS)) };
        match token.text {
            "in" => self.in_the_last(),
            "within" => self.within(),
            "is" => self.is_sex(),
            "after" => self.day(1, Order::After),
            "before" => self.day(1, Order::Before),
            "on" if self.sees_second("the") => self.same_day(),
            "on" => self.on_or(),
            _ => Ok(Test::Amount(self.amount_test()?)),
        }
    }

    fn in_the_last(&mut self) -> Result<Test, Problem> {
        self.must("in")?;
        self.must("the")?;
        self.must("last")?;
        Ok(Test::InTheLast(self.length()?))
    }

    fn within(&mut self) -> Result<Test, Problem> {
        self.must("within")?;
        let days = self.days()?;
        let (from, to) = match self.next().map(|token| token.text) {
            Some("after") => (0, days),
            Some("before") => (-days, 0),
            Some("of") => (-days, days),
            _ => {
                self.at -= 1;
                return Err(self.expected("`after`, `before` or `of`, and a fact"));
            }
        };
        Ok(Test::Within { from, to, of: self.name("the name of a fact")? })
    }

    fn is_sex(&mut self) -> Result<Test, Problem> {
        self.must("is")?;
        if self.take("female") {
            Ok(Test::Is(Sex::Female))
        } else if self.take("male") {
            Ok(Test::Is(Sex::Male))
        } else {
            Err(self.expected("`female` or `male`"))
        }
    }

    fn day(&mut self, words: usize, order: Order) -> Result<Test, Problem> {
        self.at += words;
        Ok(Test::Day { order, to: self.name("the name of a fact or a date")? })
    }

    fn same_day(&mut self) -> Result<Test, Problem> {
        for word in ["on", "the", "same", "day", "as"] {
            self.must(word)?;
        }
        self.day(0, Order::SameDay)
    }

    fn on_or(&mut self) -> Result<Test, Problem> {
        self.must("on")?;
        self.must("or")?;
        if self.sees("after") {
            self.day(1, Order::OnOrAfter)
        } else if self.sees("before") {
            self.day(1, Order::OnOrBefore)
        } else {
            Err(self.expected("`after` or `before`"))
        }
    }

    fn amount_test(&mut self) -> Result<AmountTest, Problem> {
        let value = match self.peek() {
            Some(token) if is_name(token.text) && !["at", "under", "over"].contains(&token.text) => {
                if !["at", "under", "over"].iter().any(|word| self.sees_second(word)) {
                    return Err(self.expected(TESTS));
                }
                self.at += 1;
                Some(At::new(token.text.to_owned(), self.span(token)))
            }
            _ => None,
        };
        let compare = self.compare()?;
        Ok(AmountTest { value, compare, amount: self.amount()? })
    }

    fn compare(&mut self) -> Result<Compare, Problem> {
        if self.take("under") {
            return Ok(Compare::Under);
        }
        if self.take("over") {
            return Ok(Compare::Over);
        }
        if !self.take("at") {
            return Err(self.expected(TESTS));
        }
        if self.take("most") {
            Ok(Compare::AtMost)
        } else if self.take("least") {
            Ok(Compare::AtLeast)
        } else {
            Err(self.expected("`most` or `least`"))
        }
    }

    fn amount(&mut self) -> Result<At<AmountText>, Problem> {
        let Some(token) = self.peek() else { return Err(self.expected("a number, or a value of the band")) };
        self.at += 1;
        if is_name(token.text) {
            return Ok(At::new(AmountText::Name(token.text.to_owned()), self.span(token)));
        }
        match Decimal::from_str_exact(token.text) {
            Ok(number) => Ok(At::new(AmountText::Number(number), self.span(token))),
            Err(_) => Err(self.expected_at(token, "a number, or a value of the band")),
        }
    }

    fn number(&mut self) -> Result<i32, Problem> {
        let Some(token) = self.peek() else { return Err(self.expected("a whole number")) };
        match token.text.parse::<i32>() {
            Ok(number) if (0..=40_000).contains(&number) => {
                self.at += 1;
                Ok(number)
            }
            _ => Err(self.expected_at(token, "a whole number, at most 40000")),
        }
    }

    fn days(&mut self) -> Result<i32, Problem> {
        let length = self.length()?;
        if length.unit == Unit::Days {
            return Ok(length.number);
        }
        self.at -= 1;
        Err(self.expected("`days`"))
    }

    fn length(&mut self) -> Result<Length, Problem> {
        let number = self.number()?;
        let unit = match self.peek().map(|token| token.text) {
            Some("day" | "days") => Unit::Days,
            Some("month" | "months") => Unit::Months,
            Some("year" | "years") => Unit::Years,
            _ => return Err(self.expected("`days`, `months` or `years`")),
        };
        self.at += 1;
        Ok(Length { number, unit })
    }

    fn name(&mut self, what: &str) -> Result<At<String>, Problem> {
        match self.peek() {
            Some(token) if is_name(token.text) => {
                self.at += 1;
                Ok(At::new(token.text.to_owned(), self.span(token)))
            }
            _ => Err(self.expected(what)),
        }
    }

    fn bound(&mut self) -> Result<Bound, Problem> {
        if self.take("age") {
            return Ok(Bound::Age(self.number()?));
        }
        if self.peek().is_some_and(|token| is_name(token.text)) {
            return Ok(Bound::Name(self.name("a date or a fact")?.value));
        }
        let length = self.length()?;
        if self.sees("before") && self.sees_second("the") {
            self.at += 2;
            self.must("end")?;
            return Ok(Bound::BeforeEnd(length));
        }
        if length.unit != Unit::Days {
            return Err(self.expected("`before the end`").help("beside a fact, a bound is counted in days: `7 days after invited`"));
        }
        let days = match self.next().map(|token| token.text) {
            Some("after") => length.number,
            Some("before") => -length.number,
            _ => {
                self.at -= 1;
                return Err(self.expected("`after` or `before`, and a fact"));
            }
        };
        Ok(Bound::Away { days, fact: self.name("the name of a fact")? })
    }

    fn apart(&mut self) -> Result<Apart, Problem> {
        if self.take("same") {
            self.must("day")?;
            return Ok(Apart::Days(0, 0));
        }
        let length = self.length()?;
        let side = self.next().map(|token| token.text);
        match (side, length.unit) {
            (Some("before"), Unit::Days) => Ok(Apart::Days(-length.number, 0)),
            (Some("after"), Unit::Days) => Ok(Apart::Days(0, length.number)),
            (None, Unit::Days) => Ok(Apart::Days(-length.number, length.number)),
            (Some("before"), _) => Ok(Apart::Before(length)),
            (Some("after"), _) => Ok(Apart::After(length)),
            (found, _) => {
                self.at -= usize::from(found.is_some());
                Err(self.expected("`before` or `after`"))
            }
        }
    }
}

const TESTS: &str = "a test: `in the last 12 months`, `after …`, `on or before …`, `on the same day as …`, `within 30 days of …`, `value at most 58`, `is female`";

fn tokens(words: Words<'_>) -> Result<Vec<Token<'_>>, Problem> {
    let mut tokens = Vec::new();
    let mut rest = words.text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if first == ' ' {
            continue;
        }
        let mut end = start + first.len_utf8();
        if first.is_ascii_alphanumeric() || first == '-' {
            while let Some((at, _)) = rest.next_if(|(_, c)| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')) {
                end = at + 1;
            }
        } else if first != ',' {
            let parser = Parser { words, tokens: Vec::new(), at: 0 };
            let help = match first {
                '<' | '>' | '=' | '≤' | '≥' => "write `at most`, `at least`, `under` or `over`",
                _ => "a sentence holds words, numbers and commas; there are no brackets and no arithmetic",
            };
            return Err(Problem::error("R006", format!("`{first}` cannot stand in a sentence"))
                .at(parser.span_of(start, end), "here")
                .help(help));
        }
        tokens.push(Token { text: words.text.get(start..end).unwrap_or(""), start });
    }
    Ok(tokens)
}
