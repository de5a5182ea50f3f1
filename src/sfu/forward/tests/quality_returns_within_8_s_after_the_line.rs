use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

fn recovery_ms(thin_bps: f64, thin_ms: u64, seed: u64) -> u64 {
    recovery_of(Line::wide(), thin_bps, thin_ms, seed)
}

fn recovery_of(line: Line, thin_bps: f64, thin_ms: u64, seed: u64) -> u64 {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    let mended_ms = 20_000 + thin_ms;
    world.subscriber(2, Line { rates_bps: vec![(0, Some(3e6)), (20_000, Some(thin_bps)), (mended_ms, Some(3e6))], ..line }.seeded(seed));
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(mended_ms + 20_000);
    let stream = world.stream(2, 10);
    assert_eq!(stream.layer_at(19_900), Some(2));
    let back = stream.shown_between(mended_ms, mended_ms + 20_000).find(|shown| shown.mark.layer == 2).map_or(20_000, |shown| shown.at_ms - mended_ms);
    let changes = {
        let mut layers: Vec<u8> = stream.shown_between(mended_ms, mended_ms + 20_000).map(|shown| shown.mark.layer).collect();
        layers.dedup();
        layers
    };
    println!(
        "3 Mb/s -> {:.0} kb/s for {thin_ms} ms -> 3 Mb/s: down after {:?} ms, back after {back} ms by {changes:?}, freezes {:?}, sound {} ms at worst of a hundred",
        thin_bps / 1e3,
        stream.shown_between(20_000, mended_ms).find(|shown| shown.mark.layer < 2).map(|shown| shown.at_ms - 20_000),
        stream.freezes(18_000, mended_ms + 20_000, 500),
        world.stream(2, 11).delay_ms(20_000, mended_ms, 0.99),
    );
    assert_eq!(*changes.last().unwrap(), 2);
    back
}

#[test]
fn of_300_kb_s() {
    assert!(recovery_ms(300e3, 20_000, 1) < 8_000);
}

#[test]
fn of_500_kb_s() {
    assert!(recovery_ms(500e3, 20_000, 2) < 8_000);
}

#[test]
fn of_800_kb_s() {
    assert!(recovery_ms(800e3, 20_000, 3) < 8_000);
}

#[test]
fn of_100_kb_s_when_pictures_were_paused() {
    assert!(recovery_ms(100e3, 20_000, 4) < 8_000);
}

#[test]
fn of_a_short_dip() {
    assert!(recovery_ms(300e3, 2_000, 5) < 8_000);
}

/// A busy computer reads its packets in gulps.
#[test]
fn to_a_receiver_that_looks_every_10_ms() {
    for thin_bps in [300e3, 800e3] {
        let slowest = (0..6).map(|seed| recovery_of(Line { looks_ms: 10, ..Line::wide() }, thin_bps, 10_000 + seed * 777, seed + 20)).max().unwrap();
        assert!(slowest < 8_000, "{slowest} ms from {thin_bps} b/s");
    }
}

/// Recovery must not hang on when in the turns of probing the line is mended.
#[test]
fn whenever_it_is_mended() {
    for thin_bps in [100e3, 300e3, 500e3] {
        let slowest = (0..6).map(|seed| recovery_ms(thin_bps, 10_000 + seed * 777, seed + 10)).max().unwrap();
        assert!(slowest < 8_000, "{slowest} ms from {thin_bps} b/s");
    }
}
