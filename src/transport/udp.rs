//! The UDP socket of a media thread: received in batches with the address that was hit, sent in groups by the kernel's segmentation.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use nix::libc;
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrIn, SockaddrIn6, SockaddrLike, SockaddrStorage, recvmmsg, sendmsg, setsockopt, sockopt,
};
use socket2::{Domain, Protocol, Socket, Type};

/// Datagrams received by one call.
const SLOTS: usize = 32;
/// A WebRTC packet is shorter; a longer one is not whole and not looked at.
const SLOT_BYTES: usize = 2_048;
/// Four seconds of 8 Mb/s wait in the kernel at most, each way.
const BUFFER_BYTES: usize = 4 << 20;

pub(super) struct UdpSocket {
    socket: Socket,
    is_v6: bool,
    /// The kernel, or the device, cannot segment: one call per packet.
    has_segmentation: bool,
    dscp: Option<u8>,
    slots: Vec<u8>,
    pub counters: Counters,
}

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counters {
    pub oversized: u64,
    pub send_failures: u64,
    pub calls: u64,
}

impl UdpSocket {
    /// Opens the port for both families, or IPv4 alone where the kernel has no IPv6.
    pub fn open(port: u16, dscp: Option<u8>) -> io::Result<Self> {
        let (socket, is_v6) = match Socket::new(Domain::IPV6, Type::DGRAM, Some(Protocol::UDP)) {
            Ok(socket) => (socket, true),
            Err(_) => (Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?, false),
        };
        socket.set_nonblocking(true)?;
        if is_v6 {
            socket.set_only_v6(false)?;
            setsockopt(&socket, sockopt::Ipv6RecvPacketInfo, &true)?;
            socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
        } else {
            setsockopt(&socket, sockopt::Ipv4PacketInfo, &true)?;
            socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)).into())?;
        }
        for result in [setsockopt(&socket, sockopt::RcvBufForce, &BUFFER_BYTES), setsockopt(&socket, sockopt::SndBufForce, &BUFFER_BYTES)] {
            if result.is_err() {
                // Not permitted: the system's limit is applied silently.
                let _ = socket.set_recv_buffer_size(BUFFER_BYTES);
                let _ = socket.set_send_buffer_size(BUFFER_BYTES);
            }
        }
        Ok(Self { socket, is_v6, has_segmentation: true, dscp, slots: vec![0; SLOTS * SLOT_BYTES], counters: Counters::default() })
    }

    pub fn port(&self) -> io::Result<u16> {
        Ok(self.socket.local_addr()?.as_socket().map_or(0, |address| address.port()))
    }

    /// Takes what is there, at most 32 datagrams, with the address of ours that each came to; tells whether there may be more.
    pub fn receive(&mut self, mut each: impl FnMut(IpAddr, SocketAddr, &mut [u8])) -> io::Result<bool> {
        let space = nix::cmsg_space!(libc::in6_pktinfo);
        let mut headers = MultiHeaders::<SockaddrStorage>::preallocate(SLOTS, Some(space));
        let mut met: [Option<(IpAddr, SocketAddr, usize)>; SLOTS] = [None; SLOTS];
        let mut count = 0;
        {
            let mut slots: Vec<[IoSliceMut<'_>; 1]> = self.slots.chunks_mut(SLOT_BYTES).map(|slot| [IoSliceMut::new(slot)]).collect();
            let messages = match recvmmsg(self.socket.as_raw_fd(), &mut headers, slots.iter_mut(), MsgFlags::MSG_DONTWAIT, None) {
                Ok(messages) => messages,
                Err(nix::Error::EAGAIN | nix::Error::EINTR) => return Ok(false),
                Err(e) => return Err(e.into()),
            };
            for message in messages {
                let is_whole = !message.flags.contains(MsgFlags::MSG_TRUNC);
                self.counters.oversized += u64::from(!is_whole);
                let local = message.cmsgs().into_iter().flatten().find_map(hit);
                let remote = message.address.as_ref().and_then(address);
                if let (true, Some(local), Some(remote), Some(slot)) = (is_whole, local, remote, met.get_mut(count)) {
                    *slot = Some((local, remote, message.bytes));
                }
                count += 1;
            }
        }
        for (slot, met) in self.slots.chunks_mut(SLOT_BYTES).zip(met) {
            if let Some((local, remote, len)) = met
                && let Some(datagram) = slot.get_mut(..len)
            {
                each(local, remote, datagram);
            }
        }
        Ok(count == SLOTS)
    }

    /// Sends datagrams that lie one after the other, each `segment` long, the last maybe shorter, from the address that the peer knows.
    pub fn send(&mut self, local: IpAddr, remote: SocketAddr, datagrams: &[u8], segment: usize) {
        if datagrams.len() <= segment {
            return self.send_one(local, remote, datagrams, None);
        }
        if self.has_segmentation {
            return self.send_one(local, remote, datagrams, u16::try_from(segment).ok());
        }
        for datagram in datagrams.chunks(segment.max(1)) {
            self.send_one(local, remote, datagram, None);
        }
    }

    fn send_one(&mut self, local: IpAddr, remote: SocketAddr, bytes: &[u8], segment: Option<u16>) {
        self.counters.calls += 1;
        match self.try_send(local, remote, bytes, segment) {
            Ok(()) => {}
            // No checksum offload, a kernel before 4.18, a tunnel: the same bytes one by one, from now on.
            Err(nix::Error::EIO | nix::Error::EINVAL | nix::Error::EOPNOTSUPP | nix::Error::ENOPROTOOPT) if segment.is_some() => {
                tracing::info!("UDP segmentation is not to be had here; packets are sent one by one");
                self.has_segmentation = false;
                self.send(local, remote, bytes, usize::from(segment.unwrap_or(u16::MAX)));
            }
            // A full buffer, an unreachable peer: lost like any packet on a line, and repaired like one.
            Err(_) => self.counters.send_failures += 1,
        }
    }

    fn try_send(&self, local: IpAddr, remote: SocketAddr, bytes: &[u8], segment: Option<u16>) -> nix::Result<()> {
        let data = [IoSlice::new(bytes)];
        let class = i32::from(self.dscp.unwrap_or(0)) << 2;
        let tos = class as u8;
        if self.is_v6 {
            let info = libc::in6_pktinfo { ipi6_addr: libc::in6_addr { s6_addr: mapped(local).octets() }, ipi6_ifindex: 0 };
            let to = match remote {
                SocketAddr::V6(v6) => v6,
                SocketAddr::V4(v4) => SocketAddrV6::new(v4.ip().to_ipv6_mapped(), v4.port(), 0, 0),
            };
            let from = ControlMessage::Ipv6PacketInfo(&info);
            // A mapped address is IPv4 on the wire, and has its mark there.
            let mark = if remote.is_ipv4() || to.ip().to_ipv4_mapped().is_some() { ControlMessage::Ipv4Tos(&tos) } else { ControlMessage::Ipv6TClass(&class) };
            self.hand_over(from, mark, segment, &data, &SockaddrIn6::from(to))
        } else {
            let (IpAddr::V4(local), SocketAddr::V4(to)) = (local, remote) else { return Err(nix::Error::EAFNOSUPPORT) };
            let info = libc::in_pktinfo {
                ipi_ifindex: 0,
                ipi_spec_dst: libc::in_addr { s_addr: u32::from_ne_bytes(local.octets()) },
                ipi_addr: libc::in_addr { s_addr: 0 },
            };
            let from = ControlMessage::Ipv4PacketInfo(&info);
            self.hand_over(from, ControlMessage::Ipv4Tos(&tos), segment, &data, &SockaddrIn::from(to))
        }
    }

    fn hand_over(
        &self,
        from: ControlMessage<'_>,
        mark: ControlMessage<'_>,
        segment: Option<u16>,
        data: &[IoSlice<'_>],
        to: &impl SockaddrLike,
    ) -> nix::Result<()> {
        let (mut controls, mut count) = ([from; 3], 1);
        let more = [self.dscp.map(|_| mark), segment.as_ref().map(ControlMessage::UdpGsoSegments)];
        for control in more.into_iter().flatten() {
            controls[count] = control;
            count += 1;
        }
        sendmsg(self.socket.as_raw_fd(), data, &controls[..count], MsgFlags::MSG_DONTWAIT, Some(to)).map(drop)
    }
}

impl AsFd for UdpSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// The address that a datagram was sent to.
fn hit(control: ControlMessageOwned) -> Option<IpAddr> {
    match control {
        ControlMessageOwned::Ipv6PacketInfo(info) => Some(plain(Ipv6Addr::from(info.ipi6_addr.s6_addr))),
        ControlMessageOwned::Ipv4PacketInfo(info) => Some(Ipv4Addr::from(info.ipi_addr.s_addr.to_ne_bytes()).into()),
        _ => None,
    }
}

fn address(from: &SockaddrStorage) -> Option<SocketAddr> {
    if let Some(v4) = from.as_sockaddr_in() {
        return Some(SocketAddrV4::new(v4.ip(), v4.port()).into());
    }
    let v6 = from.as_sockaddr_in6()?;
    Some(match plain(v6.ip()) {
        // The scope of a link-local address says by which interface it is reached.
        IpAddr::V6(ip) => SocketAddrV6::new(ip, v6.port(), 0, v6.scope_id()).into(),
        ip => SocketAddr::new(ip, v6.port()),
    })
}

fn plain(ip: Ipv6Addr) -> IpAddr {
    ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4)
}

