//! Figures for whoever watches: `/metrics` on an address of its own, so that they are never public by accident.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::{net::TcpListener, task::JoinHandle, time::interval};

use super::ServeError;
use crate::metrics;

/// Bounds of the durations of requests, in seconds.
const SECONDS: &[f64] = &[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];
/// Bounds of the requests of one write of the database.
const REQUESTS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
/// How often what was measured is put into its bounds, so that it does not pile up while nobody asks.
const UPKEEP: Duration = Duration::from_secs(5);

/// Listens for those who ask for the figures.
pub(super) async fn start(
    address: SocketAddr,
    names_tenants: bool,
) -> Result<JoinHandle<()>, ServeError> {
    let unusable = |error: &dyn std::fmt::Display| ServeError(format!("no figures: {error}"));
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
        .and_then(|it| it.set_buckets_for_metric(Matcher::Suffix("_requests".to_owned()), REQUESTS))
        .and_then(PrometheusBuilder::install_recorder);
    let figures = recorder.map_err(|error| unusable(&error))?;
    if names_tenants {
        metrics::name_tenants();
    }
    let listener = TcpListener::bind(address).await.map_err(|error| {
        ServeError(format!(
            "cannot listen on {address} for figures: {error}; choose another with --metrics"
        ))
    })?;
    let address = listener.local_addr().map_err(|error| unusable(&error))?;
    println!("figures are on http://{address}/metrics");
    let router = Router::new().route("/metrics", get(told)).with_state(figures.clone());
    Ok(tokio::spawn(async move {
        let mut upkeep = interval(UPKEEP);
        let kept_up = async {
            loop {
                upkeep.tick().await;
                figures.run_upkeep();
            }
        };
        tokio::select! {
            served = axum::serve(listener, router) => drop(served),
            () = kept_up => {}
        }
    }))
}

async fn told(State(figures): State<PrometheusHandle>) -> Response {
    metrics::memory();
    let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (text, figures.render()).into_response()
}
