//! RTCP (RFC 3550 6): what a compound packet says, and writers that append one message each.
//!
//! Reduced-size compounds, which begin with anything, are taken too (RFC 5506).

mod feedback;
mod remb;
mod report;
mod source;
#[cfg(test)]
mod tests;
mod wire;

use thiserror::Error;

pub use feedback::{FirEntries, Lost, write_fir, write_nack, write_pli, write_transport_feedback};
pub use remb::write_remb;
pub use report::{ReportBlock, ReportBlocks, SenderInfo, write_receiver_report, write_sender_report};
pub use source::{Chunk, Sdes, SsrcList, write_bye, write_sdes_cname};

/// One message of a compound packet.
#[derive(Debug, Clone)]
pub enum Rtcp<'a> {
    SenderReport {
        ssrc: u32,
        /// See [`super::ntp`].
        ntp: u64,
        rtp_time: u32,
        packets: u32,
        octets: u32,
        blocks: ReportBlocks<'a>,
    },
    ReceiverReport {
        ssrc: u32,
        blocks: ReportBlocks<'a>,
    },
    Sdes(Sdes<'a>),
    Bye {
        ssrcs: SsrcList<'a>,
    },
    /// Generic NACK (RFC 4585 6.2.1).
    Nack {
        sender: u32,
        media: u32,
        lost: Lost<'a>,
    },
    /// A picture is lost (RFC 4585 6.3.1).
    Pli {
        sender: u32,
        media: u32,
    },
    /// A key picture is asked for (RFC 5104 4.3.1).
    Fir {
        sender: u32,
        entries: FirEntries<'a>,
    },
    /// The receiver's estimate of its line (draft-alvestrand-rmcat-remb-03).
    Remb {
        sender: u32,
        bitrate_bps: u64,
        ssrcs: SsrcList<'a>,
    },
    /// Transport-wide feedback, its FCI unread (draft-holmer-rmcat-transport-wide-cc-extensions-01).
    TransportFeedback {
        sender: u32,
        media: u32,
        fci: &'a [u8],
    },
    /// A message that is whole but not of use here. `format` is what stands in the place of the count.
    Other {
        payload_type: u8,
        format: u8,
    },
}

/// Why a compound packet could not be read on. Offsets are bytes from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RtcpError {
    #[error("RTCP at byte {offset} needs {needed} bytes, but {left} are left")]
    Truncated { offset: usize, needed: usize, left: usize },
    #[error("RTCP version at byte {offset} is {version}, not 2")]
    Version { offset: usize, version: u8 },
    #[error("RTCP type {payload_type} at byte {offset} is too short for what it must hold: {len} bytes")]
    Short { offset: usize, payload_type: u8, len: usize },
    #[error("RTCP at byte {offset} claims {claimed} bytes of padding")]
    Padding { offset: usize, claimed: usize },
}

/// The messages of a compound packet, up to the first that cannot be read.
pub fn parse(compound: &[u8]) -> Messages<'_> {
    Messages { compound, offset: 0 }
}

/// See [`parse`].
#[derive(Debug, Clone)]
pub struct Messages<'a> {
    compound: &'a [u8],
    offset: usize,
}

impl<'a> Iterator for Messages<'a> {
    type Item = Result<Rtcp<'a>, RtcpError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.compound.get(self.offset..).filter(|rest| !rest.is_empty())?;
        match message(rest, self.offset) {
            Ok((message, len)) => {
                self.offset += len;
                Some(Ok(message))
            }
            Err(error) => {
                self.offset = self.compound.len();
                Some(Err(error))
            }
        }
    }
}

/// The message that `rest` begins with, and its length.
fn message(rest: &[u8], offset: usize) -> Result<(Rtcp<'_>, usize), RtcpError> {
    let truncated = |needed| RtcpError::Truncated { offset, needed, left: rest.len() };
    let [first, payload_type, l0, l1] = *rest.first_chunk().ok_or(truncated(4))?;
    if first >> 6 != 2 {
        return Err(RtcpError::Version { offset, version: first >> 6 });
    }
    let len = 4 + 4 * usize::from(u16::from_be_bytes([l0, l1]));
    let mut body = rest.get(4..len).ok_or(truncated(len))?;
    if first & 0x20 != 0 {
        let claimed = usize::from(body.last().copied().unwrap_or(0));
        let end = body.len().checked_sub(claimed).filter(|_| claimed != 0).ok_or(RtcpError::Padding { offset, claimed })?;
        body = body.get(..end).unwrap_or_default();
    }
    let short = RtcpError::Short { offset, payload_type, len: body.len() };
    Ok((read(payload_type, first & 0x1f, body).ok_or(short)?, len))
}

/// `count` is the format where the message is feedback (RFC 4585 6.1).
fn read(payload_type: u8, count: u8, body: &[u8]) -> Option<Rtcp<'_>> {
    match (payload_type, count) {
        (wire::SENDER_REPORT, _) => report::read_sender(body, count),
        (wire::RECEIVER_REPORT, _) => report::read_receiver(body, count),
        (wire::SDES, _) => Some(Rtcp::Sdes(Sdes::new(body, count))),
        (wire::BYE, _) => Some(Rtcp::Bye { ssrcs: SsrcList::new(body, count)? }),
        (wire::TRANSPORT_FEEDBACK, wire::NACK) => feedback::read_nack(body),
        (wire::TRANSPORT_FEEDBACK, wire::TRANSPORT_WIDE) => feedback::read_transport(body),
        (wire::PAYLOAD_FEEDBACK, wire::PLI) => feedback::read_pli(body),
        (wire::PAYLOAD_FEEDBACK, wire::FIR) => feedback::read_fir(body),
        (wire::PAYLOAD_FEEDBACK, wire::APPLICATION) if remb::is_remb(body) => remb::read(body),
        (payload_type, format) => Some(Rtcp::Other { payload_type, format }),
    }
}
