//! One certificate: the account, the proof of the name, the chain and its key.

use std::fmt::Write as _;
use std::time::Duration;

use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order,
    OrderStatus, RetryPolicy,
};
use keyfront_edge::{Challenges, InvalidToken};

use super::folder::Folder;
use super::http::Http;
use crate::config::{AcmeSettings, read_secret};
use crate::failure::Failure;

/// How long an authority may take to look at the proof, and then to sign.
const PATIENCE: Duration = Duration::from_mins(2);

/// Why an authority gave no certificate.
#[derive(Debug, thiserror::Error)]
pub(super) enum OrderError {
    /// It cannot be reached, or refused.
    #[error(transparent)]
    Acme(#[from] instant_acme::Error),
    /// It asks for another proof than one over HTTP.
    #[error("the authority does not ask for a proof over HTTP (http-01)")]
    NoChallenge,
    /// What it asks for is no token.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// It looked at the proof and did not accept it.
    #[error(
        "the authority did not accept the proof; port 80 of the name has to lead to `listen` of [edge]{0}"
    )]
    NotProved(String),
}

/// The account, which is made where there is none yet.
pub(super) async fn account(
    settings: &AcmeSettings,
    folder: &Folder,
    http: Http,
) -> Result<Account, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::because(settings.directory.clone(), error);
    let file = folder.account();
    let builder = Account::builder_with_http(Box::new(http));
    if file.exists() {
        let unreadable = |error| Failure::because(format!("{} cannot be used", file.display()), &error);
        let credentials: AccountCredentials =
            serde_json::from_slice(&read_secret(&file)?).map_err(unreadable)?;
        return builder.from_credentials(credentials).await.map_err(|error| failed(&error));
    }
    let contact: Vec<&str> = settings.contact.iter().map(String::as_str).collect();
    let new = NewAccount {
        contact: &contact,
        terms_of_service_agreed: settings.agree_to_terms,
        only_return_existing: false,
    };
    let made = builder.create(&new, settings.directory.clone(), None).await;
    let (account, credentials) = made.map_err(|error| failed(&error))?;
    let credentials = serde_json::to_string(&credentials).map_err(|error| failed(&error))?;
    Folder::keep(&file, &credentials)?;
    Ok(account)
}

/// Gets a certificate for a name: its key, and the chain behind it, as one PEM file.
pub(super) async fn certificate(
    account: &Account,
    name: &str,
    challenges: &Challenges,
) -> Result<String, OrderError> {
    let identifiers = [Identifier::Dns(name.to_owned())];
    let mut order = account.new_order(&NewOrder::new(&identifiers)).await?;
    let retries = RetryPolicy::new().timeout(PATIENCE);
    // The proofs are there until the authority has looked.
    let proofs = prove(&mut order, name, challenges).await?;
    let ready = order.poll_ready(&retries).await;
    drop(proofs);
    match ready {
        Ok(OrderStatus::Ready) => {}
        Ok(_) => return Err(OrderError::NotProved(reasons(&mut order).await)),
        Err(instant_acme::Error::Api(problem)) => return Err(OrderError::NotProved(format!(": {problem}"))),
        Err(error) => return Err(error.into()),
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&retries).await?;
    Ok(format!("{key}{chain}"))
}

/// Gives the proofs that an order asks for, and tells the authority to look.
async fn prove(
    order: &mut Order,
    name: &str,
    challenges: &Challenges,
) -> Result<Vec<keyfront_edge::Challenge>, OrderError> {
    let mut proofs = Vec::new();
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let mut challenge = authorization.challenge(ChallengeType::Http01).ok_or(OrderError::NoChallenge)?;
        proofs.push(challenges.give(name, &challenge.token, challenge.key_authorization().as_str())?);
        challenge.set_ready().await?;
    }
    Ok(proofs)
}

/// What an authority says of the proofs that it did not accept.
async fn reasons(order: &mut Order) -> String {
    let mut text = String::new();
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let Ok(state) = authorization.refresh().await else { continue };
        for problem in state.challenges.iter().filter_map(|challenge| challenge.error.as_ref()) {
            // Writing into a text does not fail.
            write!(text, ": {problem}").ok();
        }
    }
    text
}
