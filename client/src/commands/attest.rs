//! `citynet attest`.

use super::{
    signing::{AccountArgs, DeviceKeyArgs},
    Done, NodeArgs,
};
use crate::output::{facts, thousands, Output};
use anyhow::bail;
use citynet_client::{
    attest::{self, LedgerChain, Options, Progress, Report, MOST_PER_TRANSACTION},
    sources::{feed, Format},
    time::parse_duration,
};
use citynet_primitives::DeviceId;
use clap::{value_parser, Args};
use std::{path::PathBuf, time::Duration};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet attest --device 1 --format sensor-community 2018-09-*.csv --archive ./archive \\
      --device-key sensor.key --key-file gateway.key
  citynet attest --device 1 --format sensor-community today.csv --archive ./archive \\
      --device-key sensor.key --dev-account alice//gateway

Files are read in the order given, as a stream. Run the same command again at any time: it goes on where it ended, also \
after being killed, and with a file that grew it attests what is new. Files are known by their content, so the same file \
under another name is not attested twice.

Lines that cannot be attested (blank value, unreadable time, time in the future, another sensor, wrong number of columns, \
not UTF-8) go to rejects.csv in the archive with file, line number and reason, and the exit code is 2. Values at the \
sensor's limit and lines out of order are attested as they are and counted.

Keep the archive: without it, no reading can be proven.")]
pub struct AttestArgs {
    /// The device's number.
    #[arg(long, value_name = "N")]
    device: u64,
    /// The files' format: sensor-community.
    #[arg(long)]
    format: Format,
    /// The sensor's files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Where the readings are kept for proofs. One directory per device; it is made if it is not there.
    #[arg(long, value_name = "DIR")]
    archive: PathBuf,
    /// Take only lines of this sensor. By default, that of the first reading.
    #[arg(long, value_name = "ID")]
    sensor: Option<String>,
    /// The most readings in a batch.
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = value_parser!(u32).range(1..=1_000_000))]
    batch_size: u32,
    /// The most batches in a transaction; from 2 on with attest_many.
    #[arg(long, value_name = "N", default_value_t = 1,
        value_parser = value_parser!(u16).range(1..=MOST_PER_TRANSACTION as i64))]
    per_transaction: u16,
    /// The most transactions on their way at once.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = value_parser!(u16).range(1..=1024))]
    in_flight: u16,
    /// For how long a lost connection is opened again.
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = parse_duration)]
    patience: u64,
    /// Begin a new archive although the device has attested before, because the archive of that is lost.
    #[arg(long)]
    new_archive: bool,
    /// Take a file whose name is known and whose earlier part has changed as another file.
    #[arg(long)]
    changed_is_new: bool,
    #[command(flatten)]
    device_key: DeviceKeyArgs,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: AttestArgs, output: &Output) -> anyhow::Result<Done> {
    let signer = args.device_key.signer()?;
    let ledger = args.node.connect(Duration::from_millis(args.patience)).await?;
    let account = args.account.key(&ledger).await?;
    let archive = args.archive.clone();
    let options = Options {
        device: DeviceId(args.device),
        directory: args.archive,
        new_archive: args.new_archive,
        source: feed::Options { format: args.format, sensor: args.sensor, changed_is_new: args.changed_is_new },
        files: args.files,
        batch_size: args.batch_size,
        per_transaction: usize::from(args.per_transaction),
        in_flight: usize::from(args.in_flight),
        pause: Duration::from_secs(1),
    };
    let bar = output.progress("{spinner} {pos} of {len} prepared readings final · {per_sec} · {elapsed} {msg}");
    bar.set_length(0);
    let mut progress = |progress| match progress {
        Progress::Resumed { settled, unsent } => {
            if settled + unsent > 0 {
                let note = format!(
                    "going on: {} readings of an earlier run were attested, {} are sent now",
                    thousands(settled),
                    thousands(unsent)
                );
                bar.suspend(|| output.note(note));
            }
            bar.inc_length(settled + unsent);
        }
        Progress::Prepared(readings) => bar.inc_length(readings),
        Progress::Final(readings) => bar.inc(readings),
        Progress::Trouble(words) => bar.suspend(|| output.note(format!("trying again: {words}"))),
    };
    let chain = LedgerChain::new(&ledger, account);
    let report = tokio::select! {
        report = attest::run(&chain, options, &signer, &mut progress) => report,
        _ = tokio::signal::ctrl_c() => {
            bar.finish_and_clear();
            bail!("interrupted; run the same command again to go on");
        }
    };
    bar.finish_and_clear();
    let report = report?;
    output.result(&report, |output| lines(&report, &archive.display().to_string(), output))?;
    Ok(if report.files.rejected > 0 { Done::WithRejects } else { Done::Completely })
}

fn lines(report: &Report, archive: &str, output: &Output) -> Vec<String> {
    let files = &report.files;
    let headline = match (report.attested, report.block) {
        (0, _) | (_, None) => "nothing new to attest".to_owned(),
        (attested, Some(block)) => {
            let (attested, batches) = (thousands(attested), thousands(report.batches));
            output.good(format!("{attested} readings attested in {batches} batches, final in block {block}"))
        }
    };
    let mut lines = vec![headline];
    lines.extend(facts(&[
        ("readings in these files", thousands(files.readings)),
        ("  at the sensor's limit", thousands(files.saturated)),
        ("  out of order", thousands(files.out_of_order)),
        ("rejected lines", thousands(files.rejected)),
        ("empty lines and repeated headers", thousands(files.skipped)),
        ("next sequence number", report.next_sequence.to_string()),
    ]));
    if files.rejected > 0 {
        lines.push(output.bad(format!("rejected lines and why: {archive}/rejects.csv")));
    }
    lines
}
