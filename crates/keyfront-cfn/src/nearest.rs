//! The name that was probably meant.

/// Names that are less alike than this are not taken for a slip; the value is of the Jaro-Winkler similarity.
const ALIKE: f64 = 0.8;

/// `; did you mean X?` with the most similar of the names, or nothing.
pub(crate) fn hint<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    let similar = known.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    let best = similar.filter(|(alike, _)| *alike >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, known)| format!("; did you mean {known}?")).unwrap_or_default()
}
