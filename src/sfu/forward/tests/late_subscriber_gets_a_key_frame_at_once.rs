use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;

/// From subscription to the first picture, with 20 ms to each side: a question to the publisher, its next picture, and ten packets at the pace of a new line.
const AT_ONCE_MS: u64 = 200;

fn first_picture_ms(after_ms: u64) -> u64 {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    world.subscriber(2, Line::wide());
    world.run(after_ms);
    world.subscribe(2, 10, settings(2));
    world.run(2_000);
    let stream = world.stream(2, 10);
    assert_eq!(stream.faults, Vec::<String>::new());
    let first = stream.shown.first().unwrap();
    assert!(first.mark.is_key, "{first:?}");
    assert_eq!(stream.layer_at(after_ms + 2_000), Some(2));
    first.at_ms - after_ms
}

#[test]
fn asked_for_when_the_last_is_long_ago() {
    let took_ms = first_picture_ms(10_000);
    println!("{took_ms} ms");
    assert!(took_ms <= AT_ONCE_MS, "{took_ms}");
}

#[test]
fn taken_from_the_store_when_it_was_just_now() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    world.subscriber(2, Line::wide());
    world.subscriber(3, Line::wide());
    world.run(5_000);
    world.subscribe(2, 10, settings(0));
    world.run(400);
    let (asked, before) = (world.source(1, 10).layers[0].plis, world.now_ms);
    world.subscribe(3, 10, settings(0));
    world.run(500);
    let first = *world.stream(3, 10).shown.first().unwrap();
    println!("{} ms", first.at_ms - before);
    assert!(first.mark.is_key && first.at_ms - before <= 40, "{first:?}");
    assert_eq!(world.source(1, 10).layers[0].plis, asked, "nobody was asked");
    world.stream(3, 10).assert_continuous(40.0);
}

#[test]
fn one_who_subscribed_before_being_connected_begins_with_one_too() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    world.run(2_000);
    world.unconnected_subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(2));
    world.run(3_000);
    world.connect(2);
    world.run(1_000);
    let stream = world.stream(2, 10);
    assert_eq!(stream.faults, Vec::<String>::new());
    assert_eq!(stream.plis, 0);
    assert!(stream.shown.first().is_some_and(|first| first.mark.is_key && first.at_ms <= 5_000 + AT_ONCE_MS), "{:?}", stream.shown.first());
}

#[test]
fn many_who_come_together_ask_once() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    for id in 0..50 {
        world.subscriber(100 + id, Line::wide());
    }
    world.run(5_000);
    let asked = world.source(1, 10).layers[2].plis;
    for id in 0..50 {
        world.subscribe(100 + id, 10, settings(2));
        world.run(4);
    }
    world.run(1_000);
    let asked = world.source(1, 10).layers[2].plis - asked;
    assert!(asked <= 2, "{asked}");
    for id in 0..50 {
        assert!(world.stream(100 + id, 10).shown.first().is_some_and(|first| first.mark.is_key));
    }
}
