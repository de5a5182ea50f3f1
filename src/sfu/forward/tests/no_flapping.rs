use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

/// Changes of layer in a minute of a steady line, after twenty seconds to find it.
fn changes(line_bps: f64, loss: f64, jitter_ms: f64) -> usize {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line { loss, jitter_ms, ..Line::of(line_bps) });
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(80_000);
    let stream = world.stream(2, 10);
    let mut layers: Vec<u8> = stream.shown_between(20_000, 80_000).map(|shown| shown.mark.layer).collect();
    layers.dedup();
    println!("{:.0} kb/s, loss {loss}, jitter {jitter_ms} ms: {layers:?}, freezes {:?}", line_bps / 1e3, stream.freezes(20_000, 80_000, 500));
    layers.len() - 1
}

#[test]
fn on_steady_lines_of_all_widths() {
    let lines = [300e3, 500e3, 600e3, 700e3, 800e3, 1.0e6, 1.5e6, 1.6e6, 1.7e6, 1.8e6, 2.0e6, 2.5e6, 4e6];
    let flaps: Vec<(f64, usize)> = lines.into_iter().map(|line| (line, changes(line, 0.0, 0.0))).filter(|(_, changes)| *changes > 4).collect();
    assert_eq!(flaps, []);
}

#[test]
fn on_lines_with_losses_and_jitter() {
    for line in [500e3, 1e6, 2e6, 4e6] {
        assert!(changes(line, 0.02, 10.0) <= 4);
    }
}
