use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

/// That segments are of one length, the last alone shorter, and that each holds one packet, is checked of every group in this network.
#[test]
fn a_pictures_packets_leave_together_by_a_few_bytes_of_padding() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(10_000);
    world.groups.clear();
    let before = world.stream(2, 10).padded;
    world.run(10_000);
    let (groups, packets) = (world.groups.len(), world.groups.iter().sum::<usize>());
    let stream = world.stream(2, 10);
    println!("{packets} packets in {groups} calls, {} padded, {} probes", stream.padded - before, stream.padding_only);
    assert!(packets as f64 / groups as f64 > 1.3, "{packets} in {groups}");
    assert_eq!(stream.faults, Vec::<String>::new(), "padding is not taken for content");
}

#[test]
fn packets_of_uneven_lengths_are_made_even() {
    use crate::sfu::packet::{Header, Rtp, write_header};
    let mut world = World::new();
    world.publisher(1, vec![Source::video(TrackId(10), Codec::Vp8, &[(None, 100e3)])], Line::wide());
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(0));
    world.run(10_000);
    let (now, publisher, subscriber) = (world.now(), world.place(1), world.place(2));
    let (ssrc, sequence) = (world.source(1, 10).layers[0].ssrc, world.source(1, 10).layers[0].sequence);
    for (n, len) in [500, 507, 498, 505, 503, 460].into_iter().enumerate() {
        let mut packet = Vec::new();
        write_header(&mut packet, &Header { payload_type: 96, sequence: sequence.wrapping_add(n as u16 + 1), ssrc, ..Header::default() }, &[]);
        packet.extend(std::iter::repeat_n(0, len));
        world.forward.receive_rtp(now, publisher, &packet);
    }
    let mut out = Vec::new();
    let segment = world.forward.write_group(now, subscriber, &mut out, |out, _| out.extend_from_slice(&[7; 16])).unwrap();
    let lengths: Vec<(usize, usize)> =
        out.chunks(segment).map(|each| Rtp::parse(&each[..each.len() - 16]).unwrap()).map(|rtp| (rtp.payload().len(), rtp.padding_len())).collect();
    assert_eq!(lengths, [(500, 7), (507, 0), (498, 9), (505, 2), (503, 4), (460, 0)]);
}
