//! Sockets that receive: bound, joined, with a large buffer, and drained in batches.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::os::fd::AsRawFd;

use nix::sys::socket::{ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, setsockopt, sockopt};
use socket2::{Domain, InterfaceIndexOrAddress, Protocol, Socket, Type};

use super::Endpoint;
use crate::base::UtcMs;

#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error("no socket: {0}")]
    Socket(io::Error),
    #[error("cannot bind to it: {0}")]
    Bind(io::Error),
    #[error("interface `{0}` is not there")]
    Interface(String),
    #[error("cannot join the group on {on}: {source}")]
    Join { on: String, source: io::Error },
    #[error("a group cannot be limited to one sender with IPv6 yet")]
    SenderV6,
}

/// A socket that is open, and what the kernel gave less than was asked.
pub(super) struct Opened {
    pub socket: Socket,
    pub notice: Option<String>,
}

pub(super) fn open(endpoint: &Endpoint, receive_buffer_bytes: usize) -> Result<Opened, OpenError> {
    let address = endpoint.address;
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP)).map_err(OpenError::Socket)?;
    socket.set_nonblocking(true).map_err(OpenError::Socket)?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified()).map_err(OpenError::Socket)?;
    }
    let notice = enlarge(&socket, receive_buffer_bytes);
    setsockopt(&socket, sockopt::ReceiveTimestampns, &true).map_err(|e| OpenError::Socket(e.into()))?;
    setsockopt(&socket, sockopt::RxqOvfl, &1).map_err(|e| OpenError::Socket(e.into()))?;
    if address.ip().is_multicast() {
        // Several programs of a machine may listen to one group. Bound to the group and told to take only its own memberships, the socket
        // hears neither other groups on the port nor groups that others joined on other interfaces.
        socket.set_reuse_address(true).map_err(OpenError::Socket)?;
        socket.bind(&scoped(endpoint)?.into()).map_err(OpenError::Bind)?;
        join(&socket, endpoint)?;
    } else {
        socket.bind(&address.into()).map_err(OpenError::Bind)?;
    }
    Ok(Opened { socket, notice })
}

/// Asks for the buffer, beyond the system's limit where that is permitted (CAP_NET_ADMIN).
fn enlarge(socket: &Socket, bytes: usize) -> Option<String> {
    if setsockopt(socket, sockopt::RcvBufForce, &bytes).is_err() {
        // The limit is applied silently; what came of it is read below.
        let _ = socket.set_recv_buffer_size(bytes);
    }
    // The kernel doubles what is asked, for its own book-keeping (socket(7)).
    let given = socket.recv_buffer_size().unwrap_or(0) / 2;
    (given < bytes).then(|| {
        format!("the kernel gives a receive buffer of {} KiB instead of {} KiB; raise it with `sysctl net.core.rmem_max={bytes}`", given >> 10, bytes >> 10)
    })
}

/// An IPv6 group of link-local scope is bound on its interface.
fn scoped(endpoint: &Endpoint) -> Result<SocketAddr, OpenError> {
    Ok(match (endpoint.address, &endpoint.interface) {
        (SocketAddr::V6(group), Some(name)) => SocketAddrV6::new(*group.ip(), group.port(), 0, Interface::find(name)?.index).into(),
        (address, _) => address,
    })
}

fn join(socket: &Socket, endpoint: &Endpoint) -> Result<(), OpenError> {
    let on = endpoint.interface.clone().unwrap_or_else(|| "the interface of the route to it".to_owned());
    let failed = |source| OpenError::Join { on, source };
    match (endpoint.address, endpoint.sender) {
        (SocketAddr::V4(group), None) => {
            socket.set_multicast_all_v4(false).map_err(OpenError::Socket)?;
            let interface = match &endpoint.interface {
                Some(name) => InterfaceIndexOrAddress::Index(Interface::find(name)?.index),
                None => InterfaceIndexOrAddress::Address(Ipv4Addr::UNSPECIFIED),
            };
            socket.join_multicast_v4_n(group.ip(), &interface).map_err(failed)
        }
        (SocketAddr::V4(group), Some(IpAddr::V4(sender))) => {
            socket.set_multicast_all_v4(false).map_err(OpenError::Socket)?;
            let interface = match &endpoint.interface {
                Some(name) => Interface::find(name)?.v4.ok_or_else(|| OpenError::Interface(name.clone()))?,
                None => Ipv4Addr::UNSPECIFIED,
            };
            socket.join_ssm_v4(&sender, group.ip(), &interface).map_err(failed)
        }
        (SocketAddr::V6(group), None) => {
            socket.set_multicast_all_v6(false).map_err(OpenError::Socket)?;
            let index = match &endpoint.interface {
                Some(name) => Interface::find(name)?.index,
                None => group.scope_id(),
            };
            socket.join_multicast_v6(group.ip(), index).map_err(failed)
        }
        (_, Some(_)) => Err(OpenError::SenderV6),
    }
}

