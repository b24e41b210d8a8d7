//! The operator's command.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use app::menu::Request;
use clap::{CommandFactory, Parser, Subcommand};
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
    /// Prints the completions of a shell: bash, elvish, fish, powershell or zsh.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Prints the manual page, in roff.
    Man,
    /// Joins restaurants to their tills, and changes how they are joined.
    #[command(subcommand)]
    Tenant(ponte::tenant::TenantCommand),
    /// Shows all restaurants at a glance.
    Status,
    /// Checks a restaurant's till and platform: fourteen checks, each with its remedy; fails if one is red.
    Doctor {
        /// The restaurant's id on the platform.
        tenant: String,
        /// The report's language.
        #[arg(long, value_enum, default_value = "it")]
        lang: ponte::doctor::Language,
    },
    /// Reports the shapes that the till really answers with, names and types only, and what that says of our guesses.
    Probe {
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
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "ponte", &mut out);
            return Ok(ExitCode::SUCCESS);
        }
        Command::Man => {
            clap_mangen::Man::new(Cli::command()).render(&mut out).context("cannot write the page")?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Tenant(command) => return ponte::tenant::run(&Operator::open(&target).await?, command).await,
        Command::Status => return ponte::status::run(&Operator::open(&target).await?).await,
        Command::Doctor { tenant, lang } => {
            return ponte::doctor::run(&Operator::open(&target).await?, &tenant, lang).await;
        }
        Command::Probe { tenant } => return ponte::probe::run(&Operator::open(&target).await?, &tenant).await,
        Command::Order(command) => return ponte::order::run(&Operator::open(&target).await?, command).await,
        Command::Queue(command) => return ponte::queue::run(&Operator::open(&target).await?, command).await,
        Command::Send(send) => return ponte::send::run(&Operator::open(&target).await?, &send).await,
        Command::Bench { bootstrap } => ponte::bench::run(&bootstrap).await?.to_string(),
    };
    writeln!(out, "{answer}").context("cannot write the answer")?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_whole() {
        Cli::command().debug_assert();
    }

    #[test]
    fn wrong_usage_is_told_before_anything_is_opened() {
        for wrong in [
            "ponte tenant set rest-1",
            "ponte tenant set rest-1 colore=blu",
            "ponte tenant rotate-secret rest-1",
            "ponte tenant rotate-secret rest-1 --drop-old --api-key-file k",
            "ponte tenant add rest-1",
        ] {
            let error = Cli::try_parse_from(wrong.split(' ')).map(drop).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{wrong}");
        }
        let right = "ponte tenant rotate-secret rest-1 --webhook-secret-file a --webhook-secret-file b --drop-old";
        assert!(Cli::try_parse_from(right.split(' ')).is_ok());
    }
}
