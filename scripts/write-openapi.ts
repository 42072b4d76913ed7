// Writes the OpenAPI document that the contract describes to packages/contract/openapi.json, for those who generate
// clients from the repository. Run it after a change of the contract: node --conditions=source scripts/write-openapi.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOpenApi } from '@keywright/contract';

const contract = join(import.meta.dirname, '../packages/contract');
const { version } = JSON.parse(readFileSync(join(contract, 'package.json'), 'utf8')) as { version: string };
writeFileSync(join(contract, 'openapi.json'), `${JSON.stringify(buildOpenApi(version), null, 2)}\n`);
