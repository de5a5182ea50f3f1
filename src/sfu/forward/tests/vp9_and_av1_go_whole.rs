use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

fn whole(codec: Codec, rids: &[(Option<&'static str>, f64)]) -> World {
    let mut world = World::new();
    world.publisher(1, vec![Source { temporal_layers: 1, ..Source::video(TrackId(10), codec, rids) }], Line::lossy(0.01));
    world.subscriber(2, Line::lossy(0.01).seeded(7));
    world.run(3_000);
    world.subscribe(2, 10, settings(rids.len() - 1));
    world.run(8_000);
    world
}

#[test]
fn begun_at_a_key_picture_and_repaired_on_both_sides() {
    for codec in [Codec::Vp9, Codec::Av1] {
        let world = whole(codec, &[(None, 1_200e3)]);
        let stream = world.stream(2, 10);
        assert_eq!(stream.faults, Vec::<String>::new(), "{codec:?}");
        let first = stream.shown.first().unwrap();
        assert!(first.mark.is_key && first.at_ms <= 3_600, "{codec:?}: {first:?}");
        assert!(stream.shown_between(4_000, 11_000).count() > 200, "{codec:?}");
        assert_eq!(stream.freezes(4_000, 11_000, 500), [], "{codec:?}");
    }
}

#[test]
fn layers_of_a_simulcast_are_switched_at_key_pictures() {
    for codec in [Codec::Vp9, Codec::Av1] {
        let mut world = whole(codec, &[(Some("q"), 150e3), (Some("h"), 500e3), (Some("f"), 1_500e3)]);
        for layer in [0, 1, 2] {
            world.set(2, 10, settings(layer));
            world.run(3_000);
            assert_eq!(world.stream(2, 10).layer_at(world.now_ms), Some(layer as u8), "{codec:?}");
        }
        let stream = world.stream(2, 10);
        assert_eq!(stream.faults, Vec::<String>::new(), "{codec:?}");
        assert!(stream.shown.windows(2).all(|pair| pair[0].mark.layer == pair[1].mark.layer || pair[1].mark.is_key), "{codec:?}");
    }
}
