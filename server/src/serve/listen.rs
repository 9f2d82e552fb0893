//! Connections: how many, how long, and how they end.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo, http::Request, response::IntoResponse};
use http_body_util::BodyExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::{
    app::App,
    error::Error,
    http::{self, Gate, Limits, Place, limits},
    metrics::{self, Open},
    store::StoreError,
};

/// How long one waits if the system has no more files for connections.
const NO_FILES_WAIT: Duration = Duration::from_secs(1);
/// How long somebody may take to read that there is no place.
const FAREWELL: Duration = Duration::from_secs(1);

/// How the server ends once it is told to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending {
    /// For so long it goes on to take connections, so that whoever spreads requests sees that it ends.
    pub drain: Duration,
    /// Requests in hand may still finish for so long.
    pub grace: Duration,
}

/// What every connection shares.
#[derive(Clone)]
struct House {
    router: Router,
    gate: Arc<Gate>,
    counts_addresses: bool,
}

/// A connection's place, until it is dropped.
struct Seat {
    _all: OwnedSemaphorePermit,
    _own: Option<Place<String>>,
    _open: Open,
}

/// Serves until the application closes and the requests in hand are answered. Until then connections are still taken, so that
/// whoever asks hears that the server is ending; they are for one request each.
pub(super) async fn serve(listener: TcpListener, app: App, ending: Ending) {
    let mut closing = app.closing.clone();
    let house = House {
        gate: Arc::clone(&app.gate),
        counts_addresses: !app.settings.behind_proxy,
        router: http::app(app),
    };
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            taken = accept(&listener) => house.take(taken, connections.watcher(), true),
            _ = closing.wait_for(|closing| *closing) => break,
        }
    }
    let overdue = sleep_until(Instant::now() + ending.drain + ending.grace);
    tokio::pin!(overdue);
    let in_hand = async { tokio::join!(connections.shutdown(), sleep(ending.drain)) };
    tokio::pin!(in_hand);
    let late = GracefulShutdown::new();
    loop {
        tokio::select! {
            taken = accept(&listener) => house.take(taken, late.watcher(), false),
            _ = &mut in_hand => break,
            () = &mut overdue => {
                tracing::warn!("some requests did not finish in time");
                return;
            }
        }
    }
    drop(listener);
    tokio::select! {
        () = late.shutdown() => {}
        () = overdue => tracing::warn!("some requests did not finish in time"),
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(taken) => return taken,
            // One that went away before it was taken.
            Err(error) if is_of_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection could be taken");
                sleep(NO_FILES_WAIT).await;
            }
        }
    }
}

fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

impl House {
    fn take(&self, (stream, address): (TcpStream, SocketAddr), watcher: Watcher, keeps: bool) {
        let house = self.clone();
        match self.seat(address) {
            Ok(seat) => drop(tokio::spawn(async move {
                house.serve(stream, address, watcher, keeps).await;
                drop(seat);
            })),
            Err(error) => drop(tokio::spawn(timeout(FAREWELL, send_away(stream, error)))),
        }
    }

    fn seat(&self, address: SocketAddr) -> Result<Seat, Error> {
        let Gate { limits, connections, addresses, .. } = &*self.gate;
        let all = Arc::clone(connections).try_acquire_owned().map_err(|_| {
            metrics::turned_away("connections");
            Error::Store(StoreError::Busy)
        })?;
        let own = self.counts_addresses.then(|| {
            let most = limits.connections_per_address;
            addresses.take(http::place_of(address.ip()), most).ok_or_else(|| {
                metrics::turned_away("address");
                Error::RateLimited(1)
            })
        });
        Ok(Seat { _all: all, _own: own.transpose()?, _open: Open::connection() })
    }

    async fn serve(self, stream: TcpStream, address: SocketAddr, watcher: Watcher, keeps: bool) {
        let Limits { header_wait, answer_pause, .. } = self.gate.limits;
        // Small answers must not wait for more to send.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(answer_pause));
        let router = self.router;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            router.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(header_wait)
            .max_headers(limits::HEADERS)
            .max_buf_size(limits::HEADER_BYTES)
            .keep_alive(keeps)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        if let Err(error) = watcher.watch(connection).await {
            // Mostly clients that went away, or did not come on.
            tracing::debug!(%error, "a connection ended");
        }
    }
}

/// Says why there is no place, and closes.
async fn send_away(mut stream: TcpStream, error: Error) {
    let (head, body) = error.into_response().into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let wait = head.headers.get("retry-after").and_then(|wait| wait.to_str().ok()).unwrap_or("2");
    let text = format!(
        "HTTP/1.1 {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nretry-after: {wait}\r\n\
         connection: close\r\n\r\n",
        head.status,
        body.len()
    );
    // Who does not listen has no place either way.
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.write_all(&body).await;
    let _ = stream.shutdown().await;
}
