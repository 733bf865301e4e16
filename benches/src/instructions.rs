//! Instructions of the server for one request, counted by Callgrind, beside the counts of a file.
//!
//! They do not depend on what else the machine does, so a change that makes a request dearer shows on a busy machine too. One
//! server under Callgrind answers all kinds of requests over one connection; its counter is set to zero when it has
//! answered a few of a kind, and read when it has answered many. Counted is what runs outside of the kernel. Valgrind's
//! processor has no ADX, so a SigV4A proof takes another path through the libraries than on most machines.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Fresh;
use crate::connection::Connection;
use crate::drive::count;
use crate::failure::Failure;
use crate::requests::{self, Signed};
use crate::scenarios;
use crate::server::Server;

/// How much more than the file says is accepted: five percent.
const TOLERANCE: f64 = 0.05;
/// Requests of a kind before those that are counted, and these.
const FEW: usize = 20;
const MANY: usize = 100;
/// The longest time for one kind of request, and for the end of the server.
const PATIENCE: Duration = Duration::from_mins(2);

/// The name of Callgrind's files.
const COUNTS: &str = "counts";

/// What is counted.
#[derive(clap::Args)]
pub(crate) struct InstructionArguments {
    /// Count instructions for each request instead, and compare them with this file
    #[arg(long, value_name = "FILE", conflicts_with = "peers")]
    instructions: Option<PathBuf>,
    /// Write the file instead of comparing
    #[arg(long, requires = "instructions")]
    accept: bool,
}

impl InstructionArguments {
    pub(crate) fn file(&self) -> Option<&Path> {
        self.instructions.as_deref()
    }
}

/// The requests, by their names in the file.
#[derive(Clone, Copy)]
enum Kind {
    GetKey,
    GetKeyWithV4,
    PutKey,
    ListKeys,
    ListKeyValueStores,
}

const KINDS: [(&str, Kind); 5] = [
    ("GetKey", Kind::GetKey),
    ("GetKey, plain SigV4", Kind::GetKeyWithV4),
    ("ListKeyValueStores", Kind::ListKeyValueStores),
    ("ListKeys", Kind::ListKeys),
    ("PutKey", Kind::PutKey),
];

/// Counts, prints, and compares or writes.
pub(crate) async fn run(
    arguments: &InstructionArguments,
    file: &Path,
    binary: &Path,
    fresh: &Fresh,
) -> Result<(), Failure> {
    let folder = fresh.folder()?;
    std::fs::create_dir_all(&folder).map_err(|error| Failure::of_file("make", &folder, &error))?;
    let server = start(binary, &folder)?;
    let mut connection = server.connect().await?;
    let arn = scenarios::create(&mut connection, "counted").await?;
    scenarios::fill(&mut connection, &arn).await?;
    let mut counts = Vec::new();
    for (dump, (name, kind)) in (1_u32..).zip(KINDS) {
        let counted = async {
            ask(&mut connection, &arn, kind, 0..FEW).await?;
            monitor(&server, "zero")?;
            ask(&mut connection, &arn, kind, FEW..FEW + MANY).await?;
            monitor(&server, "dump")
        };
        let counted = tokio::time::timeout(PATIENCE, counted).await;
        counted
            .map_err(|_elapsed| Failure("the server under Callgrind does not answer any more".into()))??;
        let each = summary(&folder, dump)? / u64::try_from(MANY).unwrap_or(1);
        println!("{name:<24} {each:>9} instructions");
        counts.push((name, each));
    }
    server.stop(PATIENCE).await?;
    if arguments.accept {
        let lines: Vec<String> = counts.iter().map(|(name, each)| format!("{each:>9} {name}\n")).collect();
        return std::fs::write(file, lines.concat()).map_err(|error| Failure::of_file("write", file, &error));
    }
    let accepted = std::fs::read_to_string(file).map_err(|error| Failure::of_file("read", file, &error))?;
    let problems = compare(&accepted, &counts);
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure(format!(
        "{}\nIf that is meant, `cargo xtask bench --instructions -- --accept` writes {}",
        problems.join("\n"),
        file.display()
    )))
}

