//! Where an asset's files are: `<assets>/<id>/{<rung>/{index.m3u8,init.mp4,…m4s}, poster.jpg, sprite-<n>.jpg, thumbnails.vtt}`.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::AssetId;

/// The folder of all assets.
#[derive(Debug, Clone)]
pub struct Folders {
    assets: PathBuf,
}

impl Folders {
    pub fn new(recordings: &Path) -> io::Result<Self> {
        let assets = recordings.join("assets");
        std::fs::create_dir_all(&assets)?;
        Ok(Self { assets })
    }

    pub fn of(&self, asset: &AssetId) -> PathBuf {
        self.assets.join(asset.as_str())
    }

    pub fn rung(&self, asset: &AssetId, rung: &str) -> PathBuf {
        self.of(asset).join(rung)
    }

    /// Removes an asset's files. It is renamed first, so that a crash leaves either all of it or a folder that [`Self::sweep`] removes.
    pub fn remove(&self, asset: &AssetId) -> io::Result<()> {
        let gone = self.assets.join(format!("{asset}.removed"));
        match std::fs::rename(self.of(asset), &gone) {
            Ok(()) => std::fs::remove_dir_all(gone),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes what a crash left half removed.
    pub fn sweep(&self) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.assets)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "removed") {
                std::fs::remove_dir_all(path)?;
            }
        }
        Ok(())
    }
}

/// Writes a file so that it is whole or not there, also after a power cut.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let partial = path.with_extension("partial");
    let mut file = File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    std::fs::rename(&partial, path)
}

/// Makes the names in a folder last through a power cut.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
