//! Failures of invocations: status, `X-Cache` word, error page and TestFunction's message.

use borsh::{BorshDeserialize, BorshSerialize};
use keyfront_domain::error_page;

/// What CloudFront says of code that cannot run, before the reason.
const NOT_RUN: &str =
    "The CloudFront function associated with the CloudFront distribution is invalid or could not run.";

/// What it says of a function that it does not run for now. No capture of the real sentence is known; this one
/// follows the sentence for Lambda functions.
const THROTTLED: &str = "The CloudFront function associated with the CloudFront distribution was throttled.";

/// Why a function gave no request and no response.
#[derive(Clone, PartialEq, Eq, Debug, BorshSerialize, BorshDeserialize)]
pub enum Failure {
    /// The code could not run, threw, or used up its memory or its steps. It holds the engine's own text, such as
    /// `TypeError: cannot get property "value" of undefined`, without the sentence that CloudFront puts before it.
    Execution(String),
    /// What it returned is not a request or a response that CloudFront accepts. It holds the whole sentence.
    Validation(String),
    /// It was not run, because it failed or used too much before, or because too many invocations wait.
    Throttled,
}

impl Failure {
    /// A returned value that is not what it must be: `path` names the member and `problem` says what is wrong.
    pub(crate) fn invalid(path: &str, problem: &str) -> Failure {
        Failure::Validation(format!("The CloudFront function returned an invalid value: {path} {problem}."))
    }

    /// The HTTP status of an edge's answer (AWS: "HTTP 502 and 503 errors" of the CloudFront guide).
    pub fn status(&self) -> u16 {
        match self {
            Failure::Validation(_) => 502,
            Failure::Execution(_) | Failure::Throttled => 503,
        }
    }

    /// The word that stands in `X-Cache` and in the logs.
    pub fn result_type(&self) -> &'static str {
        match self {
            Failure::Execution(_) => "FunctionExecutionError",
            Failure::Validation(_) => "FunctionValidationError",
            Failure::Throttled => "FunctionThrottledError",
        }
    }

    /// The value of an edge's `X-Cache` header.
    pub fn x_cache(&self) -> String {
        format!("{} from cloudfront", self.result_type())
    }

    /// What TestFunction gives as `FunctionErrorMessage`: the sentence and, for code that did not run, the engine's
    /// own text.
    pub fn message(&self) -> String {
        match self {
            Failure::Execution(text) if text.is_empty() => NOT_RUN.to_owned(),
            Failure::Execution(text) => format!("{NOT_RUN} {text}"),
            Failure::Validation(sentence) => sentence.clone(),
            Failure::Throttled => THROTTLED.to_owned(),
        }
    }

    /// What a viewer reads on the error page. It does not say what the code threw.
    fn public_sentence(&self) -> &str {
        match self {
            Failure::Execution(_) => NOT_RUN,
            Failure::Validation(sentence) => sentence,
            Failure::Throttled => THROTTLED,
        }
    }

    /// An edge's whole answer to a viewer, as `text/html`.
    pub fn page(&self, request_id: &str) -> String {
        error_page::render(self.status(), self.public_sentence(), request_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_status_and_its_word() {
        let thrown = Failure::Execution("TypeError: cannot get property \"value\" of undefined".to_owned());
        let refused = Failure::invalid("response.headers", "must have header names in lower case");
        let table = [
            (
                &thrown,
                503,
                "FunctionExecutionError from cloudfront",
                "The CloudFront function associated with the CloudFront distribution is invalid or could not run. \
                 TypeError: cannot get property \"value\" of undefined",
            ),
            (
                &refused,
                502,
                "FunctionValidationError from cloudfront",
                "The CloudFront function returned an invalid value: response.headers must have header names in lower \
                 case.",
            ),
            (
                &Failure::Throttled,
                503,
                "FunctionThrottledError from cloudfront",
                "The CloudFront function associated with the CloudFront distribution was throttled.",
            ),
        ];
        for (failure, status, x_cache, message) in table {
            assert_eq!(
                (failure.status(), failure.x_cache().as_str(), failure.message().as_str()),
                (status, x_cache, message)
            );
        }
        assert_eq!(Failure::Execution(String::new()).message(), NOT_RUN);
    }

    #[test]
    fn the_page_tells_a_viewer_nothing_of_the_code() {
        let page = Failure::Execution("Error: the password is 1234".to_owned()).page("abc==");
        assert!(!page.contains("1234"));
        assert!(page.contains("<H1>503 ERROR</H1>"));
        assert!(page.contains(&format!("\n{NOT_RUN}\n")));
        assert!(page.contains("Request ID: abc==\n</PRE>"));
    }
}
