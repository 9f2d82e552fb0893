//! A real server process, to be killed and started again.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// A server process; killed when dropped.
pub struct Server {
    process: Child,
    address: String,
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
        Self::run(command, folder, None, &super::rules_text("r1", "10.00"), &[])
    }

    pub fn serve(folder: &Path, failpoint: Option<&str>, document: &str, more: &[&str]) -> Self {
        let command = Command::new(env!("CARGO_BIN_EXE_orderkit"));
        Self::run(command, folder, failpoint, document, more)
    }

    fn run(
        mut command: Command,
        folder: &Path,
        failpoint: Option<&str>,
        document: &str,
        more: &[&str],
    ) -> Self {
        let rules = folder.join("ruleset.json");
        std::fs::write(&rules, document).unwrap();
        command.args(["serve", "--listen", "127.0.0.1:0", "--open-sign-in", "--ruleset"]);
        command
            .arg(rules)
            .arg("--data")
            .arg(folder)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command.env_remove("ORDERKIT_FAILPOINT");
        if let Some(failpoint) = failpoint {
            command.env("ORDERKIT_FAILPOINT", failpoint);
        }
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("//").next().unwrap().trim_end_matches('/').to_owned();
        assert!(line.starts_with("orderkit is ready on http://127.0.0.1:"), "{line}");
        Self { process, address }
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