fn mapped(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_arrives_as_its_packets_and_answers_leave_from_the_address_that_was_hit() {
        let mut ours = UdpSocket::open(0, Some(34)).unwrap();
        let port = ours.port().unwrap();
        let client = std::net::UdpSocket::bind("127.0.0.3:0").unwrap();
        client.send_to(b"hello", ("127.0.0.2", port)).unwrap();
        let mut came = None;
        for _ in 0..100 {
            ours.receive(|local, remote, data| came = Some((local, remote, data.to_vec()))).unwrap();
            if came.is_some() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let (local, remote, data) = came.unwrap();
        assert_eq!((local, data.as_slice()), ("127.0.0.2".parse().unwrap(), &b"hello"[..]));
        assert_eq!(remote, client.local_addr().unwrap());
        for has_segmentation in [true, false] {
            ours.has_segmentation = has_segmentation;
            ours.send(local, remote, b"aaaabbbbcc", 4);
            let mut buffer = [0; 16];
            for expected in [&b"aaaa"[..], b"bbbb", b"cc"] {
                client.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
                let (len, from) = client.recv_from(&mut buffer).unwrap();
                assert_eq!((&buffer[..len], from), (expected, SocketAddr::new(local, port)));
            }
        }
        assert_eq!(ours.counters.send_failures, 0);
    }

    #[test]
    fn an_oversized_datagram_is_counted_and_not_looked_at() {
        let mut ours = UdpSocket::open(0, None).unwrap();
        let client = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        client.send_to(&[0; 3_000], ("127.0.0.1", ours.port().unwrap())).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        ours.receive(|_, _, _| panic!("not whole")).unwrap();
        assert_eq!(ours.counters.oversized, 1);
    }
}
