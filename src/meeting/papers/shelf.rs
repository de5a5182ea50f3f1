//! The files on the disk: `<data>/papers/<two digits>/<hash>`. A file is written beside and renamed, so that it is whole or not there, also after a power cut.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::PaperError;
use super::kind::{FileType, look};
use crate::store::Space;

/// Who sends nothing for so long is not waited for.
const SILENCE: Duration = Duration::from_secs(60);
/// What an upload left that the server did not end itself.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 3_600);

#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
    reserve_bytes: u64,
}

/// A file that is on the disk, and not on the shelf yet; dropped, it is gone.
#[derive(Debug)]
pub struct Received {
    pub hash: String,
    pub bytes: u64,
    pub file_type: FileType,
    partial: Partial,
}

#[derive(Debug)]
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // Renamed by now, or to be swept later.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Shelf {
    /// `reserve_bytes` of the disk stay free.
    pub fn new(data: &Path, reserve_bytes: u64) -> io::Result<Self> {
        let folder = data.join("papers");
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, reserve_bytes })
    }

    pub fn path(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or_default()).join(hash)
    }

    /// Takes a file as it comes, never whole in memory.
    pub async fn receive<E: std::fmt::Display>(
        &self,
        name: &str,
        mut stream: impl Stream<Item = Result<Bytes, E>> + Unpin,
        most_bytes: u64,
    ) -> Result<Received, PaperError> {
        let partial = Partial(self.folder.join(format!("{}.partial", ulid::Ulid::new())));
        let mut file = tokio::fs::File::create_new(&partial.0).await?;
        let (mut hash, mut bytes) = (Sha256::new(), 0u64);
        self.require_room(0)?;
        loop {
            let next = tokio::time::timeout(SILENCE, stream.next()).await.map_err(|_| PaperError::Broken("silence".to_owned()))?;
            let Some(chunk) = next else { break };
            let chunk = chunk.map_err(|error| PaperError::Broken(error.to_string()))?;
            bytes += chunk.len() as u64;
            if bytes > most_bytes {
                return Err(PaperError::TooLarge { most_bytes });
            }
            hash.update(&chunk);
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        if bytes == 0 {
            return Err(PaperError::Empty);
        }
        let (path, called) = (partial.0.clone(), name.to_owned());
        let found = tokio::task::spawn_blocking(move || look(&path, &called)).await.map_err(io::Error::other)??;
        let file_type = found.ok_or_else(|| PaperError::Kind { name: name.to_owned() })?;
        Ok(Received { hash: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), bytes, file_type, partial })
    }

    /// Whether the disk has room for so much and its reserve.
    pub fn require_room(&self, bytes: u64) -> Result<(), PaperError> {
        let space = Space::of(&self.folder)?;
        if space.free < self.reserve_bytes.saturating_add(bytes) { Err(PaperError::Full) } else { Ok(()) }
    }

    /// Puts it where its hash says, for good.
    pub fn put(&self, received: &Received) -> io::Result<()> {
        let path = self.path(&received.hash);
        if path.is_file() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder)?;
        std::fs::rename(&received.partial.0, &path)?;
        for folder in [folder, &self.folder] {
            std::fs::File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    pub fn remove(&self, hash: &str) -> io::Result<()> {
        match std::fs::remove_file(self.path(hash)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The hashes of what is there; removes what uploads left behind long ago.
    pub fn sweep(&self) -> io::Result<Vec<String>> {
        let mut found = vec![];
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                for file in std::fs::read_dir(entry.path())? {
                    found.extend(file?.file_name().into_string());
                }
            } else {
                let modified = entry.metadata()?.modified()?;
                if SystemTime::now().duration_since(modified).is_ok_and(|age| age > LEFT_BEHIND) {
                    std::fs::remove_file(entry.path())?;
                }
            }
        }
        Ok(found)
    }
}
