//! Which operations of the API make, read, change and delete a resource of a type.

use super::identity::Identity;

/// What the API has for a resource type.
#[derive(Debug)]
pub struct Operations {
    /// Such as `AWS::CloudFront::Function`.
    pub resource_type: &'static str,
    /// Makes one.
    pub create: &'static str,
    /// Makes one with tags, where that is an operation of its own.
    pub create_with_tags: Option<&'static str>,
    /// Gives one with its ETag, or its description where the document is another.
    pub read: &'static str,
    /// Changes one.
    pub update: &'static str,
    /// Puts the stage DEVELOPMENT in the place of LIVE, of what has stages.
    pub publish: Option<&'static str>,
    /// Deletes one.
    pub delete: &'static str,
    /// By what it is named in these operations.
    pub key: Key,
    /// The member of a creation's input that holds a `CallerReference` which CloudFormation makes up.
    pub caller_reference_in: Option<&'static str>,
    /// The member of the inputs that holds the properties, where these are not members themselves.
    pub wrapped_in: Option<&'static str>,
    /// Where in its document it is enabled: it must be disabled and deployed before it is deleted.
    pub enabled: Option<&'static str>,
    /// How one is found again of whose creation there was no answer.
    pub identity: Identity,
}

/// By what the API names a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Its id.
    Id,
    /// Its name.
    Name,
    /// Its ARN.
    Arn,
    /// The distribution that it belongs to.
    DistributionId,
}

impl Key {
    /// The member of an output that holds it.
    pub fn member(self) -> &'static str {
        match self {
            Key::Id => "Id",
            Key::Name => "Name",
            Key::Arn => "ARN",
            Key::DistributionId => "DistributionId",
        }
    }

    /// The members of inputs that name a resource by it.
    pub fn inputs(self) -> &'static [&'static str] {
        match self {
            Key::Id => &["Id", "Identifier"],
            Key::Name => &["Name"],
            Key::Arn => &["ARN"],
            Key::DistributionId => &["DistributionId"],
        }
    }
}