/// Starts the server under Callgrind. Its stores are in memory, because Callgrind does not count flushes.
fn start(binary: &Path, folder: &Path) -> Result<Server, Failure> {
    let mut command = Command::new("valgrind");
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", folder.join(COUNTS).display()));
    command.arg("--log-file=/dev/null").arg(binary);
    command.args(["dev", "--ephemeral", "--no-edge", "--listen", "127.0.0.1:0", "--log", "warn"]);
    Server::announced(command)
}

/// Tells Callgrind something while the server waits for a request.
fn monitor(server: &Server, order: &str) -> Result<(), Failure> {
    let told = Command::new("vgdb").arg(format!("--pid={}", server.pid())).arg(order).output();
    let told = told.map_err(|error| Failure(format!("vgdb, which comes with Valgrind: {error}")))?;
    if told.status.success() {
        return Ok(());
    }
    Err(Failure(format!("vgdb {order}: {}", String::from_utf8_lossy(&told.stderr))))
}

/// The instructions of a dump; they are numbered from 1.
fn summary(folder: &Path, dump: u32) -> Result<u64, Failure> {
    let file = folder.join(format!("{COUNTS}.{dump}"));
    let text = std::fs::read_to_string(&file).map_err(|error| Failure::of_file("read", &file, &error))?;
    total(&text).ok_or_else(|| Failure(format!("{} does not say what was counted", file.display())))
}

/// From a dump of Callgrind: `summary: 123456`.
fn total(dump: &str) -> Option<u64> {
    dump.lines().find_map(|line| line.strip_prefix("summary:"))?.trim().parse().ok()
}

async fn ask(
    connection: &mut Connection,
    arn: &str,
    kind: Kind,
    numbers: Range<usize>,
) -> Result<(), Failure> {
    for number in numbers {
        let key = scenarios::key(number);
        let version = scenarios::VERSION_AFTER_FILLING + u64::try_from(number).unwrap_or_default();
        let request: Signed = match kind {
            Kind::GetKey => requests::get_key(arn, &key),
            Kind::GetKeyWithV4 => requests::get_key_with_v4(arn, &key),
            Kind::PutKey => requests::put_key(arn, &key, &format!("{number:0>100}"), version),
            Kind::ListKeys => requests::list_keys(arn),
            Kind::ListKeyValueStores => requests::list_stores(),
        };
        connection.succeed(&requests::written(&request)).await?;
    }
    Ok(())
}

/// What is dearer than the file says, or not in it. What became cheaper is told too: the file should follow it.
fn compare(accepted: &str, counts: &[(&str, u64)]) -> Vec<String> {
    let of = |wanted: &str| {
        let lines = accepted.lines().filter_map(|line| line.trim().split_once(' '));
        lines.filter(|(_, name)| *name == wanted).find_map(|(number, _)| number.parse::<u64>().ok())
    };
    let judge = |(name, each): &(&str, u64)| match of(name) {
        None => Some(format!("{name}: {each} instructions, and the file does not have it")),
        Some(before) => {
            let change = float(*each) / float(before).max(1.0) - 1.0;
            let percent = change * 100.0;
            (change.abs() > TOLERANCE).then(|| {
                format!("{name}: {each} instructions, {percent:+.1} % beside the {before} of the file")
            })
        }
    };
    counts.iter().filter_map(judge).collect()
}

fn float(number: u64) -> f64 {
    count(usize::try_from(number).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_says_what_was_counted() {
        let dump = "version: 1\nevents: Ir\nsummary: 123456789\n\ntotals: 123456789\n";
        assert_eq!(total(dump), Some(123_456_789));
        assert_eq!(total("version: 1\n"), None);
    }

    #[test]
    fn a_change_above_five_percent_is_told() {
        let accepted = "   100000 GetKey\n    50000 PutKey, durable\n";
        for (name, each, told) in [
            ("GetKey", 104_999, ""),
            ("GetKey", 95_001, ""),
            ("GetKey", 105_100, "GetKey: 105100 instructions, +5.1 % beside the 100000 of the file"),
            ("GetKey", 90_000, "GetKey: 90000 instructions, -10.0 % beside the 100000 of the file"),
            ("PutKey, durable", 50_000, ""),
            ("ListKeys", 7, "ListKeys: 7 instructions, and the file does not have it"),
        ] {
            assert_eq!(compare(accepted, &[(name, each)]).join("; "), told);
        }
    }
}
