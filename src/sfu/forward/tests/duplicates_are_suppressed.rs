use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

/// That no number leaves twice is watched in every test of this network; here everything comes twice.
#[test]
fn what_comes_twice_leaves_once() {
    let mut world = World::new();
    let line = Line { duplication: 1.0, loss: 0.02, ..Line::wide() };
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], line);
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(10_000);
    assert!(world.forward.counters.duplicates > 1_000);
    assert!(world.stream(2, 11).shown.len() <= 500);
    for track in [10, 11] {
        assert_eq!(world.stream(2, track).faults, Vec::<String>::new());
    }
    assert_eq!(world.stream(2, 10).freezes(2_000, 10_000, 300), []);
}
