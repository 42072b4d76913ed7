import type { FieldError } from '@keywright/contract';
import { withoutSecrets } from '../censor.ts';
import { refusal } from './validate.ts';

/**
 * A body as it may be stored and told of in the ledger: without the secret of any key. People paste them where they do
 * not belong. In a reason it is blotted out, so that nobody is kept from revoking a key by it; anywhere else it is refused,
 * since a name or an owner that is changed in silence would be another one.
 * @throws validation_failed that names the fields
 */
export function keepSecretsOut(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const kept =
    'reason' in body && typeof body.reason === 'string'
      ? { ...body, reason: withoutSecrets(body.reason) }
      : body;
  const errors: FieldError[] = [];
  findSecrets(kept, '', errors);
  if (errors.length > 0) throw refusal(errors, 'body');
  return kept;
}

const holdsSecret = (text: string) => withoutSecrets(text) !== text;
const message = 'holds the secret of a key, which is kept nowhere: leave it out';

/** The bodies that come here were validated: none is deep. */
function findSecrets(value: unknown, path: string, errors: FieldError[]): void {
  if (typeof value === 'string') {
    if (holdsSecret(value)) errors.push({ path, message });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (holdsSecret(name)) errors.push({ path, message: `has a name that ${message}` });
    else findSecrets(inner, path === '' ? name : `${path}.${name}`, errors);
  }
}
