//! A PostgreSQL server for the tests of one process, in a temporary folder, reached by a socket in it. It ends with the
//! process, however that ends: a shell that holds the server waits for the end of its input.

use std::{
    fs,
    io::{BufRead, BufReader, ErrorKind},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Makes a server in the folder `$1`, says so, and stops it at the end of the input. Text is ordered as in a dictionary
/// unless a column says otherwise, as on many a real server.
const SERVER: &str = r#"
set -e
cd "$1"
trap 'rm -rf "$1"' EXIT
"$2/initdb" -D data -U orderkit --auth=trust --encoding=UTF8 --no-sync \
  --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US >log 2>&1
"$2/postgres" -D data -k "$1" -c listen_addresses= -c fsync=off -c max_connections=400 >>log 2>&1 &
server=$!
until "$2/pg_isready" -q -h "$1"; do kill -0 $server; sleep 0.05; done
echo ready
cat >/dev/null
kill -INT $server
wait $server || true
"#;

/// The address of an empty database that nobody else uses.
pub async fn new_database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = folder();
    let socket = folder.display();
    // Each module of a test program counts for itself.
    let module = module_path!().replace("::", "_");
    let name = format!("{module}_{}", NEXT.fetch_add(1, Ordering::SeqCst));
    let made = Command::new(binaries().join("createdb"))
        .args(["-h", &socket.to_string(), "-U", "orderkit", "-T", "template0", &name])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    format!("postgres://orderkit@localhost/{name}?host={socket}&sslmode=disable")
}

/// The socket of the server.
pub fn socket() -> PathBuf {
    folder().join(".s.PGSQL.5432")
}

/// The folder of the server of this process; starts it if nobody has.
fn folder() -> PathBuf {
    static STARTED: OnceLock<(PathBuf, Option<Child>)> = OnceLock::new();
    STARTED.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("orderkit-postgres-{}", std::process::id()));
        match fs::create_dir(&folder) {
            Ok(()) => {
                let server = start(&folder);
                (folder, Some(server))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let until = Instant::now() + Duration::from_secs(60);
                while !folder.join("ready").exists() {
                    assert!(Instant::now() < until, "PostgreSQL does not start");
                    thread::sleep(Duration::from_millis(20));
                }
                (folder, None)
            }
            Err(error) => panic!("{}: {error}", folder.display()),
        }
    });
    STARTED.get().unwrap().0.clone()
}

fn start(folder: &Path) -> Child {
    let mut command = if is_root() {
        // PostgreSQL refuses to be run by root.
        let owned = Command::new("chown").arg("postgres").arg(folder).status();
        assert!(owned.unwrap().success());
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command.args(["-c", SERVER, "sh"]).arg(folder).arg(binaries());
    let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    assert_eq!(said.trim(), "ready", "PostgreSQL does not start: {log}");
    fs::write(folder.join("ready"), "").unwrap();
    server
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// The newest installed version.
fn binaries() -> PathBuf {
    let folder = Path::new("/usr/lib/postgresql");
    let versions = fs::read_dir(folder).unwrap_or_else(|_| {
        panic!("{} is missing: `scripts/setup test` installs PostgreSQL", folder.display())
    });
    let newest = versions
        .map(|it| it.unwrap().path())
        .max_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    newest.expect("a version of PostgreSQL").join("bin")
}
