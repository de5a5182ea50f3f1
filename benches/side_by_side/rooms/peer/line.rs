//! The one UDP socket of all peers: received in batches, sent by the kernel's segmentation where packets of one length go the same way.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::AsRawFd;

use nix::sys::socket::{ControlMessage, MsgFlags, MultiHeaders, SockaddrIn, recvmmsg, sendmsg, setsockopt, sockopt};

const SLOTS: usize = 32;
const SLOT_BYTES: usize = 2_048;
const BUFFER_BYTES: usize = 4 << 20;
/// Linux: UDP_MAX_SEGMENTS, and what a datagram may hold.
const SEGMENTS: usize = 64;
const GROUP_BYTES: usize = 60_000;

pub struct Line {
    pub socket: UdpSocket,
    headers: MultiHeaders<SockaddrIn>,
    slots: Vec<u8>,
    met: Vec<(SocketAddr, usize)>,
    group: Vec<u8>,
    segment: usize,
    to: Option<SocketAddrV4>,
}

impl Line {
    pub fn open() -> io::Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        for result in [setsockopt(&socket, sockopt::RcvBufForce, &BUFFER_BYTES), setsockopt(&socket, sockopt::SndBufForce, &BUFFER_BYTES)] {
            if result.is_err() {
                // Not permitted: as much as the system allows.
                let _ = setsockopt(&socket, sockopt::RcvBuf, &BUFFER_BYTES);
                let _ = setsockopt(&socket, sockopt::SndBuf, &BUFFER_BYTES);
            }
        }
        let headers = MultiHeaders::preallocate(SLOTS, None);
        Ok(Self { socket, headers, slots: vec![0; SLOTS * SLOT_BYTES], met: Vec::new(), group: Vec::with_capacity(GROUP_BYTES), segment: 0, to: None })
    }

    /// Tells whether there may be more.
    pub fn receive(&mut self, mut each: impl FnMut(SocketAddr, &[u8])) -> io::Result<bool> {
        self.met.clear();
        {
            let mut slots: Vec<[IoSliceMut<'_>; 1]> = self.slots.chunks_mut(SLOT_BYTES).map(|slot| [IoSliceMut::new(slot)]).collect();
            let messages = match recvmmsg(self.socket.as_raw_fd(), &mut self.headers, slots.iter_mut(), MsgFlags::MSG_DONTWAIT, None) {
                Ok(messages) => messages,
                Err(nix::Error::EAGAIN | nix::Error::EINTR | nix::Error::ECONNREFUSED) => return Ok(false),
                Err(e) => return Err(e.into()),
            };
            let nobody = SockaddrIn::from(SocketAddrV4::new(std::net::Ipv4Addr::UNSPECIFIED, 0));
            self.met.extend(messages.map(|message| {
                let from = message.address.unwrap_or(nobody);
                (SocketAddrV4::new(from.ip(), from.port()).into(), message.bytes)
            }));
        }
        for (slot, (source, len)) in self.slots.chunks(SLOT_BYTES).zip(&self.met) {
            each(*source, slot.get(..*len).unwrap_or_default());
        }
        Ok(self.met.len() == SLOTS)
    }

    /// Keeps it with those of its length for the same place; sends what is kept where it does not fit.
    pub fn send(&mut self, to: SocketAddr, datagram: &[u8]) {
        let SocketAddr::V4(to) = to else { return };
        let fits = self.to == Some(to)
            && datagram.len() <= self.segment
            && self.group.len().is_multiple_of(self.segment)
            && self.group.len() / self.segment < SEGMENTS
            && self.group.len() + datagram.len() <= GROUP_BYTES;
        if !fits {
            self.flush();
            (self.to, self.segment) = (Some(to), datagram.len());
        }
        self.group.extend_from_slice(datagram);
    }

    pub fn flush(&mut self) {
        if let Some(to) = self.to.take()
            && !self.group.is_empty()
        {
            let (data, to) = ([IoSlice::new(&self.group)], SockaddrIn::from(to));
            let segment = self.segment as u16;
            let gso = [ControlMessage::UdpGsoSegments(&segment)];
            let control = if self.group.len() > self.segment { gso.as_slice() } else { &[] };
            // A full buffer: lost like any packet.
            let _ = sendmsg(self.socket.as_raw_fd(), &data, control, MsgFlags::MSG_DONTWAIT, Some(&to));
        }
        self.group.clear();
    }
}
