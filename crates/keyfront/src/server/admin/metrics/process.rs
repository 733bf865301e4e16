//! The figures of the process, by the names that Prometheus's client libraries give them.
//!
//! They come from `/proc`; other systems than Linux have none.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;

/// Reads the figures whenever they are asked for.
#[derive(Debug)]
pub(super) struct ProcessFigures;

impl Collector for ProcessFigures {
    #[cfg(target_os = "linux")]
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        linux::figures().map_or(Ok(()), |figures| linux::encode(&figures, &mut encoder))
    }

    #[cfg(not(target_os = "linux"))]
    fn encode(&self, _encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        Ok(())
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fmt;
    use std::time::Duration;

    use procfs::ProcResult;
    use procfs::process::{LimitValue, Process};
    use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
    use prometheus_client::metrics::counter::ConstCounter;
    use prometheus_client::metrics::gauge::ConstGauge;

    pub(super) struct Figures {
        cpu: Duration,
        start: Duration,
        gauges: [(&'static str, &'static str, u64); 5],
    }

    pub(super) fn figures() -> ProcResult<Figures> {
        let process = Process::myself()?;
        let stat = process.stat()?;
        let seconds =
            |ticks: u64| Duration::from_millis(ticks.saturating_mul(1000) / procfs::ticks_per_second());
        let max_fds = match process.limits()?.max_open_files.soft_limit {
            LimitValue::Value(value) => value,
            LimitValue::Unlimited => u64::MAX,
        };
        let open_fds = u64::try_from(process.fd_count()?).unwrap_or(u64::MAX);
        Ok(Figures {
            cpu: seconds(stat.utime + stat.stime),
            start: Duration::from_secs(procfs::boot_time_secs()?) + seconds(stat.starttime),
            gauges: [
                ("process_resident_memory_bytes", "Resident memory.", stat.rss * procfs::page_size()),
                ("process_virtual_memory_bytes", "Virtual memory.", stat.vsize),
                ("process_threads", "Threads.", u64::try_from(stat.num_threads).unwrap_or_default()),
                ("process_open_fds", "Open file descriptors.", open_fds),
                ("process_max_fds", "Most file descriptors that may be open.", max_fds),
            ],
        })
    }

    pub(super) fn encode(figures: &Figures, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let cpu = ConstCounter::new(figures.cpu.as_secs_f64());
        let help = "Time on processors, of user and system.";
        cpu.encode(encoder.encode_descriptor("process_cpu_seconds", help, None, cpu.metric_type())?)?;
        let start = ConstGauge::new(figures.start.as_secs_f64());
        let help = "When the process started, in seconds after the epoch.";
        start.encode(encoder.encode_descriptor(
            "process_start_time_seconds",
            help,
            None,
            start.metric_type(),
        )?)?;
        for (name, help, value) in figures.gauges {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}
