//! What media players say about themselves (CTA-5004, Common Media Client Data): in the query parameter `CMCD`, or in
//! four headers. Real-time logs have a field for each key.

use percent_encoding::percent_decode_str;

use crate::message::RequestHead;

/// Fields of real-time logs and the keys of CTA-5004 (AWS: Use real-time access logs).
const KEYS: [(&str, &str); 18] = [
    ("cmcd-encoded-bitrate", "br"),
    ("cmcd-buffer-length", "bl"),
    ("cmcd-buffer-starvation", "bs"),
    ("cmcd-content-id", "cid"),
    ("cmcd-object-duration", "d"),
    ("cmcd-deadline", "dl"),
    ("cmcd-measured-throughput", "mtp"),
    ("cmcd-next-object-request", "nor"),
    ("cmcd-next-range-request", "nrr"),
    ("cmcd-object-type", "ot"),
    ("cmcd-playback-rate", "pr"),
    ("cmcd-requested-maximum-throughput", "rtp"),
    ("cmcd-streaming-format", "sf"),
    ("cmcd-session-id", "sid"),
    ("cmcd-stream-type", "st"),
    ("cmcd-startup", "su"),
    ("cmcd-top-bitrate", "tb"),
    ("cmcd-version", "v"),
];

const HEADERS: [&str; 4] = ["cmcd-object", "cmcd-request", "cmcd-session", "cmcd-status"];

/// The value of a field; `None` for a field that is not one of these, and empty for a key that was not sent. A key
/// without a value is `true`.
pub(super) fn value(request: &RequestHead, field: &str) -> Option<String> {
    let (_, key) = KEYS.iter().find(|(name, _)| *name == field)?;
    Some(sent(request).find_map(|data| find(&data, key)).unwrap_or_default())
}

/// Everything that was sent, each as a list of keys and values.
fn sent(request: &RequestHead) -> impl Iterator<Item = String> {
    let parameters = request.query.as_deref().unwrap_or_default().split('&');
    let query = parameters.filter_map(|parameter| parameter.strip_prefix("CMCD="));
    let query = query.map(|value| percent_decode_str(value).decode_utf8_lossy().into_owned());
    let headers = HEADERS.iter().filter_map(|name| request.headers.get(*name)?.to_str().ok());
    query.chain(headers.map(str::to_owned))
}

fn find(data: &str, key: &str) -> Option<String> {
    let pairs = data.split(',').map(str::trim);
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "true")))
        .find_map(|(name, value)| (name == key).then(|| value.trim_matches('"').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{record, with_header};
    use super::*;

    #[test]
    fn keys_are_found_in_the_query_and_in_headers() {
        let mut request = record().request;
        request.query = Some("x=1&CMCD=br%3D3200%2Cbs%2Csid%3D%226e2fb550%22".to_owned());
        for (field, expected) in [
            ("cmcd-encoded-bitrate", Some("3200")),
            ("cmcd-buffer-starvation", Some("true")),
            ("cmcd-session-id", Some("6e2fb550")),
            ("cmcd-version", Some("")),
            ("cs-method", None),
        ] {
            assert_eq!(value(&request, field).as_deref(), expected, "{field}");
        }
        let request = with_header(record(), "cmcd-request", "bl=21300,dl=18500").request;
        assert_eq!(value(&request, "cmcd-deadline").as_deref(), Some("18500"));
    }
}
