//! Signals to stop: the first asks for an orderly end, the second for one at once.

use std::{io, process};

use tokio::sync::watch;

/// What a process says that was ended at once.
const ENDED_AT_ONCE: i32 = 1;

/// Signals that are listened to, from now on.
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let interrupt = signal(SignalKind::interrupt())?;
            Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Closes at the first signal, and ends the process at the second.
    pub async fn watch(mut self, closing: watch::Sender<bool>) {
        self.next().await;
        tracing::info!("stopping");
        closing.send_replace(true);
        self.next().await;
        tracing::warn!(
            "stopping at once; requests in hand are lost, and nothing that was acknowledged"
        );
        process::exit(ENDED_AT_ONCE);
    }
}
