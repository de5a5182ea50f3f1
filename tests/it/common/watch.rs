//! What floods add to the cost of a server that has a call to carry.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use super::Server;
use super::vitals::Vitals;

const MEMORY_KIB: u64 = 30 * 1_024;

/// What the server costs while nobody floods, and what each flood adds.
pub struct Watch<'a> {
    server: &'a Server,
    /// Of the media threads, per second of the call alone.
    quiet: f64,
    /// What the call costs the media threads for each of its packets, in and out.
    packet_us: f64,
    first: Vitals,
    /// What was not as it should be; all is tried before it is told.
    wrong: RefCell<Vec<String>>,
}

impl<'a> Watch<'a> {
    pub async fn begin(server: &'a Server) -> Self {
        let first = Vitals::of(server).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let second = Vitals::of(server).await;
        let media = (second.media - first.media).as_secs_f64();
        let quiet = media / (second.at - first.at).as_secs_f64();
        let packets = second.more(&first, "received") + second.more(&first, "sent");
        let packet_us = media * 1e6 / packets.max(1) as f64;
        println!("the call alone: media threads {:.1} % of a core, {packet_us:.0} µs a packet, memory {} KiB", quiet * 100.0, second.memory_kib);
        Self { server, quiet, packet_us, first: second, wrong: RefCell::default() }
    }

    /// Tells what it was, and what was counted.
    pub async fn during(&self, name: &str, flood: impl Future<Output = u64>) -> Added {
        let before = Vitals::of(self.server).await;
        let sent = flood.await;
        // Counters are told once a second.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let after = Vitals::of(self.server).await;
        let span = (after.at - before.at).as_secs_f64();
        let media = (after.media - before.media).as_secs_f64() - self.quiet * span;
        let counted = after.counted.keys().map(|what| (what.clone(), after.more(&before, what))).filter(|(_, count)| *count > 0).collect();
        let added = Added {
            sent,
            us_each: (media * 1e6 / sent.max(1) as f64).max(0.0),
            all_ms: (after.all - before.all).as_millis(),
            memory_kib: after.memory_kib as i64 - before.memory_kib as i64,
            descriptors: after.descriptors as i64 - before.descriptors as i64,
            counted,
        };
        println!("{name}: {added:?}");
        let (first, now) = (self.first.memory_kib, after.memory_kib);
        self.expect(now < first + MEMORY_KIB, || format!("{name}: memory grew from {first} to {now} KiB"));
        added
    }

    /// Most of what was sent was counted as this, and cost little.
    pub async fn is_cheap(&self, name: &str, what: &str, flood: impl Future<Output = u64>) {
        let added = self.during(name, flood).await;
        let counted = added.counted.get(what).copied().unwrap_or(0);
        self.expect(counted * 10 >= added.sent * 9, || format!("{name}: {} were sent, as {what} were counted {counted}", added.sent));
        self.expect(added.us_each < self.packet_us / 2.0, || format!("{name}: {:.1} µs each, a packet of the call {:.1}", added.us_each, self.packet_us));
    }

    /// What was expected and was not so.
    pub fn wrong(&self) -> Vec<String> {
        self.wrong.take()
    }

    pub fn expect(&self, is_so: bool, else_said: impl FnOnce() -> String) {
        if !is_so {
            self.wrong.borrow_mut().push(else_said());
        }
    }
}

#[derive(Debug)]
#[allow(dead_code)] // Some of it is only printed.
pub struct Added {
    pub sent: u64,
    pub us_each: f64,
    pub all_ms: u128,
    pub memory_kib: i64,
    pub descriptors: i64,
    pub counted: BTreeMap<String, u64>,
}
