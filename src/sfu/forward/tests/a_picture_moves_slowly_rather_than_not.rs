use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

/// Sound of 32 kb/s and a lowest layer of 150 kb/s, with headers 220 together.
fn on(line_bps: f64) -> World {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line { queue_ms: 300, ..Line::of(line_bps) });
    world.run(3_000);
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(60_000);
    world
}

#[test]
fn where_the_line_carries_every_second_one_alone() {
    let mut world = on(200_000.0);
    let (from, to) = (13_000, 63_000);
    let (wait_ms, picture, sound) = (world.down(2).wait_ms(from, to, 0.95), world.stream(2, 10), world.stream(2, 11));
    let shown = picture.shown_between(from, to).count();
    println!("{} pictures a second, waits {wait_ms} ms (p95), freezes {:?}", shown as f64 / 50.0, picture.freezes(from, to, 1_000));
    assert!((400..1_200).contains(&shown), "between 8 and 24 a second: {shown}");
    assert_eq!(picture.faults, Vec::<String>::new());
    assert!(picture.freezes(from, to, 2_000).len() <= 1, "{:?}", picture.freezes(from, to, 2_000));
    assert!(sound.shown_between(from, to).count() >= 2_475);
    assert!(world.pauses(2, 10).len() <= 4, "{:?}", world.pauses(2, 10));
}

#[test]
fn and_all_come_again_with_the_line() {
    let mut world = on(200_000.0);
    world.down(2).rates_bps.push((63_000, Some(1_000_000.0)));
    world.run(10_000);
    let shown = world.stream(2, 10).shown_between(68_000, 73_000).count();
    assert!(shown >= 140, "{shown}");
}
