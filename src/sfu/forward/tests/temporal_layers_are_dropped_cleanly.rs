use super::network::{Line, Source, World, settings};
use crate::sfu::{Settings, TrackId};

fn world(temporal_layers: u8) -> World {
    let mut world = World::new();
    world.publisher(1, vec![Source { temporal_layers, ..Source::simulcast(TrackId(10)) }], Line::wide());
    world.subscriber(2, Line::wide());
    world.run(2_000);
    world
}

fn pictures(world: &World, from_ms: u64) -> (usize, u8) {
    let shown: Vec<u8> = world.stream(2, 10).shown_between(from_ms, world.now_ms).map(|shown| shown.mark.temporal).collect();
    (shown.len(), shown.into_iter().max().unwrap_or(0))
}

#[test]
fn a_third_of_the_pictures_and_back_without_gaps() {
    let mut world = world(3);
    let with = |max_temporal| Settings { max_temporal, ..settings(0) };
    world.subscribe(2, 10, with(Some(0)));
    world.run(3_000);
    let (slow, highest) = pictures(&world, 4_000);
    assert_eq!(highest, 0);
    assert!((7..=8).contains(&slow), "a quarter of 30 pictures: {slow}");
    world.set(2, 10, with(Some(1)));
    world.run(2_000);
    let (half, highest) = pictures(&world, 6_000);
    assert_eq!(highest, 1);
    assert!((14..=16).contains(&half), "{half}");
    world.set(2, 10, with(None));
    world.run(2_000);
    let (all, highest) = pictures(&world, 8_000);
    assert_eq!(highest, 2);
    assert!((29..=31).contains(&all), "{all}");
    world.set(2, 10, with(Some(0)));
    world.run(2_000);
    let (slow, _) = pictures(&world, 10_000);
    assert!((7..=8).contains(&slow), "{slow}");
    let stream = world.stream(2, 10);
    stream.assert_continuous(0.1);
    assert_eq!((stream.nacked, stream.plis), (0, 0));
}

#[test]
fn on_a_line_that_reorders_too() {
    let mut world = World::new();
    let line = Line { jitter_ms: 8.0, reorders: true, ..Line::wide() };
    world.publisher(1, vec![Source { temporal_layers: 3, ..Source::simulcast(TrackId(10)) }], line);
    world.subscriber(2, Line::wide());
    world.run(1_000);
    world.subscribe(2, 10, Settings { max_temporal: Some(1), ..settings(2) });
    world.run(10_000);
    let stream = world.stream(2, 10);
    assert_eq!(stream.faults, Vec::<String>::new());
    assert!(stream.shown.iter().skip(30).all(|shown| shown.mark.temporal <= 1));
    assert_eq!(stream.freezes(2_000, world.now_ms, 250), []);
}
