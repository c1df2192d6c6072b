import { mergePatch } from '../../kernel/merge-patch.ts';
import type { AuditEvent } from '../../persistence/audit-rows.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import { DRY_RUN } from './messages.ts';
import type { ScimAnswer, ScimCall, ScimHandler } from './scim-route.ts';

class RolledBack extends Error {
  readonly answer: ScimAnswer;
  readonly events: readonly AuditEvent[];

  constructor(answer: ScimAnswer, events: readonly AuditEvent[]) {
    super('a dry run is over');
    this.answer = answer;
    this.events = events;
  }
}

/**
 * Does all of a request in one transaction that is rolled back, and answers what would have been answered and changed. What would be
 * refused is refused; no message leaves, because those leave with a commit.
 */
export async function dryRun(transact: Transact, call: ScimCall, handler: ScimHandler): Promise<ScimAnswer> {
  try {
    return await transact(call.actor, async (tx) => {
      const events: AuditEvent[] = [];
      // Each unit of work inside may fail by itself (a bulk request goes on), so each has its savepoint.
      const nested: Transact = async (_actor, work) => {
        const own: AuditEvent[] = [];
        await tx.query('SAVEPOINT dry_run');
        try {
          const result = await work({ ...tx, record: (event) => void own.push(event), enqueue() {}, announce() {} });
          await tx.query('RELEASE SAVEPOINT dry_run');
          events.push(...own);
          return result;
        } catch (error) {
          await tx.query('ROLLBACK TO SAVEPOINT dry_run');
          throw error;
        }
      };
      throw new RolledBack(await handler({ ...call, read: tx, transact: nested }), events);
    });
  } catch (error) {
    if (error instanceof RolledBack) return told(error);
    throw error;
  }
}

function told({ answer, events }: RolledBack): ScimAnswer {
  const changes = events
    .filter(({ type }) => !type.startsWith('scim-requests.'))
    .map(({ type, target, details = {}, personal = {} }) => ({ type, target, details: mergePatch(details, personal) }));
  const { status, body: response } = answer;
  return {
    status: 200,
    body: { schemas: [DRY_RUN], status, ...(response === undefined ? {} : { response }), changes },
  };
}
