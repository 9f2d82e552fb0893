//! Where requests come from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, request::Parts},
};

use crate::{app::App, error::Error};

/// The bits of an address of version 6 that its owner may choose.
const HOST_BITS: u32 = 64;

/// The address that a request came from, where that is known.
pub(super) struct From(pub Option<IpAddr>);

impl FromRequestParts<App> for From {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Ok(Self(caller_of(app, &parts.extensions, &parts.headers)))
    }
}

/// The address of whoever sent a request.
pub(super) fn caller_of(app: &App, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
    let direct = extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
    if !app.settings.behind_proxy {
        return direct;
    }
    // The last entry is the proxy's own; what stands before it anybody can write.
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let forwarded = forwarded.and_then(|it| it.to_str().ok());
    let last = forwarded.and_then(|text| text.rsplit(',').next()?.trim().parse().ok());
    last.or(direct)
}

/// Where an address is. Who has one of version 6 has the 2^64 of its network.
pub(crate) fn place_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = address.to_bits() >> HOST_BITS << HOST_BITS;
            Ipv6Addr::from_bits(network).to_string()
        }
    }
}
