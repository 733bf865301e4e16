//! What viewers ask for: a distribution of one origin, with a behavior for each kind of work that an edge does.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::software::ORIGIN;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::requests::{self, Signed, element};

/// The name under which viewers know the site.
pub(super) const HOST: &str = "www.example.com";
/// An object behind a signature, and behind a signature and a function that reads a store.
pub(super) const SIGNED: &str = "/signed/object.bin";
pub(super) const SIGNED_WITH_FUNCTION: &str = "/whole/object.bin";
/// Answers that a function makes of what it reads.
pub(super) const ANSWERED: &str = "/answered/redirect";
/// Paths of which each is an object of its own, and paths that are not cached.
pub(super) const FRESH: &str = "/fresh/";
pub(super) const PASSED: &str = "/passed/object.bin";
/// A function that takes some milliseconds.
pub(super) const SLOW: &str = "/slow/object.bin";

/// The managed cache policies.
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

/// Reads one pair, sets the path and two headers.
const REWRITE: &str = "import cf from 'cloudfront';
const store = cf.kvs();
async function handler(event) {
    const request = event.request;
    request.headers['x-to'] = { value: await store.get('some/key-321') };
    request.headers['x-from'] = { value: request.headers.host.value };
    request.uri = '/object.bin';
    return request;
}
";

/// Reads one pair and answers with it.
const ANSWER: &str = "import cf from 'cloudfront';
const store = cf.kvs();
async function handler(event) {
    const to = await store.get('some/key-321');
    return { statusCode: 200, headers: { 'x-to': { value: to } }, body: { encoding: 'text', data: to } };
}
";

/// Reads one pair, which every store has.
const READ: &str = "import cf from 'cloudfront';
const store = cf.kvs();
async function handler(event) {
    event.request.headers['x-to'] = { value: await store.get('some/key-0') };
    return event.request;
}
";

/// An event for it.
const EVENT: &str = r#"{"version":"1.0","context":{"eventType":"viewer-request"},"viewer":{"ip":"198.51.100.11"},"request":{"method":"GET","uri":"/","querystring":{},"headers":{},"cookies":{}}}"#;

/// Computes for some milliseconds, within the budget of an invocation.
const COMPUTE: &str = "function handler(event) {
    let sum = 0;
    for (let i = 0; i < 60000; i++) {
        sum = (sum * 31 + i) % 65521;
    }
    event.request.headers['x-sum'] = { value: String(sum) };
    return event.request;
}
";

/// A site at one Keyfront.
pub(super) struct Site {
    /// The id of the public key that signatures name.
    pub(super) key_id: String,
    /// The id of the distribution, and its document, for those that change it.
    pub(super) distribution: String,
    pub(super) document: String,
}

/// Creates everything that viewers ask for. The functions read the store of this ARN.
pub(super) async fn create(
    connection: &mut Connection,
    store: &str,
    public_key: &str,
) -> Result<Site, Failure> {
    let answer = send(connection, &requests::create_public_key_of("viewers", public_key)).await?;
    let key_id = between(&answer, "<Id>", "</Id>")?;
    let group = format!("<Name>viewers</Name><Items><PublicKey>{key_id}</PublicKey></Items>");
    let group = requests::document("POST", "key-group", None, &element("KeyGroupConfig", &group));
    let group = between(&send(connection, &group).await?, "<Id>", "</Id>")?;
    let rewrite = function(connection, "rewrite", REWRITE, Some(store)).await?;
    let answer = function(connection, "answer", ANSWER, Some(store)).await?;
    let compute = function(connection, "compute", COMPUTE, None).await?;
    let signed = format!(
        "<TrustedKeyGroups><Enabled>true</Enabled><Quantity>1</Quantity><Items><KeyGroup>{group}</KeyGroup>\
         </Items></TrustedKeyGroups>"
    );
    let rewritten = format!("{signed}{}", association(&rewrite));
    let behaviors = [
        behavior("/signed/*", CACHING_OPTIMIZED, &signed),
        behavior("/whole/*", CACHING_OPTIMIZED, &rewritten),
        behavior("/answered/*", CACHING_OPTIMIZED, &association(&answer)),
        behavior("/slow/*", CACHING_OPTIMIZED, &association(&compute)),
        behavior("/passed/*", CACHING_DISABLED, ""),
    ];
    let document = distribution(&behaviors);
    let created = send(connection, &requests::document("POST", "distribution", None, &document)).await?;
    let distribution = between(&created, "<Id>", "</Id>")?;
    // As it is completed: an update has to say everything.
    let config = between(&created, "<DistributionConfig>", "</DistributionConfig>")?;
    Ok(Site { key_id, distribution, document: element("DistributionConfig", &config) })
}

