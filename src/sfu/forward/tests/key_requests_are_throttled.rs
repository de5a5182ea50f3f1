use super::network::{Line, Source, World, settings};
use crate::sfu::TrackId;
use crate::sfu::packet::rtcp::{write_fir, write_pli};

#[test]
fn a_storm_by_one_subscriber_does_not_ruin_the_picture_for_all() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    for id in [2, 3] {
        world.subscriber(id, Line::wide());
        world.subscribe(id, 10, settings(2));
    }
    world.run(5_000);
    let keys = world.source(1, 10).layers[2].keys.len();
    let ssrc = world.stream(2, 10).ssrc;
    for n in 0..10_000_u32 {
        let mut message = Vec::new();
        write_pli(&mut message, 9, ssrc);
        write_fir(&mut message, 9, ssrc, n as u8);
        world.inject(2, &message);
        world.run(1);
    }
    let layer = &world.source(1, 10).layers[2];
    let (keys, plis) = (layer.keys.len() - keys, layer.plis);
    println!("20,000 requests in 10 s: {plis} went on, {keys} key pictures");
    assert!(keys <= 15, "{keys}");
    assert_eq!(world.stream(3, 10).freezes(5_000, 15_000, 200), []);
    assert_eq!(world.source(1, 10).layers[0].keys.len(), 1, "of that layer alone");
}
