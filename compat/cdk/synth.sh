#!/bin/sh
# Makes the cloud assemblies in this folder anew: what `cdk synth` writes of the apps, without what only CDK reads. The CDK CLI
# runs an app with the same two variables and adds reports of its own.
#
#   npm install --prefix FOLDER compat/cdk && compat/cdk/synth.sh FOLDER/node_modules
set -eu
modules=$(cd "$1" && pwd)
cd "$(dirname "$0")"
for app in site types; do
    for version in 1 2; do
        folder=$app-$version
        rm -rf "$folder"
        context="{\"version\":\"$version\",\"aws:cdk:version-reporting\":false,\"aws:cdk:enable-path-metadata\":false}"
        CDK_CONTEXT_JSON=$context CDK_OUTDIR=$folder NODE_PATH=$modules node "$app.js"
        # These have paths of the machine, or are for other tools.
        rm -f "$folder"/*.metadata.json "$folder/tree.json" "$folder/validation-report.json"
    done
done
