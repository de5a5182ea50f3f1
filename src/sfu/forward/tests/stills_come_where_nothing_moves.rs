use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

/// Sound of 32 kb/s, with headers 54, and a camera, for a minute on such a line.
fn on(line_bps: f64) -> World {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line { queue_ms: 400, ..Line::of(line_bps) });
    world.run(2_000);
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(60_000);
    world
}

#[test]
fn a_picture_every_few_seconds_and_all_of_the_sound() {
    for line_bps in [80_000.0, 90_000.0, 100_000.0] {
        let world = on(line_bps);
        let (from, to) = (12_000, 62_000);
        let (picture, sound) = (world.stream(2, 10), world.stream(2, 11));
        let stills: Vec<u64> = picture.shown_between(from, to).map(|shown| shown.at_ms).collect();
        let (heard, late) = (sound.shown_between(from, to).count(), sound.delay_ms(from, to, 0.95));
        println!("{line_bps} b/s: stills at {stills:?}, {:.1} % heard, {late} ms late (p95)", heard as f64 / 25.0);
        assert!((8..=13).contains(&stills.len()), "{stills:?}");
        assert!(stills.windows(2).all(|two| two[1] - two[0] < 8_000), "{stills:?}");
        assert!(heard >= 2_475 && late < 400, "{heard} heard, {late} ms late");
        assert_eq!(picture.faults, Vec::<String>::new());
    }
}

#[test]
fn it_moves_again_with_the_line() {
    let mut world = on(90_000.0);
    world.down(2).rates_bps.push((62_000, Some(1_000_000.0)));
    world.run(13_000);
    let shown = world.stream(2, 10).shown_between(70_000, 75_000).count();
    assert!(shown >= 140, "{shown}");
    assert_eq!(world.stream(2, 10).faults, Vec::<String>::new());
}

#[test]
fn many_share_a_publishers_key_pictures() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    for id in 2..12 {
        world.subscriber(id, Line { queue_ms: 400, ..Line::of(90_000.0) });
    }
    world.run(2_000);
    for id in 2..12 {
        world.subscribe(id, 10, settings(2));
        world.subscribe(id, 11, settings(0));
        world.run(700);
    }
    let before = world.source(1, 10).layers[0].keys.len();
    world.run(40_000);
    let made = world.source(1, 10).layers[0].keys.len() - before;
    println!("{made} key pictures in 40 s for ten on thin lines");
    assert!(made <= 12, "{made}");
    assert!((2..12).all(|id| world.stream(id, 10).shown_between(15_000, 49_000).count() >= 2));
}