/// An interface of this machine.
struct Interface {
    index: u32,
    v4: Option<Ipv4Addr>,
}

impl Interface {
    /// By its name or by one of its addresses.
    fn find(name: &str) -> Result<Self, OpenError> {
        let unknown = || OpenError::Interface(name.to_owned());
        let wanted = name.parse::<IpAddr>().ok();
        let addresses: Vec<(String, IpAddr)> = nix::ifaddrs::getifaddrs()
            .map_err(|e| OpenError::Socket(e.into()))?
            .filter_map(|entry| Some((entry.interface_name.clone(), ip(&entry.address?)?)))
            .collect();
        let device = match wanted {
            Some(ip) => addresses.iter().find(|(_, a)| *a == ip).map(|(device, _)| device.clone()).ok_or_else(unknown)?,
            None => name.to_owned(),
        };
        let index = nix::net::if_::if_nametoindex(device.as_str()).map_err(|_| unknown())?;
        let v4 = match wanted {
            Some(IpAddr::V4(ip)) => Some(ip),
            _ => addresses.iter().find_map(|(d, a)| match a {
                IpAddr::V4(ip) if *d == device => Some(*ip),
                _ => None,
            }),
        };
        Ok(Self { index, v4 })
    }
}

fn ip(address: &SockaddrStorage) -> Option<IpAddr> {
    let v4 = address.as_sockaddr_in().map(|a| IpAddr::from(a.ip()));
    v4.or_else(|| address.as_sockaddr_in6().map(|a| IpAddr::from(Ipv6Addr::from(a.ip().octets()))))
}

/// One datagram of a batch.
pub(super) struct Datagram<'a> {
    pub data: &'a [u8],
    /// The kernel's time stamp.
    pub at: Option<UtcMs>,
    /// How many datagrams this socket's buffer had no room for, since it was opened (modulo 2³²); absent while there were none.
    pub overflowed: Option<u32>,
    /// It was longer than a slot and is not whole.
    pub truncated: bool,
}

/// Datagrams received by one call.
const SLOTS: usize = 32;
/// The longest datagram: jumbo frames.
const SLOT_BYTES: usize = 9216;

/// Buffers for a batch, used for one socket after the other.
pub(super) struct Batch {
    buffer: Vec<u8>,
}

impl Batch {
    pub fn new() -> Self {
        Self { buffer: vec![0; SLOTS * SLOT_BYTES] }
    }

    /// Receives what is there, at most [`SLOTS`] datagrams; returns whether there may be more.
    pub fn receive(&mut self, socket: &Socket, mut each: impl FnMut(Datagram<'_>)) -> io::Result<bool> {
        // Made anew for each call: the kernel shortens the control buffers' lengths to what it used, and nothing would lengthen them again.
        let space = nix::cmsg_space!(nix::sys::time::TimeSpec, u32);
        let mut headers = MultiHeaders::<SockaddrStorage>::preallocate(SLOTS, Some(space));
        let mut slots: Vec<[IoSliceMut<'_>; 1]> = self.buffer.chunks_mut(SLOT_BYTES).map(|slot| [IoSliceMut::new(slot)]).collect();
        let messages = match recvmmsg(socket.as_raw_fd(), &mut headers, slots.iter_mut(), MsgFlags::MSG_DONTWAIT, None) {
            Ok(messages) => messages,
            Err(nix::Error::EAGAIN | nix::Error::EINTR) => return Ok(false),
            Err(e) => return Err(e.into()),
        };
        let mut count = 0;
        for message in messages {
            count += 1;
            let (mut at, mut overflowed) = (None, None);
            for control in message.cmsgs().into_iter().flatten() {
                match control {
                    ControlMessageOwned::ScmTimestampns(t) => at = Some(UtcMs(t.tv_sec() * 1000 + t.tv_nsec() / 1_000_000)),
                    ControlMessageOwned::RxqOvfl(drops) => overflowed = Some(drops),
                    _ => (),
                }
            }
            let data = message.iovs().next().unwrap_or_default();
            each(Datagram { data, at, overflowed, truncated: message.flags.contains(MsgFlags::MSG_TRUNC) });
        }
        Ok(count == SLOTS)
    }
}
