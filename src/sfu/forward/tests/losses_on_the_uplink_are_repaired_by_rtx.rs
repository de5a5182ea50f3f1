use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

#[test]
fn of_every_layer_though_names_stand_on_the_first_packets_only() {
    for layer in 0..3 {
        let mut world = World::new();
        world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
        world.subscriber(2, Line::wide());
        world.run(2_000);
        world.subscribe(2, 10, settings(layer));
        world.run(3_000);
        world.up(1).loss = 0.05;
        world.run(10_000);
        world.up(1).loss = 0.0;
        world.run(1_000);
        let (lost, nacks) = (world.up(1).lost, world.publisher_mut(1).nacks);
        let stream = world.stream(2, 10);
        let shown = stream.shown_between(5_000, 15_000).count();
        println!(
            "layer {layer}: {lost} lost, {nacks} asked for, {} repaired, {shown} of 303 pictures shown, {} ms late at worst of a hundred",
            world.forward.counters.repaired,
            stream.delay_ms(5_000, 15_000, 0.99)
        );
        assert_eq!(stream.faults, Vec::<String>::new());
        assert_eq!(stream.layers().last(), Some(&(layer as u8)));
        assert!(world.forward.counters.repaired as usize * 100 > lost * 85, "{} of {lost}", world.forward.counters.repaired);
        assert!(shown >= 300, "{shown}");
        assert_eq!(stream.freezes(5_000, 15_000, 350), []);
    }
}

#[test]
fn a_repair_stream_that_is_named_finds_its_layer_before_its_first_media() {
    let mut world = World::new();
    world.publisher(1, vec![Source::video(TrackId(10), Codec::Vp8, &[(Some("q"), 150e3), (Some("h"), 500e3)])], Line::lossy(0.10).seeded(5));
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(1));
    world.run(10_000);
    assert_eq!(world.stream(2, 10).faults, Vec::<String>::new());
    assert!(world.forward.counters.repaired > 30);
    assert_eq!(world.forward.counters.unknown_stream, 0);
    assert!(world.stream(2, 10).shown_between(5_000, 10_000).count() > 140);
}

#[test]
fn asked_for_no_longer_than_it_is_of_use() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    world.run(3_000);
    // These never come, and their repairs neither.
    world.source(1, 10).layers[2].swallow = Vec::new();
    let next = world.source(1, 10).layers[2].sequence.wrapping_add(40);
    world.source(1, 10).layers[2].swallow = vec![next, next.wrapping_add(1)];
    world.up(1).loss = 0.0;
    let before = world.publisher_mut(1).nacks;
    world.publisher_mut(1).answers = false;
    world.run(5_000);
    let asked = world.publisher_mut(1).nacks - before;
    assert!((6..=20).contains(&asked), "{asked}");
    let keys = &world.source(1, 10).layers[2].plis;
    assert!(*keys >= 1, "a key picture mends what was given up");
}
