use super::network::{Line, Source, World, settings};
use crate::sfu::codec::Codec;
use crate::sfu::{Event, Settings, TrackId};

fn camera_and_microphone(up: Line) -> World {
    let mut world = World::across();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], up);
    world.subscriber(2, Line::wide());
    world.run(2_000);
    world
}

#[test]
fn and_is_there_as_it_would_be_here() {
    let mut world = camera_and_microphone(Line { loss: 0.02, jitter_ms: 10.0, ..Line::wide() });
    world.subscribe(2, 10, settings(0));
    world.subscribe(2, 11, settings(0));
    world.run(2_000);
    for layer in [2, 1, 0, 2] {
        world.set(2, 10, settings(layer));
        world.run(4_000);
        assert_eq!(world.stream(2, 10).layer_at(world.now_ms), Some(layer as u8));
    }
    world.source(1, 10).begin_anew();
    world.source(1, 11).begin_anew();
    world.run(4_000);
    let (picture, sound) = (world.stream(2, 10), world.stream(2, 11));
    assert_eq!((&picture.faults, &sound.faults), (&Vec::<String>::new(), &Vec::new()));
    assert_eq!(picture.layer_at(world.now_ms), Some(2));
    assert_eq!(picture.freezes(3_000, world.now_ms, 700), []);
    // By the reports that crossed too.
    let captured_us = |track| {
        world.stream(2, track).shown.last().and_then(|shown| Some(world.stream(2, track).captured_us(shown.timestamp)? - shown.mark.captured_us as f64))
    };
    let apart_ms = (captured_us(10).unwrap() - captured_us(11).unwrap()).abs() / 1e3;
    assert!(apart_ms < 10.0, "sound and picture stay together: {apart_ms} ms");
}

#[test]
fn a_late_subscriber_there_waits_for_one_question() {
    let mut world = camera_and_microphone(Line::wide());
    world.run(8_000);
    world.subscribe(2, 10, settings(2));
    world.run(1_000);
    let first = *world.stream(2, 10).shown.first().unwrap();
    assert!(first.mark.is_key && first.at_ms - 10_000 <= 200, "{first:?}");
}

#[test]
fn only_what_is_of_use_there_crosses_and_once_for_all() {
    let mut world = camera_and_microphone(Line::wide());
    for id in 3..12 {
        world.subscriber(id, Line::wide());
    }
    assert_eq!(world.crossed, 0, "nobody takes anything there");
    let crossed = |world: &mut World| {
        world.run(1_000);
        let before = world.crossed;
        world.run(5_000);
        world.crossed - before
    };
    world.subscribe(2, 10, settings(2));
    let one = crossed(&mut world);
    for id in 3..12 {
        world.subscribe(id, 10, settings(2));
    }
    let ten = crossed(&mut world);
    assert!(ten <= one + one / 10, "{one} packets for one, {ten} for ten");
    for id in 2..12 {
        world.set(id, 10, settings(0));
    }
    let low = crossed(&mut world);
    assert!(low * 3 < one, "{one} packets of three layers, {low} of the lowest");
    for id in 2..12 {
        world.set(id, 10, Settings { max_layer: None, ..settings(0) });
    }
    assert_eq!(crossed(&mut world), 0);
    assert_eq!(world.wanted(10), [Some(2), Some(0), None], "the publisher is told of both sides");
}

#[test]
fn the_room_hears_of_it_once() {
    let mut world = camera_and_microphone(Line::wide());
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(3_000);
    let count = |of: fn(&Event) -> bool| world.events.iter().filter(|(_, event)| of(event)).count();
    assert_eq!(count(|event| matches!(event, Event::Started { track: TrackId(11), .. })), 1);
    let levels = count(|event| matches!(event, Event::Levels(_)));
    assert!((40..=51).contains(&levels), "ten a second, from where it is published: {levels}");
}
