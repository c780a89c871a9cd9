//! What a code of a scheme looks like, and what is wrong with one that does not. Schemes are words; the form is checked for those that are known.

use crate::problem::Problem;

/// A code as all codes of its scheme are compared: Read codes are padded with dots to five characters.
pub fn normal_code<'c>(scheme: &str, code: &'c str) -> std::borrow::Cow<'c, str> {
    let code = code.trim();
    let short = matches!(scheme, "read2" | "ctv3") && code.len() < 5 && !code.is_empty();
    if short { format!("{code:.<5}").into() } else { code.into() }
}

/// What is wrong with the form of a code, if its scheme is known.
pub fn form_problem(scheme: &str, code: &str) -> Option<Problem> {
    let wrong = |says: &str, help: &str| Some(Problem::error("R028", format!("`{code}` is not a {scheme} code: {says}")).help(help));
    let read_letters = |code: &str| code.trim_end_matches('.').chars().all(|c| c.is_ascii_alphanumeric());
    match scheme {
        _ if code.is_empty() => Some(Problem::error("R028", "this row has no code").help("put a code, or take the row out")),
        "" => Some(
            Problem::error("R028", format!("`{code}` has no scheme"))
                .help("write the scheme first: snomed, read2, ctv3, emis, dmd, loinc, local, …"),
        ),
        "snomed" | "dmd" => snomed_problem(scheme, code),
        "read2" | "ctv3" if code.chars().count() != 5 || !read_letters(code) || code.starts_with('.') => wrong(
            "it has not five letters, digits or closing dots",
            "Read codes keep their capitals and small letters, and dots fill them up to five",
        ),
        "loinc" if !loinc(code) => wrong("it is not digits, a hyphen and a check digit", "write it as in 4548-4"),
        _ => None,
    }
}

fn snomed_problem(scheme: &str, code: &str) -> Option<Problem> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit()) && (6..=18).contains(&code.len()) && !code.starts_with('0');
    if !digits {
        return Some(
            Problem::error("R028", format!("`{code}` is not a {scheme} code: it is not 6 to 18 digits"))
                .help("copy the concept's id, not its description"),
        );
    }
    if verhoeff(code) {
        return None;
    }
    let rounded = code.len() >= 16 && code.ends_with("00");
    Some(if rounded {
        Problem::error("R030", format!("`{code}` ends in zeros and has a wrong check digit"))
            .help("a spreadsheet keeps fifteen digits and rounds the rest: copy the code from its source again, as text")
    } else {
        Problem::error("R029", format!("`{code}` has a wrong check digit"))
            .help("a digit is wrong or two have changed places: copy the code again")
    })
}

fn loinc(code: &str) -> bool {
    code.split_once('-').is_some_and(|(body, check)| {
        check.len() == 1 && check.bytes().chain(body.bytes()).all(|byte| byte.is_ascii_digit()) && (1..=7).contains(&body.len())
    })
}

/// Whether the last digit is right by Verhoeff's scheme (1969), as SNOMED CT identifiers have it.
/// Worked: 38341003 (hypertension) is right, 38341004 is not.
pub fn verhoeff(digits: &str) -> bool {
    const PERMUTE: [[usize; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    // Multiplication of the dihedral group of the pentagon: turns are 0 to 4, reflections 5 to 9.
    let multiply = |a: usize, b: usize| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let sum = digits.bytes().rev().enumerate().try_fold(0, |sum, (at, byte)| {
        let digit = usize::from(byte.checked_sub(b'0')?);
        Some(multiply(sum, *PERMUTE.get(at % 8)?.get(digit)?))
    });
    sum == Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for right in ["38341003", "73211009", "39732311000001104", "1187911000000105"] {
            assert!(verhoeff(right), "{right}");
        }
        for wrong in ["38341004", "73211090", "39732311000001100", "1187911000000106"] {
            assert!(!verhoeff(wrong), "{wrong}");
        }
    }

    #[test]
    fn forms() {
        assert!(form_problem("read2", "C10..").is_none());
        assert_eq!(form_problem("read2", "C10").map(|problem| problem.code), Some("R028"));
        assert_eq!(form_problem("snomed", "39732311000001100").map(|problem| problem.code), Some("R030"));
        assert_eq!(form_problem("snomed", "38341004").map(|problem| problem.code), Some("R029"));
        assert!(form_problem("loinc", "4548-4").is_none());
        assert_eq!(normal_code("read2", "C10"), "C10..");
    }
}
