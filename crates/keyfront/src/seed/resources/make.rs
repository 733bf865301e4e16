//! Makes the resources of a seed, by the operations that they name.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use keyfront_api::Ids;
use keyfront_api::direct::{Direct, Refusal};
use keyfront_api::operation::Members;
use keyfront_domain::AccountId;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::reference::{Reference, resolve_all};
use super::{SeedResource, answer};
use crate::failure::Failure;
use crate::seed::store::{display_name, seeded_id};

/// What the making of resources gave.
#[derive(Default)]
pub(in crate::seed) struct Made {
    /// The answers of the operations, by account and name.
    answers: BTreeMap<(AccountId, String), Members>,
    /// Names of those that were made.
    pub(in crate::seed) created: Vec<String>,
    /// Names of those that were there.
    pub(in crate::seed) present: Vec<String>,
}

/// The ids of one resource of a seed: the same at every start and on every machine.
struct SeededIds {
    account: AccountId,
    name: String,
    given: AtomicU64,
}

impl Ids for SeededIds {
    fn uuid(&self) -> Uuid {
        // No store has a slash in its name.
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        seeded_id(self.account, &format!("{}/{number}", self.name))
    }
}

/// Makes resources in their order. One that is there is left as it is; what others refer to is then what `elsewhere`
/// says of it, where it was made from the same seed.
///
/// # Errors
/// The first that is refused, with the service's words.
pub(in crate::seed) async fn make(
    direct: &Direct,
    resources: &[SeedResource],
    elsewhere: Option<&Made>,
) -> Result<Made, Failure> {
    let mut made = Made::default();
    for resource in resources {
        let refused = |refusal: &Refusal| {
            let (file, name) = (resource.file.display(), &resource.name);
            let failure = refusal.failure.as_ref().map(|failure| format!(" ({failure})")).unwrap_or_default();
            Failure::new(format!("{file}: {name} was refused: {refusal}{failure}"))
        };
        let account = resource.account;
        let ids = Arc::new(SeededIds { account, name: resource.name.clone(), given: AtomicU64::new(0) });
        let input = resolved(direct, resource, &mut made).await?;
        let shown = display_name(account, &resource.name);
        let answered =
            direct.run(account, Arc::<SeededIds>::clone(&ids), resource.operation, input.clone()).await;
        let answer = match answered {
            Ok(answer) => {
                publish(direct, resource, ids, &input, &answer).await.map_err(|error| refused(&error))?;
                made.created.push(shown);
                answer
            }
            Err(error) if error.code.ends_with("AlreadyExists") => {
                made.present.push(shown);
                let known = elsewhere.and_then(|made| made.answers.get(&(account, resource.name.clone())));
                known.cloned().ok_or_else(|| refused(&error))?
            }
            Err(error) => return Err(refused(&error)),
        };
        made.answers.insert((account, resource.name.clone()), answer);
    }
    Ok(made)
}

/// The input of a resource, with the members that it refers to.
async fn resolved(direct: &Direct, resource: &SeedResource, made: &mut Made) -> Result<Members, Failure> {
    let account = resource.account;
    // Stores are made before all resources, and described when one refers to them.
    for store in store_names(resource, made) {
        let ids = Arc::new(SeededIds { account, name: store.clone(), given: AtomicU64::new(0) });
        let name = Map::from_iter([("Name".to_owned(), Value::from(store.as_str()))]);
        if let Ok(described) = direct.run(account, ids, "DescribeKeyValueStore", name).await {
            made.answers.insert((account, store), described);
        }
    }
    let (mut input, mut problems) = (Value::Object(resource.input.clone()), Vec::new());
    let mut find = |Reference { name, member }: Reference<'_>| {
        let found = made.answers.get(&(account, name.to_owned()));
        let found = found.and_then(|known| answer::find(known, member));
        found.ok_or_else(|| format!("{name} has no {member} that could be referred to"))
    };
    resolve_all(&mut input, &mut find, &mut |problem| problems.push(problem));
    match (input, problems.first()) {
        (Value::Object(input), None) => Ok(input),
        (_, problem) => {
            let problem = problem.map(String::as_str).unwrap_or_default();
            Err(Failure::new(format!("{}: {}: {problem}", resource.file.display(), resource.name)))
        }
    }
}

/// What a resource refers to and was not made as a resource.
fn store_names(resource: &SeedResource, made: &Made) -> Vec<String> {
    let (mut input, mut names) = (Value::Object(resource.input.clone()), Vec::new());
    let mut note = |reference: Reference<'_>| {
        if !made.answers.contains_key(&(resource.account, reference.name.to_owned())) {
            names.push(reference.name.to_owned());
        }
        Ok(String::new())
    };
    resolve_all(&mut input, &mut note, &mut |_problem| {});
    names
}

/// Publishes what has stages, so that others can use it: a function, say.
async fn publish(
    direct: &Direct,
    resource: &SeedResource,
    ids: Arc<SeededIds>,
    input: &Members,
    answer: &Members,
) -> Result<(), Refusal> {
    let service = direct.service();
    let kind = resource.operation.strip_prefix("Create").unwrap_or_default();
    let publishing = format!("Publish{kind}");
    let operation = service.operations().iter().find(|operation| operation.name == publishing);
    let shape = operation.and_then(|operation| operation.input.as_ref());
    let Some(structure) = shape.and_then(|input| service.shape(input.shape).structure()) else {
        return Ok(());
    };
    let value = |member: &str| match member {
        "IfMatch" => answer::find(answer, "ETag"),
        other => answer::find(answer, other).or_else(|| answer::find(input, other)),
    };
    let required = structure.members.iter().filter(|member| member.required);
    let members = required.filter_map(|member| Some((member.name.to_owned(), value(member.name)?.into())));
    direct.run(resource.account, ids, &publishing, members.collect()).await?;
    Ok(())
}
