//! The paths of the admin address, and what each of them asks of the client.

use http::Method;
use keyfront_http::Router;

use crate::config::TestingSettings;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Ready,
    Live,
    Metrics,
    Backup,
    ListCredentials,
    CreateCredential,
    ShowCredential,
    UpdateCredential,
    DeleteCredential,
    ListFaults,
    SetFault,
    ClearFaults,
    RemoveFault,
    ListSnapshots,
    SaveSnapshot,
    RestoreSnapshot,
    DeleteSnapshot,
    Reset,
}

/// Every method and path. A parameter in braces is one segment of the path.
pub(super) const ROUTES: [(Method, &str, Route); 19] = [
    (Method::GET, "/health", Route::Ready),
    (Method::GET, "/health/ready", Route::Ready),
    (Method::GET, "/health/live", Route::Live),
    (Method::GET, "/metrics", Route::Metrics),
    (Method::POST, "/backup", Route::Backup),
    (Method::GET, "/credentials", Route::ListCredentials),
    (Method::POST, "/credentials", Route::CreateCredential),
    (Method::GET, "/credentials/{id}", Route::ShowCredential),
    (Method::PUT, "/credentials/{id}", Route::UpdateCredential),
    (Method::DELETE, "/credentials/{id}", Route::DeleteCredential),
    (Method::GET, "/faults", Route::ListFaults),
    (Method::POST, "/faults", Route::SetFault),
    (Method::DELETE, "/faults", Route::ClearFaults),
    (Method::DELETE, "/faults/{id}", Route::RemoveFault),
    (Method::GET, "/snapshots", Route::ListSnapshots),
    (Method::POST, "/snapshots/{name}", Route::SaveSnapshot),
    (Method::DELETE, "/snapshots/{name}", Route::DeleteSnapshot),
    (Method::POST, "/snapshots/{name}/restore", Route::RestoreSnapshot),
    (Method::POST, "/reset", Route::Reset),
];

/// The routing table.
pub(super) fn router() -> Result<Router<Route>, keyfront_http::RouteError> {
    Router::new(ROUTES)
}

/// What a route asks of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing.
    Open,
    /// The token of the data folder.
    Operator,
    /// A setting in `[testing]`, and a token.
    Testing(Testing),
}

/// What tests can do to a server, by the setting in `[testing]` that allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Testing {
    Faults,
    SavedStates,
}

impl Route {
    /// What the route asks of the client.
    pub(super) fn access(self) -> Access {
        match self {
            Route::Ready | Route::Live | Route::Metrics => Access::Open,
            Route::Backup
            | Route::ListCredentials
            | Route::CreateCredential
            | Route::ShowCredential
            | Route::UpdateCredential
            | Route::DeleteCredential => Access::Operator,
            Route::ListFaults | Route::SetFault | Route::ClearFaults | Route::RemoveFault => {
                Access::Testing(Testing::Faults)
            }
            Route::ListSnapshots
            | Route::SaveSnapshot
            | Route::RestoreSnapshot
            | Route::DeleteSnapshot
            | Route::Reset => Access::Testing(Testing::SavedStates),
        }
    }
}

impl Testing {
    /// The name of the setting.
    pub(super) fn setting(self) -> &'static str {
        match self {
            Testing::Faults => "faults",
            Testing::SavedStates => "snapshots",
        }
    }

    /// Whether the configuration allows it.
    pub(super) fn allowed(self, settings: TestingSettings) -> bool {
        match self {
            Testing::Faults => settings.faults,
            Testing::SavedStates => settings.snapshots,
        }
    }
}
