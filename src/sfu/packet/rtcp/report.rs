//! Sender and receiver reports (RFC 3550 6.4).

use super::Rtcp;
use super::wire::{self, Message, word};

/// What a receiver says of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReportBlock {
    pub ssrc: u32,
    /// Of 256, since the last report.
    pub fraction_lost: u8,
    /// 24 bits on the wire; less than zero where packets came twice.
    pub cumulative_lost: i32,
    /// The highest sequence number; the upper 16 bits count its turns.
    pub extended_highest: u32,
    /// In units of the timestamp.
    pub jitter: u32,
    /// The middle 32 bits of the last sender report's time; zero where none came.
    pub last_sr: u32,
    /// In units of 1/65536 s.
    pub delay_since_last_sr: u32,
}

const BLOCK_LEN: usize = 24;

impl ReportBlock {
    fn read(bytes: &[u8; BLOCK_LEN]) -> Option<Self> {
        let loss = word(bytes, 4)?;
        Some(Self {
            ssrc: word(bytes, 0)?,
            fraction_lost: (loss >> 24) as u8,
            cumulative_lost: (loss << 8) as i32 >> 8,
            extended_highest: word(bytes, 8)?,
            jitter: word(bytes, 12)?,
            last_sr: word(bytes, 16)?,
            delay_since_last_sr: word(bytes, 20)?,
        })
    }

    fn words(&self) -> [u32; BLOCK_LEN / 4] {
        let lost = self.cumulative_lost.clamp(-0x80_0000, 0x7f_ffff) as u32 & 0xff_ffff;
        [self.ssrc, u32::from(self.fraction_lost) << 24 | lost, self.extended_highest, self.jitter, self.last_sr, self.delay_since_last_sr]
    }
}

/// The blocks of a report.
#[derive(Debug, Clone)]
pub struct ReportBlocks<'a> {
    blocks: std::slice::Iter<'a, [u8; BLOCK_LEN]>,
}

impl<'a> ReportBlocks<'a> {
    /// `None` where there are fewer bytes than `count` blocks need; what follows them is an extension of a profile.
    fn new(bytes: &'a [u8], count: u8) -> Option<Self> {
        let (blocks, _) = bytes.as_chunks();
        Some(Self { blocks: blocks.get(..usize::from(count))?.iter() })
    }
}

impl Iterator for ReportBlocks<'_> {
    type Item = ReportBlock;

    fn next(&mut self) -> Option<ReportBlock> {
        ReportBlock::read(self.blocks.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.blocks.size_hint()
    }
}

/// What a sender report says of its own stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SenderInfo {
    pub ssrc: u32,
    pub ntp: u64,
    /// The same moment on the stream's own clock.
    pub rtp_time: u32,
    pub packets: u32,
    pub octets: u32,
}

pub fn read_sender(body: &[u8], count: u8) -> Option<Rtcp<'_>> {
    Some(Rtcp::SenderReport {
        ssrc: word(body, 0)?,
        ntp: u64::from(word(body, 4)?) << 32 | u64::from(word(body, 8)?),
        rtp_time: word(body, 12)?,
        packets: word(body, 16)?,
        octets: word(body, 20)?,
        blocks: ReportBlocks::new(body.get(24..)?, count)?,
    })
}

pub fn read_receiver(body: &[u8], count: u8) -> Option<Rtcp<'_>> {
    Some(Rtcp::ReceiverReport { ssrc: word(body, 0)?, blocks: ReportBlocks::new(body.get(4..)?, count)? })
}

/// Blocks that have no room in it follow in receiver reports (RFC 3550 6.4.2).
pub fn write_sender_report(out: &mut Vec<u8>, info: &SenderInfo, blocks: &[ReportBlock]) {
    let (here, more) = blocks.split_at(blocks.len().min(wire::COUNT_MAX));
    let mut message = Message::begin(out, wire::SENDER_REPORT, here.len() as u8);
    message.words(&[info.ssrc, (info.ntp >> 32) as u32, info.ntp as u32, info.rtp_time, info.packets, info.octets]);
    here.iter().for_each(|block| message.words(&block.words()));
    message.end();
    if !more.is_empty() {
        write_receiver_report(out, info.ssrc, more);
    }
}

/// An empty one too, as a compound packet begins with it; as many as the blocks need.
pub fn write_receiver_report(out: &mut Vec<u8>, ssrc: u32, mut blocks: &[ReportBlock]) {
    loop {
        let (here, more) = blocks.split_at(blocks.len().min(wire::COUNT_MAX));
        let mut message = Message::begin(out, wire::RECEIVER_REPORT, here.len() as u8);
        message.words(&[ssrc]);
        here.iter().for_each(|block| message.words(&block.words()));
        message.end();
        blocks = more;
        if blocks.is_empty() {
            return;
        }
    }
}
