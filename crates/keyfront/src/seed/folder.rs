//! The folder of a seed: one file for each store.
//!
//! Files of the folder itself are stores of the development account. A folder in it whose name is twelve
//! digits holds the stores of that account. What is hidden, and README*.md, is left alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use keyfront_domain::name::is_key_value_store_name;
use keyfront_domain::pairs::size;
use keyfront_domain::{AccountId, Quotas};

use super::pairs::read_pairs;
use super::store::SeedStore;
use super::stores::Seed;
use crate::failure::Failure;

/// Reads a folder whole; the failure names every problem of every file.
pub(crate) fn read(folder: &Path, quotas: &Quotas) -> Result<Seed, Failure> {
    let mut reader = Reader { quotas, files: BTreeMap::new(), stores: Vec::new(), problems: Vec::new() };
    reader.account(folder, AccountId::DEVELOPMENT, true);
    let files = std::mem::take(&mut reader.files);
    for ((account, name), paths) in files {
        reader.store(account, name, &paths);
    }
    reader.count();
    let Reader { stores, problems, .. } = reader;
    if problems.is_empty() {
        return Ok(Seed { folder: folder.to_owned(), stores });
    }
    let problems = problems.join("\n");
    Err(Failure::new(format!("the stores of {} cannot be used:\n{problems}", folder.display())))
}

struct Reader<'a> {
    quotas: &'a Quotas,
    /// The files of each store, of which there should be one.
    files: BTreeMap<(AccountId, String), Vec<PathBuf>>,
    stores: Vec<SeedStore>,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn problem(&mut self, path: &Path, what: impl std::fmt::Display) {
        self.problems.push(format!("{}: {what}", path.display()));
    }

    /// Collects the files of an account; `top` is the folder that may hold other accounts.
    fn account(&mut self, folder: &Path, account: AccountId, top: bool) {
        let listed = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut paths: Vec<PathBuf> = match listed {
            Ok(entries) => entries.iter().map(fs::DirEntry::path).collect(),
            Err(error) => return self.problem(folder, format!("cannot be read: {error}")),
        };
        paths.sort();
        for path in paths {
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else {
                self.problem(&path, "its name is not UTF-8; a file has the name of its store");
                continue;
            };
            if is_left_alone(file) {
                continue;
            }
            match (path.is_dir(), file.parse()) {
                (true, Ok(account)) if top => self.account(&path, account, false),
                (true, _) if top => {
                    self.problem(&path, "a folder in a seed has the name of its account, twelve digits");
                }
                (true, _) => self.problem(&path, "a folder of an account has no folders in it"),
                (false, _) if path.is_file() => self.file(account, &path),
                // Reading a pipe would wait for ever.
                (false, _) => self.problem(&path, "is not a file"),
            }
        }
    }

    fn file(&mut self, account: AccountId, path: &Path) {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if is_key_value_store_name(name) {
            self.files.entry((account, name.to_owned())).or_default().push(path.to_owned());
        } else {
            self.problem(path, "a file has the name of its store: 1 to 64 letters, digits, `-` and `_`");
        }
    }

    fn store(&mut self, account: AccountId, name: String, paths: &[PathBuf]) {
        let Some((path, others)) = paths.split_first() else { return };
        for other in others {
            self.problem(other, format!("{} is the same store; keep one of them", path.display()));
        }
        let pairs = match read_pairs(path, self.quotas) {
            Ok(pairs) => pairs,
            Err(problems) => return self.problems.push(problems.to_string()),
        };
        let (bytes, limit) = (
            pairs.iter().map(|(key, value)| size(key, value)).sum::<u64>(),
            self.quotas.key_value_store_bytes,
        );
        if bytes > limit {
            self.problem(path, format!("its keys and values have {bytes} bytes; a store takes {limit}"));
        }
        self.stores.push(SeedStore { account, name, pairs });
    }

    /// Refuses more stores of one account than it may have.
    fn count(&mut self) {
        let limit = self.quotas.key_value_stores_per_account;
        let mut counts = BTreeMap::<AccountId, u64>::new();
        for store in &self.stores {
            *counts.entry(store.account).or_default() += 1;
        }
        for (account, count) in counts.into_iter().filter(|(_, count)| *count > limit) {
            self.problems.push(format!("the account {account} has {count} stores; it may have {limit}"));
        }
    }
}

/// Whether a file is ignored: notes for people, and files that tools leave behind.
fn is_left_alone(file: &str) -> bool {
    let readme = file.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("readme"));
    let markdown = file.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("md"));
    file.starts_with('.') || (readme && markdown)
}
