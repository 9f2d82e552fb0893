//! A file system for SQLite that notes what is written and when it is made safe, and can say what a power cut at any moment
//! could have left of it.

use std::{
    collections::BTreeMap,
    ffi::{CStr, c_char, c_int, c_void},
    mem::size_of,
    path::{Path, PathBuf},
    ptr,
    sync::{LazyLock, Mutex},
};

use rusqlite::ffi::{
    SQLITE_OK, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs, sqlite3_vfs_find,
    sqlite3_vfs_register,
};

use super::Chance;

/// Something that happened, in its order.
#[derive(Clone, Debug)]
pub enum Happening {
    Write {
        file: PathBuf,
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        file: PathBuf,
        length: usize,
    },
    Sync {
        file: PathBuf,
    },
    Delete {
        file: PathBuf,
    },
    /// Somebody was told that this order is placed.
    Told(String),
}

static LOG: Mutex<Vec<Happening>> = Mutex::new(Vec::new());

pub fn note(happening: Happening) {
    LOG.lock().unwrap().push(happening);
}

/// All that happened so far.
pub fn log() -> Vec<Happening> {
    LOG.lock().unwrap().clone()
}

/// What is safe of a file, and what was written since.
#[derive(Clone, Debug, Default)]
pub struct File {
    safe: Vec<u8>,
    since: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

/// The files after so much of a log.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub files: BTreeMap<PathBuf, File>,
    /// It says that everything is safe, and nothing is.
    pub is_lying: bool,
}

impl Disk {
    pub fn happen(&mut self, happening: &Happening) {
        match happening {
            Happening::Write { file, at, bytes } => {
                self.file(file).since.push(Change::Write(*at, bytes.clone()));
            }
            Happening::Truncate { file, length } => {
                self.file(file).since.push(Change::Truncate(*length));
            }
            Happening::Sync { file } if !self.is_lying => {
                let file = self.file(file);
                for change in std::mem::take(&mut file.since) {
                    change.apply(&mut file.safe);
                }
            }
            Happening::Delete { file } => {
                self.files.remove(file);
            }
            Happening::Sync { .. } | Happening::Told(_) => {}
        }
    }

    fn file(&mut self, path: &Path) -> &mut File {
        self.files.entry(path.to_path_buf()).or_default()
    }
}

impl File {
    /// What a power cut leaves: what is safe, and of each change since all, nothing, or some sectors in any order.
    pub fn after_power_cut(&self, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        let sector = if chance.below(2) == 0 { 512 } else { 4_096 };
        for change in &self.since {
            match (chance.below(3), change) {
                (0, _) => {}
                (1, change) => change.apply(&mut bytes),
                (_, Change::Write(at, written)) => {
                    for (index, part) in written.chunks(sector).enumerate() {
                        if chance.below(2) == 0 {
                            Change::Write(at + index * sector, part.to_vec()).apply(&mut bytes);
                        }
                    }
                }
                (_, Change::Truncate(_)) => {}
            }
        }
        bytes
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, written) => {
                let end = at + written.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*at..end].copy_from_slice(written);
            }
            Self::Truncate(length) => bytes.truncate(*length),
        }
    }
}

/// An open file: SQLite's own, with its name before it.
#[repr(C)]
struct Open {
    base: sqlite3_file,
    inner: *mut sqlite3_file,
    /// Null for files that nobody has to find again.
    name: *mut PathBuf,
}

/// The file system that does the work, by its address: pointers may not be shared.
static INNER: LazyLock<usize> = LazyLock::new(|| {
    // SAFETY: the default file system of SQLite is there as long as the process.
    unsafe { sqlite3_vfs_find(ptr::null()) as usize }
});

/// From now on, files of SQLite in this process are noted.
pub fn install() {
    let inner = *INNER as *mut sqlite3_vfs;
    // SAFETY: a file system is plain data; the copy differs in how files are opened and deleted, and lives for ever.
    unsafe {
        let mut vfs = ptr::read(inner);
        vfs.szOsFile += c_int::try_from(size_of::<Open>()).unwrap();
        vfs.zName = c"recorder".as_ptr();
        vfs.pNext = ptr::null_mut();
        vfs.xOpen = Some(open);
        vfs.xDelete = Some(delete);
        assert_eq!(sqlite3_vfs_register(Box::leak(Box::new(vfs)), 1), SQLITE_OK);
    }
}

