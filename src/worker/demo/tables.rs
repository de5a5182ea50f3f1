//! Sections of SDT, TDT and EIT (ETSI EN 300 468), written out by hand so that the guide's parser is not tried on its own library's writing. Pure.

use encoding_rs::GB18030;
use yizhan::base::UtcMs;
use yizhan::ts::crc32_mpeg;

use super::schedule::{self, LENGTH_MS, Showing};

pub const SDT_PID: u16 = 0x11;
pub const EIT_PID: u16 = 0x12;
pub const TDT_PID: u16 = 0x14;

const TRANSPORT_STREAM: u16 = 1;
const ORIGINAL_NETWORK: u16 = 0xff01;
/// A schedule segment is three hours, counted from midnight UTC; it has eight sections (ETSI TS 101 211, 4.1.4).
const SEGMENT_MS: i64 = 3 * 3_600_000;
const SECTIONS_PER_SEGMENT: u8 = 8;
/// How many segments the schedule covers, the present one included.
const SEGMENTS: i64 = 3;
const SECTION_LIMIT: usize = 4096;
const RUNNING: u8 = 4;
const NOT_RUNNING: u8 = 1;

/// A long section: header, body, CRC.
fn section(table: u8, extension: u16, version: u8, number: u8, last: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len() + 9;
    let mut out = vec![table, 0xf0 | (length >> 8) as u8, length as u8];
    out.extend(extension.to_be_bytes());
    out.extend([0xc1 | version << 1 & 0x3e, number, last]);
    out.extend_from_slice(body);
    let crc = crc32_mpeg(&out);
    out.extend(crc.to_be_bytes());
    out
}

/// Text as Chinese cable networks send it: GB18030 behind selector 0x13 (annex A), at most `limit` bytes.
fn text(words: &str, limit: usize) -> Vec<u8> {
    let mut out = vec![0x13];
    for character in words.chars() {
        let mut utf8 = [0; 4];
        let (bytes, ..) = GB18030.encode(character.encode_utf8(&mut utf8));
        if out.len() + bytes.len() > limit {
            break;
        }
        out.extend_from_slice(&bytes);
    }
    out
}

/// The same behind its length.
fn counted_text(words: &str, limit: usize) -> Vec<u8> {
    let text = text(words, limit.min(255));
    [&[text.len() as u8], text.as_slice()].concat()
}

fn descriptor(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, content.len() as u8], content].concat()
}

/// The service and its name.
pub fn sdt(service: u16, name: &str) -> Vec<u8> {
    // Service type 1 is digital television.
    let descriptors = descriptor(0x48, &[vec![1], counted_text("驿站", 100), counted_text(name, 120)].concat());
    let mut body = ORIGINAL_NETWORK.to_be_bytes().to_vec();
    body.push(0xff);
    body.extend(service.to_be_bytes());
    body.push(0xfc | 0b11); // EIT schedule and present/following are there
    body.extend(((u16::from(RUNNING) << 13) | descriptors.len() as u16).to_be_bytes());
    body.extend(descriptors);
    section(0x42, TRANSPORT_STREAM, 0, 0, 0, &body)
}

/// The time, to the second.
pub fn tdt(now: UtcMs) -> Vec<u8> {
    [vec![0x70, 0x70, 5], mjd_and_bcd(now).to_vec()].concat()
}

/// What is on, and what follows.
pub fn eit_present_following(service: u16, now: UtcMs) -> [Vec<u8>; 2] {
    let present = schedule::at(now);
    let version = (present.start.0 / LENGTH_MS) as u8 & 0x1f;
    let of = |number, showing: &Showing, running| {
        let body = [eit_head(1, 0x4e), event(showing, running)].concat();
        section(0x4e, service, version, number, 1, &body)
    };
    [of(0, &present, RUNNING), of(1, &present.next(), NOT_RUNNING)]
}

