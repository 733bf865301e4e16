//! Fills a store from a file that `cdk` would upload to a bucket.

use std::path::Path;

use keyfront_client::plan::Ownership;
use keyfront_client::sync::{SyncRequest, carry_out};
use keyfront_client::{Pairs, document};
use keyfront_domain::Quotas;

use super::Execution;
use crate::failure::Failure;

impl Execution<'_> {
    /// Makes a store hold the pairs of a file, and no others; gives those that it had.
    pub(super) async fn fill(&self, name: &str, file: &Path) -> Result<Pairs, Failure> {
        let wanted = document::load(file, None, &Quotas::default());
        let wanted = wanted.map_err(|problems| Failure::new(problems.to_string()))?;
        self.write_pairs(name, &wanted).await
    }

    /// Makes a store hold these pairs, and no others; gives those that it had.
    pub(super) async fn write_pairs(&self, name: &str, wanted: &Pairs) -> Result<Pairs, Failure> {
        let quotas = Quotas::default();
        let client = self.api.client();
        let arn = client.arn(name).await?;
        let stored = client.read_all(&arn, &|_, _| ()).await?;
        let before = stored.pairs.clone();
        let ownership = Ownership { exclusive: true, prefix: String::new() };
        let request =
            SyncRequest { arn: &arn, wanted, ownership: &ownership, batch_size: None, quotas: &quotas };
        match carry_out(client, &request, stored, &|| false, &|_, _| ()).await {
            Ok(_) => Ok(before),
            Err(unfinished) => {
                Err(Failure::new(format!("the pairs of {name} were not all written: {}", unfinished.cause)))
            }
        }
    }
}