unsafe fn path(name: *const c_char) -> PathBuf {
    // SAFETY: SQLite's names end with a zero.
    PathBuf::from(unsafe { CStr::from_ptr(name) }.to_str().unwrap())
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let vfs = *INNER as *mut sqlite3_vfs;
    // SAFETY: SQLite gives memory of `szOsFile` bytes: ours, and behind it that of its own file.
    unsafe {
        let open = file.cast::<Open>();
        let inner = open.add(1).cast::<sqlite3_file>();
        let result = (*vfs).xOpen.unwrap()(vfs, name, inner, flags, flags_out);
        (*open).inner = inner;
        (*open).name =
            if name.is_null() { ptr::null_mut() } else { Box::into_raw(Box::new(path(name))) };
        // Without methods SQLite does not close it.
        (*open).base.pMethods = if result == SQLITE_OK { &raw const METHODS } else { ptr::null() };
        result
    }
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    let vfs = *INNER as *mut sqlite3_vfs;
    // SAFETY: as SQLite calls it.
    unsafe {
        note(Happening::Delete { file: path(name) });
        (*vfs).xDelete.unwrap()(vfs, name, sync)
    }
}

/// Calls the method of SQLite's own file.
macro_rules! inner {
    ($file:ident . $method:ident ( $($argument:expr),* )) => {{
        // SAFETY: the file was opened by `open`, and its own methods are those of the file behind it.
        unsafe {
            let inner = (*$file.cast::<Open>()).inner;
            (*(*inner).pMethods).$method.unwrap()(inner, $($argument),*)
        }
    }};
}

macro_rules! pass {
    ($($name:ident = $method:ident ( $($argument:ident : $kind:ty),* ) $(-> $result:ty)?;)*) => {
        $(unsafe extern "C" fn $name(file: *mut sqlite3_file, $($argument: $kind),*) $(-> $result)? {
            inner!(file.$method($($argument),*))
        })*
    };
}

pass! {
    read = xRead(buffer: *mut c_void, length: c_int, at: sqlite3_int64) -> c_int;
    size = xFileSize(size: *mut sqlite3_int64) -> c_int;
    lock = xLock(kind: c_int) -> c_int;
    unlock = xUnlock(kind: c_int) -> c_int;
    is_reserved = xCheckReservedLock(result: *mut c_int) -> c_int;
    control = xFileControl(operation: c_int, argument: *mut c_void) -> c_int;
    sector = xSectorSize() -> c_int;
    shared_map = xShmMap(page: c_int, size: c_int, extend: c_int, at: *mut *mut c_void) -> c_int;
    shared_lock = xShmLock(offset: c_int, count: c_int, flags: c_int) -> c_int;
    shared_barrier = xShmBarrier();
    shared_unmap = xShmUnmap(delete: c_int) -> c_int;
}

/// The disk that is played here promises nothing of its own, such as that a write of some size is whole.
unsafe extern "C" fn promises(_: *mut sqlite3_file) -> c_int {
    0
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let result = inner!(file.xClose());
    // SAFETY: made by `open`, and closed once.
    unsafe {
        let name = (*file.cast::<Open>()).name;
        if !name.is_null() {
            drop(Box::from_raw(name));
        }
    }
    result
}

/// The name of a file that is noted.
unsafe fn name(file: *mut sqlite3_file) -> Option<PathBuf> {
    // SAFETY: made by `open`, and not closed.
    unsafe { (*file.cast::<Open>()).name.as_ref().cloned() }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    buffer: *const c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: as SQLite calls it.
    unsafe {
        if let Some(file) = name(file) {
            let length = usize::try_from(length).unwrap();
            let bytes = std::slice::from_raw_parts(buffer.cast::<u8>(), length).to_vec();
            note(Happening::Write { file, at: usize::try_from(at).unwrap(), bytes });
        }
    }
    inner!(file.xWrite(buffer, length, at))
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    // SAFETY: as SQLite calls it.
    if let Some(file) = unsafe { name(file) } {
        note(Happening::Truncate { file, length: usize::try_from(length).unwrap() });
    }
    inner!(file.xTruncate(length))
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // The disk that is played here is safe by what is noted; the real one need not be.
    let _ = flags;
    // SAFETY: as SQLite calls it.
    if let Some(file) = unsafe { name(file) } {
        note(Happening::Sync { file });
    }
    SQLITE_OK
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector),
    xDeviceCharacteristics: Some(promises),
    xShmMap: Some(shared_map),
    xShmLock: Some(shared_lock),
    xShmBarrier: Some(shared_barrier),
    xShmUnmap: Some(shared_unmap),
    xFetch: None,
    xUnfetch: None,
};
