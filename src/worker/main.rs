//! `yizhan-worker`: everything that GStreamer does for Yizhan, in processes of its own. A decoder that a broken broadcast brings down takes one task
//! with it; the server starts it again. The protocol is [`yizhan::base::work`].

mod decode;
mod demo;
mod elements;
mod encode;
mod events;
mod field_times;
mod live;
mod media_time;
mod parent;
mod pcm;
mod pictures;
mod played;
mod rate;
mod rendition;
mod segments;
mod sound;
mod source;
mod sprite;
mod stills;
mod streams;
mod transcode;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use yizhan::base::work::{Event, Task};

use events::Events;
use parent::Pulse;
use transcode::{Ended, TaskError};

/// Yizhan's worker: decodes and encodes. The server starts it; events are JSON lines on descriptor 3 (or YIZHAN_EVENTS_FD).
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Encode the renditions of an asset, as the task says.
    Transcode(TaskArguments),
    /// Convert a growing tape, as the task says, until told to stop.
    Live(TaskArguments),
    /// Print as JSON which GStreamer elements are missing and in which packages they are.
    Elements,
    /// Send or write a demonstration channel.
    Demo(demo::Args),
}

#[derive(clap::Args)]
struct TaskArguments {
    /// The task, as JSON.
    task: PathBuf,
    /// Niceness added to the process.
    #[arg(long, default_value_t = 0)]
    nice: i32,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Transcode(arguments) | Command::Live(arguments) => run(&arguments),
        Command::Elements => elements(),
        Command::Demo(arguments) => match demo::run(arguments) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("yizhan-worker: demo: {error}");
                ExitCode::FAILURE
            }
        },
    }
}

fn run(arguments: &TaskArguments) -> ExitCode {
    let events = match Events::open() {
        Ok(events) => Arc::new(events),
        Err(e) => {
            eprintln!("yizhan-worker: no descriptor for events: {e}");
            return ExitCode::FAILURE;
        }
    };
    fail_on_panic(Arc::clone(&events));
    let stop = parent::attach(arguments.nice);
    let pulse = Pulse::default();
    pulse.watch(Arc::clone(&events));
    match perform(&arguments.task, &events, &pulse, &stop) {
        Ok(Ended::Done) => {
            events.count_warnings();
            events.tell(&Event::Done);
            ExitCode::SUCCESS
        }
        Ok(Ended::Stopped) => ExitCode::SUCCESS,
        Err(message) => {
            events.count_warnings();
            events.tell(&Event::Failed { message });
            ExitCode::FAILURE
        }
    }
}

/// A panic on one of GStreamer's threads would leave the others waiting for it.
fn fail_on_panic(events: Arc<Events>) {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        print(panic);
        events.tell(&Event::Failed { message: format!("the worker has a fault: {panic}") });
        std::process::exit(1);
    }));
}

fn perform(task: &Path, events: &Arc<Events>, pulse: &Pulse, stop: &parent::Stop) -> Result<Ended, String> {
    let text = std::fs::read(task).map_err(|e| format!("{}: {e}", task.display()))?;
    let task: Task = serde_json::from_slice(&text).map_err(|e| format!("{}: {e}", task.display()))?;
    gstreamer::init().map_err(|e| e.to_string())?;
    let told: Result<Ended, TaskError> = match &task {
        Task::Transcode(task) => transcode::run(task, events, pulse, stop),
        Task::Live(task) => live::run(task, events, pulse, stop),
    };
    told.map_err(|e| e.to_string())
}

fn elements() -> ExitCode {
    if let Err(e) = gstreamer::init() {
        eprintln!("yizhan-worker: {e}");
        return ExitCode::FAILURE;
    }
    match serde_json::to_string_pretty(&elements::report()) {
        Ok(text) => println!("{text}"),
        Err(e) => eprintln!("yizhan-worker: {e}"),
    }
    ExitCode::SUCCESS
}
