use std::io;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::ts::index::BreakReason;

/// A disk with so many bytes left.
struct SmallDisk(Arc<AtomicI64>);

struct SmallFile(Box<dyn Growing>, Arc<AtomicI64>);

impl Disk for SmallDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Growing>> {
        Ok(Box::new(SmallFile(StdDisk.create(path)?, self.0.clone())))
    }
}

impl Growing for SmallFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.1.load(Ordering::SeqCst).max(0) as usize;
        if left == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let wrote = self.0.write(&bytes[..bytes.len().min(left)])?;
        self.1.fetch_sub(wrote as i64, Ordering::SeqCst);
        Ok(wrote)
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.0.truncate(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }
}

#[test]
fn a_full_disk_is_an_error_and_a_gap_and_capture_goes_on() {
    for room in [0, 1, 300, 100_000, 257_001, 400_123] {
        let left = Arc::new(AtomicI64::new(room));
        let mut channel = Channel::on(Arc::new(SmallDisk(left.clone())));
        channel.play(500);
        let failures: Vec<String> = channel.events.iter().filter_map(|e| if let TapeEvent::WriteFailed(e) = e { Some(e.to_string()) } else { None }).collect();
        assert_eq!(failures.len(), 1, "room for {room}: told once, not at each try: {failures:?}");
        assert!(failures[0].starts_with("the disk is full: "), "{failures:?}");
        assert_eq!(channel.reader.live_edge(), None);
        let end = channel.reader.extent().map(|(_, end)| end.utc);
        left.store(i64::MAX, Ordering::SeqCst);
        channel.play(300);
        assert!(channel.events.iter().any(|e| matches!(e, TapeEvent::WritingAgain)));
        let gaps = channel.reader.gaps(FOREVER.0, FOREVER.1);
        match end {
            Some(end) => assert!(gaps.len() == 1 && gaps[0].reason == BreakReason::DiskFull && gaps[0].from == end, "room for {room}: {gaps:?}"),
            None => assert!(gaps.is_empty(), "nothing before it, so no gap"),
        }
        let hls = channel.reader.hls(FOREVER.0, FOREVER.1).unwrap();
        assert!(hls.windows(2).all(|w| w[1].sequence == w[0].sequence + 1), "room for {room}: numbers go on without a hole");
        channel.finish();
        // What is on the disk is what the catalogue says.
        let (segments, again) = (channel.reader.segments(), channel.killed());
        assert_eq!(again.recovered.unreadable, Vec::<PathBuf>::new());
        assert_eq!(again.reader.segments().len(), segments.len());
        for (a, b) in again.reader.segments().iter().zip(&segments) {
            assert_eq!((a.name, a.bytes, a.first_sequence, a.hls_segments, a.gap), (b.name, b.bytes, b.first_sequence, b.hls_segments, b.gap));
        }
    }
}

#[test]
fn a_disk_that_fails_otherwise_is_named_as_that() {
    struct Broken;
    impl Disk for Broken {
        fn create(&self, _: &Path) -> io::Result<Box<dyn Growing>> {
            Err(io::Error::other("input/output error"))
        }
    }
    let mut channel = Channel::on(Arc::new(Broken));
    channel.play(100);
    let failure = channel.events.iter().find_map(|e| if let TapeEvent::WriteFailed(e) = e { Some(e) } else { None }).unwrap();
    assert!(matches!(failure, TapeError::File { .. }), "{failure}");
    assert!(channel.reader.segments().is_empty());
    assert!(channel.taped().iter().any(|e| matches!(e, Event::Signal { present: true, .. })), "the signal is known all the same");
}
