use std::time::Duration;

use super::network::{Line, Source, UNIX, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

/// How far sound and picture are apart by the reports, and how far from the server's clock, in milliseconds.
fn apart_ms(world: &World) -> (f64, f64) {
    let error_us = |track: u64| {
        let stream = world.stream(2, track);
        let shown = stream.shown.last().unwrap();
        stream.captured_us(shown.timestamp).unwrap() - UNIX.as_micros() as f64 - shown.mark.captured_us as f64
    };
    ((error_us(10) - error_us(11)).abs() / 1e3, error_us(11).abs() / 1e3)
}

fn check(clock_offset: Duration, clock_drift: f64, up: Line) {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], up);
    let publisher = world.publisher_mut(1);
    (publisher.clock_offset, publisher.clock_drift) = (clock_offset, clock_drift);
    world.subscriber(2, Line::wide());
    world.run(2_000);
    world.subscribe(2, 10, settings(0));
    world.subscribe(2, 11, settings(0));
    let (mut worst, mut worst_clock) = (0.0_f64, 0.0_f64);
    for n in 0..60 {
        world.run(1_000);
        // Over all changes of layers, too.
        world.set(2, 10, settings(n / 5 % 3));
        if n > 3 {
            let (apart, clock) = apart_ms(&world);
            (worst, worst_clock) = (worst.max(apart), worst_clock.max(clock));
        }
    }
    println!("{clock_offset:?} {clock_drift}: {worst:.1} ms apart, {worst_clock:.1} ms from the server's clock");
    assert!(worst < 10.0, "{worst}");
    assert!(worst_clock < 120.0, "{worst_clock}");
}

#[test]
fn over_a_publishers_clock_that_is_years_off() {
    check(Duration::from_secs(1_000), 0.0, Line::wide());
}

#[test]
fn over_clocks_that_drift() {
    check(Duration::from_secs(3_000_000_000), 200e-6, Line::wide());
    check(Duration::from_secs(5), -200e-6, Line::wide());
}

#[test]
fn over_a_line_with_jitter() {
    check(Duration::from_secs(1_700_000_000), 50e-6, Line { jitter_ms: 60.0, ..Line::wide() });
}

#[test]
fn reports_are_of_one_name() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(0));
    world.subscribe(2, 11, settings(0));
    world.run(5_000);
    let names = &world.subscriber_mut(2).cnames;
    assert!(names.len() >= 6 && names.iter().all(|name| name == "server-2"), "{names:?}");
}
