//! The query protocol, as far as its two services here need it: a form in, a small XML document out.
//!
//! STS and IAM are asked who the caller is before a client does anything else. Their models are not
//! interpreted; an operation reads the form's parameters and names its result's elements.

use bytes::Bytes;
use http::Response;
use keyfront_error::ServiceError;

use crate::encode::XmlDocument;
use crate::error::{encode_query_error, response};

/// A service that speaks the query protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryService {
    /// The service name in a credential scope and the prefix of its IAM actions.
    pub signing_name: &'static str,
    /// The version that a client names.
    pub version: &'static str,
    /// The namespace of its documents.
    pub xml_namespace: &'static str,
}

/// AWS Security Token Service.
pub const STS: QueryService = QueryService {
    signing_name: "sts",
    version: "2011-06-15",
    xml_namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
};

/// AWS Identity and Access Management.
pub const IAM: QueryService = QueryService {
    signing_name: "iam",
    version: "2010-05-08",
    xml_namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
};

/// The value of a parameter of a form.
pub fn parameter(form: &str, name: &str) -> Option<String> {
    let mut parameters = form_urlencoded::parse(form.as_bytes());
    parameters.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

impl QueryService {
    /// Writes the answer of `action`, whose result is a tree of elements.
    pub fn encode(&self, action: &str, result: &[Element], request_id: &str) -> Response<Bytes> {
        let mut document = XmlDocument::new(&format!("{action}Response"), self.xml_namespace);
        let result_name = format!("{action}Result");
        document.start(&result_name);
        write(result, &mut document);
        document.end(&result_name);
        document.start("ResponseMetadata");
        document.text_element("RequestId", request_id);
        document.end("ResponseMetadata");
        response(200, "text/xml", document.finish())
    }

    /// Writes an error.
    pub fn encode_error(&self, error: &ServiceError, request_id: &str) -> Response<Bytes> {
        encode_query_error(self.xml_namespace, error, request_id)
    }
}

/// An element of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// Text.
    Text(&'static str, String),
    /// Elements.
    Nested(&'static str, Vec<Element>),
}

fn write(elements: &[Element], out: &mut XmlDocument) {
    for element in elements {
        match element {
            Element::Text(name, text) => out.text_element(name, text),
            Element::Nested(name, children) => {
                out.start(name);
                write(children, out);
                out.end(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_parameter_is_found_and_decoded() {
        let form = "Action=GetUser&Version=2010-05-08&UserName=a+b%2Bc";
        assert_eq!(parameter(form, "Action").as_deref(), Some("GetUser"));
        assert_eq!(parameter(form, "UserName").as_deref(), Some("a b+c"));
        assert_eq!(parameter(form, "Path"), None);
        assert_eq!(parameter("%41ction=%47etUser", "Action").as_deref(), Some("GetUser"));
        assert_eq!(parameter("Action&a", "Action").as_deref(), Some(""));
    }

    #[test]
    fn a_result_is_wrapped_in_the_actions_name() {
        let result = [Element::Nested("User", vec![Element::Text("UserName", "a&b".to_owned())])];
        let response = IAM.encode("GetUser", &result, "req-1");
        assert_eq!(
            std::str::from_utf8(response.body()).unwrap(),
            "<?xml version=\"1.0\"?>\n<GetUserResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
             <GetUserResult><User><UserName>a&amp;b</UserName></User></GetUserResult>\
             <ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></GetUserResponse>"
        );
    }
}
