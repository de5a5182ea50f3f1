use super::network::{Line, Source, World, settings};
use crate::sfu::{Settings, TrackId};

#[test]
fn when_it_changes_and_only_then() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    for id in [2, 3] {
        world.subscriber(id, Line::wide());
    }
    world.subscribe(2, 10, settings(0));
    world.subscribe(3, 10, settings(2));
    world.run(1_000);
    world.set(2, 10, settings(1));
    world.run(1_000);
    world.set(3, 10, settings(0));
    world.run(1_000);
    world.remove(2);
    world.run(1_000);
    world.set(3, 10, Settings { max_layer: None, ..settings(0) });
    world.run(1_000);
    world.remove(3);
    world.run(10);
    assert_eq!(world.wanted(10), [Some(0), Some(2), Some(1), Some(0), None]);
}

#[test]
fn a_layer_that_is_switched_off_gives_way_at_once_and_comes_back() {
    let mut world = World::new();
    world.publisher(1, vec![Source::simulcast(TrackId(10))], Line::wide());
    world.subscriber(2, Line::wide());
    world.subscribe(2, 10, settings(2));
    world.run(5_000);
    for _ in 0..3 {
        assert_eq!(world.stream(2, 10).layer_at(world.now_ms), Some(2));
        let off_ms = world.now_ms;
        world.source(1, 10).set_active(2, false);
        world.run(5_000);
        assert_eq!(world.stream(2, 10).layer_at(world.now_ms), Some(1));
        let freezes = world.stream(2, 10).freezes(off_ms, world.now_ms, 200);
        world.source(1, 10).set_active(2, true);
        let on_ms = world.now_ms;
        world.run(8_000);
        let back = world.stream(2, 10).shown_between(on_ms, world.now_ms).find(|shown| shown.mark.layer == 2).map(|shown| shown.at_ms - on_ms);
        println!("switched off: freezes {freezes:?}; back after {back:?} ms");
        assert!(freezes.iter().all(|(_, ms)| *ms < 1_200), "{freezes:?}");
        assert!(back.is_some_and(|ms| ms < 4_000), "{back:?}");
    }
    world.stream(2, 10).assert_continuous(1.0);
    assert_eq!(world.pauses(2, 10), []);
}
