//! RTP packets: what is read lies within the bytes, and a header written from it reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::sfu::packet::{AudioLevel, Header, PlayoutDelay, Rtp, Unwrap, UnwrapTimestamp, abs_send_time, transport_sequence, write_header};

fuzz_target!(|bytes: &[u8]| {
    let (mut unwrap, mut unwrap_timestamp) = (Unwrap::default(), UnwrapTimestamp::default());
    for piece in bytes.split(|byte| *byte == 0x80).map(|rest| [&[0x80 | rest.first().unwrap_or(&0) & 0x3f], rest].concat()).chain([bytes.to_vec()]) {
        let Ok(rtp) = Rtp::parse(&piece) else { continue };
        assert_eq!(rtp.header_len() + rtp.payload().len() + rtp.padding_len(), piece.len());
        assert_eq!(unwrap.push(rtp.sequence()) as u16, rtp.sequence());
        assert_eq!(unwrap_timestamp.push(rtp.timestamp()) as u32, rtp.timestamp());
        for (id, value) in rtp.extensions() {
            assert_ne!(id, 0);
            let _ = (AudioLevel::read(value), PlayoutDelay::read(value), abs_send_time::read(value), transport_sequence::read(value));
        }
        let header = Header { payload_type: rtp.payload_type(), marker: rtp.marker(), sequence: rtp.sequence(), timestamp: rtp.timestamp(), ssrc: rtp.ssrc() };
        let extensions: Vec<_> = rtp.extensions().collect();
        let mut out = Vec::new();
        write_header(&mut out, &header, &extensions);
        out.extend_from_slice(rtp.payload());
        let again = Rtp::parse(&out).expect("what was written is a packet");
        assert!(again.extensions().eq(extensions));
        assert_eq!((again.payload(), again.ssrc(), again.padding_len()), (rtp.payload(), rtp.ssrc(), 0));
    }
});
