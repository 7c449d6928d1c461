// Reads CSDL XML on standard input with OASIS's own reader and writes CSDL JSON, what the reader
// minds, and what OASIS's schema for CSDL JSON minds.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import csdl from "odata-csdl";

const messages = [];
const document = csdl.xml2json(readFileSync(0), { messages });
const minded = messages.map(({ message, parser }) => `line ${parser.line}: ${message}`);

const schema = createRequire(import.meta.url)("odata-csdl/schemas/csdl.schema.json");
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
const validate = ajv.compile(schema);
validate(document);
const invalid = (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
console.log(JSON.stringify({ document, minded, invalid }));
