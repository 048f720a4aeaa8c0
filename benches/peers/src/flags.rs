//! One portal, or one service of flags: is this feature on? Asked about the features of
//! the built-in table in an order that is known at run time only.

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::task::{Context, Poll, Waker};

use arc_swap::{ArcSwap, Cache};
use imbot_caps::{Caps, Feature, Knowledge, Registry};
use launchdarkly_server_sdk as launchdarkly;
use open_feature::provider::{FeatureProvider, ProviderMetadata, ResolutionDetails};
use open_feature::{EvaluationContext, EvaluationError, EvaluationErrorCode, EvaluationResult, StructValue};
use ruma_common::api::path_builder::{StablePathSelector, VersionHistory};
use ruma_common::api::{MatrixVersion, SupportedVersions};
use unleash_api_client_0_14 as unleash_14;
use unleash_api_client_0_17 as unleash_17;

use crate::harness::Effort;
use crate::sample::{Key, company, first_revisions, shuffled};
use crate::table::{Peer, print};

pub fn run(effort: Effort) {
    let caps = Caps::at(34);
    let order = shuffled(Feature::all());
    let numbers: Vec<u8> = order.iter().map(|feature| *feature as u8).collect();
    let ids: Vec<&str> = order.iter().map(|feature| feature.as_str()).collect();
    let handle = Registry::new().handle(&company(1).portal(Key::Domain));
    handle.pin(Knowledge::pinned(34));

    let since = first_revisions();
    let revision = Arc::new(AtomicU64::new(34));
    let swapped = ArcSwap::from_pointee(34_u16);
    let map: RwLock<HashMap<String, u32>> = RwLock::new(
        Feature::all()
            .map(|feature| (feature.as_str().to_owned(), u32::from(caps.supports(feature))))
            .collect(),
    );
    let (oldest, newest) = (unleash_0_14(caps), unleash_0_17(caps));
    let names: Vec<Named> = order.iter().map(|feature| Named(feature.as_str())).collect();
    let (histories, supported) = ruma();
    let by_history: Vec<&VersionHistory> = numbers
        .iter()
        .map(|number| &histories[usize::from(*number) % histories.len()])
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let open_feature = runtime.block_on(open_feature(caps));
    // Outside of the runtime: a task of it may take a lock so often, and has to wait then.
    let asked = |feature: Feature| now(open_feature.get_bool_value(feature.as_str(), None, None)).unwrap();
    check(asked, caps);
    let (dark, dark_context) = runtime.block_on(launchdarkly(caps));

    let peers = [
        Peer::new("imbot-caps: handle.caps().supports(feature)", "", || {
            each(&order, |feature| handle.caps().supports(*feature))
        }),
        Peer::new(
            "imbot-caps: caps.supports(feature), held",
            "one moment's knowledge.",
            || each(&order, |feature| caps.supports(*feature)),
        ),
        Peer::new(
            "by hand: AtomicU64, array of first revisions",
            "nothing else: no range's end, no imbot.v2, no unknown.",
            || {
                each(&numbers, |number| {
                    u64::from(since[usize::from(*number)]) <= revision.load(Ordering::Acquire)
                })
            },
        ),
        Peer::new(
            "arc-swap 1.9.5: Cache::load, one cache for a pass",
            "holds any type; here a revision, with the array of the row above.",
            || {
                let mut cache = Cache::new(&swapped);
                each(&numbers, |number| since[usize::from(*number)] <= **cache.load())
            },
        ),
        Peer::new("arc-swap 1.9.5: load", "the same without a cache.", || {
            each(&numbers, |number| since[usize::from(*number)] <= **swapped.load())
        }),
        Peer::new(
            "RwLock<HashMap<String, u32>> by the feature's id",
            "takes any string; SipHash, which withstands chosen keys.",
            || {
                each(&ids, |id| {
                    map.read().unwrap().get(*id).is_some_and(|there| *there == 1)
                })
            },
        ),
        Peer::new(
            "ruma-common 0.20.2: VersionHistory::is_supported",
            "19 histories of one stable version each, a server of 10 versions; knows deprecation, and features \
             beside versions.",
            || each(&by_history, |history| history.is_supported(&supported)),
        ),
        Peer::new(
            "unleash-api-client 0.14.0: is_enabled by enum",
            "strategy `default`; counts each answer for its server, evaluates strategies by a context (user, \
             percentage), and has variants. No context is given.",
            || each(&numbers, |number| oldest.is_enabled(*number, None, false)),
        ),
        Peer::new(
            "unleash-api-client 0.17.1: is_enabled",
            "as 0.14, with the engine that all its SDKs share, behind a lock.",
            || each(&names, |name| newest.is_enabled(*name, None, false)),
        ),
        Peer::new(
            "open-feature 0.3.0: get_bool_value",
            "a provider of our own with a HashMap; any provider behind one face, hooks, contexts. Its future is \
             polled in place, without a runtime.",
            || {
                each(&ids, |id| {
                    now(open_feature.get_bool_value(id, None, None)).unwrap_or_default()
                })
            },
        ),
        Peer::new(
            "launchdarkly-server-sdk 3.2.0: bool_variation",
            "flags of its TestData, the same for all, and no events; rules by context, percentages, segments.",
            || each(&ids, |id| dark.bool_variation(&dark_context, id, false)),
        ),
    ];
    print(
        "Is this feature there? One portal, all ways of asking",
        order.len(),
        &peers,
        effort,
    );
}

