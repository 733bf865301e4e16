//! The outcome of field-level encryption for a request, in the words of the access log.

/// The values of the access log's field `fle-status` (AWS: Standard logging reference).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The body was read to its end and its fields were encrypted.
    Processed,
    /// Forwarded as it came: its content type is not configured, and such requests may pass.
    ForwardedByContentType,
    /// Forwarded as it came: its query argument names no profile, and such requests may pass.
    ForwardedByQueryArgs,
    /// Forwarded as it came: the configuration has no profile for it.
    ForwardedDueToNoProfile,
    /// Refused: the content type is malformed.
    MalformedContentTypeClientError,
    /// Refused: the body is not a form.
    MalformedInputClientError,
    /// Refused: the query argument is empty, or it is given twice.
    MalformedQueryArgsClientError,
    /// Refused: its content type is not configured.
    RejectedByContentType,
    /// Refused: its query argument names no profile.
    RejectedByQueryArgs,
    /// Refused: a field to encrypt is too long.
    FieldLengthLimitClientError,
    /// Refused: the body has too many fields.
    FieldNumberLimitClientError,
    /// Refused: the body is too long.
    RequestLengthLimitClientError,
    /// The origin failed, or the encryption itself.
    ServerError,
}

impl Status {
    /// The value as the access log has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Processed => "Processed",
            Status::ForwardedByContentType => "ForwardedByContentType",
            Status::ForwardedByQueryArgs => "ForwardedByQueryArgs",
            Status::ForwardedDueToNoProfile => "ForwardedDueToNoProfile",
            Status::MalformedContentTypeClientError => "MalformedContentTypeClientError",
            Status::MalformedInputClientError => "MalformedInputClientError",
            Status::MalformedQueryArgsClientError => "MalformedQueryArgsClientError",
            Status::RejectedByContentType => "RejectedByContentType",
            Status::RejectedByQueryArgs => "RejectedByQueryArgs",
            Status::FieldLengthLimitClientError => "FieldLengthLimitClientError",
            Status::FieldNumberLimitClientError => "FieldNumberLimitClientError",
            Status::RequestLengthLimitClientError => "RequestLengthLimitClientError",
            Status::ServerError => "ServerError",
        }
    }

    /// Whether the viewer is refused, which is HTTP 400 whatever the reason.
    pub fn is_refusal(self) -> bool {
        match self {
            Status::Processed
            | Status::ForwardedByContentType
            | Status::ForwardedByQueryArgs
            | Status::ForwardedDueToNoProfile
            | Status::ServerError => false,
            Status::MalformedContentTypeClientError
            | Status::MalformedInputClientError
            | Status::MalformedQueryArgsClientError
            | Status::RejectedByContentType
            | Status::RejectedByQueryArgs
            | Status::FieldLengthLimitClientError
            | Status::FieldNumberLimitClientError
            | Status::RequestLengthLimitClientError => true,
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
