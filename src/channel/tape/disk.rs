//! What the writer asks of a disk. A trait, so that a test can have one that is full.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes files that grow.
pub trait Disk: Send + Sync {
    /// Makes the folder, the file in it, and both lasting.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Growing>>;
}

/// A file that is appended to.
pub trait Growing: Send + Sync {
    /// Writes some or all of the bytes at the end; says how many.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    fn truncate(&mut self, length: u64) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
}

/// The file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct StdDisk;

impl Disk for StdDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Growing>> {
        let folder = path.parent().unwrap_or(Path::new("."));
        if !folder.is_dir() {
            std::fs::create_dir_all(folder)?;
            for above in folder.ancestors().skip(1).take(2).filter(|p| !p.as_os_str().is_empty()) {
                File::open(above)?.sync_all()?;
            }
        }
        let mut open = OpenOptions::new();
        open.append(true).create_new(true);
        let file = match open.open(path) {
            // Retention can have taken the empty folder of the day in between.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                std::fs::create_dir_all(folder)?;
                open.open(path)?
            }
            opened => opened?,
        };
        File::open(folder)?.sync_all()?;
        Ok(Box::new(file))
    }
}

impl Growing for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Write::write(self, bytes)
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}