/// Lets a function read the first pair of a store.
pub(super) async fn use_store(connection: &mut Connection, name: &str, store: &str) -> Result<(), Failure> {
    let (_arn, etag) = create_function(connection, name, READ, Some(store)).await?;
    let event = STANDARD.encode(EVENT);
    let content = format!("<Stage>DEVELOPMENT</Stage><EventObject>{event}</EventObject>");
    let content = element("TestFunctionRequest", &content);
    let test = requests::document("POST", &format!("function/{name}/test"), Some(&etag), &content);
    let answer = send(connection, &test).await?;
    if answer.contains("x-to") {
        return Ok(());
    }
    Err(Failure(format!("a function has not read its store: {answer}")))
}

/// Creates a function and publishes it; its ARN.
async fn function(
    connection: &mut Connection,
    name: &str,
    code: &str,
    store: Option<&str>,
) -> Result<String, Failure> {
    let (arn, etag) = create_function(connection, name, code, store).await?;
    let publish = requests::document("POST", &format!("function/{name}/publish"), Some(&etag), "");
    send(connection, &publish).await?;
    Ok(arn)
}

/// Creates a function; its ARN and its ETag.
async fn create_function(
    connection: &mut Connection,
    name: &str,
    code: &str,
    store: Option<&str>,
) -> Result<(String, String), Failure> {
    let store = store.map_or_else(String::new, |arn| {
        format!(
            "<KeyValueStoreAssociations><Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>\
             {arn}</KeyValueStoreARN></KeyValueStoreAssociation></Items></KeyValueStoreAssociations>"
        )
    });
    let content = format!(
        "<Name>{name}</Name><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime>{store}\
         </FunctionConfig><FunctionCode>{}</FunctionCode>",
        STANDARD.encode(code)
    );
    let create = requests::document("POST", "function", None, &element("CreateFunctionRequest", &content));
    let created = send(connection, &create).await?;
    let etag = connection.header("etag").ok_or_else(|| Failure("a function without an ETag".into()))?;
    Ok((between(&created, "<FunctionARN>", "</FunctionARN>")?, etag))
}

fn association(function: &str) -> String {
    format!(
        "<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>{function}\
         </FunctionARN><EventType>viewer-request</EventType></FunctionAssociation></Items></FunctionAssociations>"
    )
}

fn behavior(pattern: &str, policy: &str, further: &str) -> String {
    format!(
        "<CacheBehavior><PathPattern>{pattern}</PathPattern><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>\
         allow-all</ViewerProtocolPolicy><CachePolicyId>{policy}</CachePolicyId>{further}</CacheBehavior>"
    )
}

fn distribution(behaviors: &[String]) -> String {
    let (count, behaviors) = (behaviors.len(), behaviors.concat());
    let content = format!(
        "<CallerReference>site</CallerReference><Comment></Comment><Enabled>true</Enabled><Aliases><Quantity>1\
         </Quantity><Items><CNAME>{HOST}</CNAME></Items></Aliases><ViewerCertificate><ACMCertificateArn>\
         arn:aws:acm:us-east-1:111122223333:certificate/54947df8-0e9e-4471-a2f9-9af509fb5889</ACMCertificateArn>\
         <SSLSupportMethod>sni-only</SSLSupportMethod><MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion>\
         </ViewerCertificate><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>{ORIGIN}</DomainName>\
         <CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>http-only\
         </OriginProtocolPolicy></CustomOriginConfig></Origin></Items></Origins><DefaultCacheBehavior><TargetOriginId>o\
         </TargetOriginId><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy><CachePolicyId>{CACHING_OPTIMIZED}\
         </CachePolicyId></DefaultCacheBehavior><CacheBehaviors><Quantity>{count}</Quantity><Items>{behaviors}</Items>\
         </CacheBehaviors>"
    );
    element("DistributionConfig", &content)
}

/// Sends one request; its answer.
pub(super) async fn send(connection: &mut Connection, request: &Signed) -> Result<String, Failure> {
    let answer = connection.succeed(&requests::written(request)).await?;
    Ok(String::from_utf8_lossy(answer).into_owned())
}

/// What stands between two texts.
pub(super) fn between(text: &str, before: &str, after: &str) -> Result<String, Failure> {
    let found = text.split_once(before).and_then(|(_, rest)| rest.split_once(after));
    found.map(|(found, _)| found.to_owned()).ok_or_else(|| Failure(format!("no {before} in {text}")))
}
