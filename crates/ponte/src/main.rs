//! The operator's command.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

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
    /// Plays the main job on this machine: orders to the till and back.
    Demo {
        /// Leaves everything running afterwards, until Ctrl-C.
        #[arg(long)]
        keep: bool,
    },
    /// Runs a function once on the local AWS, a kept one or a new one, and prints its answer.
    Invoke {
        /// The function: webhook, consumer or sync.
        function: ponte::invoke::Function,
        /// File with the event in JSON.
        event: PathBuf,
    },
    /// Measures how fast the webhook function starts and answers on this machine.
    Bench {
        /// The function, built for this machine.
        bootstrap: PathBuf,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(code) => code,
        Err(error) => {
            // Nothing can be done about a terminal that takes no words.
            let _ = writeln!(std::io::stderr(), "ponte: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode> {
    let mut out = std::io::stdout();
    let answer = match command {
        Command::Demo { keep } => {
            let (_, failed) = ponte::demo::run(keep, &mut out).await?;
            return Ok(ExitCode::from(u8::from(failed > 0)));
        }
        Command::Invoke { function, event } => format!("{:#}", ponte::invoke::run(function, &event).await?),
        Command::Bench { bootstrap } => ponte::bench::run(&bootstrap).await?.to_string(),
    };
    writeln!(out, "{answer}").context("cannot write the answer")?;
    Ok(ExitCode::SUCCESS)
}
