//! `keyfront credentials`: who may sign requests.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand};
use http::Method;
use keyfront_api::credentials::StoredCredentials;
use keyfront_domain::AccountId;
use keyfront_store::EmbeddedEngine;
use serde::Deserialize;
use serde_json::Value;

use super::{print, small_runtime, tell};
use crate::clock::SystemClock;
use crate::config::{Config, StoreSettings};
use crate::data_folder::{find_control, sealing_key};
use crate::failure::Failure;
use crate::server::{NewCredential, ask};

/// Time in which a running server must have answered.
const LIMIT: Duration = Duration::from_secs(30);

/// Make, list and delete credentials, whether the server runs or not
#[derive(Args)]
pub(super) struct Credentials {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a credential; its secret is shown this once
    Create {
        /// The account that it acts in
        #[arg(long, value_name = "ACCOUNT")]
        account: AccountId,
        /// The user that refusals name
        #[arg(long, value_name = "NAME")]
        user: String,
        /// The file with the IAM policy document that says what it may do
        #[arg(long, value_name = "FILE")]
        policy: PathBuf,
        #[command(flatten)]
        store: Store,
    },
    /// List credentials, without their secrets
    List {
        #[command(flatten)]
        store: Store,
    },
    /// Delete a credential; requests that it signs are refused from now on
    Delete {
        /// The access key id
        access_key_id: String,
        #[command(flatten)]
        store: Store,
    },
}

/// Which store is meant.
#[derive(Args)]
pub(super) struct Store {
    /// The data folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "config")]
    data: Option<PathBuf>,
    /// The configuration file that names it [default: keyfront.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Store {
    /// The settings of the store that is meant.
    pub(super) fn settings(&self) -> Result<StoreSettings, Failure> {
        if let Some(data) = &self.data {
            return Ok(StoreSettings { data: data.clone(), ..StoreSettings::default() });
        }
        let usual = PathBuf::from("keyfront.toml");
        match &self.config {
            Some(config) => Ok(Config::load(config)?.store),
            None if usual.is_file() => Ok(Config::load(&usual)?.store),
            None => Err(Failure::new("say which store is meant with --data FOLDER or --config FILE")),
        }
    }
}

/// What is shown of a new credential.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    access_key_id: String,
    secret_access_key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    access_key_id: String,
    account: String,
    user_name: String,
    created: String,
}

impl Credentials {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let runtime = small_runtime()?;
        match self.command {
            Command::Create { account, user, policy, store } => {
                let policy = std::fs::read_to_string(&policy).map_err(|error| {
                    Failure::because(format!("{} cannot be read", policy.display()), &error)
                })?;
                let new = NewCredential { account, user, policy };
                let created: Created = runtime.block_on(perform(&store, &Order::Create(new)))?;
                print(format!("access key id      {}", created.access_key_id));
                print(format!("secret access key  {}", created.secret_access_key));
                tell("The secret is not shown again.");
            }
            Command::List { store } => {
                let listed: Vec<Listed> = runtime.block_on(perform(&store, &Order::List))?;
                for Listed { access_key_id, account, user_name, created } in listed {
                    print(format!("{access_key_id}  {account}  {user_name}  {created}"));
                }
            }
            Command::Delete { access_key_id, store } => {
                // It becomes part of a path.
                if !access_key_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                    return Err(no_such_credential(&access_key_id));
                }
                let deleted: String = runtime.block_on(perform(&store, &Order::Delete(access_key_id)))?;
                print(format!("deleted {deleted}"));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn no_such_credential(access_key_id: &str) -> Failure {
    Failure::new(format!("there is no credential {access_key_id}"))
}

enum Order {
    Create(NewCredential),
    List,
    Delete(String),
}

/// Has the server that runs on the folder do it, or does it on the folder itself.
async fn perform<T: serde::de::DeserializeOwned>(store: &Store, order: &Order) -> Result<T, Failure> {
    let settings = store.settings()?;
    if let Some(control) = find_control(&settings.data) {
        let answer = match order {
            Order::Create(new) => ask(&control, Method::POST, "/credentials", new, LIMIT).await?,
            Order::List => ask(&control, Method::GET, "/credentials", &Value::Null, LIMIT).await?,
            Order::Delete(id) => {
                ask(&control, Method::DELETE, &format!("/credentials/{id}"), &Value::Null, LIMIT).await?
            }
        };
        if let Some(answer) = answer {
            return Ok(answer);
        }
    }
    let answer = perform_here(&settings, order).await?;
    serde_json::from_value(answer).map_err(|error| Failure::because("the answer is not understood", &error))
}

async fn perform_here(settings: &StoreSettings, order: &Order) -> Result<Value, Failure> {
    // Only a first credential may make the store: a misspelt folder is an error and not an empty list.
    let open = match order {
        Order::Create(_) => EmbeddedEngine::open,
        Order::List | Order::Delete(_) => EmbeddedEngine::open_existing,
    };
    let engine = open(&settings.data, settings.embedded.clone())
        .map_err(|error| Failure::because("the store cannot be opened", &error))?;
    let engine = Arc::new(engine);
    let key = sealing_key(settings, &*engine).await?;
    let stored = StoredCredentials::new(engine, Arc::new(SystemClock), key);
    let unreadable = |error: &dyn std::error::Error| Failure::because("the credentials", error);
    let answer = match order {
        Order::Create(new) => {
            let created = stored.create(new.account, &new.user, &new.policy).await;
            let created = created.map_err(|error| Failure::because("the credential was not made", &error))?;
            serde_json::to_value(created)
        }
        Order::List => serde_json::to_value(stored.list().await.map_err(|error| unreadable(&error))?),
        Order::Delete(id) => {
            if !stored.delete(id).await.map_err(|error| unreadable(&error))? {
                return Err(no_such_credential(id));
            }
            serde_json::to_value(id)
        }
    };
    answer.map_err(|error| unreadable(&error))
}
