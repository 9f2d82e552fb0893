//! A real server process, to be killed and started again.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::Value;

/// A server process; killed when dropped.
pub struct Server {
    process: Child,
    pub address: String,
    /// Where it gives out figures, if it does.
    pub figures: Option<String>,
    log: Arc<Mutex<String>>,
}

impl Server {
    pub fn start(folder: &Path, failpoint: Option<&str>) -> Self {
        Self::serve(folder, failpoint, &super::rules_text("r1", "10.00"), &[])
    }

    /// A server that can write no file beyond so many blocks of 512 bytes, as if the disk were full then.
    pub fn start_with_files_up_to(folder: &Path, blocks: u32) -> Self {
        let mut command = Command::new("sh");
        // Ignored, the signal of a file that is too large becomes an error of the write.
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_orderkit")]);
        let rules = super::rules_text("r1", "10.00");
        Self::run(command, folder, None, &rules, &[]).expect("it starts")
    }

    pub fn serve(folder: &Path, failpoint: Option<&str>, document: &str, more: &[&str]) -> Self {
        Self::try_serve(folder, failpoint, document, more).expect("it starts")
    }

    /// None if it ends before it is ready.
    pub fn try_serve(
        folder: &Path,
        failpoint: Option<&str>,
        document: &str,
        more: &[&str],
    ) -> Option<Self> {
        let command = Command::new(env!("CARGO_BIN_EXE_orderkit"));
        Self::run(command, folder, failpoint, document, more)
    }

    fn run(
        mut command: Command,
        folder: &Path,
        failpoint: Option<&str>,
        document: &str,
        more: &[&str],
    ) -> Option<Self> {
        let rules = folder.join("ruleset.json");
        std::fs::write(&rules, document).unwrap();
        command.args(["serve", "--listen", "127.0.0.1:0", "--open-sign-in", "--ruleset"]);
        command
            .arg(rules)
            .arg("--data")
            .arg(folder)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.env_remove("ORDERKIT_FAILPOINT");
        if let Some(failpoint) = failpoint {
            command.env("ORDERKIT_FAILPOINT", failpoint);
        }
        let mut process = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        collect(process.stderr.take().unwrap(), Arc::clone(&log));
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut figures = None;
        let address = loop {
            let Some(line) = lines.next() else {
                process.wait().unwrap();
                return None;
            };
            let line = line.unwrap();
            if let Some(at) = line.strip_prefix("figures are on http://") {
                figures = Some(at.trim_end_matches("/metrics").to_owned());
                continue;
            }
            let address = line.strip_prefix("orderkit is ready on http://");
            break address.expect("where it listens").trim_end_matches('/').to_owned();
        };
        Some(Self { process, address, figures, log })
    }

    /// What it has written to standard error.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Resident memory in KiB.
    pub fn memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// How it ended, if it does within so many seconds.
    pub fn ended(&mut self, seconds: u64) -> Option<ExitStatus> {
        for _ in 0..seconds * 50 {
            if let Some(status) = self.process.try_wait().unwrap() {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(20));
        }
        None
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Signs in and gives the token.
    pub fn sign_in(&self, role: &str) -> String {
        let session = self.post("/v1/session", "", &serde_json::json!({"role": role})).unwrap();
        session["token"].as_str().unwrap().to_owned()
    }

    /// One request; `None` if the server closed the connection without an answer.
    pub fn post(&self, path: &str, token: &str, body: &Value) -> Option<Value> {
        self.send("POST", path, token, "", &body.to_string())
    }

    pub fn get(&self, path: &str, token: &str) -> Value {
        self.send("GET", path, token, "", "").unwrap()
    }

    /// The same with more header lines, each ended.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &str,
        body: &str,
    ) -> Option<Value> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{headers}host: localhost\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        Some(serde_json::from_str(body).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be dead already; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn collect(mut from: impl Read + Send + 'static, log: Arc<Mutex<String>>) {
    thread::spawn(move || {
        let mut bytes = [0; 4_096];
        while let Ok(length) = from.read(&mut bytes) {
            if length == 0 {
                break;
            }
            log.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    });
}

/// Reads to the end of a connection, also one that was reset.
pub fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut part = [0; 4_096];
    while let Ok(length) = stream.read(&mut part) {
        if length == 0 {
            break;
        }
        bytes.extend_from_slice(&part[..length]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
