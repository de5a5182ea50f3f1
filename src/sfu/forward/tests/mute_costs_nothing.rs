use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

#[test]
fn and_ends_with_a_key_picture() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(5_000);
    for muted in [true, false, true, false] {
        for track in [10, 11] {
            world.forward.mute(TrackId(track), muted);
            world.source(1, track).is_muted = muted;
            if !muted {
                world.source(1, track).layers.iter_mut().for_each(|layer| layer.wants_key = true);
            }
        }
        let (before, since) = (world.stream(2, 10).packets, world.now_ms);
        world.run(8_000);
        let stream = world.stream(2, 10);
        if muted {
            assert!(stream.packets - before < 40, "{}", stream.packets - before);
        } else {
            let first = stream.shown_between(since, world.now_ms).next().unwrap();
            assert!(first.mark.is_key && first.at_ms - since < 300, "{first:?} after {since}");
            assert_eq!(stream.layer_at(world.now_ms), Some(2));
        }
    }
    assert_eq!(world.stream(2, 10).faults, Vec::<String>::new());
    assert_eq!(world.stream(2, 11).faults, Vec::<String>::new());
    assert_eq!((world.pauses(2, 10), world.pauses(2, 11)), (vec![], vec![]), "mute is no pause");
    // Time went on while nothing came.
    for pair in world.stream(2, 11).shown.windows(2) {
        let stamped = f64::from(pair[1].timestamp.wrapping_sub(pair[0].timestamp)) / 48.0;
        let captured = (pair[1].mark.captured_us - pair[0].mark.captured_us) as f64 / 1e3;
        assert!((stamped - captured).abs() < 30.0, "{stamped} and {captured}");
    }
}
