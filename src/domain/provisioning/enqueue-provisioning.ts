import type { Change } from '../../persistence/change-feed.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { PROVISIONING_DUE } from './provisioning-target.ts';
import { wantedPeople } from './wanted-people.ts';

/**
 * About whom: certain people; whoever has an account too many or too few (`access`); or everyone who has one or should
 * (`everyone`).
 */
export type About =
  | { readonly userIds: readonly string[]; readonly targetId?: string }
  | { readonly whom: 'access' | 'everyone'; readonly targetId?: string };

export type ProvisioningDue = {
  readonly messageId: string;
  readonly targetId: string;
  readonly targetName: string;
  readonly userId: string;
};

/** When what waits for a paused target would be due: never by itself. */
export const HELD_UNTIL = '9999-01-01T00:00:00Z';

const DUE = {
  people: /* sql */ `
    SELECT target_id, user_id FROM wanted
    UNION SELECT target_id, user_id FROM provisioned_accounts WHERE user_id = ANY($2::uuid[]) AND state <> 'inactive'`,
  access: /* sql */ `
    (SELECT target_id, user_id FROM wanted
     EXCEPT SELECT target_id, user_id FROM provisioned_accounts WHERE state = 'active')
    UNION
    (SELECT target_id, user_id FROM provisioned_accounts WHERE state <> 'inactive'
     EXCEPT SELECT target_id, user_id FROM wanted)`,
  everyone: /* sql */ `
    SELECT target_id, user_id FROM wanted
    UNION SELECT target_id, user_id FROM provisioned_accounts WHERE state <> 'inactive'`,
} as const;

/** One message a person and target. Its id follows from both and the transaction, so that nobody is enqueued twice in one. */
const enqueueStatement = (wanted: string, due: string): string => /* sql */ `
  WITH RECURSIVE ${wanted}, due AS (${due}), enqueued AS (
    INSERT INTO outbox_messages (id, type, target, payload, created_at, available_at)
    SELECT md5(concat_ws(' ', t.id, due.user_id, $1::timestamptz, pg_current_xact_id()))::uuid, '${PROVISIONING_DUE}',
      'scim:' || t.id, jsonb_build_object('targetId', t.id, 'userId', due.user_id), $1,
      CASE t.state WHEN 'paused' THEN '${HELD_UNTIL}'::timestamptz ELSE $1 END
    FROM due JOIN provisioning_targets t ON t.id = due.target_id
    WHERE $3::uuid IS NULL OR t.id = $3
    ON CONFLICT ON CONSTRAINT outbox_messages_pkey DO NOTHING
    RETURNING id, payload)
  SELECT e.id AS "messageId", t.id AS "targetId", t.name AS "targetName", e.payload ->> 'userId' AS "userId"
  FROM enqueued e JOIN provisioning_targets t ON t.id = (e.payload ->> 'targetId')::uuid
  WHERE $2::uuid[] IS NOT NULL ORDER BY t.id`;

const STATEMENTS = {
  people: enqueueStatement(wantedPeople({ at: '$1', users: '$2' }), DUE.people),
  access: enqueueStatement(wantedPeople({ at: '$1' }), DUE.access),
  everyone: enqueueStatement(wantedPeople({ at: '$1' }), DUE.everyone),
};

/**
 * Has what is true of these people now brought to every target it concerns, from the outbox of this transaction: what is to be
 * done there is decided when it is delivered. Answers what was enqueued, for certain people.
 */
export async function enqueueProvisioning(tx: Tx, about: About): Promise<readonly ProvisioningDue[]> {
  if ('userIds' in about && about.userIds.length === 0) return [];
  const some = await tx.whole.query('SELECT FROM provisioning_targets LIMIT 1');
  if (some.length === 0) return [];
  tx.announce({ topic: 'outbox', key: '*' });
  if ('userIds' in about)
    return tx.whole.query<ProvisioningDue>(STATEMENTS.people, [tx.now, about.userIds, about.targetId ?? null]);
  return tx.whole.query<ProvisioningDue>(STATEMENTS[about.whom], [tx.now, null, about.targetId ?? null]);
}

/**
 * Whatever a command changed of people, their groups or roles, it announced, because caches live by it; provisioning follows
 * the same announcements, so that no command can forget it.
 */
export async function followProvisioning(tx: Tx, changes: readonly Change[]): Promise<void> {
  const people = new Set<string>();
  let whom: 'access' | 'everyone' | undefined;
  for (const { topic, key } of changes) {
    if (topic === 'users' && key === '*') whom = 'everyone';
    else if (topic === 'access' && key === '*') whom ??= 'access';
    else if (topic === 'users') people.add(key);
    else if (topic === 'access' && key.startsWith('user:')) people.add(key.slice('user:'.length));
  }
  if (whom !== undefined) await enqueueProvisioning(tx, { whom });
  if (whom !== 'everyone' && people.size > 0) await enqueueProvisioning(tx, { userIds: [...people] });
}
