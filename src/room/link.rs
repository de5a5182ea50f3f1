//! A client's signalling connection, seen from the room: messages in, messages out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use livekit_protocol::{SignalRequest, SignalResponse, signal_request, signal_response};
use prost::Message;
use tokio::sync::mpsc;

use super::actor::{LinkId, RoomHandle};

/// What waits for a client that does not read; beyond, its connection is cut, and it may come again.
const QUEUED: usize = 512;
const QUEUED_BYTES: usize = 4 << 20;
/// A request is shorter; a description of hundreds of sections fits.
const REQUEST_BYTES: usize = 1 << 20;

/// A frame of the connection: protobuf, or JSON as text for those who ask so.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    Binary(Vec<u8>),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("a request of {0} bytes; at most {REQUEST_BYTES} are taken")]
    TooLong(usize),
    #[error("a request that is none: {0}")]
    Malformed(String),
}

/// The room's end.
#[derive(Debug, Clone)]
pub struct Outbox {
    pub id: LinkId,
    queue: mpsc::Sender<Waiting>,
    waiting_bytes: Arc<AtomicUsize>,
}

/// A message on its way to the client, with what it weighs.
#[derive(Debug)]
pub(super) struct Waiting {
    message: signal_response::Message,
    bytes: usize,
}

/// Messages, and the bytes that all of them weigh.
#[derive(Debug)]
pub(super) struct Queue {
    messages: mpsc::Receiver<Waiting>,
    waiting_bytes: Arc<AtomicUsize>,
}

impl Outbox {
    /// False when the client does not take what it is told, or is gone.
    pub fn send(&self, message: signal_response::Message) -> bool {
        let bytes = message.encoded_len();
        if self.waiting_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes > QUEUED_BYTES {
            return false;
        }
        self.queue.try_send(Waiting { message, bytes }).is_ok()
    }
}

/// The client's end.
pub struct SignalLink {
    id: LinkId,
    participant: String,
    room: RoomHandle,
    queue: Queue,
    is_text: bool,
}

pub(super) fn pair(id: LinkId) -> (Outbox, Queue) {
    let (queue, messages) = mpsc::channel(QUEUED);
    let waiting_bytes = Arc::new(AtomicUsize::new(0));
    (Outbox { id, queue, waiting_bytes: waiting_bytes.clone() }, Queue { messages, waiting_bytes })
}

impl SignalLink {
    pub(super) fn new(id: LinkId, participant: String, room: RoomHandle, queue: Queue) -> Self {
        Self { id, participant, room, queue, is_text: false }
    }

    /// The next frame for the client; None: the room has ended the connection.
    pub async fn next(&mut self) -> Option<Frame> {
        let Waiting { message, bytes } = self.queue.messages.recv().await?;
        self.queue.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
        let response = SignalResponse { message: Some(message) };
        Some(match self.is_text {
            true => Frame::Text(serde_json::to_string(&response).unwrap_or_default()),
            false => Frame::Binary(response.encode_to_vec()),
        })
    }

    /// What the client sent.
    pub fn take(&mut self, frame: &Frame) -> Result<(), FrameError> {
        let request = match frame {
            Frame::Binary(bytes) if bytes.len() > REQUEST_BYTES => return Err(FrameError::TooLong(bytes.len())),
            Frame::Text(text) if text.len() > REQUEST_BYTES => return Err(FrameError::TooLong(text.len())),
            Frame::Binary(bytes) => SignalRequest::decode(bytes.as_slice()).map_err(|e| FrameError::Malformed(e.to_string()))?,
            Frame::Text(text) => {
                self.is_text = true;
                serde_json::from_str(text).map_err(|e| FrameError::Malformed(e.to_string()))?
            }
        };
        if let Some(message) = request.message {
            self.room.signal(self.participant.clone(), self.id, message);
        }
        Ok(())
    }

    /// For the log.
    pub fn participant(&self) -> &str {
        &self.participant
    }
}

impl Drop for SignalLink {
    fn drop(&mut self) {
        self.room.link_lost(self.participant.clone(), self.id);
    }
}

pub(super) type Request = signal_request::Message;
