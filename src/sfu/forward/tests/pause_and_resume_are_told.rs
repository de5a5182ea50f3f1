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
