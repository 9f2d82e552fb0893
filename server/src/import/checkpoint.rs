//! How far each file is done, so that an interrupted import goes on where it was.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::tally::Tally;

/// The state of one file, kept beside the database that the orders went into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// The name of the file when it was last imported; only to read.
    pub file: String,
    /// SHA-256 of its content, which is what it is known by.
    pub fingerprint: String,
    /// The source it was imported as.
    pub source: String,
    /// Lines that are done: in the database, or rejected.
    pub lines: u64,
    /// Whether that is all of them.
    pub finished: bool,
    /// Bytes of the file of rejected lines that belong to the lines that are done.
    pub rejected_bytes: u64,
    /// What was counted so far.
    pub tally: Tally,
}

/// The places of a file's checkpoint and of its rejected lines.
#[derive(Clone, Debug)]
pub struct Places {
    checkpoint: PathBuf,
    /// Lines that could not be read, as JSON lines with number, reason and text.
    pub rejected: PathBuf,
}

impl Checkpoint {
    /// Nothing is done yet.
    pub fn start(file: &Path, source: &str, fingerprint: String) -> Self {
        Self {
            file: file.display().to_string(),
            fingerprint,
            source: source.to_owned(),
            lines: 0,
            finished: false,
            rejected_bytes: 0,
            tally: Tally::default(),
        }
    }
}

impl Places {
    /// In the data folder, by tenant, source and content.
    pub fn of(data: &Path, tenant: &str, source: &str, fingerprint: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(tenant.as_bytes());
        hasher.update([0]);
        hasher.update(source.as_bytes());
        hasher.update([0]);
        hasher.update(fingerprint.as_bytes());
        let name = hexadecimal(&hasher.finalize()[..8]);
        let folder = data.join("import");
        Self {
            checkpoint: folder.join(format!("{name}.json")),
            rejected: folder.join(format!("{name}.rejected.jsonl")),
        }
    }

    /// What was kept, if anything.
    ///
    /// # Errors
    ///
    /// If the file is there and cannot be read.
    pub fn load(&self) -> io::Result<Option<Checkpoint>> {
        match fs::read(&self.checkpoint) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a checkpoint. A crash leaves the old one or the new one, never half of one.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn save(&self, checkpoint: &Checkpoint) -> io::Result<()> {
        if let Some(folder) = self.checkpoint.parent() {
            fs::create_dir_all(folder)?;
        }
        let fresh = self.checkpoint.with_extension("new");
        let mut file = File::create(&fresh)?;
        file.write_all(&serde_json::to_vec_pretty(checkpoint)?)?;
        file.sync_data()?;
        fs::rename(fresh, &self.checkpoint)
    }

    /// Opens the file of rejected lines, without what a crash left after the last checkpoint.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn open_rejected(&self, bytes: u64) -> io::Result<File> {
        if let Some(folder) = self.rejected.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = File::options();
        let mut file = options.create(true).truncate(false).write(true).open(&self.rejected)?;
        file.set_len(bytes)?;
        file.seek(io::SeekFrom::End(0))?;
        Ok(file)
    }
}

/// SHA-256 of all that `reader` gives.
///
/// # Errors
///
/// What the reader says.
pub fn fingerprint(mut reader: impl Read) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            return Ok(hexadecimal(&hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
