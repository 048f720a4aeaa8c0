//! `ask`: what a portal is, and what it can do.

use clap::Args;
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Caps, Counter, Feature, Knowledge, Portal, Registry, Revision, Support, Table};
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::runtime::runtime;
use crate::webhook::WebhookArgs;

/// Asks a portal what it is and what it can do.
///
/// At most five requests are sent, and they only read.
///
/// The webhook is never an argument. It comes from a file, from IMBOT_CAPS_WEBHOOK, or by standard input.
#[derive(Debug, Args)]
pub(crate) struct Ask {
    #[command(flatten)]
    webhook: WebhookArgs,
}

#[derive(Serialize)]
struct Document<'p> {
    portal: String,
    table: String,
    knowledge: &'p Knowledge,
    rest: Bounds,
    imbot_v2: Option<bool>,
    revision_get: Option<bool>,
    web: Option<Revision>,
    mobile: Option<Revision>,
    desktop: Option<Revision>,
    supported: Vec<Feature>,
    unsupported: Vec<Feature>,
    unknown: Vec<Feature>,
}

#[derive(Serialize)]
struct Bounds {
    at_least: Revision,
    at_most: Option<Revision>,
}

impl Ask {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let portal = self.webhook.portal(output)?;
        let registry = Registry::builder(ReqwestTransport::new()).build();
        let caps = runtime()?
            .block_on(registry.caps(&portal))
            .map_err(|error| CliError::Probe(Box::new(error)))?;
        match output.format {
            Format::Json => output.json("portal", &document(&portal, &caps))?,
            Format::People => {
                let document = document(&portal, &caps);
                output.rows(&[], about(&document))?;
                let rows: Vec<_> = lacking(&caps).collect();
                if !rows.is_empty() {
                    output.text("\nThe portal lacks:")?;
                    output.rows(&["feature", "answer", "requires"], &rows)?;
                }
            }
            Format::Plain => {
                let mut rows = about(&document(&portal, &caps));
                rows.extend(Feature::all().map(|feature| {
                    let word = word(&caps.check(feature)).to_owned();
                    vec!["feature".to_owned(), feature.to_string(), word]
                }));
                output.rows(&[], &rows)?;
            }
        }
        Ok(Outcome::Fine)
    }
}

fn word(support: &Support) -> &'static str {
    match support {
        Support::Supported => "supported",
        Support::Unsupported(_) => "unsupported",
        Support::Unknown(_) => "unknown",
    }
}

fn document<'p>(portal: &Portal, caps: &'p Caps) -> Document<'p> {
    let of = |is: fn(&Support) -> bool| Feature::all().filter(|own| is(&caps.check(*own))).collect();
    let known = caps.knowledge();
    Document {
        portal: portal.id().to_string(),
        table: Table::builtin().version().to_string(),
        knowledge: known,
        rest: Bounds {
            at_least: known.rest_at_least(),
            at_most: known.rest_at_most(),
        },
        imbot_v2: known.imbot_v2(),
        revision_get: known.revision_get(),
        web: known.get(Counter::Web),
        mobile: known.get(Counter::Mobile),
        desktop: known.get(Counter::Desktop),
        supported: of(Support::is_supported),
        unsupported: of(Support::is_unsupported),
        unknown: of(Support::is_unknown),
    }
}

fn about(document: &Document<'_>) -> Vec<Vec<String>> {
    let mut lines = vec![
        ("portal", document.portal.clone()),
        ("known", document.knowledge.to_string()),
    ];
    for (name, value) in [
        ("web", document.web),
        ("mobile", document.mobile),
        ("desktop", document.desktop),
    ] {
        lines.extend(value.map(|value| (name, value.to_string())));
    }
    let count = |features: &[Feature]| features.len();
    lines.push((
        "features",
        format!(
            "{} supported, {} unsupported, {} unknown, by table {}",
            count(&document.supported),
            count(&document.unsupported),
            count(&document.unknown),
            document.table
        ),
    ));
    lines
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect()
}

/// The features that the portal lacks, or may lack.
fn lacking(caps: &Caps) -> impl Iterator<Item = Vec<String>> {
    Feature::all().filter_map(move |feature| {
        let support = caps.check(feature);
        (!support.is_supported()).then(|| {
            let requirement = feature.requirement().to_string();
            vec![feature.to_string(), word(&support).to_owned(), requirement]
        })
    })
}
