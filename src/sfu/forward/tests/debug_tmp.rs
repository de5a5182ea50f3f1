use super::network::{Line, Source, World, settings};
use crate::sfu::{TrackId, PeerId};
use crate::sfu::codec::Codec;
#[test]
#[ignore]
fn stuck() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::wide());
    world.subscriber(2, Line::of(3e6));
    world.subscribe(2, 10, settings(2));
    world.subscribe(2, 11, settings(0));
    for n in 0..16 {
        world.run(500);
        let now = world.now();
        let r = world.forward.peer_report(now, PeerId(2)).unwrap();
        let place = world.place(2);
        println!("{} {:?} layer {:?} {:?}", n, r, world.stream(2, 10).layer_at(world.now_ms), world.forward.peers[place].congestion.statistics());
        if n % 10 == 9 { let at = world.forward.tracks[&TrackId(10)]; println!("{:?}", world.forward.uplinks[at].costs(now)); }
    }
}
#[test]
fn anew() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10)), Source::sound(TrackId(11), Codec::Opus)], Line::lossy(0.01));
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(2));
    world.run(5_000);
    for _ in 0..2 {
    world.source(1, 10).begin_anew();
    let place = world.place(2);
    for n in 0..400 {
        world.run(10);
        let down = &world.forward.peers[place].downlinks.iter().next().unwrap().1;
        let (c, t) = (down.current(), down.target);
        let at = world.forward.tracks[&TrackId(10)];
        if n % 8 == 0 && n < 170 {
            let l = &world.forward.uplinks[at].layers[2];
            let s = &world.source_ref(1, 10).layers[2];
        println!("{} {:?} {:?} {} shown {:?} key {:?} highest {} plis {} keys {:?} nacks {:?}", world.now_ms, c, t, world.stream(2,10).packets, world.stream(2, 10).shown.last().map(|s| s.at_ms), l.key, l.highest, s.plis, s.keys.last(), world.forward.counters.repaired);
        }
    }
    }
}
