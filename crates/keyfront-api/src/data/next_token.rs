//! `NextToken` of ListKeys: the last key of a page, bound to its store.
//!
//! A token says where to go on and nothing else, so pages neither skip nor repeat while other keys come
//! and go. The checksum tells a token of this store from a damaged one or one of another store; it is no
//! secret, since a caller that may list a store may begin anywhere in it.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_error::{Code, ServiceError};

const CHECKSUM: usize = 8;

/// The token after a page that ended with `key`.
pub(super) fn write(store: &KeyValueStoreArn, key: &str) -> String {
    let mut token = checksum(store, key).to_vec();
    token.extend_from_slice(key.as_bytes());
    URL_SAFE_NO_PAD.encode(token)
}

/// The key that a token goes on after.
pub(super) fn read(store: &KeyValueStoreArn, token: &str) -> Result<String, ServiceError> {
    let refused = || {
        ServiceError::new(Code::ValidationException, "The NextToken is not valid for this Key-Value-Store.")
    };
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_not_base64| refused())?;
    let (given, key) = bytes.split_first_chunk::<CHECKSUM>().ok_or_else(refused)?;
    let key = std::str::from_utf8(key).map_err(|_not_utf8| refused())?;
    if *given == checksum(store, key) { Ok(key.to_owned()) } else { Err(refused()) }
}

fn checksum(store: &KeyValueStoreArn, key: &str) -> [u8; CHECKSUM] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(store.account.as_bytes());
    context.update(store.id.as_bytes());
    context.update(key.as_bytes());
    let mut sum = [0; CHECKSUM];
    sum.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_store_only() {
        let store = |id: u32| -> KeyValueStoreArn {
            format!("arn:aws:cloudfront::000000000000:key-value-store/54947df8-0e9e-4471-a2f9-{id:012}")
                .parse()
                .unwrap()
        };
        let token = write(&store(1), "a/ü");
        assert_eq!(read(&store(1), &token).unwrap(), "a/ü");
        assert!(read(&store(2), &token).is_err());
        for damaged in ["", "x", "tok:10", "AAAAAAAAAAAAAAAA", &token.to_lowercase()] {
            assert!(read(&store(1), damaged).is_err(), "{damaged}");
        }
    }
}
