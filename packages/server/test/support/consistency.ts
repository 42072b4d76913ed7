import { expect } from 'vitest';
import type { Place } from './engines.ts';
import { recordMaker } from './records.ts';

/** What must hold of the tables whatever changes were made. */
export async function expectConsistent(place: Place): Promise<void> {
  const forbidden = {
    'a key without exactly one current secret': `SELECT keys.id FROM keys LEFT JOIN secrets
       ON secrets.key_id = keys.id AND secrets.retires_at IS NULL GROUP BY keys.id HAVING count(secrets.key_id) <> 1`,
    'a key whose creation the ledger does not tell of': `SELECT keys.id FROM keys LEFT JOIN ledger
       ON ledger.subject_id = keys.id AND ledger.action IN ('key.created', 'key.imported')
       WHERE ledger.seq IS NULL AND keys.created_by <> '${recordMaker}'`,
    'a creation of a key that there is not': `SELECT ledger.seq FROM ledger LEFT JOIN keys ON keys.id = ledger.subject_id
       WHERE ledger.action IN ('key.created', 'key.imported') AND keys.id IS NULL`,
    'a status that is not the ledger’s last word': `SELECT keys.id FROM keys
       JOIN ledger ON ledger.subject_id = keys.id AND ledger.action = 'key.revoked' WHERE keys.status <> 'revoked'`,
    'a key with more or fewer secrets than rotations gave it': `SELECT keys.id FROM keys
       LEFT JOIN ledger ON ledger.subject_id = keys.id AND ledger.action = 'key.rotated'
       GROUP BY keys.id HAVING count(ledger.seq) + 1 <> (SELECT count(*) FROM secrets WHERE secrets.key_id = keys.id)`,
    'a key bound to a deleted channel that is not revoked': `SELECT keys.id FROM keys
       JOIN channels ON channels.id = keys.channel_id WHERE channels.deleted_at IS NOT NULL
       AND keys.deleted_at IS NULL AND keys.status <> 'revoked'`,
    'a slug of a channel that is not its project’s': `SELECT channels.id FROM channels LEFT JOIN channel_slugs
       ON channel_slugs.slug = channels.slug AND channel_slugs.project_id = channels.project_id
       WHERE channel_slugs.slug IS NULL`,
    'a row about something in a project after its deletion': `SELECT later.seq FROM ledger AS later
       JOIN ledger AS deletion ON deletion.project_id = later.project_id AND deletion.seq < later.seq
       WHERE deletion.action = 'project.deleted' AND later.subject_type <> 'service_key'`,
    'a row about a key after its deletion': `SELECT later.seq FROM ledger AS later
       JOIN ledger AS deletion ON deletion.subject_id = later.subject_id AND deletion.seq < later.seq
       WHERE deletion.action = 'key.deleted'`,
    'a key that works for an account that is no member': `SELECT keys.id FROM keys
       JOIN projects ON projects.id = keys.project_id AND projects.deleted_at IS NULL
       LEFT JOIN memberships ON memberships.project_id = keys.project_id AND memberships.account_id = keys.owner_id
       WHERE keys.owner_id LIKE 'acc_%' AND keys.status <> 'revoked' AND keys.deleted_at IS NULL
       AND keys.created_by <> '${recordMaker}' AND memberships.account_id IS NULL`,
    'two keys of one owner with one name': `SELECT project_id, owner_id, name FROM keys
       WHERE deleted_at IS NULL AND status <> 'revoked' AND owner_id IS NOT NULL
       GROUP BY project_id, owner_id, name HAVING count(*) > 1`,
  };
  for (const [what, statement] of Object.entries(forbidden)) {
    expect(await place.query(statement), what).toEqual([]);
  }
}
