//! Fresh access keys and the ids of users, in the forms that AWS gives them.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::{digest, error::Unspecified};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_domain::AccountId;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// An access key id: `AKIA` and sixteen letters and digits.
pub(super) fn access_key_id() -> Result<String, Unspecified> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(format!("AKIA{}", letters(&bytes)))
}

/// A secret access key: 240 random bits as forty characters.
pub(super) fn secret_access_key() -> Result<String, Unspecified> {
    let mut bytes = [0; 30];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(STANDARD.encode(bytes))
}

/// The unique id of a user: `AIDA` and seventeen letters and digits, the same for the same user.
pub(super) fn user_id(account: AccountId, user_name: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{account}/{user_name}").as_bytes());
    format!("AIDA{}", letters(hash.as_ref().get(..17).unwrap_or_default()))
}

fn letters(bytes: &[u8]) -> String {
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map_or('A', char::from);
    bytes.iter().map(letter).collect()
}
