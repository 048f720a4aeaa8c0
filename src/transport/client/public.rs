//! Public addresses, and a resolver that returns no others.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The IPv4 networks that are not public, with the lengths of their prefixes. These are the networks
/// that IANA's registry of special addresses does not call globally reachable, multicast, and the
/// address at which one cloud serves metadata and keys.
const SPECIAL_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Shared by the customers of a provider. One cloud serves its metadata there, too.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Azure: each machine reaches its own host at 168.63.129.16.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    // Link-local, with the metadata of most clouds.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    // Relays of 6to4, which do not exist any more.
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Only global unicast addresses of IPv6 can be public, except for these.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const SPECIAL_V6: [(Ipv6Addr, u32); 4] = [
    // Assigned to protocols, such as Teredo.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4: leads to the IPv4 address in it, by relays that do not exist any more.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
/// NAT64 leads to the IPv4 address in the last four bytes.
const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// Whether an address is public. An IPv6 address with an IPv4 address in it counts as that one.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let bits = address.to_bits();
            !SPECIAL_V4
                .iter()
                .any(|(network, length)| (bits ^ network.to_bits()).leading_zeros() >= *length)
        }
        IpAddr::V6(address) => {
            let is_in = |(network, length): &(Ipv6Addr, u32)| {
                (address.to_bits() ^ network.to_bits()).leading_zeros() >= *length
            };
            let [.., a, b, c, d] = address.octets();
            match address.to_ipv4_mapped() {
                Some(mapped) => is_public(mapped.into()),
                None if is_in(&NAT64) => is_public(Ipv4Addr::new(a, b, c, d).into()),
                None => is_in(&GLOBAL_V6) && !SPECIAL_V6.iter().any(is_in),
            }
        }
    }
}

/// A host without a public address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPublicError(String);

impl fmt::Display for NotPublicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no public address", self.0)
    }
}

impl std::error::Error for NotPublicError {}

