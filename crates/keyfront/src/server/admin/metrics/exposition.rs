//! The two text formats of metrics: OpenMetrics, and Prometheus's own, which is older.
//!
//! The library writes OpenMetrics. In the older format a family has the name of its samples (`…_total`, `…_info`),
//! has no unit of its own and no type `info`, and no line marks the end.

use std::borrow::Cow;

/// A text format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exposition {
    /// <https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md>
    OpenMetrics,
    /// <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>
    Text,
}

impl Exposition {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Exposition::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Exposition::Text => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// Figures that were written as OpenMetrics, without the end, in this format.
    pub(super) fn of(self, figures: &str) -> String {
        match self {
            Exposition::OpenMetrics => format!("{figures}# EOF\n"),
            Exposition::Text => older(figures),
        }
    }
}

fn older(figures: &str) -> String {
    let mut text = String::with_capacity(figures.len());
    // Help stands before the type, which decides about the name in both lines.
    let mut help = None;
    for line in figures.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            help = rest.split_once(' ');
        } else if let Some((family, kind)) =
            line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' '))
        {
            let (name, kind): (Cow<'_, str>, &str) = match kind {
                "counter" => (format!("{family}_total").into(), kind),
                "info" => (format!("{family}_info").into(), "gauge"),
                "unknown" => (family.into(), "untyped"),
                _ => (family.into(), kind),
            };
            if let Some((_, words)) = help.take() {
                text += &format!("# HELP {name} {words}\n");
            }
            text += &format!("# TYPE {name} {kind}\n");
        } else if !line.starts_with("# ") {
            text += line;
            text += "\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURES: &str = "# HELP a_requests Requests.\n# TYPE a_requests counter\na_requests_total{b=\"# c\"} 1\n\
        # HELP a_build The version.\n# TYPE a_build info\na_build_info{version=\"1\"} 1\n\
        # HELP a_duration_seconds Time.\n# TYPE a_duration_seconds histogram\n# UNIT a_duration_seconds seconds\n\
        a_duration_seconds_bucket{le=\"+Inf\"} 2\n";

    #[test]
    fn a_family_of_the_older_format_has_the_name_of_its_samples() {
        assert_eq!(
            Exposition::Text.of(FIGURES),
            "# HELP a_requests_total Requests.\n# TYPE a_requests_total counter\na_requests_total{b=\"# c\"} 1\n\
             # HELP a_build_info The version.\n# TYPE a_build_info gauge\na_build_info{version=\"1\"} 1\n\
             # HELP a_duration_seconds Time.\n# TYPE a_duration_seconds histogram\n\
             a_duration_seconds_bucket{le=\"+Inf\"} 2\n"
        );
    }

    #[test]
    fn openmetrics_is_as_it_was_written_with_an_end() {
        assert_eq!(Exposition::OpenMetrics.of(FIGURES), format!("{FIGURES}# EOF\n"));
    }
}
