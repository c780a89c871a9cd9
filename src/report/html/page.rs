//! What all pages have in common: styles, script, and the policy that lets nothing else in.

use crate::report::chart;
use sha2::{Digest, Sha256};

/// The styles of all pages, beside those of charts.
const STYLE: &str = include_str!("templates/report.css");
/// The script of all pages: everything is there without it.
const SCRIPT: &str = include_str!("templates/report.js");

/// Styles, script and policy of a page.
pub(super) struct Shell {
    pub style: String,
    pub script: &'static str,
    /// The content security policy: these two texts and nothing from anywhere.
    pub policy: String,
}

impl Shell {
    pub fn new() -> Shell {
        let style = format!("{STYLE}{}", chart::STYLE);
        let policy = format!(
            "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            hash(SCRIPT),
            hash(&style)
        );
        Shell { style, script: SCRIPT, policy }
    }
}

/// The hash of a text as a policy names it: SHA-256 in base 64.
fn hash(text: &str) -> String {
    base_64(&Sha256::digest(text.as_bytes()))
}

/// RFC 4648; three bytes are four letters.
fn base_64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = LETTERS.get((bits >> shift & 63) as usize).copied().unwrap_or(b'=');
            text.push(if at > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base_64;

    #[test]
    fn base_64_is_that_of_the_standard() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base_64(bytes.as_bytes()), text);
        }
    }
}
