//! Tests of files of pairs, by task.

mod loading;
mod problems;
mod reading;
mod sniffing;
mod writing;

use keyfront_domain::Quotas;

use super::*;
use crate::pairs::Pairs;

fn pairs(text: &str, format: Format) -> Result<Pairs, String> {
    read("pairs", Some(format), text.as_bytes(), &Quotas::default()).map_err(|problems| problems.to_string())
}
