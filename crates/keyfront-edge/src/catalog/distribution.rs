//! Distributions and tenants, compiled.

use std::borrow::Cow;
use std::sync::Arc;

use keyfront_domain::AccountId;
use keyfront_domain::distribution::DistributionConfig;
use keyfront_domain::routing::normalise;

use super::{Behavior, Staging};
use crate::answer::CustomErrors;
use crate::origin::DistributionOrigins;
use crate::record::{RecordedDistribution, StandardLog};
use crate::viewer_tls::ViewerTlsSettings;

/// A distribution, or a tenant of one, as requests find it.
pub(crate) struct Distribution {
    /// The account that owns it.
    pub(crate) account: AccountId,
    /// The distribution's id, of which a tenant is too.
    pub(crate) id: String,
    /// The tenant's id, if it is one.
    pub(crate) tenant: Option<String>,
    /// Whose invalidations count: the id of the distribution, and of the tenant if it is one.
    pub(crate) scopes: Arc<[Arc<str>]>,
    /// The domain name that the service gave it.
    pub(crate) domain_name: String,
    /// What logs say of it.
    pub(crate) recorded: Arc<RecordedDistribution>,
    /// Its standard log, if it asks for one.
    pub(crate) standard_log: Option<Arc<StandardLog>>,
    /// The connection group's endpoint, for a tenant.
    pub(crate) endpoint: Option<String>,
    /// The configuration that the rest is made of.
    pub(crate) config: DistributionConfig,
    /// What viewers are met with over TLS.
    pub(crate) viewer_tls: ViewerTlsSettings,
    /// Whether viewers are answered.
    pub(crate) enabled: bool,
    /// Cache behaviors in order, the default one last.
    pub(crate) behaviors: Vec<Behavior>,
    /// Origins and groups of them.
    pub(crate) origins: DistributionOrigins,
    /// What viewers get in place of errors.
    pub(crate) errors: CustomErrors,
    /// Where viewers may be.
    pub(crate) geography: Geography,
    /// Which requests a staging distribution answers.
    pub(crate) staging: Option<Staging>,
}

/// Where viewers may be (AWS: "Restrict the geographic distribution of your content").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Geography {
    /// Anywhere.
    #[default]
    Anywhere,
    /// In these countries alone.
    Only(Vec<String>),
    /// In all countries but these.
    Except(Vec<String>),
}

impl Geography {
    /// Reads a restriction: its type and its countries.
    pub(crate) fn new(kind: &str, countries: &[String]) -> Geography {
        match kind {
            "whitelist" => Geography::Only(countries.to_vec()),
            "blacklist" => Geography::Except(countries.to_vec()),
            _none => Geography::Anywhere,
        }
    }

    /// Whether a viewer in a country may pass. Where the country is not known, the restriction does not hold: a
    /// development machine is nowhere.
    pub(crate) fn allows(&self, country: &str) -> bool {
        let is_listed = |countries: &[String]| countries.iter().any(|listed| listed == country);
        match self {
            Geography::Anywhere => true,
            Geography::Only(countries) => country.is_empty() || is_listed(countries),
            Geography::Except(countries) => !is_listed(countries),
        }
    }
}

impl Distribution {
    /// The id by which viewers of a development machine name it: the tenant's, if it is one.
    pub(crate) fn own_id(&self) -> &str {
        self.tenant.as_ref().unwrap_or(&self.id)
    }

    /// The host names that lead to it. A tenant answers for its domains alone.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let domain_name = self.tenant.is_none().then_some(self.domain_name.as_str());
        domain_name.into_iter().chain(self.config.aliases())
    }

    /// The cache behavior of a path, with its place: the first whose pattern matches, else the default one. Patterns
    /// are matched against the path in its normal form (AWS: "Path pattern").
    pub(crate) fn behavior(&self, path: &str) -> Option<(usize, &Behavior)> {
        let path = normalise(path);
        self.behaviors.iter().enumerate().find(|(_, behavior)| behavior.matches(&path))
    }

    /// The path that is asked for: the default root object where only the root is.
    pub(crate) fn object<'p>(&self, path: &'p str) -> Cow<'p, str> {
        let root = self.config.default_root_object.trim_start_matches('/');
        if path == "/" && !root.is_empty() { format!("/{root}").into() } else { path.into() }
    }
}
