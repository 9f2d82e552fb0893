//! A wire between a client and a server that can be cut at any byte, or go dead without anybody being told.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Where connections are cut.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cut {
    /// After so many bytes to the server.
    pub asked: Option<usize>,
    /// After so many bytes to the client; zero when the server has answered and nobody hears it.
    pub answered: Option<usize>,
}

/// A proxy.
pub struct Wire {
    pub address: String,
    plan: Arc<Mutex<Cut>>,
    is_dead: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<End>>>,
}

/// One end of a connection.
enum End {
    Network(TcpStream),
    Socket(UnixStream),
}

/// Where a wire leads.
#[derive(Clone, Debug)]
pub enum Target {
    Address(String),
    Socket(PathBuf),
}

impl Wire {
    /// Listens on a free port.
    pub fn to(target: Target) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let wire =
            Self { address, plan: Arc::default(), is_dead: Arc::default(), open: Arc::default() };
        let (plan, is_dead, open) =
            (Arc::clone(&wire.plan), Arc::clone(&wire.is_dead), Arc::clone(&wire.open));
        thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client.map(End::Network) else { continue };
                // A server that is down takes no connection; then this one ends as well.
                let Some(server) = target.connect() else { continue };
                let cut = *plan.lock().unwrap();
                open.lock().unwrap().extend([client.twin(), server.twin()]);
                let down = (server.twin(), client.twin());
                let dead = Arc::clone(&is_dead);
                thread::spawn(move || pass(down.0, down.1, cut.answered, &dead));
                let up = AtomicBool::new(false);
                thread::spawn(move || pass(client, server, cut.asked, &up));
            }
        });
        wire
    }

    /// Cuts all connections that begin from now on.
    pub fn cut(&self, cut: Cut) {
        *self.plan.lock().unwrap() = cut;
    }

    /// Cuts all connections that are open.
    pub fn cut_all(&self) {
        for end in self.open.lock().unwrap().drain(..) {
            end.shut();
        }
    }

    /// Connections stay open, and nothing comes back on them any more.
    pub fn go_dead(&self, is_dead: bool) {
        self.is_dead.store(is_dead, Ordering::SeqCst);
    }

    /// The address of a PostgreSQL database by way of this wire.
    pub fn database(&self, url: &str) -> String {
        let (start, _) = url.split_once('?').unwrap();
        start.replace("localhost", &self.address) + "?sslmode=disable"
    }
}

impl Target {
    fn connect(&self) -> Option<End> {
        match self {
            Self::Address(address) => TcpStream::connect(address).ok().map(End::Network),
            Self::Socket(path) => UnixStream::connect(path).ok().map(End::Socket),
        }
    }
}

impl End {
    fn twin(&self) -> Self {
        match self {
            Self::Network(stream) => Self::Network(stream.try_clone().unwrap()),
            Self::Socket(stream) => Self::Socket(stream.try_clone().unwrap()),
        }
    }

    fn read(&mut self, bytes: &mut [u8]) -> usize {
        match self {
            Self::Network(stream) => stream.read(bytes).unwrap_or_default(),
            Self::Socket(stream) => stream.read(bytes).unwrap_or_default(),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> bool {
        match self {
            Self::Network(stream) => stream.write_all(bytes).is_ok(),
            Self::Socket(stream) => stream.write_all(bytes).is_ok(),
        }
    }

    fn shut(&self) {
        // It may be at its end already.
        let _ = match self {
            Self::Network(stream) => stream.shutdown(Shutdown::Both),
            Self::Socket(stream) => stream.shutdown(Shutdown::Both),
        };
    }
}

fn pass(mut from: End, mut to: End, most: Option<usize>, is_dead: &AtomicBool) {
    let mut left = most.unwrap_or(usize::MAX);
    let mut bytes = [0; 16 * 1024];
    if most == Some(0) {
        from.read(&mut bytes);
        left = 0;
    }
    while left > 0 {
        let count = from.read(&mut bytes);
        if count == 0 {
            break;
        }
        let count = count.min(left);
        left -= count;
        if !is_dead.load(Ordering::SeqCst) && !to.write(&bytes[..count]) {
            break;
        }
    }
    from.shut();
    to.shut();
}
