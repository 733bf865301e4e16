//! How a request ended, in the words of CloudFront.

use keyfront_functions::Failure;

/// A result, as `X-Cache` and the fields `x-edge-result-type` and `x-edge-response-result-type` of standard logs name it
/// (AWS: Standard logging reference; the results of functions as captured).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResultType {
    /// From the cache.
    Hit,
    /// From the cache, after the origin said that the object is current.
    RefreshHit,
    /// From the origin.
    Miss,
    /// A limit of the service was exceeded.
    LimitExceeded,
    /// The edge had no room for the request.
    CapacityExceeded,
    /// An error of the viewer, the edge or the origin.
    Error,
    /// From HTTP to HTTPS, by the viewer protocol policy.
    Redirect,
    /// A function answered.
    FunctionGeneratedResponse,
    /// A function could not run, or threw.
    FunctionExecutionError,
    /// A function returned what CloudFront does not accept.
    FunctionValidationError,
    /// A function was not run.
    FunctionThrottledError,
}

impl ResultType {
    /// All of them.
    pub const ALL: [ResultType; 11] = [
        ResultType::Hit,
        ResultType::RefreshHit,
        ResultType::Miss,
        ResultType::LimitExceeded,
        ResultType::CapacityExceeded,
        ResultType::Error,
        ResultType::Redirect,
        ResultType::FunctionGeneratedResponse,
        ResultType::FunctionExecutionError,
        ResultType::FunctionValidationError,
        ResultType::FunctionThrottledError,
    ];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            ResultType::Hit => "Hit",
            ResultType::RefreshHit => "RefreshHit",
            ResultType::Miss => "Miss",
            ResultType::LimitExceeded => "LimitExceeded",
            ResultType::CapacityExceeded => "CapacityExceeded",
            ResultType::Error => "Error",
            ResultType::Redirect => "Redirect",
            ResultType::FunctionGeneratedResponse => "FunctionGeneratedResponse",
            ResultType::FunctionExecutionError => "FunctionExecutionError",
            ResultType::FunctionValidationError => "FunctionValidationError",
            ResultType::FunctionThrottledError => "FunctionThrottledError",
        }
    }

    /// The value of `X-Cache`.
    pub fn x_cache(self) -> &'static str {
        match self {
            ResultType::Hit => "Hit from cloudfront",
            ResultType::RefreshHit => "RefreshHit from cloudfront",
            ResultType::Miss => "Miss from cloudfront",
            ResultType::LimitExceeded => "LimitExceeded from cloudfront",
            ResultType::CapacityExceeded => "CapacityExceeded from cloudfront",
            ResultType::Error => "Error from cloudfront",
            ResultType::Redirect => "Redirect from cloudfront",
            ResultType::FunctionGeneratedResponse => "FunctionGeneratedResponse from cloudfront",
            ResultType::FunctionExecutionError => "FunctionExecutionError from cloudfront",
            ResultType::FunctionValidationError => "FunctionValidationError from cloudfront",
            ResultType::FunctionThrottledError => "FunctionThrottledError from cloudfront",
        }
    }
}

impl From<&Failure> for ResultType {
    fn from(failure: &Failure) -> ResultType {
        match failure {
            Failure::Execution(_) => ResultType::FunctionExecutionError,
            Failure::Validation(_) => ResultType::FunctionValidationError,
            Failure::Throttled => ResultType::FunctionThrottledError,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_agree() {
        for result in ResultType::ALL {
            assert_eq!(result.x_cache(), format!("{} from cloudfront", result.name()));
        }
        for failure in
            [Failure::Execution(String::new()), Failure::Validation(String::new()), Failure::Throttled]
        {
            assert_eq!(ResultType::from(&failure).name(), failure.result_type());
            assert_eq!(ResultType::from(&failure).x_cache(), failure.x_cache());
        }
    }
}
