//! A proxy before PostgreSQL that cuts a connection at the worst moment.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
};

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The server commits, and nobody hears of it.
    AfterCommit,
    /// The server is never asked to commit.
    BeforeCommit,
    /// In the middle of a transaction that writes.
    AtUpdate,
}

pub struct Proxy {
    address: SocketAddr,
    cut: Arc<Mutex<Option<Cut>>>,
}

impl Proxy {
    /// Listens on a free port for connections to a socket.
    pub fn before(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let cut = Arc::new(Mutex::new(None));
        let planned = Arc::clone(&cut);
        thread::spawn(move || {
            for client in listener.incoming() {
                let server = UnixStream::connect(&socket).unwrap();
                pass(client.unwrap(), server, &planned);
            }
        });
        Self { address, cut }
    }

    /// The address of a database by way of this proxy.
    pub fn address(&self, url: &str) -> String {
        let (start, _) = url.split_once('?').unwrap();
        let address = format!("{}:{}", self.address.ip(), self.address.port());
        start.replace("localhost", &address) + "?sslmode=disable"
    }

    /// Plans the next cut. Only one happens.
    pub fn cut(&self, cut: Cut) {
        *self.cut.lock().unwrap() = Some(cut);
    }

    /// Whether it has happened.
    pub fn is_cut(&self) -> bool {
        self.cut.lock().unwrap().is_none()
    }
}

fn pass(client: TcpStream, server: UnixStream, cut: &Arc<Mutex<Option<Cut>>>) {
    let answers = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let is_mute = Arc::new(Mutex::new(false));
    let mute = Arc::clone(&is_mute);
    thread::spawn(move || {
        let (mut server, mut client) = answers;
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = server.read(&mut bytes) {
            if *mute.lock().unwrap() || client.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
    });
    let cut = Arc::clone(cut);
    thread::spawn(move || {
        let (mut client, mut server) = (client, server);
        let mut bytes = [0; 64 * 1024];
        while let Ok(count @ 1..) = client.read(&mut bytes) {
            let asked = &bytes[..count];
            let happens = cut.lock().unwrap().take_if(|cut| is_at(asked, *cut));
            if happens.is_some() {
                *is_mute.lock().unwrap() = true;
                if happens == Some(Cut::AfterCommit) {
                    // Its answer is read, and kept from the client, by the other thread.
                    server.write_all(asked).unwrap();
                    return;
                }
                break;
            }
            if server.write_all(asked).is_err() {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
    });
}

fn is_at(asked: &[u8], cut: Cut) -> bool {
    let has = |text: &[u8]| asked.windows(text.len()).any(|window| window == text);
    match cut {
        Cut::AfterCommit | Cut::BeforeCommit => has(b"COMMIT"),
        Cut::AtUpdate => has(b"INSERT INTO orders"),
    }
}
