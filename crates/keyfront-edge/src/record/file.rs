//! Files of logs, named by the hour as CloudFront names them: `<prefix><distribution id>.YYYY-MM-DD-HH.<unique>.gz`.
//!
//! A compressed file appears under its name when it is complete. Lines of a real-time log are appended to a plain file
//! that can be read at any time.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Result, Write};
use std::path::{Component, Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use time::OffsetDateTime;
use time::macros::format_description;

/// Where a line goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LogFile {
    /// What the name begins with, with slashes between folders. It comes from a configuration, so it may say anything.
    pub(super) folder: String,
    /// The distribution, or the name of a real-time log.
    pub(super) name: String,
    /// The hour of the request, in hours after the epoch.
    pub(super) hour: u64,
}

/// The files that are being written below a folder.
pub(super) struct Files {
    root: PathBuf,
    open: HashMap<LogFile, Compressed>,
}

/// A file that is not complete.
struct Compressed {
    encoder: GzEncoder<BufWriter<File>>,
    /// Where it is now.
    part: PathBuf,
    /// Where it will be.
    path: PathBuf,
}

impl Files {
    pub(super) fn new(root: PathBuf) -> Files {
        Files { root, open: HashMap::new() }
    }

    /// Adds a line to a compressed file, which begins with `head` if it is new.
    pub(super) fn write(&mut self, file: &LogFile, head: &str, line: &str) -> Result<()> {
        if let Some(open) = self.open.get_mut(file) {
            return open.encoder.write_all(line.as_bytes());
        }
        let mut open = self.create(file)?;
        open.encoder.write_all(head.as_bytes())?;
        open.encoder.write_all(line.as_bytes())?;
        self.open.insert(file.clone(), open);
        Ok(())
    }

    /// Adds a line to a plain file.
    pub(super) fn append(&self, file: &LogFile, line: &str) -> Result<()> {
        let path = self.path(file, "", "jsonl")?;
        OpenOptions::new().create(true).append(true).open(path)?.write_all(line.as_bytes())
    }

    /// Completes all compressed files. The first failure is returned, after all of them were tried.
    pub(super) fn complete(&mut self) -> Result<()> {
        let complete = |file: Compressed| {
            file.encoder.finish()?.flush()?;
            fs::rename(&file.part, &file.path)
        };
        self.open.drain().map(|(_, file)| complete(file)).fold(Ok(()), Result::and)
    }

    fn create(&self, file: &LogFile) -> Result<Compressed> {
        let unique = format!("{:08x}", fastrand::u32(..));
        let path = self.path(file, &format!(".{unique}"), "gz")?;
        let part = path.with_extension("gz.part");
        let encoder = GzEncoder::new(BufWriter::new(File::create_new(&part)?), Compression::default());
        Ok(Compressed { encoder, part, path })
    }

    /// The path of a file, whose folder is made.
    fn path(&self, file: &LogFile, unique: &str, extension: &str) -> Result<PathBuf> {
        let LogFile { folder, name, hour } = file;
        let seconds = i64::try_from(hour.saturating_mul(3600)).unwrap_or_default();
        let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let at = at.format(format_description!("[year]-[month]-[day]-[hour]")).unwrap_or_default();
        // Below the root, whatever a configuration says: a prefix may hold `..`, and begin with a slash.
        let below = Path::new(folder).components().filter(|part| matches!(part, Component::Normal(_)));
        let folder = self.root.join(below.collect::<PathBuf>());
        fs::create_dir_all(&folder)?;
        Ok(folder.join(format!("{name}.{at}{unique}.{extension}")))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn log(folder: &str, name: &str) -> LogFile {
        LogFile { folder: folder.to_owned(), name: name.to_owned(), hour: 437_637 }
    }

    #[test]
    fn a_compressed_file_has_cloudfronts_name_and_appears_when_it_is_complete() {
        let root = tempfile::tempdir().unwrap();
        let mut files = Files::new(root.path().to_owned());
        let site = log("logs/site/", "E1XRY7J5866V6G");
        files.write(&site, "head\n", "one\n").unwrap();
        files.write(&site, "head\n", "two\n").unwrap();
        let folder = root.path().join("logs/site");
        assert!(names(&folder).iter().all(|name| name.strip_suffix(".part").is_some()));
        files.complete().unwrap();
        let complete = names(&folder);
        let [name] = complete.as_slice() else { panic!("{complete:?}") };
        let unique = name.strip_prefix("E1XRY7J5866V6G.2019-12-04-21.").unwrap().strip_suffix(".gz").unwrap();
        assert!(unique.len() == 8 && unique.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        let mut text = String::new();
        GzDecoder::new(File::open(folder.join(name)).unwrap()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "head\none\ntwo\n");
        files.write(&site, "head\n", "three\n").unwrap();
        files.complete().unwrap();
        assert_eq!(names(&folder).len(), 2, "a further file of the same hour");
    }

    #[test]
    fn a_configuration_cannot_leave_the_folder() {
        for folder in ["../../out/", "/etc/", "a/../../b/", "./x/"] {
            let outer = tempfile::tempdir().unwrap();
            let root = outer.path().join("logs");
            let mut files = Files::new(root.clone());
            files.write(&log(folder, "E1"), "", "line\n").unwrap();
            files.complete().unwrap();
            assert_eq!(names(outer.path()), ["logs"], "{folder}");
        }
    }

    #[test]
    fn lines_of_a_real_time_log_can_be_read_at_once() {
        let root = tempfile::tempdir().unwrap();
        let files = Files::new(root.path().to_owned());
        for line in ["{}\n", "{\"a\":1}\n"] {
            files.append(&log("realtime/rt/", "rt"), line).unwrap();
        }
        let path = root.path().join("realtime/rt/rt.2019-12-04-21.jsonl");
        assert_eq!(fs::read_to_string(path).unwrap(), "{}\n{\"a\":1}\n");
    }
}