#[inline(always)]
fn each<T>(items: &[T], mut there: impl FnMut(&T) -> bool) -> usize {
    // Eight in a row: where the compiler happens to lay a loop of one, across two lines
    // of code or not, would be half of the figure.
    let (eights, _) = items.as_chunks::<8>();
    for eight in eights {
        for item in eight {
            black_box(there(item));
        }
    }
    eights.len() * 8
}

/// The end of a future that waits for nothing; polled again where another thread is in
/// its way.
fn now<T>(future: impl Future<Output = T>) -> T {
    let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::hint::spin_loop();
    }
}

/// Its client asks for a client of HTTP, which is never called.
#[derive(Default)]
struct NoHttp;

#[open_feature::async_trait]
impl unleash_14::http::HttpClient for NoHttp {
    type HeaderName = &'static str;
    type Error = std::io::Error;
    type RequestBuilder = ();

    fn build_header(name: &'static str) -> Result<Self::HeaderName, Self::Error> {
        Ok(name)
    }

    fn get(&self, _: &str) {}

    fn post(&self, _: &str) {}

    fn header((): (), _: &Self::HeaderName, _: &str) {}

    async fn get_json<T: serde::de::DeserializeOwned>((): ()) -> Result<T, Self::Error> {
        Err(std::io::Error::other("no network"))
    }

    async fn post_json<T: serde::Serialize + Sync>((): (), _: &T) -> Result<bool, Self::Error> {
        Err(std::io::Error::other("no network"))
    }
}

/// Features by number: a `u8` is as good an enum as any.
fn unleash_0_14(caps: Caps) -> unleash_14::client::Client<u8, NoHttp> {
    use unleash_14::api::{Feature as Flag, Strategy};
    let client = unleash_14::client::ClientBuilder::default()
        .disable_metric_submission()
        .into_client::<u8, NoHttp>("", "peers", "peers", None)
        .unwrap();
    let flag = |feature: Feature| Flag {
        name: (feature as u8).to_string(),
        description: None,
        enabled: caps.supports(feature),
        strategies: vec![Strategy {
            name: "default".into(),
            ..Strategy::default()
        }],
        variants: None,
        created_at: None,
    };
    client.memoize(Feature::all().map(flag).collect()).unwrap();
    check(|feature| client.is_enabled(feature as u8, None, false), caps);
    client
}

#[derive(Clone, Copy, Debug)]
struct Named(&'static str);

impl unleash_17::client::FeatureKey for Named {
    fn name(self) -> &'static str {
        self.0
    }
}

#[open_feature::async_trait]
impl unleash_17::http::Transport for NoHttp {
    async fn execute(
        &self,
        _: unleash_17::http::Request,
    ) -> Result<unleash_17::http::Response, anyhow::Error> {
        anyhow::bail!("no network")
    }
}

