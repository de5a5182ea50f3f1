//! One worker as a child process: started with a task, heard on a descriptor of its own, told on its standard input.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use command_fds::{CommandFdExt, FdMapping};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::unix::pipe;
use tokio::process::{Child, ChildStdin};

use crate::base::work::{Command, Event, Task};

/// Where the child finds the descriptor for its events.
const EVENTS_FD: i32 = 3;

/// How workers are started.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// The `yizhan-worker` program.
    pub program: PathBuf,
    /// For task files and GStreamer's registry.
    pub folder: PathBuf,
    /// Added to the niceness of transcoding.
    pub nice: i32,
}

#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    #[error("worker {program}: {source}")]
    Start { program: PathBuf, source: std::io::Error },
    #[error("task file {path}: {source}")]
    TaskFile { path: PathBuf, source: std::io::Error },
}

/// A running worker. Dropping it kills the child.
#[derive(Debug)]
pub struct WorkerProcess {
    child: Child,
    input: Option<ChildStdin>,
    events: Lines<BufReader<pipe::Receiver>>,
    task_file: PathBuf,
}

impl WorkerProcess {
    /// Starts a worker for a task; `name` names its task file and stands in the log.
    pub fn start(options: &WorkerOptions, name: &str, task: &Task) -> Result<Self, SpawnError> {
        let task_file = options.folder.join(format!("{name}.json"));
        write_task(&task_file, task).map_err(|source| SpawnError::TaskFile { path: task_file.clone(), source })?;
        Self::spawn(options, &task_file, task).map_err(|source| SpawnError::Start { program: options.program.clone(), source })
    }

    fn spawn(options: &WorkerOptions, task_file: &Path, task: &Task) -> std::io::Result<Self> {
        let (ours, theirs) = std::io::pipe()?;
        let events = pipe::Receiver::from_owned_fd(OwnedFd::from(ours))?;
        let (verb, nice) = match task {
            Task::Transcode(_) => ("transcode", options.nice),
            Task::Live(live) => ("live", if live.whole { options.nice } else { 0 }),
        };
        let mut command = std::process::Command::new(&options.program);
        command
            .arg(verb)
            .arg(task_file)
            .args(["--nice", &nice.to_string()])
            .env("GST_REGISTRY", options.folder.join("gstreamer-registry.bin"))
            .env("YIZHAN_EVENTS_FD", EVENTS_FD.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .fd_mappings(vec![FdMapping { parent_fd: OwnedFd::from(theirs), child_fd: EVENTS_FD }])
            .map_err(|e| std::io::Error::other(e.to_string()))?;
        let mut child = tokio::process::Command::from(command).kill_on_drop(true).spawn()?;
        let input = child.stdin.take();
        Ok(Self { child, input, events: BufReader::new(events).lines(), task_file: task_file.to_owned() })
    }

    /// The next event; `None` when the worker has closed its descriptor. A line that is no event is told as a warning.
    pub async fn event(&mut self) -> Option<Event> {
        let line = self.events.next_line().await.ok().flatten()?;
        Some(serde_json::from_str(&line).unwrap_or_else(|error| Event::Warning { message: format!("worker said {line:?}: {error}") }))
    }

    /// Asks the worker to end in order.
    pub async fn stop(&mut self) {
        if let Some(mut input) = self.input.take() {
            let mut line = serde_json::to_vec(&Command::Stop).unwrap_or_default();
            line.push(b'\n');
            // A worker that has ended already does not read; its exit says the rest.
            let _ = input.write_all(&line).await;
        }
    }

    /// Waits for the end; the words are empty where it ended well.
    pub async fn ended(&mut self) -> Result<(), String> {
        match self.child.wait().await {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("worker ended with {status}")),
            Err(error) => Err(format!("worker: {error}")),
        }
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        // A task file left behind by a crash is overwritten by the next run or swept at the start.
        let _ = std::fs::remove_file(&self.task_file);
    }
}

fn write_task(path: &Path, task: &Task) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, serde_json::to_vec(task)?)
}
