use super::network::{Line, Source, World, settings};
use crate::allocation::Class;
use crate::sfu::codec::Codec;
use crate::sfu::{Settings, TrackId};

#[test]
fn on_a_line_that_carries_the_small_ones() {
    let mut world = World::new();
    for id in 0..25 {
        world.publisher(100 + id, vec![Source::simulcast(TrackId(1_000 + id)), Source::sound(TrackId(2_000 + id), Codec::Opus)], Line::wide());
        world.source(100 + id, 2_000 + id).is_silent = id > 2;
    }
    world.subscriber(2, Line::of(8_000_000.0));
    for id in 0..25 {
        let class = if id == 0 { Class::Large } else { Class::Small };
        world.subscribe(2, 1_000 + id, Settings { class, max_layer: Some(if id == 0 { 2 } else { 0 }), max_temporal: None });
        world.subscribe(2, 2_000 + id, settings(0));
    }
    world.run(25_000);
    println!("waits {:.0} ms (p95), {:.1} Mb/s", world.down(2).wait_ms(10_000, 25_000, 0.95), world.down(2).carried_bps(10, 25) / 1e6);
    assert_eq!(world.stream(2, 1_000).layer_at(25_000), Some(2), "the large one has its best");
    for id in 0..25 {
        let stream = world.stream(2, 1_000 + id);
        assert!(stream.faults.iter().all(|fault| fault.contains("begins with")), "{:?}", stream.faults);
        assert_eq!(stream.freezes(10_000, 25_000, 700), [], "{id}");
    }
    for id in 0..3 {
        assert!(world.stream(2, 2_000 + id).shown_between(10_000, 25_000).count() >= 740);
    }
    assert_eq!(world.subscriber_mut(2).unknown, 0);
}
