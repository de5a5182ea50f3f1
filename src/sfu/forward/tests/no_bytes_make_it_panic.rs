use proptest::prelude::*;

use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

fn world() -> World {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Red)], Line::wide());
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(400);
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_strangers(packets in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..200)), 1..30)) {
        let mut world = world();
        let (now, places) = (world.now(), [world.place(1), world.place(2)]);
        for (is_first, packet) in packets {
            let place = places[usize::from(is_first)];
            world.forward.receive_rtp(now, place, &packet);
            world.forward.receive_rtcp(now, place, &packet);
            world.forward.receive_rtp(now, 77, &packet);
        }
        world.forward.tick(now);
        while let Some(place) = world.forward.next_ready() {
            let mut out = Vec::new();
            while world.forward.write_group(now, place, &mut out, |_, _| {}).is_some() {}
        }
        world.forward.assert_sound();
    }

    /// Whole packets of known streams, with what is inside them changed.
    #[test]
    fn of_one_who_is_known(
        packets in prop::collection::vec((0..4_usize, prop::sample::select(vec![96_u8, 97, 63, 111]), any::<u16>(), any::<u32>(), prop::collection::vec(any::<u8>(), 0..60)), 1..60),
        messages in prop::collection::vec((prop::sample::select(vec![(200_u8, 1_u8), (201, 1), (205, 1), (205, 15), (206, 1), (206, 4), (206, 15), (203, 1)]), prop::collection::vec(any::<u8>(), 0..60)), 1..30),
    ) {
        use crate::sfu::packet::{Header, write_header};
        let mut world = world();
        let now = world.now();
        let sound = world.source(1, 11).layers[0].ssrc;
        let ssrcs: Vec<u32> = world.source(1, 10).layers.iter().map(|layer| layer.ssrc).chain([sound]).collect();
        let (publisher, subscriber) = (world.place(1), world.place(2));
        let down = world.stream(2, 10).ssrc;
        for (stream, payload_type, sequence, timestamp, payload) in packets {
            let mut packet = Vec::new();
            let header = Header { payload_type, marker: true, sequence, timestamp, ssrc: ssrcs[stream] };
            write_header(&mut packet, &header, &[(1, &[30]), (3, &sequence.to_be_bytes())]);
            packet.extend_from_slice(&payload);
            world.forward.receive_rtp(now, publisher, &packet);
        }
        for ((kind, count), mut body) in messages {
            body.resize(body.len().max(8).next_multiple_of(4), 0);
            body[4..8].copy_from_slice(&down.to_be_bytes());
            let mut message = vec![0x80 | count, kind];
            message.extend_from_slice(&((body.len() / 4) as u16).to_be_bytes());
            message.extend_from_slice(&body);
            world.forward.receive_rtcp(now, subscriber, &message);
            world.forward.receive_rtcp(now, publisher, &message);
        }
        world.forward.tick(now + std::time::Duration::from_secs(2));
        while let Some(place) = world.forward.next_ready() {
            let mut out = Vec::new();
            while world.forward.write_rtcp(place).is_some() {}
            while world.forward.write_group(now, place, &mut out, |_, _| {}).is_some() {}
        }
        world.forward.assert_sound();
    }
}
