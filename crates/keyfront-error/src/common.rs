//! The codes that no model needs to declare, because any operation may answer them (AWS: Common errors), with their
//! spelling and HTTP status by protocol.

use crate::Code;

/// How a service talks. The query protocol spells codes as REST-XML does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS `restXml` and the query protocol: the control plane, STS and IAM.
    RestXml,
    /// AWS `restJson1`: the data plane of the KeyValueStore.
    RestJson,
}

/// A common code in one protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The code on the wire.
    pub name: &'static str,
    /// The HTTP status.
    pub status: u16,
}

impl Code {
    /// The spelling and status of a code that any operation may answer; nothing for a code that a model must
    /// declare.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other codes are declared by a model")]
    pub const fn common(self, protocol: Protocol) -> Option<Spelling> {
        let (xml, json) = match self {
            Code::AccessDenied => (("AccessDenied", 403), ("AccessDeniedException", 403)),
            Code::IncompleteBody => (("IncompleteBody", 400), ("SerializationException", 400)),
            Code::IncompleteSignature => {
                (("IncompleteSignature", 400), ("IncompleteSignatureException", 400))
            }
            Code::InternalFailure => (("InternalFailure", 500), ("InternalServerException", 500)),
            Code::InvalidAction => (("InvalidAction", 400), ("UnknownOperationException", 404)),
            Code::InvalidArgument => (("InvalidArgument", 400), ("ValidationException", 400)),
            Code::InvalidClientTokenId => {
                (("InvalidClientTokenId", 403), ("UnrecognizedClientException", 403))
            }
            // Without a usable If-Match the control plane answers this also where its model does not declare it.
            Code::InvalidIfMatchVersion => (("InvalidIfMatchVersion", 400), ("ValidationException", 400)),
            Code::InvalidURI => (("InvalidURI", 400), ("UnknownOperationException", 404)),
            // A body that cannot be read at all, which no model declares.
            Code::MalformedInput => (("MalformedInput", 400), ("SerializationException", 400)),
            Code::MalformedXML => (("MalformedXML", 400), ("SerializationException", 400)),
            Code::MissingAuthenticationToken => {
                (("MissingAuthenticationToken", 403), ("MissingAuthenticationTokenException", 403))
            }
            Code::NoSuchEntity => (("NoSuchEntity", 404), ("ResourceNotFoundException", 404)),
            Code::NotImplemented => (("NotImplemented", 501), ("NotImplementedException", 501)),
            Code::RequestEntityTooLarge => {
                (("RequestEntityTooLarge", 413), ("RequestTooLargeException", 413))
            }
            Code::RequestTimeout => (("RequestTimeout", 408), ("RequestTimeoutException", 408)),
            Code::ServiceUnavailable => (("ServiceUnavailable", 503), ("ServiceUnavailableException", 503)),
            Code::SignatureDoesNotMatch => {
                (("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 403))
            }
            // Clients that delete a distribution see this, though the model of the operation does not declare it.
            Code::StagingDistributionInUse => (("StagingDistributionInUse", 409), ("ConflictException", 409)),
            Code::Throttling => (("Throttling", 400), ("ThrottlingException", 400)),
            _ => return None,
        };
        let (name, status) = match protocol {
            Protocol::RestXml => xml,
            Protocol::RestJson => json,
        };
        Some(Spelling { name, status })
    }

    /// The code on the wire.
    pub const fn name(self, protocol: Protocol) -> &'static str {
        match self.common(protocol) {
            Some(spelling) => spelling.name,
            None => self.variant(),
        }
    }
}
