//! The folder of a seed: one file for each store, and documents of other resources.
//!
//! Files of the folder itself are stores of the development account, and its folder `resources` has the documents. A folder
//! in it whose name is twelve digits holds the same of that account. What is hidden, and README*.md, is left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use keyfront_domain::name::is_key_value_store_name;
use keyfront_domain::pairs::size;
use keyfront_domain::{AccountId, Quotas};

use super::pairs::read_pairs;
use super::resources::{self, Documents, SeedResource, in_order};
use super::store::SeedStore;
use super::stores::Seed;
use crate::failure::Failure;

/// Reads a folder whole; the failure names every problem of every file.
pub(crate) fn read(folder: &Path, quotas: &Quotas) -> Result<Seed, Failure> {
    let mut reader = Reader {
        quotas,
        files: BTreeMap::new(),
        stores: Vec::new(),
        documents: Vec::new(),
        problems: Vec::new(),
    };
    reader.account(folder, AccountId::DEVELOPMENT, true);
    let files = std::mem::take(&mut reader.files);
    for ((account, name), paths) in files {
        reader.store(account, name, &paths);
    }
    reader.count();
    let resources = reader.resources()?;
    let Reader { stores, problems, .. } = reader;
    if problems.is_empty() {
        return Ok(Seed { folder: folder.to_owned(), stores, resources });
    }
    let problems = problems.join("\n");
    Err(Failure::new(format!("the seed {} cannot be used:\n{problems}", folder.display())))
}

struct Reader<'a> {
    quotas: &'a Quotas,
    /// The files of each store, of which there should be one.
    files: BTreeMap<(AccountId, String), Vec<PathBuf>>,
    stores: Vec<SeedStore>,
    /// The documents of resources.
    documents: Vec<(AccountId, PathBuf)>,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn problem(&mut self, path: &Path, what: impl std::fmt::Display) {
        self.problems.push(format!("{}: {what}", path.display()));
    }

    /// What is in a folder, in the order of the names.
    fn listed(&mut self, folder: &Path) -> Vec<PathBuf> {
        match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => {
                let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
                paths.sort();
                paths
            }
            Err(error) => {
                self.problem(folder, format!("cannot be read: {error}"));
                Vec::new()
            }
        }
    }

    /// Collects the files of an account; `top` is the folder that may hold other accounts.
    fn account(&mut self, folder: &Path, account: AccountId, top: bool) {
        for path in self.listed(folder) {
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else {
                self.problem(&path, "its name is not UTF-8; a file has the name of its store");
                continue;
            };
            if is_left_alone(file) {
                continue;
            }
            if path.is_dir() && file == resources::FOLDER {
                self.documents(&path, account);
                continue;
            }
            match (path.is_dir(), file.parse()) {
                (true, Ok(account)) if top => self.account(&path, account, false),
                (true, _) if top => {
                    self.problem(&path, "a folder in a seed is `resources`, or an account's, twelve digits");
                }
                (true, _) => {
                    self.problem(&path, "a folder of an account has no folders in it but `resources`");
                }
                (false, _) if path.is_file() => self.file(account, &path),
                // Reading a pipe would wait for ever.
                (false, _) => self.problem(&path, "is not a file"),
            }
        }
    }

    /// Collects the documents of a folder. Other files in it are for documents to name.
    fn documents(&mut self, folder: &Path, account: AccountId) {
        for path in self.listed(folder) {
            let extension = path.extension().and_then(|extension| extension.to_str());
            let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
            if path.is_file() && !hidden && matches!(extension, Some("json" | "yaml" | "yml")) {
                self.documents.push((account, path));
            }
        }
    }

    /// The resources of all documents, in the order in which they can be made.
    fn resources(&mut self) -> Result<Vec<SeedResource>, Failure> {
        if self.documents.is_empty() {
            return Ok(Vec::new());
        }
        let documents = Documents::new().map_err(|error| Failure::because("the service model", &error))?;
        let (mut resources, before) = (Vec::new(), self.problems.len());
        for (account, file) in &self.documents {
            match documents.read(*account, file) {
                Ok(found) => resources.extend(found),
                Err(problems) => self.problems.extend(problems),
            }
        }
        // What could not be read may be referred to.
        if self.problems.len() > before {
            return Ok(Vec::new());
        }
        let stores: BTreeSet<_> =
            self.stores.iter().map(|store| (store.account, store.name.as_str())).collect();
        let ordered = in_order(resources, &|account, name| stores.contains(&(account, name)));
        Ok(ordered.unwrap_or_else(|problems| {
            self.problems.extend(problems);
            Vec::new()
        }))
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
