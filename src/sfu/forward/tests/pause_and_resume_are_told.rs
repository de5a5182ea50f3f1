use super::network::{Line, Source, World, settings};
use crate::sfu::codec::Codec;
use crate::sfu::{Settings, TrackId};

#[test]
fn once_each() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line { rates_bps: vec![(0, Some(2e6)), (10_000, Some(90e3)), (30_000, Some(2e6))], ..Line::wide() });
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(45_000);
    let pauses = world.pauses(2, 10);
    println!("{pauses:?}");
    let told: Vec<bool> = pauses.iter().map(|(_, is_paused)| *is_paused).collect();
    assert_eq!(told, [true, false]);
    assert!((10_000..16_000).contains(&pauses[0].0), "{pauses:?}");
    assert!((30_000..38_000).contains(&pauses[1].0), "{pauses:?}");
    assert_eq!(world.pauses(2, 11), []);
    assert_eq!(world.stream(2, 10).layer_at(45_000), Some(2));
}

#[test]
fn what_was_not_asked_for_is_not_paused() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    world.subscriber(2, Line::wide());
    let nothing = Settings { max_layer: None, ..settings(0) };
    world.subscribe(2, 10, nothing);
    world.run(3_000);
    assert_eq!(world.stream(2, 10).packets, 0);
    world.set(2, 10, settings(0));
    world.run(3_000);
    assert!(world.stream(2, 10).shown.len() > 80);
    world.set(2, 10, nothing);
    world.run(100);
    let before = world.stream(2, 10).packets;
    world.run(3_000);
    assert_eq!(world.stream(2, 10).packets, before);
    assert_eq!(world.pauses(2, 10), []);
    world.set(2, 10, settings(2));
    world.run(3_000);
    assert_eq!(world.stream(2, 10).layer_at(world.now_ms), Some(2));
    world.stream(2, 10).assert_continuous(0.1);
}

/// Nothing else flows that could tell how the line is.
#[test]
fn a_picture_without_layers_and_without_sound_comes_back_too() {
    let mut world = World::new();
    world.publisher(1, vec![Source::video(TrackId(10), Codec::H264, &[(None, 1_500e3)])], Line::wide());
    world.subscriber(2, Line { rates_bps: vec![(0, Some(3e6)), (10_000, Some(500e3)), (20_000, Some(3e6))], ..Line::wide() });
    world.run(3_000);
    world.subscribe(2, 10, settings(0));
    world.run(4_000);
    let first = world.stream(2, 10).shown.first().map(|shown| shown.at_ms - 3_000);
    assert!(first.is_some_and(|ms| ms < 1_500), "{first:?}");
    world.run(28_000);
    let pauses = world.pauses(2, 10);
    println!("begins after {first:?} ms; {pauses:?}");
    assert_eq!(pauses.last().map(|(_, is_paused)| *is_paused), Some(false), "{pauses:?}");
    assert_eq!(world.stream(2, 10).freezes(28_000, 35_000, 300), []);
    assert!(world.stream(2, 10).faults.is_empty());
}
