//! The first credential of a store, from the environment: where a container starts, no person types a command before.
//!
//! It is made once, when the store has no credential. Afterwards `keyfront credentials` administers it like any other,
//! and what the environment says of it is not looked at.

use std::path::Path;

use keyfront_domain::AccountId;

use crate::command::credentials::ALLOW_EVERYTHING;
use crate::config::read_secret;
use crate::failure::Failure;
use crate::server::{AccessKey, NewCredential};

/// What each variable begins with.
const PREFIX: &str = "KEYFRONT_INITIAL_";

const ACCOUNT: &str = "ACCOUNT";
const USER: &str = "USER";
const ACCESS_KEY_ID: &str = "ACCESS_KEY_ID";
const SECRET: &str = "SECRET_ACCESS_KEY";
const POLICY: &str = "POLICY";

/// The name of the user unless told otherwise.
const USUAL_USER: &str = "initial";

/// The credential that the environment describes, if it does. Each variable may end with `_FILE` and name a file that
/// holds the value.
///
/// # Errors
/// A part is missing, is there twice, or its file cannot be read.
pub(super) fn from_environment(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<NewCredential>, Failure> {
    let read = |part: &str| read(part, &variable);
    let (account, user, policy) = (read(ACCOUNT)?, read(USER)?, read(POLICY)?);
    let (access_key_id, secret_access_key) = (read(ACCESS_KEY_ID)?, read(SECRET)?);
    if [&account, &user, &policy, &access_key_id, &secret_access_key].iter().all(|part| part.is_none()) {
        return Ok(None);
    }
    let (Some(account), Some(access_key_id), Some(secret_access_key)) =
        (account, access_key_id, secret_access_key)
    else {
        return Err(Failure::new(format!(
            "the first credential needs {PREFIX}{ACCOUNT}, {PREFIX}{ACCESS_KEY_ID} and {PREFIX}{SECRET}, each of which may \
             also end with _FILE and name a file"
        )));
    };
    let account: AccountId = account.parse().map_err(|_no_account| {
        Failure::new(format!("{PREFIX}{ACCOUNT} is {account:?}, and an account has twelve digits"))
    })?;
    Ok(Some(NewCredential {
        account,
        user: user.unwrap_or_else(|| USUAL_USER.to_owned()),
        policy: policy.unwrap_or_else(|| ALLOW_EVERYTHING.to_owned()),
        key: Some(AccessKey { access_key_id, secret_access_key }),
    }))
}

/// A part of the credential, from its variable or from the file that the other variable names.
fn read(part: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Option<String>, Failure> {
    let (name, file_name) = (format!("{PREFIX}{part}"), format!("{PREFIX}{part}_FILE"));
    let content = match (variable(&name), variable(&file_name)) {
        (Some(_), Some(_)) => {
            return Err(Failure::new(format!("{name} and {file_name} are both set; one of them is to go")));
        }
        (Some(value), None) => value,
        (None, Some(file)) => {
            let bytes = if part == SECRET { read_secret(Path::new(&file)) } else { read_file(&file) };
            let bytes = bytes.map_err(|error| Failure::new(format!("{file_name}: {error}")))?;
            String::from_utf8(bytes)
                .map_err(|_binary| Failure::new(format!("{file_name}: {file} is not text")))?
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(content.trim_end_matches(['\r', '\n']).to_owned()))
}

fn read_file(file: &str) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::because(format!("{file} cannot be read"), &error))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn credential(variables: &[(&str, &str)]) -> Result<Option<NewCredential>, Failure> {
        from_environment(|name| {
            let found = variables.iter().find(|(variable, _)| format!("{PREFIX}{variable}") == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_account_and_a_key_make_a_user_who_may_do_everything() {
        assert!(credential(&[]).unwrap().is_none());
        let parts =
            [("ACCOUNT", "123456789012"), ("ACCESS_KEY_ID", "app_key"), ("SECRET_ACCESS_KEY", "a-secret")];
        let made = credential(&parts).unwrap().unwrap();
        let key = made.key.unwrap();
        assert_eq!((made.user.as_str(), made.policy.as_str()), (USUAL_USER, ALLOW_EVERYTHING));
        assert_eq!((key.access_key_id.as_str(), key.secret_access_key.as_str()), ("app_key", "a-secret"));
        let with_policy = [&parts[..], &[("USER", "app"), ("POLICY", "{}")]].concat();
        let made = credential(&with_policy).unwrap().unwrap();
        assert_eq!((made.user.as_str(), made.policy.as_str()), ("app", "{}"));
        for missing in 0..parts.len() {
            let some: Vec<_> =
                parts.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, part)| *part).collect();
            assert!(credential(&some).is_err(), "without {}", parts[missing].0);
        }
        let wrong = [("ACCOUNT", "12"), parts[1], parts[2]];
        assert!(credential(&wrong).err().unwrap().to_string().contains("twelve digits"));
    }

    #[test]
    fn a_part_comes_from_a_file_whose_last_line_break_is_none_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "from-a-file\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o400)).unwrap();
        let name = file.display().to_string();
        let parts =
            [("ACCOUNT", "123456789012"), ("ACCESS_KEY_ID_FILE", &name), ("SECRET_ACCESS_KEY_FILE", &name)];
        let key = credential(&parts).unwrap().unwrap().key.unwrap();
        assert_eq!(
            (key.access_key_id.as_str(), key.secret_access_key.as_str()),
            ("from-a-file", "from-a-file")
        );
        let twice = [&parts[..], &[("ACCESS_KEY_ID", "x")]].concat();
        assert!(credential(&twice).err().unwrap().to_string().contains("both set"));
        let absent = [parts[0], parts[1], ("SECRET_ACCESS_KEY_FILE", "/nowhere/secret")];
        assert!(credential(&absent).err().unwrap().to_string().contains("/nowhere/secret cannot be read"));
    }
}
