//! The result of one case.

/// The result of one case.
pub(super) struct CaseResult {
    /// The name of the case.
    pub(super) name: String,
    /// What was wrong, a line each; nothing when it passed.
    pub(super) wrong: Vec<String>,
    /// Time of the invocation in nanoseconds.
    pub(super) time_ns: u64,
    /// Share of the instruction budget, in percent.
    pub(super) share: u8,
    /// Whether its expectation was written anew.
    pub(super) updated: bool,
}