/// The public addresses of a name.
fn public(
    name: &str,
    addresses: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, NotPublicError> {
    let public: Vec<SocketAddr> = addresses.filter(|address| is_public(address.ip())).collect();
    match public.is_empty() {
        false => Ok(public),
        true => Err(NotPublicError(name.to_owned())),
    }
}

/// The system's resolver without the addresses that are not public: for a client of reqwest that gets the addresses
/// of portals from others. The connection goes to an address that was checked here: the name is not resolved again.
///
/// No resolver sees a URL with an IP address, so [`check`](Self::check) each URL before it is sent. A proxy resolves
/// names itself, so let the client use none.
///
/// [`ReqwestTransportBuilder::public_addresses_only`](super::ReqwestTransportBuilder::public_addresses_only) says which
/// addresses are not public.
///
/// ```
/// use imbot_caps::transport::PublicResolver;
///
/// # fn build() -> reqwest::Result<()> {
/// let client = reqwest::Client::builder().dns_resolver(PublicResolver).no_proxy().build()?;
/// # Ok(())
/// # }
/// let url = "https://169.254.169.254/rest/1/c0de/server.time".parse()?;
/// assert!(PublicResolver::check(&url).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct PublicResolver;

impl PublicResolver {
    /// Refuses a URL with an IP address that is not public. A name is resolved later.
    ///
    /// # Errors
    ///
    /// [`NotPublicError`]. The same error comes from the resolver, as a source of the client's error.
    pub fn check(url: &Url) -> Result<(), NotPublicError> {
        let address: IpAddr = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        match is_public(address) {
            true => Ok(()),
            false => Err(NotPublicError(address.to_string())),
        }
    }
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let look_up = move || -> io::Result<_> {
                let name = name.as_str();
                Ok(public(name, (name, 0).to_socket_addrs()?))
            };
            // The system's resolver blocks.
            let found = tokio::task::spawn_blocking(look_up).await??;
            let addresses: Addrs = Box::new(found?.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    /// IANA's registries of special addresses (RFC 6890), with multicast (RFC 5771, 4291).
    /// First and last of each block.
    const SPECIAL: [(&str, &str); 40] = [
        ("0.0.0.0", "0.255.255.255"),
        ("10.0.0.0", "10.255.255.255"),
        ("100.64.0.0", "100.127.255.255"),
        ("127.0.0.0", "127.255.255.255"),
        ("168.63.129.16", "168.63.129.16"),
        ("169.254.0.0", "169.254.255.255"),
        ("172.16.0.0", "172.31.255.255"),
        ("192.0.0.0", "192.0.0.255"),
        ("192.0.2.0", "192.0.2.255"),
        ("192.88.99.0", "192.88.99.255"),
        ("192.168.0.0", "192.168.255.255"),
        ("198.18.0.0", "198.19.255.255"),
        ("198.51.100.0", "198.51.100.255"),
        ("203.0.113.0", "203.0.113.255"),
        ("224.0.0.0", "255.255.255.255"),
        // Unspecified, loopback, IPv4-compatible.
        ("::", "::ffff:ffff"),
        ("::ffff:0.0.0.0", "::ffff:0.255.255.255"),
        ("::ffff:10.0.0.0", "::ffff:10.255.255.255"),
        ("::ffff:127.0.0.0", "::ffff:127.255.255.255"),
        ("::ffff:169.254.0.0", "::ffff:169.254.255.255"),
        ("::ffff:224.0.0.0", "::ffff:255.255.255.255"),
        // IPv4-translated.
        ("::ffff:0:0:0", "::ffff:0:ffff:ffff"),
        ("64:ff9b::10.0.0.0", "64:ff9b::10.255.255.255"),
        ("64:ff9b::7f00:0", "64:ff9b::7fff:ffff"),
        ("64:ff9b::a9fe:0", "64:ff9b::a9fe:ffff"),
        ("64:ff9b::e000:0", "64:ff9b::ffff:ffff"),
        // NAT64 of a network's own.
        ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
        ("100::", "100::ffff:ffff:ffff:ffff"),
        ("100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff"),
        ("1fff:ffff::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        // Teredo, benchmarking, ORCHID and the rest of the protocols'.
        ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
        // Segment routing.
        ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("4000::", "dfff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ];

    #[test]
    fn special_addresses_are_not_public() {
        for (first, last) in SPECIAL {
            assert!(!is_public(ip(first)) && !is_public(ip(last)), "{first} {last}");
        }
        for own in [
            "169.254.169.254",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "::1",
            "::127.0.0.1",
        ] {
            assert!(!is_public(ip(own)), "{own}");
        }
    }

    /// The neighbours of the blocks, and some names' addresses.
    #[test]
    fn other_addresses_are_public() {
        for own in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "168.63.129.17",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.31.196.1",
            "192.52.193.1",
            "192.88.98.255",
            "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0",
            "192.175.48.1",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "8.8.8.8",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2000::",
            "2001:200::",
            "2001:db7:ffff::",
            "2001:db9::",
            "2001:4860:4860::8888",
            "2003::",
            "2606:4700::1111",
            "2620:4f:8000::1",
            "3ffe:ffff::",
            "3fff:1000::",
            "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ] {
            assert!(is_public(ip(own)), "{own}");
        }
    }

    proptest! {
        /// What the standard library knows by name is never public, in any form of IPv6.
        #[test]
        fn named_kinds_are_not_public(bits in any::<u32>(), wide in any::<u128>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            let is_named = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_broadcast()
                || v4.is_documentation() || v4.is_multicast() || v4.is_unspecified();
            prop_assert!(!(is_named && is_public(v4.into())), "{v4}");
            prop_assert_eq!(is_public(v4.to_ipv6_mapped().into()), is_public(v4.into()));
            prop_assert!(!is_public(v4.to_ipv6_compatible().into()));
            let v6 = Ipv6Addr::from_bits(wide);
            let is_named = v6.is_loopback() || v6.is_multicast() || v6.is_unicast_link_local()
                || v6.is_unique_local() || v6.is_unspecified();
            prop_assert!(!(is_named && is_public(v6.into())), "{v6}");
        }

        /// Every address of a block is as its ends are.
        #[test]
        fn blocks_have_no_gaps(block in 0..SPECIAL.len(), at in any::<u128>()) {
            let (first, last) = SPECIAL[block];
            let address: IpAddr = match (ip(first), ip(last)) {
                (IpAddr::V4(first), IpAddr::V4(last)) => {
                    let size = u128::from(last.to_bits() - first.to_bits()) + 1;
                    let at = u32::try_from(at % size).unwrap();
                    Ipv4Addr::from_bits(first.to_bits() + at).into()
                }
                (IpAddr::V6(first), IpAddr::V6(last)) => {
                    let size = last.to_bits() - first.to_bits() + 1;
                    Ipv6Addr::from_bits(first.to_bits() + at % size).into()
                }
                _ => unreachable!(),
            };
            prop_assert!(!is_public(address), "{}", address);
        }
    }

    #[test]
    fn only_public_addresses_are_kept() {
        let sockets = |addresses: &[&str]| -> Vec<SocketAddr> {
            addresses.iter().map(|own| SocketAddr::new(ip(own), 0)).collect()
        };
        let mixed = sockets(&["10.0.0.1", "8.8.8.8", "::1", "2606:4700::1111", "169.254.169.254"]);
        let kept = public("box.example", mixed.into_iter()).unwrap();
        assert_eq!(kept, sockets(&["8.8.8.8", "2606:4700::1111"]));
        for none in [&["10.0.0.1", "fe80::1"][..], &[]] {
            let error = public("box.example", sockets(none).into_iter()).unwrap_err();
            assert_eq!(error.to_string(), "box.example has no public address");
        }
    }
}
