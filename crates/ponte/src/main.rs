//! The operator's command.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use app::menu::Request;
use clap::{Parser, Subcommand};
use ponte::operator::{Operator, Target};

/// Operates Ponte, the bridge between Plateform and Cassa in Cloud.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays the main job on this machine: the menu to the platform, orders to the till and back.
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
    /// Brings a restaurant's menu up to date now.
    Sync {
        /// The restaurant's id on the platform.
        tenant: String,
        /// Reads everything, whatever has changed.
        #[arg(long)]
        full: bool,
        /// Says what would be written, and writes nothing.
        #[arg(long)]
        dry_run: bool,
        /// Applies even what takes away much of the menu, this once.
        #[arg(long)]
        force: bool,
    },
    /// Shows what differs between till and platform, as the last cycle left it.
    Drift {
        /// The restaurant's id on the platform.
        tenant: String,
    },
    /// Looks at orders, and has one tried again.
    #[command(subcommand)]
    Order(ponte::order::OrderCommand),
    /// Looks at queues, and sends back what they gave up.
    #[command(subcommand)]
    Queue(ponte::queue::QueueCommand),
    /// Sends a webhook of a file to the functions, signed anew.
    Send(ponte::send::Send),
    /// Measures how fast the webhook function starts and answers on this machine.
    Bench {
        /// The function, built for this machine.
        bootstrap: PathBuf,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            // Nothing can be done about a terminal that takes no words.
            let _ = writeln!(std::io::stderr(), "ponte: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(Cli { target, command }: Cli) -> Result<ExitCode> {
    let mut out = std::io::stdout();
    let answer = match command {
        Command::Demo { keep } => {
            let (_, failed) = ponte::demo::run(keep, &mut out).await?;
            return Ok(ExitCode::from(u8::from(failed > 0)));
        }
        Command::Invoke { function, event } => format!("{:#}", ponte::invoke::run(function, &event).await?),
        Command::Sync { tenant, full, dry_run, force } => {
            let request = Request { whole: full, force, dry_run, ..Request::default() };
            return ponte::sync::run(&Operator::open(&target).await?, &tenant, request).await;
        }
        Command::Drift { tenant } => return ponte::drift::run(&Operator::open(&target).await?, &tenant).await,
        Command::Order(command) => return ponte::order::run(&Operator::open(&target).await?, command).await,
        Command::Queue(command) => return ponte::queue::run(&Operator::open(&target).await?, command).await,
        Command::Send(send) => return ponte::send::run(&Operator::open(&target).await?, &send).await,
        Command::Bench { bootstrap } => ponte::bench::run(&bootstrap).await?.to_string(),
    };
    writeln!(out, "{answer}").context("cannot write the answer")?;
    Ok(ExitCode::SUCCESS)
}
