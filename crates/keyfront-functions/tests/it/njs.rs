//! The corpus against njs, the engine that CloudFront Functions are made on.

use crate::corpus::{Case, all, differences, show, verdict};
use crate::oracle::run_case;

#[test]
fn njs_says_what_the_corpus_expects() {
    let cases: Vec<_> = all().into_iter().filter(Case::has_oracle).collect();
    let mut differing = Vec::new();
    for case in &cases {
        let differences = differences(case, &run_case(case));
        if !differences.is_empty() {
            differing.push(show(case, &differences));
        }
    }
    verdict(cases.len(), &differing);
}
