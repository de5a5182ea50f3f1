//! What the tape on disk promises.

mod captures;
mod failing_disk;
mod reading;
mod recovering;

use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::base::UtcMs;
use crate::ts::taper::Event;
use crate::ts::testing::{PICTURE_MS, TestStream};

/// 2026-11-21T15:59:50Z, ten seconds before midnight in Shanghai.
const START: UtcMs = UtcMs(1_795_276_790_000);

fn options(folder: &Path) -> TapeOptions {
    TapeOptions {
        folder: folder.to_owned(),
        channel: "cctv1".into(),
        zone: Zone::named("Asia/Shanghai").unwrap(),
        wanted: Wanted::First,
        segment_seconds: 4,
        sync_seconds: 4,
        signal_lost_seconds: 3,
    }
}

/// A channel that is being taped, with the time it is.
struct Channel {
    folder: TempDir,
    writer: TapeWriter,
    reader: TapeReader,
    recovered: Recovered,
    stream: TestStream,
    now: UtcMs,
    events: Vec<TapeEvent>,
}

impl Channel {
    fn new() -> Self {
        Self::on(Arc::new(StdDisk))
    }

    fn on(disk: Arc<dyn Disk>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (writer, reader, recovered) = open_on(options(folder.path()), disk).unwrap();
        Self { folder, writer, reader, recovered, stream: TestStream::default(), now: START, events: Vec::new() }
    }

    /// Plays so many pictures, flushing every 320 ms.
    fn play(&mut self, pictures: usize) {
        for n in 0..pictures {
            let bytes = self.stream.picture();
            self.writer.push(self.now, &bytes);
            self.now = self.now + PICTURE_MS;
            if n % 8 == 7 {
                self.flush();
            }
        }
        self.flush();
    }

    fn flush(&mut self) {
        let told = self.writer.flush(self.now);
        self.events.extend(told);
    }

    fn finish(&mut self) {
        let told = self.writer.finish(self.now);
        self.events.extend(told);
    }

    /// The process is killed and starts again: nothing in memory survives.
    fn killed(self) -> Self {
        self.killed_after(|_| {})
    }

    fn killed_after(self, damage: impl FnOnce(&Path)) -> Self {
        let Self { folder, writer, reader, stream, now, .. } = self;
        drop((writer, reader));
        damage(&folder.path().join("cctv1"));
        let (writer, reader, recovered) = open(options(folder.path())).unwrap();
        Self { folder, writer, reader, recovered, stream, now, events: Vec::new() }
    }

    fn taped(&self) -> Vec<&Event> {
        self.events.iter().filter_map(|e| if let TapeEvent::Taped(event) = e { Some(event) } else { None }).collect()
    }
}

/// All files of a tape with an extension, oldest first.
fn files_of(tape: &Path, extension: &str) -> Vec<PathBuf> {
    let found = files::list(tape).unwrap();
    found.segments.into_iter().map(|(_, path)| path.with_extension(extension)).filter(|p| p.exists()).collect()
}

const FOREVER: (UtcMs, UtcMs) = (UtcMs(0), UtcMs(i64::MAX / 1000));
