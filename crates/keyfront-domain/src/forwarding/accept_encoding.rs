//! The one form that `Accept-Encoding` has in cache keys and at origins.

/// The encodings that a behavior caches. Where it caches none, `Accept-Encoding` is a header as any other (AWS: Understand
/// cache policies, "Compression support").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AcceptEncoding {
    /// `EnableAcceptEncodingGzip`.
    pub gzip: bool,
    /// `EnableAcceptEncodingBrotli`.
    pub brotli: bool,
}

impl AcceptEncoding {
    /// Whether the header is put into its one form, and is in the cache key.
    pub fn is_normalised(self) -> bool {
        self.gzip || self.brotli
    }

    /// The encodings that the behavior caches and the values of a viewer's headers accept, in the form in which they are
    /// in the cache key and at the origin; `None` where there is none. The service then asks the origin for `identity`.
    ///
    /// An encoding with the weight 0 is not accepted (RFC 9110, 12.4.2), and `*` stands for none of the two.
    pub fn normalise<'v>(self, values: impl IntoIterator<Item = &'v [u8]>) -> Option<&'static str> {
        let (mut gzip, mut brotli) = (false, false);
        for element in values.into_iter().flat_map(|value| value.split(|byte| *byte == b',')) {
            let mut parts = element.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
            let encoding = parts.next().unwrap_or_default();
            let named = (encoding.eq_ignore_ascii_case(b"gzip"), encoding.eq_ignore_ascii_case(b"br"));
            if named != (false, false) && !parts.any(is_zero_weight) {
                gzip |= named.0;
                brotli |= named.1;
            }
        }
        match (self.brotli && brotli, self.gzip && gzip) {
            (true, true) => Some("br,gzip"),
            (true, false) => Some("br"),
            (false, true) => Some("gzip"),
            (false, false) => None,
        }
    }
}

/// `q=0`, `q=0.`, `q=0.0` and so on.
fn is_zero_weight(parameter: &[u8]) -> bool {
    let Some((b'q' | b'Q', rest)) = parameter.split_first() else { return false };
    let Some(weight) = rest.trim_ascii_start().strip_prefix(b"=") else { return false };
    let weight = weight.trim_ascii();
    !weight.is_empty() && weight.iter().all(|byte| matches!(byte, b'0' | b'.'))
}
