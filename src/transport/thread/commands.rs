//! What a media thread is told, and what it does then.

use std::time::Instant;

use super::connection::{Connection, Way};
use super::run::Thread;
use super::{Command, Happened, NewPeer, NewSeat, PeerEvent, SeatPacket};
use crate::sfu::PeerId;
use crate::transport::session::{Session, Via};

impl Thread {
    pub(super) fn obey(&mut self) {
        let now = Instant::now();
        while let Ok(command) = self.inbox.try_recv() {
            self.command(now, command);
        }
    }

    fn command(&mut self, now: Instant, command: Command) {
        let rejected = match command {
            Command::Add(peer) => self.add(now, *peer),
            Command::AddSeat(seat) => self.add_seat(now, *seat),
            Command::FromSeat { peer, packet } => {
                match (self.places.get(&peer).copied(), packet) {
                    (Some(place), SeatPacket::Rtp(packet)) => self.forward.receive_rtp(now, place, &packet),
                    (Some(place), SeatPacket::Rtcp(compound)) => self.forward.receive_rtcp(now, place, &compound),
                    (None, _) => {}
                }
                Ok(())
            }
            Command::SetRemote { peer, remote } => {
                self.with(peer, |connection| {
                    if let Some(Err(e)) = connection.session().map(|session| session.set_remote(now, remote)) {
                        tracing::info!(%peer, error = %e, "the client's description cannot be used");
                    }
                });
                Ok(())
            }
            Command::RestartIce { peer, local } => {
                if let Some(place) = self.places.get(&peer).copied() {
                    self.by_ufrag.insert(local.ufrag.clone(), place);
                    self.with(peer, |connection| {
                        connection.ufrags.push(local.ufrag.clone());
                        if let Some(session) = connection.session() {
                            session.restart_ice(now, local);
                        }
                    });
                }
                Ok(())
            }
            Command::Remove { peer } => {
                self.with(peer, |connection| {
                    if let Some(session) = connection.session() {
                        session.close(now);
                    }
                });
                self.settle(now);
                if let Some(place) = self.places.get(&peer).copied() {
                    self.remove(place);
                }
                Ok(())
            }
            Command::Publish { peer, uplink } => {
                let events =
                    self.places.get(&peer).and_then(|place| self.connections.get(*place)).and_then(Option::as_ref).map(|connection| connection.events.clone());
                if let Some(events) = events {
                    self.tracks.insert(uplink.track, events);
                }
                self.forward.add_uplink(peer, *uplink)
            }
            Command::Mirror { uplink, from, is_muted } => self.mirror(*uplink, from, is_muted),
            Command::Needed { track, need, by } => {
                self.needed(now, track, need, by);
                Ok(())
            }
            Command::Unpublish { track } => {
                self.tracks.remove(&track);
                self.homes.remove(&track);
                self.forward.remove_uplink(track);
                Ok(())
            }
            Command::Mute { track, is_muted } => {
                self.forward.mute(track, is_muted);
                Ok(())
            }
            Command::Subscribe { peer, downlink } => self.forward.add_downlink(now, peer, *downlink),
            Command::Unsubscribe { peer, track } => {
                self.forward.remove_downlink(peer, track);
                Ok(())
            }
            Command::Set { peer, track, settings } => {
                self.forward.set(now, peer, track, settings);
                Ok(())
            }
            Command::SetCeiling { peer, bps } => {
                self.forward.set_ceiling(peer, bps);
                Ok(())
            }
            Command::OpenChannel { peer, label, ordered, reliability } => {
                self.with(peer, |connection| match connection.session().map(|session| session.open_channel(now, &label, ordered, reliability)) {
                    Some(Ok(channel)) => drop(connection.name_channel(channel, &label)),
                    Some(Err(e)) => tracing::info!(%peer, label, error = %e, "a data channel cannot be opened"),
                    None => {}
                });
                Ok(())
            }
            Command::Send { peer, label, bytes } => {
                self.with(peer, |connection| {
                    let channel = connection.channels.get(&label).copied();
                    if let (Some(channel), Some(session)) = (channel, connection.session())
                        && let Err(e) = session.send(now, channel, false, &bytes)
                    {
                        tracing::debug!(%peer, label = &*label, error = %e, "data is not sent");
                    }
                });
                Ok(())
            }
            Command::Report { peer, answer } => {
                let _ = answer.send(self.forward.peer_report(now, peer));
                Ok(())
            }
            Command::TrackReport { track, answer } => {
                let _ = answer.send(self.forward.track_report(now, track));
                Ok(())
            }
            Command::Tcp { id, out } => {
                self.tcp.insert(id, out);
                Ok(())
            }
            Command::TcpFrame { path, mut frame, permit } => {
                self.datagram(now, path, &mut frame);
                drop(permit);
                if let Via::Tcp(id) = path.via
                    && !self.by_source.contains_key(&(path.remote, path.via))
                {
                    // No check of it was genuine: with its queue the connection ends.
                    self.tcp.remove(&id);
                }
                Ok(())
            }
            Command::TcpClosed { path } => {
                if let Via::Tcp(id) = path.via {
                    self.tcp.remove(&id);
                }
                if let Some(place) = self.by_source.remove(&(path.remote, path.via))
                    && let Some(session) = self.session(place)
                {
                    session.path_lost(path);
                    self.touched.push(place);
                }
                Ok(())
            }
            Command::Stop => {
                self.is_stopping = true;
                Ok(())
            }
        };
        if let Err(e) = rejected {
            tracing::debug!(error = %e, "a command came too late");
        }
    }

