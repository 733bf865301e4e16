//! The exit codes of all commands, in one table. Scripts rely on them, so their meaning never changes.
//!
//! `keyfront verify` has more, one for each cause of a denial; they begin at ten and stand beside it.

/// The command failed, or what was asked for was refused; standard error says why.
pub(crate) const FAILED: u8 = 1;

/// The command line cannot be understood.
pub(crate) const USAGE: u8 = 2;

/// There are differences, and nothing was to be written.
pub(crate) const DIFFERENCES: u8 = 3;

/// What the manual says about them.
pub(crate) const HELP: &str = "\
Exit status:
    0  done, or nothing to do
    1  the command failed or was refused; standard error says why
    2  the command line cannot be understood
    3  kvs diff, kvs sync --dry-run or cfn deploy --dry-run found differences
   10  and above: why `keyfront verify` says that CloudFront would refuse, see its help
  126  exec: the command cannot be run; 127 there is no such command; else the command's own";
