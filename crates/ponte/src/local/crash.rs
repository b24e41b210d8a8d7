//! Crashes of functions, for tests: the environments that a local AWS runs, found below its process and nowhere else.

use anyhow::{Context, Result, ensure};
use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
};

/// Ends every environment of a function below `ancestor` as a crash does, without a word. Answers how many there were.
pub(super) fn kill(ancestor: u32, function: &str) -> Result<usize> {
    let environments: Vec<u32> = descendants(ancestor)?.into_iter().filter(|pid| runs(*pid, function)).collect();
    for pid in &environments {
        // The shell's own: not every machine has a program of that name.
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -KILL \"$0\"", &pid.to_string()]).stderr(Stdio::null());
        let status = kill.status().context("cannot run sh")?;
        ensure!(status.success(), "an environment of {function} could not be killed: {pid}");
    }
    Ok(environments.len())
}

/// Every process that `ancestor` has started, or that one of those has.
fn descendants(ancestor: u32) -> Result<BTreeSet<u32>> {
    let mut processes = Vec::new();
    for entry in fs::read_dir("/proc").context("there is no /proc to find the environments in")? {
        let pid = entry.context("cannot read /proc")?.file_name().to_string_lossy().parse::<u32>();
        // A process that ends meanwhile is none.
        if let Some(process) = pid.ok().and_then(|pid| Some((pid, parent_of(pid)?))) {
            processes.push(process);
        }
    }
    let mut found = BTreeSet::from([ancestor]);
    while let Some((pid, _)) = processes.iter().find(|(pid, parent)| found.contains(parent) && !found.contains(pid)) {
        found.insert(*pid);
    }
    found.remove(&ancestor);
    Ok(found)
}

/// The parent in `/proc/PID/stat`: the second field after the command, whose name in brackets may hold anything.
fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Whether a process is an environment of this function, as the runtime tells it.
fn runs(pid: u32, function: &str) -> bool {
    let told = format!("AWS_LAMBDA_FUNCTION_NAME={function}");
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|variable| variable == told.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{os::unix::process::ExitStatusExt as _, process::Child};

    fn environment_of(function: &str) -> Child {
        Command::new("sleep").arg("60").env("AWS_LAMBDA_FUNCTION_NAME", function).spawn().unwrap()
    }

    #[test]
    fn the_environments_of_one_function_are_killed_and_no_other_process() {
        let mut hit = environment_of("crash-consumer");
        let mut missed = environment_of("crash-consumer-2");
        assert_eq!(kill(std::process::id(), "crash-consumer").unwrap(), 1);
        assert_eq!(hit.wait().unwrap().signal(), Some(9));
        assert!(missed.try_wait().unwrap().is_none());
        missed.kill().unwrap();
        missed.wait().unwrap();
    }

    #[test]
    fn what_somebody_else_started_is_never_touched() {
        let mut child = environment_of("crash-stranger");
        let mut bystander = Command::new("sleep").arg("60").spawn().unwrap();
        assert_eq!(kill(bystander.id(), "crash-stranger").unwrap(), 0);
        for process in [&mut child, &mut bystander] {
            assert!(process.try_wait().unwrap().is_none());
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}
