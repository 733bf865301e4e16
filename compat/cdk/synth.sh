#!/bin/sh
# Makes the cloud assemblies in this folder anew: what `cdk synth` writes of the apps, without what only CDK reads. The CDK CLI
# runs an app with the same two variables and adds reports of its own.
#
#   npm install --prefix FOLDER compat/cdk && compat/cdk/synth.sh FOLDER/node_modules
set -eu
modules=$(cd "$1" && pwd)
cd "$(dirname "$0")"

# synth APP FOLDER VERSION
synth() {
    rm -rf "$2"
    context="{\"version\":\"$3\",\"aws:cdk:version-reporting\":false,\"aws:cdk:enable-path-metadata\":false}"
    CDK_CONTEXT_JSON=$context CDK_OUTDIR=$2 NODE_PATH=$modules node "$1.js"
    # These have paths of the machine, or are for other tools.
    rm -f "$2"/*.metadata.json "$2/tree.json" "$2/validation-report.json"
}

for app in site types; do
    for version in 1 2; do
        synth "$app" "$app-$version" "$version"
    done
done
synth shapes shapes 1
# Their templates are deployed one by one.
rm -f shapes/*.assets.json shapes/manifest.json shapes/cdk.out
