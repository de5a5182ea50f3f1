//! An encoder that sends a file's packets as RTP at their pace, and can be told to do it badly.

use std::net::UdpSocket;
use std::path::Path;
use std::time::Duration;

const PACKET: usize = 188;
/// Packets in a datagram.
const GROUP: usize = 7;
const WRAP_90K: i64 = 1 << 33;

pub struct Encoder {
    socket: UdpSocket,
    to: String,
    datagrams: std::vec::IntoIter<Vec<u8>>,
    interval: Duration,
    sequence: u16,
    /// Added to the file's clocks.
    shift_90k: i64,
}

impl Encoder {
    /// Sends a file of so many seconds; its first PCR becomes `first_pcr_90k`.
    pub fn new(file: &Path, seconds: u32, to: String, first_pcr_90k: i64) -> Self {
        let bytes = std::fs::read(file).expect("the material");
        let first = bytes.chunks_exact(PACKET).find_map(pcr_90k).expect("a PCR");
        let datagrams: Vec<Vec<u8>> = bytes.chunks(PACKET * GROUP).map(<[u8]>::to_vec).collect();
        let interval = Duration::from_secs(u64::from(seconds)) / datagrams.len() as u32;
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        Self { socket, to, datagrams: datagrams.into_iter(), interval, sequence: 65_500, shift_90k: first_pcr_90k - first }
    }

    /// The clocks jump by so much.
    pub fn jump(&mut self, seconds: i64) {
        self.shift_90k += seconds * 90_000;
    }

    /// Sends so many seconds. `fate` says what becomes of a datagram, by its number since the beginning of this call.
    pub async fn send(&mut self, seconds: u32, fate: impl Fn(usize) -> Fate) {
        let count = (f64::from(seconds) / self.interval.as_secs_f64()) as usize;
        let mut late: Option<Vec<u8>> = None;
        let mut tick = tokio::time::interval(self.interval);
        for n in 0..count {
            tick.tick().await;
            let Some(payload) = self.datagrams.next() else { panic!("the material is at its end") };
            let datagram = self.datagram(payload);
            match fate(n) {
                Fate::Lost => {}
                Fate::Late => late = Some(datagram),
                Fate::Sent => {
                    self.socket.send_to(&datagram, &self.to).expect("it is sent");
                    if let Some(late) = late.take() {
                        self.socket.send_to(&late, &self.to).expect("it is sent");
                    }
                }
            }
        }
    }

    /// RFC 3550, with MPEG-TS as in RFC 2250.
    fn datagram(&mut self, mut payload: Vec<u8>) -> Vec<u8> {
        for packet in payload.chunks_exact_mut(PACKET) {
            shift(packet, self.shift_90k);
        }
        let mut datagram = vec![0x80, 33];
        datagram.extend(self.sequence.to_be_bytes());
        datagram.extend([0, 0, 0, 0, 0x12, 0x34, 0x56, 0x78]);
        datagram.extend(payload);
        self.sequence = self.sequence.wrapping_add(1);
        datagram
    }
}

#[derive(Clone, Copy, PartialEq)]
pub enum Fate {
    Sent,
    Lost,
    /// Sent after the next one that is sent.
    Late,
}

fn pcr_90k(packet: &[u8]) -> Option<i64> {
    let has_pcr = packet[3] & 0x20 != 0 && packet[4] >= 7 && packet[5] & 0x10 != 0;
    has_pcr.then(|| {
        let base = [packet[6], packet[7], packet[8], packet[9]].map(i64::from);
        base[0] << 25 | base[1] << 17 | base[2] << 9 | base[3] << 1 | i64::from(packet[10] >> 7)
    })
}

/// Shifts PCR, PTS and DTS (ISO/IEC 13818-1, 2.4.3); not by the program's own code, whose mistakes it would share.
fn shift(packet: &mut [u8], by_90k: i64) {
    if let Some(pcr) = pcr_90k(packet) {
        let base = (pcr + by_90k).rem_euclid(WRAP_90K);
        packet[6..10].copy_from_slice(&((base >> 1) as u32).to_be_bytes());
        packet[10] = packet[10] & 0x7f | ((base & 1) as u8) << 7;
    }
    if packet[1] & 0x40 == 0 {
        return;
    }
    let start = if packet[3] & 0x20 != 0 { 5 + usize::from(packet[4]) } else { 4 };
    let Some([0, 0, 1, 0xc0..=0xef, _, _, _, flags, _, times @ ..]) = packet.get_mut(start..) else { return };
    let count = usize::from(*flags >> 6 & 1) + usize::from(*flags >> 7);
    for time in times.chunks_exact_mut(5).take(if *flags & 0x80 == 0 { 0 } else { count }) {
        let at =
            i64::from(time[0] >> 1 & 7) << 30 | i64::from(time[1]) << 22 | i64::from(time[2] >> 1) << 15 | i64::from(time[3]) << 7 | i64::from(time[4] >> 1);
        let at = (at + by_90k).rem_euclid(WRAP_90K);
        time[0] = time[0] & 0xf0 | ((at >> 30) as u8) << 1 | 1;
        time[1] = (at >> 22) as u8;
        time[2] = ((at >> 15) as u8) << 1 | 1;
        time[3] = (at >> 7) as u8;
        time[4] = (at as u8) << 1 | 1;
    }
}
