use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

#[test]
fn on_100_kb_s() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line { queue_ms: 400, ..Line::of(100_000.0) });
    world.run(2_000);
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(60_000);
    let heard = world.stream(2, 11).shown_between(12_000, 62_000).count();
    let late = world.stream(2, 11).delay_ms(12_000, 62_000, 0.95);
    println!("{:.1} % heard, {late} ms (p95), pauses {:?}", heard as f64 / 25.0, world.pauses(2, 10));
    assert!(heard >= 2_450, "{heard}");
    // Stills and padding go between.
    assert!(late < 300, "{late}");
    assert_eq!(world.pauses(2, 10).last().map(|(_, is_paused)| *is_paused), Some(true));
}

#[test]
fn when_the_line_falls_from_wide_to_80_kb_s() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line { rates_bps: vec![(0, Some(4e6)), (15_000, Some(80e3))], queue_ms: 300, ..Line::wide() });
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(45_000);
    let sound = world.stream(2, 11);
    let heard = |from: u64, to: u64| sound.shown_between(from, to).count() as f64 / ((to - from) / 20) as f64;
    println!(
        "heard in the first second {:.2}, then {:.2}, {:.2}, and after 5 s {:.2}",
        heard(15_000, 16_000),
        heard(16_000, 17_000),
        heard(17_000, 20_000),
        heard(20_000, 45_000)
    );
    assert!(heard(20_000, 45_000) > 0.97);
    assert!(heard(17_000, 20_000) > 0.8);
}
