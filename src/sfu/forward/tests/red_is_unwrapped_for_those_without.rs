use super::network::{Line, OPUS, RED, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;
use crate::sfu::downlink::DownPayload;

#[test]
fn and_passes_for_those_with() {
    let mut world = World::new();
    world.publisher(1, vec![Source::sound(TrackId(11), Codec::Red)], Line::wide());
    let opus = DownPayload { codec: Codec::Opus, payload_type: OPUS, rtx: None };
    let red = DownPayload { codec: Codec::Red, payload_type: RED, rtx: None };
    for (id, payloads) in [(2, vec![opus]), (3, vec![opus, red])] {
        world.subscriber(id, Line::wide());
        world.subscribe_with(id, 11, settings(0), payloads);
    }
    world.run(3_000);
    for (id, payload_type) in [(2, OPUS), (3, RED)] {
        let stream = world.stream(id, 11);
        assert_eq!(stream.codecs.iter().copied().collect::<Vec<_>>(), [payload_type]);
        assert!(stream.shown.len() >= 140);
        assert_eq!(stream.faults, Vec::<String>::new());
    }
    let (plain, redundant) = (world.down(2).carried_bps(1, 3), world.down(3).carried_bps(1, 3));
    assert!(plain * 1.3 < redundant, "{plain} and {redundant}");
}
