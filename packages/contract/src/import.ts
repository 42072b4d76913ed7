import { z } from 'zod';
import { id } from './id.ts';
import { createKeyBody } from './key.ts';
import { secretSha256 } from './secret-hash.ts';
import { text } from './text.ts';

export const maxImportedKeys = 10_000;
/** Of the body of an import, in bytes; other routes read 1 MiB. */
export const maxImportBytes = 16 * 1024 * 1024;

const maxShownCharacters = 20;

/** What lists show of a secret must leave so much of it unsaid that it stays one. */
const display = text({ max: 40 })
  .refine((value) => (value.match(/[\p{L}\p{N}]/gu)?.length ?? 0) <= maxShownCharacters, {
    error: `must show at most ${maxShownCharacters} letters and digits: it is no place for the secret`,
  })
  .meta({ description: 'what lists show of the secret, such as acme_aB3d…x9Zk; never the secret itself' });

export const importedKey = createKeyBody.extend({
  sha256: secretSha256,
  name: text({ max: 100 }),
  display: display.nullable().exactOptional(),
});
export type ImportedKey = z.infer<typeof importedKey>;

export const importKeysBody = z.strictObject({
  keys: z
    .array(importedKey)
    .min(1, { error: 'must have at least one key' })
    .max(maxImportedKeys, { error: `must have at most ${maxImportedKeys} keys` }),
});
export type ImportKeysBody = z.infer<typeof importKeysBody>;

export const importedKeys = z.object({
  imported: z.number().int(),
  keyIds: z.array(id('key')).meta({ description: 'in the order of `keys`' }),
});
export type ImportedKeys = z.infer<typeof importedKeys>;
