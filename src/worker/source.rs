//! Reads the tape: bytes of its files to access units.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use yizhan::base::work::{Anchor, Piece};
use yizhan::cmaf::{Demuxed, Demuxer};
use yizhan::ts::{PACKET_LEN, Packet, SYNC_BYTE};

use super::events::Events;
use super::parent::{Pulse, Stop};

/// Bytes read at a time.
const CHUNK: usize = 1024 * PACKET_LEN;
/// The tables of a file stand at its beginning; so many bytes are searched for them.
const HEAD: u64 = 4096 * PACKET_LEN as u64;

/// Bytes of pieces to access units.
pub struct Source {
    demuxer: Demuxer,
    /// The beginning of a packet whose end is yet to come.
    carry: Vec<u8>,
    events: Arc<Events>,
}

/// Why reading ended before the material did.
#[derive(Debug)]
pub enum Halt<E> {
    /// The server wants an end.
    Stop,
    /// The taker's error.
    Taker(E),
}

impl Source {
    pub fn new(service: u16, anchor: Anchor, events: Arc<Events>) -> Self {
        Self { demuxer: Demuxer::new(service, anchor), carry: Vec::new(), events }
    }

    /// Opens a piece at its beginning. A demultiplexer that knows no streams yet is shown the file's head first.
    pub fn open(&mut self, path: &Path, from: u64, anchor: Anchor) -> io::Result<File> {
        let mut file = File::open(path)?;
        self.demuxer.start_piece(anchor);
        self.carry.clear();
        if self.demuxer.streams().is_none() && from > 0 {
            let mut head = vec![0; from.min(HEAD) as usize];
            file.read_exact(&mut head)?;
            for packet in head.chunks_exact(PACKET_LEN).filter_map(|p| Packet::parse(p).ok()) {
                self.demuxer.push(&packet);
                if self.demuxer.streams().is_some() {
                    break;
                }
            }
        }
        file.seek(SeekFrom::Start(from))?;
        Ok(file)
    }

    /// Takes the next bytes of the piece.
    pub fn push(&mut self, bytes: &[u8]) {
        self.carry.extend_from_slice(bytes);
        let carry = std::mem::take(&mut self.carry);
        let mut at = 0;
        while let Some(packet) = carry.get(at..at + PACKET_LEN) {
            match Packet::parse(packet) {
                Ok(packet) => {
                    self.demuxer.push(&packet);
                    at += PACKET_LEN;
                }
                Err(_) => {
                    let skipped = carry[at + 1..].iter().position(|&b| b == SYNC_BYTE).map_or(carry.len() - at, |n| n + 1);
                    self.events.warn(format!("{skipped} bytes without a packet were passed over"));
                    at += skipped;
                }
            }
        }
        self.carry = carry[at.min(carry.len())..].to_vec();
    }

    pub fn poll(&mut self) -> Option<Demuxed> {
        self.demuxer.poll()
    }

    /// Ends the units under way.
    pub fn finish(&mut self) {
        self.demuxer.finish();
    }
}

/// Hands everything in the pieces to `take`. A piece that cannot be read is a warning.
pub fn read_pieces<E>(
    service: u16,
    pieces: &[Piece],
    events: &Arc<Events>,
    stop: &Stop,
    pulse: &Pulse,
    mut take: impl FnMut(Demuxed) -> Result<(), E>,
) -> Result<(), Halt<E>> {
    let Some(first) = pieces.first() else { return Ok(()) };
    let mut source = Source::new(service, first.anchor, Arc::clone(events));
    for piece in pieces {
        if let Err(e) = read_piece(&mut source, piece, stop, pulse, &mut take)? {
            events.warn(format!("{}: {e}", piece.path.display()));
        }
    }
    source.finish();
    while let Some(unit) = source.poll() {
        take(unit).map_err(Halt::Taker)?;
    }
    Ok(())
}

fn read_piece<E>(
    source: &mut Source,
    piece: &Piece,
    stop: &Stop,
    pulse: &Pulse,
    take: &mut impl FnMut(Demuxed) -> Result<(), E>,
) -> Result<io::Result<()>, Halt<E>> {
    let file = match source.open(&piece.path, piece.from, piece.anchor) {
        Ok(file) => file,
        Err(e) => return Ok(Err(e)),
    };
    let mut file = file.take(piece.to.map_or(u64::MAX, |to| to.saturating_sub(piece.from)));
    let mut chunk = vec![0; CHUNK];
    loop {
        if stop.is_wanted() {
            return Err(Halt::Stop);
        }
        let n = match file.read(&mut chunk) {
            Ok(0) => return Ok(Ok(())),
            Ok(n) => n,
            Err(e) => return Ok(Err(e)),
        };
        pulse.beat();
        source.push(&chunk[..n]);
        while let Some(unit) = source.poll() {
            take(unit).map_err(Halt::Taker)?;
        }
    }
}
