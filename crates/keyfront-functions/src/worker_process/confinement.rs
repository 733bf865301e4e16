//! Confines a worker process, for the case that code breaks out of the engine.
//!
//! Everywhere: limits on address space, processor time, new files and written bytes, and no core dump. On Linux also
//! no file system and no network (Landlock, where the kernel has it), and a filter of system calls: what is left is
//! memory without code in it, the socket to the server, the time, and the end. A call that is filtered out fails with
//! `EPERM`.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Address space, in bytes. The program and what it maps take a part; engines have their own, smaller limit.
const ADDRESS_SPACE_BYTES: u64 = 512 * 1024 * 1024;

/// Seconds of processor time for an invocation, beyond which the kernel ends the process. The server ends it much
/// earlier; this is for a server that is gone.
const CPU_SECONDS: u64 = 5;

/// Gives up what the process does not need.
pub(super) fn confine() -> io::Result<CpuLimit> {
    #[cfg(target_os = "linux")]
    linux::forget_files().map_err(io::Error::other)?;
    for (resource, most) in [
        (Resource::As, ADDRESS_SPACE_BYTES),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 0),
    ] {
        let most = getrlimit(resource).maximum.map_or(most, |allowed| allowed.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    let mut cpu = CpuLimit { until_s: 0, maximum: getrlimit(Resource::Cpu).maximum };
    cpu.renew();
    #[cfg(target_os = "linux")]
    linux::filter_calls()?;
    Ok(cpu)
}

/// The limit on processor time, which is of the whole process and therefore moves.
pub(super) struct CpuLimit {
    until_s: u64,
    maximum: Option<u64>,
}

impl CpuLimit {
    /// Gives the next invocation its time.
    pub(super) fn renew(&mut self) {
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
        let until_s = u64::try_from(used).unwrap_or(0) + CPU_SECONDS;
        if until_s > self.until_s {
            self.until_s = until_s;
            // Where it cannot be moved, the process ends a little early.
            setrlimit(Resource::Cpu, Rlimit { current: Some(until_s), maximum: self.maximum }).ok();
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::io;

    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch,
    };

    /// Leaves only the calls of [`filter`].
    pub(super) fn filter_calls() -> io::Result<()> {
        seccompiler::apply_filter(&filter().map_err(io::Error::other)?).map_err(io::Error::other)
    }

    /// No path and no port, where the kernel can do that. The filter does not depend on it.
    pub(super) fn forget_files() -> Result<(), landlock::RulesetError> {
        let abi = ABI::V5;
        let rules = Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?;
        rules.create()?.restrict_self()?;
        Ok(())
    }

    /// The socket to the server.
    const SOCKET: u64 = 0;

    /// The calls that are left.
    fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
        let mut allowed: BTreeMap<i64, Vec<SeccompRule>> = [
            libc::SYS_brk,
            libc::SYS_clock_gettime,
            libc::SYS_exit,
            libc::SYS_exit_group,
            libc::SYS_futex,
            libc::SYS_getrandom,
            libc::SYS_madvise,
            libc::SYS_mremap,
            libc::SYS_munmap,
            libc::SYS_restart_syscall,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigreturn,
            libc::SYS_sched_yield,
            libc::SYS_sigaltstack,
        ]
        .into_iter()
        .map(|call| (call, Vec::new()))
        .collect();
        for call in [libc::SYS_recvfrom, libc::SYS_sendto, libc::SYS_read] {
            allowed.insert(call, vec![rule(0, SeccompCmpOp::Eq, SOCKET)?]);
        }
        // Memory of its own, which code cannot be put into.
        let no_code = condition(2, SeccompCmpOp::MaskedEq(of(libc::PROT_EXEC)), 0)?;
        let no_file = condition(3, SeccompCmpOp::MaskedEq(of(libc::MAP_ANONYMOUS)), of(libc::MAP_ANONYMOUS))?;
        allowed.insert(libc::SYS_mmap, vec![SeccompRule::new(vec![no_code.clone(), no_file])?]);
        allowed.insert(libc::SYS_mprotect, vec![SeccompRule::new(vec![no_code])?]);
        // Its own processor time.
        let own = condition(0, SeccompCmpOp::Eq, 0)?;
        let cpu = condition(1, SeccompCmpOp::Eq, u64::from(libc::RLIMIT_CPU))?;
        allowed.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![own, cpu])?]);

        let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).unwrap_or(1));
        let arch = TargetArch::try_from(std::env::consts::ARCH)?;
        SeccompFilter::new(allowed, refused, SeccompAction::Allow, arch)?.try_into()
    }

    fn rule(argument: u8, is: SeccompCmpOp, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
        SeccompRule::new(vec![condition(argument, is, value)?])
    }

    fn condition(
        argument: u8,
        is: SeccompCmpOp,
        value: u64,
    ) -> Result<SeccompCondition, seccompiler::BackendError> {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, is, value)
    }

    /// A flag of the C library.
    fn of(flag: i32) -> u64 {
        u64::from(flag.unsigned_abs())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::File;
    use std::net::{TcpListener, UdpSocket};
    use std::process::Command;

    use rustix::io::Errno;
    use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

    use super::*;

    /// What a confined process is run with, to be told from an ordinary run of the tests.
    const CONFINED: &str = "confined";

    #[test]
    fn a_confined_process_can_open_nothing_and_start_nothing() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        let name = "worker_process::confinement::tests::what_a_confined_process_tries";
        child.args(["--ignored", "--exact", name, "--nocapture"]).env("KEYFRONT_TEST", CONFINED);
        let output = child.output().unwrap();
        assert_eq!(output.status.code(), Some(77), "{output:?}");
    }

    #[test]
    #[ignore = "it confines the process; the test above runs it in one of its own"]
    #[expect(clippy::disallowed_methods, reason = "the process cannot even report its result in another way")]
    fn what_a_confined_process_tries() {
        if std::env::var("KEYFRONT_TEST").ok().as_deref() != Some(CONFINED) {
            return;
        }
        let exe = std::env::current_exe().unwrap();
        confine().unwrap();
        let refused = [
            File::open("/etc/passwd").is_err(),
            File::create("/tmp/keyfront-confined").is_err(),
            std::fs::read_dir("/").is_err(),
            TcpListener::bind("127.0.0.1:0").is_err(),
            UdpSocket::bind("127.0.0.1:0").is_err(),
            std::net::TcpStream::connect("127.0.0.1:1").is_err_and(|error| error.raw_os_error() == Some(1)),
            Command::new(exe).spawn().is_err(),
            std::thread::Builder::new().spawn(|| {}).is_err(),
            executable_memory() == Err(Errno::PERM),
        ];
        let grants = vec![1_u8; 10_000_000].len() == 10_000_000;
        let as_it_should_be = refused.iter().all(|refused| *refused) && grants;
        std::process::exit(if as_it_should_be { 77 } else { 1 });
    }

    fn executable_memory() -> Result<(), Errno> {
        let all = ProtFlags::READ | ProtFlags::WRITE | ProtFlags::EXEC;
        #[expect(unsafe_code, reason = "mapping memory")]
        // SAFETY: a new mapping that is not used.
        let mapped = unsafe { mmap_anonymous(std::ptr::null_mut(), 4096, all, MapFlags::PRIVATE) };
        mapped.map(drop)
    }
}
