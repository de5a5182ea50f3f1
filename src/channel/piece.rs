//! Reading a piece of a tape.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::base::work::Piece;
use crate::ts::{PACKET_LEN, Packet};

/// Read at a time: whole packets.
const READ: usize = 4096 * PACKET_LEN;

/// Reads a piece's packets in order. Bytes that are no packet are passed over: the tape's writer aligned them.
pub fn read_packets<E: From<io::Error>>(piece: &Piece, mut take: impl FnMut(&Packet<'_>) -> Result<(), E>) -> Result<(), E> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", piece.path.display()));
    let mut file = File::open(&piece.path).map_err(named)?;
    file.seek(SeekFrom::Start(piece.from)).map_err(named)?;
    let mut left = piece.to.map_or(u64::MAX, |to| to.saturating_sub(piece.from));
    let mut buffer = vec![0; READ];
    let mut held = 0;
    while left > 0 {
        let room = (READ - held).min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = file.read(&mut buffer[held..held + room]).map_err(named)?;
        if read == 0 {
            break;
        }
        left -= read as u64;
        held += read;
        let whole = held - held % PACKET_LEN;
        for bytes in buffer[..whole].chunks_exact(PACKET_LEN) {
            if let Ok(packet) = Packet::parse(bytes) {
                take(&packet)?;
            }
        }
        buffer.copy_within(whole..held, 0);
        held -= whole;
    }
    Ok(())
}
