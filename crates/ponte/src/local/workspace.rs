//! Where the template, the built functions and the tools are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// Folder of the tools, for a machine that has them elsewhere than in `.venv/bin`.
const TOOLS_VARIABLE: &str = "PONTE_TOOLS";
const FUNCTIONS: [&str; 3] = ["webhook", "consumer", "sync"];

/// The checkout that holds `template.yaml`.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Looks upward from the working directory, which is a package's own folder in tests.
    pub(crate) fn find() -> Result<Self> {
        let start = std::env::current_dir().context("the working directory is gone")?;
        let root = start.ancestors().find(|folder| folder.join("template.yaml").is_file());
        let root = root.with_context(|| format!("no template.yaml in or above {}", start.display()))?;
        Ok(Self { root: root.to_owned() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Folder of logs and scratch files of local runs.
    pub(crate) fn run_folder(&self) -> PathBuf {
        self.root.join(".run")
    }

    pub(crate) fn tool(&self, name: &str) -> Result<PathBuf> {
        let folder = std::env::var_os(TOOLS_VARIABLE).map_or_else(|| self.root.join(".venv/bin"), PathBuf::from);
        let tool = folder.join(name);
        ensure!(tool.is_file(), "{} is missing, run `make setup`", tool.display());
        Ok(tool)
    }

    pub(crate) fn require_functions(&self) -> Result<()> {
        for name in FUNCTIONS {
            let bootstrap = self.root.join("target/lambda").join(name).join("bootstrap");
            ensure!(bootstrap.is_file(), "{} is missing, run `make lambdas`", bootstrap.display());
        }
        Ok(())
    }
}
