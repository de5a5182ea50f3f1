use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

/// Late packets get the numbers that were kept for them: the receiver checks that a picture's packets stand together, and that ids are one by one.
#[test]
fn on_both_ways() {
    let mut world = World::new();
    let line = || Line { jitter_ms: 15.0, reorders: true, ..Line::wide() };
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], line());
    world.subscriber(2, line().seeded(3));
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(10_000);
    for layer in [0, 2, 1, 2] {
        world.set(2, 10, settings(layer));
        world.run(2_000);
    }
    let stream = world.stream(2, 10);
    // Pictures may overtake one another, and only on the way down.
    assert!(stream.faults.iter().all(|fault| fault.contains("begins with")), "{:?}", stream.faults);
    assert_eq!(stream.freezes(2_000, world.now_ms, 400), []);
    let sound = world.stream(2, 11);
    assert!(sound.shown.len() > 880, "{}", sound.shown.len());
    assert_eq!(sound.faults, Vec::<String>::new());
}
