//! What `cdk synth` writes beside templates: which stacks there are, and the files that it would upload.
//!
//! The forms are those of the cloud assembly schema (<https://github.com/aws/aws-cdk>, `cloud-assembly-schema`).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::Mistake;

/// The file that a cloud assembly begins with.
pub const MANIFEST: &str = "manifest.json";

/// A stack of a cloud assembly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssemblyStack {
    /// The name that it is deployed under.
    pub name: String,
    /// The file with its template.
    pub template: String,
    /// The file that lists its assets.
    pub assets: Option<String>,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    artifacts: BTreeMap<String, Artifact>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    properties: BTreeMap<String, Value>,
    #[serde(default)]
    dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct Assets {
    #[serde(default)]
    files: BTreeMap<String, AssetFile>,
}

#[derive(Deserialize)]
struct AssetFile {
    #[serde(default)]
    source: AssetSource,
    #[serde(default)]
    destinations: BTreeMap<String, Destination>,
}

#[derive(Default, Deserialize)]
struct AssetSource {
    path: Option<String>,
    packaging: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Destination {
    object_key: String,
}

/// The stacks of a cloud assembly, in the order of their ids.
///
/// # Errors
/// The text cannot be read as a manifest.
pub fn stacks(manifest: &str) -> Result<Vec<AssemblyStack>, Mistake> {
    let manifest: Manifest = serde_json::from_str(manifest)
        .map_err(|error| Mistake::new(MANIFEST, format!("it is no manifest of a cloud assembly: {error}")))?;
    let file = |artifact: &Artifact, name: &str| {
        artifact.properties.get(name).and_then(Value::as_str).map(str::to_owned)
    };
    let stacks =
        manifest.artifacts.iter().filter(|(_, artifact)| artifact.kind == "aws:cloudformation:stack");
    let stack = |(id, artifact): (&String, &Artifact)| {
        let assets = artifact.dependencies.iter().filter_map(|name| manifest.artifacts.get(name));
        let mut assets = assets.filter(|artifact| artifact.kind == "cdk:asset-manifest");
        Some(AssemblyStack {
            name: file(artifact, "stackName").unwrap_or_else(|| id.clone()),
            template: file(artifact, "templateFile")?,
            assets: assets.find_map(|artifact| file(artifact, "file")),
        })
    };
    Ok(stacks.filter_map(stack).collect())
}

/// The files that would be uploaded as they are: their keys in the bucket, and their paths beside the manifest.
///
/// # Errors
/// The text is no list of assets.
pub fn assets(text: &str, name: &str) -> Result<BTreeMap<String, String>, Mistake> {
    let assets: Assets = serde_json::from_str(text)
        .map_err(|error| Mistake::new(name, format!("it is no list of assets: {error}")))?;
    let mut found = BTreeMap::new();
    for AssetFile { source, destinations } in assets.files.into_values() {
        let Some(path) = source.path.filter(|_| source.packaging.as_deref() != Some("zip")) else { continue };
        for destination in destinations.into_values() {
            found.insert(destination.object_key, path.clone());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As aws-cdk-lib 2 writes them.
    #[test]
    fn stacks_and_files_are_found() {
        let manifest = r#"{"version": "48.0.0", "artifacts": {
            "Site.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Site.assets.json"}},
            "Site": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Site.template.json"},
                     "dependencies": ["Site.assets"]},
            "Other": {"type": "aws:cloudformation:stack",
                      "properties": {"templateFile": "O.json", "stackName": "named"}},
            "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}}"#;
        let stack = |name: &str, template: &str, assets: Option<&str>| AssemblyStack {
            name: name.to_owned(),
            template: template.to_owned(),
            assets: assets.map(str::to_owned),
        };
        let expected =
            [stack("named", "O.json", None), stack("Site", "Site.template.json", Some("Site.assets.json"))];
        assert_eq!(stacks(manifest).unwrap(), expected);
        let files = r#"{"files": {
            "a": {"source": {"path": "asset.a.json", "packaging": "file"},
                  "destinations": {"here": {"bucketName": "b", "objectKey": "a.json"}}},
            "z": {"source": {"path": "asset.z", "packaging": "zip"},
                  "destinations": {"here": {"bucketName": "b", "objectKey": "z.zip"}}}}}"#;
        let found = assets(files, "Site.assets.json").unwrap();
        assert_eq!(found, BTreeMap::from([("a.json".to_owned(), "asset.a.json".to_owned())]));
        assert!(stacks("{").is_err());
    }
}
