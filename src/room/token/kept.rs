//! The key that a server makes for itself where none is configured: `rooms.key` in the data folder, one line `name: secret`.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rand::distr::{Alphanumeric, SampleString};

use super::{KeyError, Keys};

const FILE: &str = "rooms.key";
/// More than any line that was written here.
const MOST_BYTES: u64 = 4_096;

impl Keys {
    /// The kept key, or `None` where none was made yet. A file that others may read is made private again, with a warning.
    pub fn load(folder: &Path) -> Result<Option<Self>, KeyError> {
        let path = folder.join(FILE);
        let failed = |source| KeyError::File { path: path.clone(), source };
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            tracing::warn!(path = %path.display(), mode = format!("{mode:o}"), "others could read the rooms' key; move the file away for a new one");
            if let Err(error) = file.set_permissions(fs::Permissions::from_mode(0o600)) {
                tracing::warn!(path = %path.display(), %error, "and they still can: `chmod 600` by the file's owner is needed");
            }
        }
        let mut text = String::new();
        match file.take(MOST_BYTES).read_to_string(&mut text) {
            Err(error) if error.kind() != io::ErrorKind::InvalidData => return Err(failed(error)),
            Ok(_) if text.trim_end().lines().count() == 1 => {}
            _ => return Err(KeyError::Content { path }),
        }
        let Some((name, secret)) = text.trim_end().split_once(": ") else { return Err(KeyError::Content { path }) };
        Self::new([(name, secret)]).map(Some).map_err(|_| KeyError::Content { path })
    }

    /// The kept key, made now where there is none. Of several processes that make one at the same time, all get the same.
    pub fn load_or_create(folder: &Path) -> Result<Self, KeyError> {
        if let Some(keys) = Self::load(folder)? {
            return Ok(keys);
        }
        let mut random = rand::rng();
        // 43 of 62 signs are 256 bits.
        let line = format!("API{}: {}\n", Alphanumeric.sample_string(&mut random, 12), Alphanumeric.sample_string(&mut random, 43));
        let path = folder.join(FILE);
        let draft = folder.join(format!("{FILE}.{}", Alphanumeric.sample_string(&mut random, 12)));
        write(folder, &draft, &path, &line).map_err(|source| KeyError::File { path: path.clone(), source })?;
        let gone = || KeyError::File { path: path.clone(), source: io::ErrorKind::NotFound.into() };
        Self::load(folder)?.ok_or_else(gone)
    }
}

/// Whole or not at all, and not over what another process wrote: a link, unlike a renaming, leaves a file that is there alone.
fn write(folder: &Path, draft: &Path, path: &Path, line: &str) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let linked = write_draft(draft, line).and_then(|()| match fs::hard_link(draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome,
    });
    let removed = fs::remove_file(draft);
    linked.and(removed)?;
    fs::File::open(folder)?.sync_all()
}

fn write_draft(draft: &Path, line: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}
