use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;

#[test]
fn without_troubling_the_publisher() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    for id in 0..5 {
        world.subscriber(100 + id, Line::wide().seeded(id + 1));
        world.subscribe(100 + id, 10, settings(2));
    }
    world.run(5_000);
    for id in 0..5 {
        world.down(100 + id).loss = 0.05;
    }
    world.run(10_000);
    for id in 0..5 {
        world.down(100 + id).loss = 0.0;
    }
    world.run(1_000);
    assert_eq!(world.publisher_mut(1).nacks, 0);
    for id in 100..105 {
        let lost = world.down(id).lost;
        let stream = world.stream(id, 10);
        let shown = stream.shown_between(5_000, 15_000).count();
        println!("{lost} lost, {} asked for, {} repaired, {shown} shown, {} ms", stream.nacked, stream.repaired, stream.delay_ms(5_000, 15_000, 0.99));
        assert_eq!(stream.faults, Vec::<String>::new());
        assert_eq!(stream.layers().last(), Some(&2), "5 % of loss by chance is no reason for less");
        assert!(shown >= 295, "{shown}");
        assert_eq!(stream.freezes(5_000, 15_000, 400), []);
    }
}

/// What is kept for repairs is kept once, however many look at it.
#[test]
fn many_subscribers_are_one_packet_store() {
    let held = |subscribers: u64| {
        let mut world = World::new();
        world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
        for id in 0..subscribers {
            world.subscriber(100 + id, Line::wide());
            world.subscribe(100 + id, 10, settings(2));
        }
        world.run(5_000);
        let (store, books) = world.forward.held_bytes();
        println!("{subscribers} subscribers: {store} bytes of packets, {} of books for each", books / subscribers as usize);
        (store, books / subscribers as usize)
    };
    let (few, _) = held(2);
    let (many, each) = held(40);
    assert!(many <= few + few / 10, "{few} and {many}");
    assert!(each < 24 * 1_024, "{each}");
}
