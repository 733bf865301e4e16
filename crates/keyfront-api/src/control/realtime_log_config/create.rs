//! CreateRealtimeLogConfig: makes a real-time log configuration.

use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::TagsRecord;
use keyfront_store::resources::{self, Content, NewResource};
use keyfront_store::transact;

use super::document::{self, KIND, Output};
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, WholeAccount};

pub(super) struct CreateRealtimeLogConfig;

impl Operation for CreateRealtimeLogConfig {
    const NAME: &'static str = "CreateRealtimeLogConfig";
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Output;

    fn errors() -> Vec<Code> {
        vec![Code::RealtimeLogConfigAlreadyExists, Code::TooManyRealtimeLogConfigs]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Output, ServiceError> {
        let arn = &Arn::new(caller.account(), KIND, document::checked(&input)?.name);
        let new = &NewResource {
            content: Content { config: input, ..Content::default() },
            tags: TagsRecord::default(),
            version: 0,
            limit: cx.rules().quotas.realtime_log_configs_per_account,
            now_ms: cx.now_ms(),
        };
        let created = transact(&*cx.engine, |tx| async move { resources::create(&tx, arn, new).await });
        Ok(Output::new(arn.account, created.await.map_err(document::aborted)?))
    }
}
