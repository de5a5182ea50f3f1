//! Bytes from a socket: alignment, packets, PES. However they are divided, the same packets come out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::{packets, ts};

fuzz_target!(|input: (Vec<u8>, u8)| {
    let (bytes, cut) = input;
    let mut whole = Vec::new();
    let mut sync = ts::sync::PacketSync::default();
    sync.push(&bytes, |packet| whole.push(*packet.bytes()));
    sync.finish(|packet| whole.push(*packet.bytes()));
    let mut pieces = Vec::new();
    let mut sync = ts::sync::PacketSync::default();
    for piece in bytes.chunks(usize::from(cut).max(1)) {
        sync.push(piece, |packet| pieces.push(*packet.bytes()));
    }
    sync.finish(|packet| pieces.push(*packet.bytes()));
    assert_eq!(whole, pieces);

    let mut assembler = ts::PesAssembler::default();
    packets(&bytes, |packet| {
        let _ = (packet.adaptation(), packet.payload().len());
        assembler.push(packet);
    });
    assembler.finish();
    let _ = ts::PesHeader::parse(&bytes);
});
