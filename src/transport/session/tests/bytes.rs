//! No bytes make a session panic, before or after it is connected.

use std::cell::RefCell;

use proptest::prelude::*;

use super::paths::check;
use super::world::World;
use crate::transport::session::records::{Assembler, plain_record, records};
use crate::transport::session::*;

/// Bytes of every kind that RFC 7983 tells apart.
fn datagram() -> impl Strategy<Value = Vec<u8>> {
    let any_bytes = proptest::collection::vec(any::<u8>(), 0..300);
    let kinds = proptest::sample::select(vec![0_u8, 1, 20, 21, 22, 23, 63, 64, 127, 128, 144, 191, 192, 255]);
    (kinds, any_bytes, any::<u16>(), 0_u16..3).prop_map(|(kind, mut bytes, length, epoch)| {
        if (20..64).contains(&kind) {
            let mut record = vec![kind, 0xfe, 0xfd];
            record.extend(epoch.to_be_bytes());
            record.extend([0, 0, 0, 0]);
            record.extend(length.to_be_bytes());
            record.extend((bytes.len() as u16).to_be_bytes());
            record.append(&mut bytes);
            return record;
        }
        bytes.insert(0, kind);
        bytes
    })
}

fn connected() -> World {
    let mut world = World::new();
    world.connect();
    world
}

proptest! {
    #[test]
    fn a_fresh_session_takes_anything(datagrams in proptest::collection::vec(datagram(), 1..20)) {
        let mut world = World::new();
        let ufrag = world.client.direct_api().local_ice_credentials().ufrag;
        let mut request = check(&format!("{}:{ufrag}", world.local.ufrag), &world.local.pwd, &[]);
        world.session.handle(world.now, world.path(), &mut request);
        for mut datagram in datagrams {
            let _ = username_of_binding_request(&datagram);
            world.session.handle(world.now, world.path(), &mut datagram);
        }
    }

    #[test]
    fn a_connected_session_takes_anything_and_stays_connected(datagrams in proptest::collection::vec(datagram(), 1..50)) {
        thread_local!(static WORLD: RefCell<World> = RefCell::new(connected()));
        WORLD.with_borrow_mut(|world| {
            for mut datagram in datagrams {
                prop_assert_eq!(world.session.handle(world.now, world.path(), &mut datagram), Handled::Nothing);
            }
            prop_assert!(world.session.is_connected());
            Ok(())
        })?;
    }

    #[test]
    fn damaged_checks_are_refused(at in 0_usize..100, bit in 0_u8..8) {
        let mut request = check("local:remote", "password", &[(0x24, &[1, 2, 3, 4])]);
        let at = at % request.len();
        request[at] ^= 1 << bit;
        let _ = username_of_binding_request(&request);
    }

    /// However a message is cut, and in whatever order and number its pieces come, it is put together once.
    #[test]
    fn messages_are_put_together(len in 0_usize..3000, cuts in proptest::collection::vec(1_usize..700, 1..8), order in any::<u64>()) {
        let body: Vec<u8> = (0..len).map(|at| (at * 13) as u8).collect();
        let mut fragments = Vec::new();
        let (mut at, mut cuts) = (0, cuts.into_iter().cycle());
        loop {
            let size = cuts.next().unwrap().min(len - at);
            let mut fragment = vec![1];
            fragment.extend(&(len as u32).to_be_bytes()[1..]);
            fragment.extend([0, 0]);
            fragment.extend(&(at as u32).to_be_bytes()[1..]);
            fragment.extend(&(size as u32).to_be_bytes()[1..]);
            fragment.extend(&body[at..at + size]);
            fragments.push(fragment);
            at += size;
            if at >= len {
                break;
            }
        }
        fragments.sort_by_key(|fragment| (u64::from(fragment[7]) << 8 | u64::from(fragment[8])).wrapping_mul(order | 1));
        let mut assembler = Assembler::default();
        for (number, fragment) in fragments.iter().enumerate() {
            let pushed = assembler.push(fragment);
            prop_assert!(!pushed.is_repeat && pushed.refused == 0);
            prop_assert_eq!(assembler.push(fragment).refused, 0);
            let popped = assembler.pop();
            prop_assert_eq!(popped.is_some(), number + 1 == fragments.len());
            if let Some(message) = popped {
                prop_assert_eq!(message.body(), &body[..]);
                prop_assert!(assembler.push(fragment).is_repeat);
            }
        }
    }

    #[test]
    fn any_fragments_are_bounded(bodies in proptest::collection::vec(proptest::collection::vec(0_u8..4, 0..60), 1..60)) {
        let mut assembler = Assembler::default();
        for body in bodies {
            assembler.push(&body);
            while assembler.pop().is_some() {}
        }
    }

    #[test]
    fn records_are_read_as_written(bodies in proptest::collection::vec((20_u8..26, proptest::collection::vec(any::<u8>(), 0..50)), 0..5)) {
        let mut datagram = Vec::new();
        for (number, (kind, body)) in bodies.iter().enumerate() {
            plain_record(*kind, number as u64, body, &mut datagram);
        }
        let read: Vec<_> = records(&datagram).map(|record| (record.content_type, record.body.to_vec())).collect();
        prop_assert_eq!(read, bodies);
    }
}
