// Makes src/generated.ts of docs/openrpc.json: a type for every schema, a method for every method that is asked, and the
// types of the subscriptions, which watch.ts makes something of.
// With --check it only says whether the file is up to date.

import { readFileSync, writeFileSync } from "node:fs";

const SOURCE = new URL("../../../docs/openrpc.json", import.meta.url);
const TARGET = new URL("../src/generated.ts", import.meta.url);

/** A line as rows of a doc comment. */
function wrap(line, width) {
    const rows = [""];
    for (const word of line.split(" ")) {
        const row = rows.at(-1);
        if (row !== "" && row.length + word.length >= width) rows.push(word);
        else rows[rows.length - 1] = row === "" ? word : `${row} ${word}`;
    }
    return rows;
}

/** A doc comment, or nothing. */
function comment(text, indent) {
    if (!text) return "";
    const safe = text.replaceAll("*/", "*\\/").split("\n");
    const lines = safe.flatMap((line) => wrap(line, 116 - indent.length));
    if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
    const body = lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n");
    return `${indent}/**\n${body}\n${indent} */\n`;
}

/** The name in a reference. */
function target(reference) {
    return reference.slice(reference.lastIndexOf("/") + 1);
}

function union(types) {
    return [...new Set(types)].join(" | ");
}

/** The TypeScript type of a schema. What it does not understand is an error: a type must never promise too much. */
function type(schema, indent) {
    if (schema.$ref !== undefined) return target(schema.$ref);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum !== undefined) return union(schema.enum.map((member) => JSON.stringify(member)));
    const options = schema.oneOf ?? schema.anyOf;
    if (options !== undefined) return union(options.map((option) => type(option, indent)));
    if (schema.allOf !== undefined) return schema.allOf.map((part) => `(${type(part, indent)})`).join(" & ");
    switch (schema.type) {
        case "string":
        case "boolean":
        case "null":
            return schema.type;
        case "integer":
            return "number";
        case "array":
            return `Array<${type(schema.items, indent)}>`;
        case "object":
            return object(schema, indent);
        default:
            throw new Error(`generate.mjs does not understand the schema ${JSON.stringify(schema)}`);
    }
}

/** The tag of a union comes first, so that its options can be told apart at a glance. */
function object(schema, indent) {
    const deeper = `${indent}    `;
    const tag = (property) => (property.const === undefined ? 1 : 0);
    const properties = Object.entries(schema.properties).sort(([, a], [, b]) => tag(a) - tag(b));
    if (properties.length === 0) return "Record<string, never>";
    const lines = properties.map(([name, property]) => {
        const required = schema.required.includes(name);
        const value = type(property, deeper);
        const field = required ? `${name}: ${value};` : `${name}?: ${value} | undefined;`;
        return `${comment(property.description, deeper)}${deeper}${field}\n`;
    });
    return `{\n${lines.join("")}${indent}}`;
}

function declaration(name, schema) {
    const described = comment(schema.description, "");
    if (schema.type === "object") return `${described}export interface ${name} ${type(schema, "")}\n`;
    const options = (schema.oneOf ?? schema.anyOf)?.filter((option) => option.type === "object") ?? [];
    if (options.length < 2) return `${described}export type ${name} = ${type(schema, "")};\n`;
    const lines = (schema.oneOf ?? schema.anyOf).map(
        (option) => `${comment(option.description, "    ")}    | ${type(option, "    ")}`,
    );
    return `${described}export type ${name} =\n${lines.join("\n")};\n`;
}

/** The parameters of a method, by name. */
function parameters(method) {
    const properties = Object.fromEntries(method.params.map((param) => [param.name, param.schema]));
    const required = method.params.filter((param) => param.required).map((param) => param.name);
    return { type: "object", properties, required };
}

function shortName(method) {
    return method.name.replace(/^citynet_/, "");
}

function paramsName(method) {
    const name = shortName(method);
    return `${name[0].toUpperCase()}${name.slice(1)}Parameters`;
}

function generate(document) {
    const { schemas, errors } = document.components;
    const declarations = Object.entries(schemas).map(([name, schema]) => declaration(name, schema));
    const subscribing = document.methods.filter((method) => method["x-notification"] !== undefined);
    const unsubscribing = subscribing.map((method) => method["x-unsubscribe"]);
    const asked = document.methods.filter(
        (method) => !subscribing.includes(method) && !unsubscribing.includes(method.name),
    );
    const taking = [...asked, ...subscribing].filter((method) => method.params.length > 0);
    for (const method of taking) {
        if (schemas[paramsName(method)] !== undefined) throw new Error(`${paramsName(method)} is taken`);
    }
    const takes = taking.map((method) => {
        const described = comment(`Parameters of \`${method.name}\`.`, "");
        return `${described}export interface ${paramsName(method)} ${type(parameters(method), "")}\n`;
    });
    const signatures = asked.map((method) => {
        const params = method.params.length > 0 ? paramsName(method) : "Record<string, never>";
        return `    ${method.name}: { params: ${params}; result: ${type(method.result.schema, "    ")} };\n`;
    });
    const subscriptions = subscribing.map((method) => {
        const notification = method["x-notification"].params.find((param) => param.name === "result");
        const brings = type(notification.schema, "    ");
        return `    ${method.name}: { params: ${paramsName(method)}; notification: ${brings} };\n`;
    });
    const methods = asked.map((method) => {
        const result = type(method.result.schema, "    ");
        const optional = method.params.every((param) => !param.required);
        const given = `params: ${paramsName(method)}${optional ? " = {}" : ""}`;
        const [takes, gives] = method.params.length > 0 ? [given, "params"] : ["", "{}"];
        return (
            comment(method.description, "    ") +
            `    ${shortName(method)}(${takes}): Promise<${result}> {\n` +
            `        return this.call("${method.name}", ${gives});\n    }\n`
        );
    });
    const codes = Object.values(errors).sort((a, b) => a.data.code.localeCompare(b.data.code, "en"));
    const numbers = codes.map((error) => `${comment(error.message, "    ")}    ${error.data.code}: ${error.code},\n`);
    return `// Made by scripts/generate.mjs of docs/openrpc.json. Do not edit.

${declarations.join("\n")}
${takes.join("\n")}
/** Each method with what it takes and gives. */
export interface Methods {
${signatures.join("")}}

/** Each subscription with what it takes and what its notifications bring. */
export interface Subscriptions {
${subscriptions.join("")}}

/** The numbers of the ledger's errors, by the name in \`data.code\`. Both are stable. */
export const ERROR_NUMBERS = {
${numbers.join("")}} as const;

/** The name of an error of the ledger. */
export type ErrorCode = keyof typeof ERROR_NUMBERS;

/** The methods, on whatever calls them. */
export abstract class LedgerMethods {
    protected abstract call<M extends keyof Methods>(
        method: M,
        params: Methods[M]["params"],
    ): Promise<Methods[M]["result"]>;

${methods.join("\n")}}
`;
}

const generated = generate(JSON.parse(readFileSync(SOURCE, "utf8")));
if (!process.argv.includes("--check")) {
    writeFileSync(TARGET, generated);
} else if (readFileSync(TARGET, "utf8") !== generated) {
    console.error("src/generated.ts is not what docs/openrpc.json says: npm run generate");
    process.exit(1);
}
