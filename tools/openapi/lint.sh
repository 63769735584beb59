#!/bin/sh
# Holds the OpenAPI document to the rules of redocly.yaml. The first argument is the command that prints the document. What the
# machine lacks is fetched first (tools/npm.sh).
set -eu

print=$1
here=$(cd "$(dirname "$0")" && pwd)

"$here/../npm.sh" "$here"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
lint() { "$here/node_modules/.bin/redocly" lint --config "$here/redocly.yaml" "$1" >"$work/said" 2>&1; }

$print >"$work/openapi.json"
if ! lint "$work/openapi.json"; then
	cat "$work/said" >&2
	exit 1
fi

# A linter that finds nothing in a document with three faults has not looked.
node -e '
	const fs = require("fs"), document = JSON.parse(fs.readFileSync(process.argv[1]));
	const operation = document.paths["/api/v1/dossiers"].post;
	delete operation.description;
	operation.parameters[0].schema = {$ref: "#/components/schemas/Nowhere"};
	Object.values(operation.requestBody.content["application/json"].examples)[0].value = {channel: 7};
	fs.writeFileSync(process.argv[2], JSON.stringify(document));
' "$work/openapi.json" "$work/broken.json"
if lint "$work/broken.json"; then
	echo "openapi-lint: the linter passed a document with faults" >&2
	exit 1
fi
for rule in operation-description no-unresolved-refs no-invalid-media-type-examples; do
	if ! grep -q "$rule" "$work/said"; then
		cat "$work/said" >&2
		echo "openapi-lint: the linter did not find the fault $rule" >&2
		exit 1
	fi
done
echo "   valid by @redocly/cli $(node -p 'require(process.argv[1]).version' "$here/node_modules/@redocly/cli/package.json"); its control was found broken by 3 rules"
