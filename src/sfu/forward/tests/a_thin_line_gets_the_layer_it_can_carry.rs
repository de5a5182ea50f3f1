use super::network::{Line, Source, Voice, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

fn check(line_bps: f64, queue_ms: u64, expected: u8) -> World {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line { queue_ms, ..Line::of(line_bps) });
    world.run(3_000);
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(60_000);
    let (from, to) = (13_000, 63_000);
    let (wait, carried, dropped) = (world.down(2).wait_ms(from, to, 0.95), world.down(2).carried_bps(13, 63), world.down(2).dropped);
    let (picture, sound) = (world.stream(2, 10), world.stream(2, 11));
    let at_best = picture.shown_between(from, to).filter(|shown| shown.mark.layer == expected).count() as f64 / picture.shown_between(from, to).count() as f64;
    let heard = sound.shown_between(from, to).count();
    println!(
        "{:4.0} kb/s, queue {queue_ms} ms: used {:3.0} %, waits {wait:3.0} ms (p95), {dropped} dropped, {} changes, layer {expected} {:3.0} % of the time, freezes {:?}, picture {} ms (p95), sound {} ms, {:.1} % of it",
        line_bps / 1e3,
        carried / line_bps * 100.0,
        picture.layers().len(),
        at_best * 100.0,
        picture.freezes(from, to, 500),
        picture.delay_ms(from, to, 0.95),
        sound.delay_ms(from, to, 0.95),
        heard as f64 / 25.0,
    );
    assert!(at_best > 0.9, "{at_best}");
    assert!(wait < 150.0, "{wait}");
    assert_eq!(picture.freezes(from, to, 1_000), []);
    assert!(heard >= 2_475, "{heard}");
    assert!(picture.faults.iter().all(|fault| fault.contains("begins with")), "{:?}", picture.faults);
    world
}

#[test]
fn of_2_mb_s() {
    check(2_000_000.0, 200, 2);
    check(2_000_000.0, 1_000, 2);
}

#[test]
fn of_1_mb_s() {
    check(1_000_000.0, 200, 1);
}

#[test]
fn of_500_kb_s() {
    check(500_000.0, 200, 0);
}

#[test]
fn of_300_kb_s() {
    check(300_000.0, 200, 0);
    check(300_000.0, 1_000, 0);
}

#[test]
fn one_that_tells_by_remb() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    world.subscriber_with(2, Voice::Remb(900_000), Line::of(1_000_000.0));
    world.subscriber_with(3, Voice::Reports, Line::wide());
    for id in [2, 3] {
        world.subscribe(id, 10, settings(2));
    }
    world.run(20_000);
    assert_eq!(world.stream(2, 10).layer_at(20_000), Some(1));
    assert_eq!(world.stream(3, 10).layer_at(20_000), Some(2));
    world.subscriber_mut(2).voice = Voice::Remb(300_000);
    world.run(5_000);
    assert_eq!(world.stream(2, 10).layer_at(25_000), Some(0));
}
