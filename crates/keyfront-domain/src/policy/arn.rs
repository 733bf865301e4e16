//! ARN patterns: in `Resource` one pattern over the whole text, in Arn conditions one per component.

use super::pattern::{Case, Pattern, Syntax};
use super::request::Principal;

/// The pattern of a `Resource` or `NotResource`: `*`, or an ARN.
///
/// A `*` matches beyond the colons (AWS: IAM JSON policy elements, Resource), so `arn:aws:cloudfront:*`
/// is every CloudFront resource. Variables stand only after the fifth colon.
pub(super) fn parse_resource(text: &str, variables: bool) -> Result<Pattern, String> {
    if text == "*" {
        return Pattern::parse(text, Syntax { wildcards: true, variables });
    }
    let components = components(text)?;
    let pattern = Pattern::parse(text, Syntax { wildcards: true, variables })?;
    if components < 6 && !pattern.has_star() {
        return Err(format!(
            "`{text}` can match no ARN: it has {components} of the six parts of \
             arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE; add what is missing or end it with *"
        ));
    }
    Ok(pattern)
}

/// The pattern of an Arn condition: each of the six components is matched on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArnPattern(Vec<Pattern>);

impl ArnPattern {
    pub(super) fn parse(text: &str, variables: bool) -> Result<ArnPattern, String> {
        if components(text)? < 6 {
            return Err(format!(
                "`{text}` is not an ARN pattern; write all six parts of \
                 arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, each of which may hold * and ?"
            ));
        }
        let syntax = Syntax { wildcards: true, variables };
        text.splitn(6, ':')
            .map(|component| Pattern::parse(component, syntax))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(super) fn matches(&self, arn: &str, principal: &Principal<'_>) -> bool {
        let mut components = arn.splitn(6, ':');
        self.0.iter().all(|pattern| {
            components.next().is_some_and(|component| pattern.matches(component, principal, Case::Sensitive))
        })
    }
}

/// Counts the components, six at most, and checks those before the resource.
fn components(text: &str) -> Result<usize, String> {
    let rest = text.strip_prefix("arn:").ok_or_else(|| {
        format!("`{text}` is not an ARN; write `*`, or arn:aws:cloudfront::ACCOUNT:… with `*` and `?` as wildcards")
    })?;
    if let Some(before) = rest.splitn(5, ':').take(4).find(|part| part.contains("${")) {
        return Err(format!(
            "`{text}` has a variable in `{before}`; variables stand only after the fifth colon of an ARN, \
             so write the value itself"
        ));
    }
    if let Some(odd) = text.chars().find(|c| c.is_control()) {
        return Err(format!("an ARN has no control characters such as {odd:?}"));
    }
    Ok(text.splitn(6, ':').count())
}