fn unleash_0_17(caps: Caps) -> unleash_17::client::Client<Named> {
    use unleash_types::client_features::{ClientFeature, ClientFeatures, Strategy};
    let client = unleash_17::client::ClientBuilder::default()
        .disable_metric_submission()
        .into_client_with_transport::<Named>("", "peers", "peers", None, Arc::new(NoHttp))
        .unwrap();
    let strategy = || Strategy {
        name: "default".into(),
        sort_order: None,
        segments: None,
        constraints: None,
        parameters: None,
        variants: None,
    };
    let features = Feature::all()
        .map(|feature| ClientFeature {
            name: feature.as_str().into(),
            enabled: caps.supports(feature),
            strategies: Some(vec![strategy()]),
            ..ClientFeature::default()
        })
        .collect();
    client
        .memoize(ClientFeatures {
            features,
            ..ClientFeatures::default()
        })
        .unwrap();
    check(
        |feature| client.is_enabled(Named(feature.as_str()), None, false),
        caps,
    );
    client
}

/// All histories of one stable version, and a server that has the first ten.
fn ruma() -> (Vec<VersionHistory>, SupportedVersions) {
    let names: Vec<String> = (1..=19).map(|minor| format!("v1.{minor}")).collect();
    let history = |name: &String| {
        let version = MatrixVersion::try_from(name.as_str()).unwrap();
        let path: &'static [_] = Box::leak(Box::new([(StablePathSelector::Version(version), "/path")]));
        VersionHistory::new(&[], path, None, None)
    };
    let supported = SupportedVersions::from_parts(&names[..10], &BTreeMap::new());
    let histories: Vec<VersionHistory> = names.iter().map(history).collect();
    assert!(histories[9].is_supported(&supported) && !histories[10].is_supported(&supported));
    (histories, supported)
}

/// A provider that has the answers in a map.
struct InMemory {
    metadata: ProviderMetadata,
    flags: HashMap<String, bool>,
}

fn other_type<T>() -> EvaluationResult<ResolutionDetails<T>> {
    Err(EvaluationError {
        code: EvaluationErrorCode::TypeMismatch,
        message: None,
    })
}

#[open_feature::async_trait]
impl FeatureProvider for InMemory {
    fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    async fn resolve_bool_value(
        &self,
        key: &str,
        _: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<bool>> {
        let flag = self.flags.get(key).copied();
        Ok(ResolutionDetails::new(flag.unwrap_or_default()))
    }

    async fn resolve_int_value(
        &self,
        _: &str,
        _: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<i64>> {
        other_type()
    }

    async fn resolve_float_value(
        &self,
        _: &str,
        _: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<f64>> {
        other_type()
    }

    async fn resolve_string_value(
        &self,
        _: &str,
        _: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<String>> {
        other_type()
    }

    async fn resolve_struct_value(
        &self,
        _: &str,
        _: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<StructValue>> {
        other_type()
    }
}

async fn open_feature(caps: Caps) -> open_feature::Client {
    let provider = InMemory {
        metadata: ProviderMetadata::new("in memory"),
        flags: Feature::all()
            .map(|feature| (feature.as_str().to_owned(), caps.supports(feature)))
            .collect(),
    };
    let mut api = open_feature::OpenFeature::singleton_mut().await;
    api.set_provider(provider).await;
    api.create_client()
}

async fn launchdarkly(caps: Caps) -> (launchdarkly::Client, launchdarkly::Context) {
    let data = launchdarkly::TestData::new();
    for feature in Feature::all() {
        data.update(data.flag(feature.as_str()).variation_for_all(caps.supports(feature)));
    }
    let config = launchdarkly::ConfigBuilder::new("no key")
        .data_source(&data)
        .event_processor(&launchdarkly::NullEventProcessorBuilder::new())
        .build()
        .unwrap();
    let client = launchdarkly::Client::build(config).unwrap();
    client.start_with_default_executor();
    let started = client.wait_for_initialization(std::time::Duration::from_secs(10));
    assert_eq!(started.await, Some(true));
    let context = launchdarkly::ContextBuilder::new("portal").build().unwrap();
    check(
        |feature| client.bool_variation(&context, feature.as_str(), false),
        caps,
    );
    (client, context)
}

/// Each gives the same answers.
fn check(there: impl Fn(Feature) -> bool, caps: Caps) {
    assert!(Feature::all().all(|feature| there(feature) == caps.supports(feature)));
}
