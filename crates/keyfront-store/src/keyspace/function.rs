//! Keys of functions and their code.

use keyfront_domain::AccountId;
use keyfront_domain::arn::FunctionArn;
use keyfront_domain::function::Stage;

use crate::records::{Code, FunctionRecord};
use crate::{Key, Prefix, Table};

pub(super) static FUNCTIONS: Table<FunctionRecord> = Table::new(0x30, "function");
pub(super) static FUNCTION_CODE: Table<Code> = Table::new(0x31, "code");

/// All functions of all accounts.
pub(crate) fn all_functions() -> Prefix<FunctionRecord> {
    FUNCTIONS.prefix(&[])
}

/// All functions of an account, in the order of their names.
pub(crate) fn functions(account: AccountId) -> Prefix<FunctionRecord> {
    FUNCTIONS.prefix(&[account.as_bytes()])
}

pub(crate) fn function(arn: &FunctionArn) -> Key<FunctionRecord> {
    FUNCTIONS.key(&[arn.account.as_bytes(), arn.name.as_bytes()])
}

/// The function in a key of [`all_functions`].
pub(crate) fn function_of(key: &[u8]) -> Option<FunctionArn> {
    let account = std::str::from_utf8(key.get(1..13)?).ok()?.parse().ok()?;
    let name = std::str::from_utf8(key.get(13..)?).ok()?.to_owned();
    Some(FunctionArn { account, name })
}

/// Whether a key holds the record of a function.
pub(super) fn is_function(key: &[u8]) -> bool {
    key.first() == Some(&FUNCTIONS.first())
}

pub(crate) fn function_code(arn: &FunctionArn, stage: Stage) -> Key<Code> {
    let stage: &[u8] = match stage {
        Stage::Development => b"D",
        Stage::Live => b"L",
    };
    FUNCTION_CODE.key(&[arn.account.as_bytes(), stage, arn.name.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds<R>(prefix: &Prefix<R>, key: &Key<R>) -> bool {
        let (range, key) = (prefix.range(), key.bytes());
        range.start <= key && key < range.end
    }

    #[test]
    fn a_function_is_found_in_its_key_and_its_stages_have_keys_of_their_own() {
        let arn = FunctionArn { account: AccountId::DEVELOPMENT, name: "redirect".to_owned() };
        assert_eq!(function_of(&function(&arn).bytes()), Some(arn.clone()));
        assert!(holds(&functions(arn.account), &function(&arn)));
        assert!(holds(&all_functions(), &function(&arn)));
        let [development, live] =
            [Stage::Development, Stage::Live].map(|stage| function_code(&arn, stage).bytes());
        assert_ne!(development, live);
        assert_eq!(function_of(b"\x30short"), None);
    }
}
