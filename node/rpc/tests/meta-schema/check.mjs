// docs/openrpc.json against the schema of OpenRPC documents, each of its schemas against that of JSON Schema, and its
// examples against its schemas.

import jsonSchemaDocument from "@json-schema-tools/meta-schema";
import { openrpcDocument } from "@open-rpc/meta-schema";
import Ajv from "ajv";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const document = JSON.parse(readFileSync(new URL("../../../../docs/openrpc.json", import.meta.url), "utf8"));

// Not strict: both schemas use words that only people read. Formats would need another package. Their own `$schema` is
// one that nobody else has.
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const { $schema: _, ...jsonSchema } = jsonSchemaDocument.default ?? jsonSchemaDocument;
const { $schema: __, ...openrpc } = openrpcDocument;
ajv.addSchema(jsonSchema, "https://meta.json-schema.tools");
const isOpenrpc = ajv.compile(openrpc);

function problems(document) {
    return isOpenrpc(document) ? [] : isOpenrpc.errors.map((error) => `${error.instancePath} ${error.message}`);
}

assert.deepEqual(problems(document), []);
// The schema is there and says no to what is wrong.
for (const bend of [
    (copy) => delete copy.methods[1].params,
    (copy) => (copy.methods[1].params[0].required = "yes"),
    (copy) => (copy.components.schemas.Hash.type = "text"),
    (copy) => (copy.methods[0].surprise = true),
    (copy) => delete copy.components.errors.NotFound.code,
]) {
    const copy = structuredClone(document);
    bend(copy);
    assert.notDeepEqual(problems(copy), [], bend.toString());
}

ajv.addSchema({ $id: "openrpc.json", components: document.components });
const fits = (schema, value, at) => {
    const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openrpc.json#/components/'));
    const check = ajv.compile(rooted);
    assert.ok(check(value), `${at}: ${ajv.errorsText(check.errors)}`);
};
let examples = 0;
for (const method of document.methods) {
    for (const example of method.examples) {
        examples += 1;
        fits(method.result.schema, example.result.value, `${method.name}, ${example.name}`);
        for (const { name, value } of example.params) {
            const param = method.params.find((param) => param.name === name);
            fits(param.schema, value, `${method.name}, ${example.name}, ${name}`);
        }
    }
}
console.log(`docs/openrpc.json is an OpenRPC document of ${document.methods.length} methods and ${examples} examples`);
