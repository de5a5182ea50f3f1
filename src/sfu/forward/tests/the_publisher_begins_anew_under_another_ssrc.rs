use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;

#[test]
fn and_subscribers_see_one_stream() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::lossy(0.01));
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    world.run(5_000);
    for _ in 0..5 {
        world.source(1, 10).begin_anew();
        world.source(1, 11).begin_anew();
        world.run(4_000);
        assert_eq!(world.stream(2, 10).layer_at(world.now_ms), Some(2));
    }
    let stream = world.stream(2, 10);
    assert_eq!(stream.faults, Vec::<String>::new());
    assert_eq!(stream.freezes(3_000, world.now_ms, 700), []);
    assert!(stream.nacked < 120, "{}", stream.nacked);
    let sound = world.stream(2, 11);
    assert_eq!(sound.faults, Vec::<String>::new());
    for pair in sound.shown.windows(2) {
        let stamped = f64::from(pair[1].timestamp.wrapping_sub(pair[0].timestamp)) / 48.0;
        let captured = (pair[1].mark.captured_us - pair[0].mark.captured_us) as f64 / 1e3;
        assert!((stamped - captured).abs() < 30.0, "{stamped} and {captured}");
    }
}
