//! Real-time log configurations: which fields of which share of the requests go to which stream at once.

use keyfront_error::ServiceError;
use serde::Deserialize;

use crate::aws_arn::is_arn_of;
use crate::name;

/// Most characters of a name. The service states none; ARNs have room for this many.
const MAX_NAME: usize = 128;

/// A real-time log configuration, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RealtimeLogConfig {
    /// Where records go.
    pub end_points: Vec<EndPoint>,
    /// What a record has. Their order means nothing.
    pub fields: Vec<String>,
    /// Unique in the account, and what its ARN ends with.
    pub name: String,
    /// Per cent of requests, 1 to 100.
    pub sampling_rate: i64,
}

/// `EndPoint`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndPoint {
    /// `Kinesis`.
    pub stream_type: String,
    /// The stream.
    pub kinesis_stream_config: Option<KinesisStreamConfig>,
}

/// `KinesisStreamConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KinesisStreamConfig {
    /// The role that may write to the stream.
    #[serde(rename = "RoleARN")]
    pub role_arn: String,
    /// The stream.
    #[serde(rename = "StreamARN")]
    pub stream_arn: String,
}

impl RealtimeLogConfig {
    /// Refuses what cannot be a real-time log configuration. Roles and streams are not looked up.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the member.
    pub fn check(&self) -> Result<(), ServiceError> {
        if self.end_points.is_empty() {
            return Err(ServiceError::required("EndPoints"));
        }
        self.end_points.iter().try_for_each(EndPoint::check)?;
        if self.fields.is_empty() {
            return Err(ServiceError::required("Fields"));
        }
        if !self.fields.iter().all(|field| is_field(field)) {
            return Err(ServiceError::invalid("Fields"));
        }
        name::check_length("Name", &self.name, 1..=MAX_NAME)?;
        if !is_name(&self.name) {
            return Err(ServiceError::invalid("Name"));
        }
        if (1..=100).contains(&self.sampling_rate) {
            Ok(())
        } else {
            Err(ServiceError::invalid("SamplingRate"))
        }
    }
}

impl EndPoint {
    fn check(&self) -> Result<(), ServiceError> {
        if self.stream_type != "Kinesis" {
            return Err(ServiceError::invalid("StreamType"));
        }
        let stream = self.kinesis_stream_config.as_ref();
        let stream = stream.ok_or_else(|| ServiceError::required("KinesisStreamConfig"))?;
        if !is_arn_of(&stream.role_arn, "iam", "role/") {
            return Err(ServiceError::invalid("RoleARN"));
        }
        if !is_arn_of(&stream.stream_arn, "kinesis", "stream/") {
            return Err(ServiceError::invalid("StreamARN"));
        }
        Ok(())
    }
}

/// Whether a field may be asked for. New ones come from time to time, so their form is all that is checked.
fn is_field(field: &str) -> bool {
    !field.is_empty() && field.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether ARNs can end with the name.
fn is_name(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests;
