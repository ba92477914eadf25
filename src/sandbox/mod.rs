//! Locking the process in: what it may still read, write and connect to.

use std::path::PathBuf;

/// What the process must still be able to reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Files and directories it reads, beyond the system's own.
    pub read: Vec<PathBuf>,
    /// Directories it writes below.
    pub write: Vec<PathBuf>,
    /// TCP ports it connects to.
    pub connect: Vec<u16>,
}