    fn add(&mut self, now: Instant, peer: NewPeer) -> Result<(), crate::sfu::Rejected> {
        let place = self.forward.add_peer(now, peer.id, peer.options)?;
        let ufrag = peer.ice.ufrag.clone();
        let session = Session::with_options(now, &self.identity, peer.ice, peer.session);
        self.keep(place, Connection::new(peer.id, Way::Session(Box::new(session)), peer.events, vec![ufrag.clone()]));
        self.by_ufrag.insert(ufrag, place);
        self.touched.push(place);
        Ok(())
    }

    /// A seat is connected from the beginning.
    fn add_seat(&mut self, now: Instant, seat: NewSeat) -> Result<(), crate::sfu::Rejected> {
        let place = self.forward.add_peer(now, seat.id, seat.options)?;
        self.keep(place, Connection::new(seat.id, Way::Seat(seat.out), seat.events.clone(), Vec::new()));
        self.forward.connected(now, seat.id);
        let _ = seat.events.send(Happened::Peer(seat.id, PeerEvent::Connected));
        Ok(())
    }

    fn keep(&mut self, place: usize, connection: Connection) {
        self.places.insert(connection.id, place);
        if self.connections.len() <= place {
            self.connections.resize_with(place + 1, || None);
        }
        if let Some(slot) = self.connections.get_mut(place) {
            *slot = Some(connection);
        }
    }

    fn with(&mut self, peer: PeerId, act: impl FnOnce(&mut Connection)) {
        let Some(place) = self.places.get(&peer).copied() else { return };
        if let Some(connection) = self.connections.get_mut(place).and_then(Option::as_mut) {
            act(connection);
            self.touched.push(place);
        }
    }

    pub(super) fn remove(&mut self, place: usize) {
        let Some(mut connection) = self.connections.get_mut(place).and_then(Option::take) else { return };
        if let Some(session) = connection.session() {
            self.ended += *session.counters();
        }
        self.forward.remove_peer(connection.id);
        self.places.remove(&connection.id);
        for ufrag in &connection.ufrags {
            self.by_ufrag.remove(ufrag);
        }
        self.by_source.retain(|_, known| *known != place);
    }
}
