//! Differences between an event and what the function returned, for people to read.

use super::fields::{Fields, Item};
use super::returned::{Outgoing, QueryString, Returned, ReturnedRequest, ReturnedResponse};
use super::types::{Event, EventType};

/// One thing that a function changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A response was generated in place of the request. Its headers and cookies follow as added.
    Generated {
        /// Its status.
        status_code: u16,
        /// The words after the status.
        status_description: Option<String>,
    },
    /// The path.
    Uri {
        /// As it was.
        from: String,
        /// As it is.
        to: String,
    },
    /// The query string, which was returned as text.
    QueryText {
        /// As it was, without `?`.
        from: String,
        /// As it is, without `?`.
        to: String,
    },
    /// A header, a cookie or a parameter is new.
    Added {
        /// Which of them.
        part: Part,
        /// Its name.
        name: String,
        /// Its values.
        values: Vec<Item>,
    },
    /// A header, a cookie or a parameter has other values.
    Changed {
        /// Which of them.
        part: Part,
        /// Its name.
        name: String,
        /// The values that it had.
        from: Vec<Item>,
        /// The values that it has.
        to: Vec<Item>,
    },
    /// A header, a cookie or a parameter is gone.
    Removed {
        /// Which of them.
        part: Part,
        /// Its name.
        name: String,
        /// The values that it had.
        values: Vec<Item>,
    },
    /// The status of the response.
    StatusCode {
        /// As it was.
        from: u16,
        /// As it is.
        to: u16,
    },
    /// The words after the status.
    StatusDescription {
        /// As they were.
        from: Option<String>,
        /// As they are.
        to: Option<String>,
    },
    /// The body was set.
    Body {
        /// How long it is.
        bytes: usize,
    },
}

/// Where an entry stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// In the headers.
    Header,
    /// In the cookies.
    Cookie,
    /// In the query string.
    Parameter,
}

/// What a function changed, in the order of the event.
pub fn difference(event: &Event, returned: &Returned) -> Vec<Change> {
    match &returned.outgoing {
        Outgoing::Request(request) => of_request(event, request),
        Outgoing::Response(response) => of_response(event, response),
    }
}

fn of_request(event: &Event, request: &ReturnedRequest) -> Vec<Change> {
    let before = &event.request;
    let mut changes = Vec::new();
    if request.uri != before.uri {
        changes.push(Change::Uri { from: before.uri.clone(), to: request.uri.clone() });
    }
    match &request.querystring {
        QueryString::Parameters(parameters) => {
            of_fields(Part::Parameter, &before.querystring, parameters, &mut changes);
        }
        QueryString::Text(to) => {
            let from = before.raw_querystring.clone().unwrap_or_default();
            if from != *to {
                changes.push(Change::QueryText { from, to: to.clone() });
            }
        }
    }
    of_fields(Part::Header, &before.headers, &request.headers, &mut changes);
    of_fields(Part::Cookie, &before.cookies, &request.cookies, &mut changes);
    changes
}

fn of_response(event: &Event, response: &ReturnedResponse) -> Vec<Change> {
    let mut changes = Vec::new();
    let before = event.response.as_ref().filter(|_| event.context.event_type == EventType::ViewerResponse);
    let nothing = Fields::new();
    let (headers, cookies) = match before {
        Some(before) => (&before.headers, &before.cookies),
        None => (&nothing, &nothing),
    };
    match before {
        None => changes.push(Change::Generated {
            status_code: response.status_code,
            status_description: response.status_description.clone(),
        }),
        Some(before) => {
            if before.status_code != response.status_code {
                changes.push(Change::StatusCode { from: before.status_code, to: response.status_code });
            }
            if before.status_description != response.status_description {
                changes.push(Change::StatusDescription {
                    from: before.status_description.clone(),
                    to: response.status_description.clone(),
                });
            }
        }
    }
    of_fields(Part::Header, headers, &response.headers, &mut changes);
    of_fields(Part::Cookie, cookies, &response.cookies, &mut changes);
    if let Some(body) = &response.body {
        changes.push(Change::Body { bytes: body.data.len() });
    }
    changes
}

fn of_fields(part: Part, before: &Fields, after: &Fields, changes: &mut Vec<Change>) {
    for (name, was) in before.iter() {
        let (name, from) = (name.to_owned(), was.items().to_vec());
        match after.get(&name) {
            None => changes.push(Change::Removed { part, name, values: from }),
            Some(is) if is.items() != was.items() => {
                let to = is.items().to_vec();
                changes.push(Change::Changed { part, name, from, to });
            }
            Some(_) => {}
        }
    }
    let new = after.iter().filter(|(name, _)| !before.contains(name));
    changes.extend(new.map(|(name, entry)| Change::Added {
        part,
        name: name.to_owned(),
        values: entry.items().to_vec(),
    }));
}

#[cfg(test)]
mod tests;
