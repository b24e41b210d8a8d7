//! The operator's command.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

/// Operates Ponte, the bridge between Plateform and Cassa in Cloud.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a function once on the local AWS, a kept one or a new one, and prints its answer.
    Invoke {
        /// The function: webhook, consumer or sync.
        function: ponte::invoke::Function,
        /// File with the event in JSON.
        event: PathBuf,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let answer = match Cli::parse().command {
        Command::Invoke { function, event } => ponte::invoke::run(function, &event).await?,
    };
    writeln!(std::io::stdout(), "{answer:#}").context("cannot write the answer")
}