/// The day's schedule: empty segments for what is past, full ones from now on.
pub fn eit_schedule(service: u16, now: UtcMs) -> Vec<Vec<u8>> {
    let day = now.0.div_euclid(86_400_000);
    let current = now.0.div_euclid(SEGMENT_MS) - day * 8;
    let end = current + SEGMENTS;
    let version = (day * 8 + current) as u8 & 0x1f;
    let segments: Vec<Vec<Vec<u8>>> = (0..end).map(|segment| bodies(UtcMs(day * 86_400_000 + segment * SEGMENT_MS), segment >= current)).collect();
    let last = (end - 1) as u8 * SECTIONS_PER_SEGMENT + segments.last().map_or(1, Vec::len) as u8 - 1;
    let mut sections = Vec::new();
    for (segment, bodies) in segments.iter().enumerate() {
        let first = segment as u8 * SECTIONS_PER_SEGMENT;
        let segment_last = first + bodies.len() as u8 - 1;
        for (n, events) in bodies.iter().enumerate() {
            let body = [eit_head(segment_last, 0x50), events.clone()].concat();
            sections.push(section(0x50, service, version, first + n as u8, last, &body));
        }
    }
    sections
}

/// The events of a segment, in as few sections as hold them.
fn bodies(start: UtcMs, is_told: bool) -> Vec<Vec<u8>> {
    let mut bodies = vec![Vec::new()];
    let mut showing = schedule::at(start);
    while is_told && showing.start.0 < start.0 + SEGMENT_MS {
        let event = event(&showing, NOT_RUNNING);
        match bodies.last_mut() {
            Some(body) if body.len() + event.len() + 18 <= SECTION_LIMIT => body.extend(event),
            _ => bodies.push(event),
        }
        showing = showing.next();
    }
    bodies
}

fn eit_head(segment_last: u8, last_table: u8) -> Vec<u8> {
    let mut head = TRANSPORT_STREAM.to_be_bytes().to_vec();
    head.extend(ORIGINAL_NETWORK.to_be_bytes());
    head.extend([segment_last, last_table]);
    head
}

fn event(showing: &Showing, running: u8) -> Vec<u8> {
    let programme = showing.programme;
    let short = [b"chi".to_vec(), counted_text(programme.title, 100), counted_text(programme.text, 140)].concat();
    let descriptors = [descriptor(0x4d, &short), descriptor(0x54, &[programme.genre, 0])].concat();
    let mut out = showing.event.to_be_bytes().to_vec();
    out.extend(mjd_and_bcd(showing.start));
    out.extend(bcd_time(LENGTH_MS / 1000));
    out.extend((u16::from(running) << 13 | descriptors.len() as u16).to_be_bytes());
    out.extend(descriptors);
    out
}

/// Modified Julian Date and time of day (annex C).
fn mjd_and_bcd(at: UtcMs) -> [u8; 5] {
    const MJD_OF_1970: i64 = 40_587;
    let day = at.0.div_euclid(86_400_000);
    let [high, low] = ((MJD_OF_1970 + day) as u16).to_be_bytes();
    let [h, m, s] = bcd_time(at.0.rem_euclid(86_400_000) / 1000);
    [high, low, h, m, s]
}

fn bcd_time(seconds: i64) -> [u8; 3] {
    [seconds / 3600, seconds / 60 % 60, seconds % 60].map(|n| ((n / 10) << 4 | (n % 10)) as u8)
}

#[cfg(test)]
mod tests {
    use dvb_si::tables::AnyTableSection;

    use super::*;

    const NOW: UtcMs = UtcMs(1_795_276_800_000 + 3 * 3_600_000 + 90_000);

    #[test]
    fn every_section_is_whole_and_fits() {
        let sections = [vec![sdt(101, "驿站演示")], eit_present_following(101, NOW).to_vec(), eit_schedule(101, NOW)].concat();
        assert!(sections.len() > 10);
        for section in sections {
            assert!(section.len() <= SECTION_LIMIT);
            assert_eq!(crc32_mpeg(&section), 0);
            assert!(AnyTableSection::parse(&section).is_ok());
        }
    }
}
